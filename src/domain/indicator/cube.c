/* The cache: which series are in memory, up to which position each is right, and which of them goes first. */
#include "base/shared.h"
#include "domain/indicator/cube.sql.h"
#include "domain/indicator/cube_rows.h"
#include "store/db.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/banned.h"

enum {
    BUCKETS = 4096,
    MAPS = 16,
    STALE_MAX = 32,       /* periods of a series that are read anew one by one; beyond, all of it is */
    TOUCHES_MAX = 200000, /* events' touches that are followed; beyond, all begins anew */
    TREE_MAX = 16,
};

/* A period that an event touched since the series was read. */
struct stale {
    int64_t position;
    int32_t period;
};

/* Right for every position from `filled` on, up to the first that touched it. */
struct entry {
    int64_t series, filled;
    struct cube_map *map;
    struct cube_series *data; /* NULL: somebody is reading it */
    struct stale stale[STALE_MAX];
    size_t n_stale;              /* past STALE_MAX: too many to tell */
    struct entry *next, **link;  /* in its bucket */
    struct entry *newer, *older; /* by last use */
};

struct kept_map {
    char tree[TREE_MAX];
    int64_t orgs;
    int32_t day;
    struct cube_map *map;
    uint64_t used;
};

struct cube {
    pthread_mutex_t lock;
    size_t bytes, limit;
    int64_t followed; /* every touch up to here is noted; -1: nobody has looked yet */
    struct entry *buckets[BUCKETS];
    struct entry *newest, *oldest;
    struct kept_map maps[MAPS];
    uint64_t uses;
};

/* --- entries, under the lock ----------------------------------------------------------------------------------------
 */

static struct entry **bucket_of(struct cube *cube, int64_t series, const struct cube_map *map)
{
    uint64_t h = ((uint64_t)series * 0x9E3779B97F4A7C15u) ^ ((uintptr_t)map >> 4);
    return &cube->buckets[(h ^ h >> 32) % BUCKETS];
}

static struct entry *find(struct cube *cube, int64_t series, const struct cube_map *map)
{
    for (struct entry *e = *bucket_of(cube, series, map); e; e = e->next)
        if (e->series == series && e->map == map)
            return e;
    return NULL;
}

static void unlink_use(struct cube *cube, struct entry *e)
{
    *(e->newer ? &e->newer->older : &cube->newest) = e->older;
    *(e->older ? &e->older->newer : &cube->oldest) = e->newer;
}

static void use(struct cube *cube, struct entry *e)
{
    e->newer = NULL;
    e->older = cube->newest;
    *(cube->newest ? &cube->newest->newer : &cube->oldest) = e;
    cube->newest = e;
}

static void drop(struct cube *cube, struct entry *e)
{
    unlink_use(cube, e);
    *e->link = e->next;
    if (e->next)
        e->next->link = e->link;
    cube->bytes -= e->data ? e->data->size : 0;
    shared_drop(e->data);
    shared_drop(e->map);
    shared_drop(e);
}

/* A place for a series that the caller is about to read at `position`, so that what is touched meanwhile is noted. */
static void expect(struct cube *cube, int64_t series, struct cube_map *map, int64_t position)
{
    struct entry *e = shared_new(sizeof *e, NULL);
    if (!e)
        return;
    e->series = series;
    e->filled = position;
    e->map = shared_hold(map);
    struct entry **bucket = bucket_of(cube, series, map);
    e->next = *bucket;
    e->link = bucket;
    if (e->next)
        e->next->link = &e->next;
    *bucket = e;
    use(cube, e);
}

static void set_data(struct cube *cube, struct entry *e, struct cube_series *data)
{
    cube->bytes += data->size - (e->data ? e->data->size : 0);
    shared_drop(e->data);
    e->data = shared_hold(data);
    while (cube->bytes > cube->limit && cube->oldest)
        drop(cube, cube->oldest);
}

static int64_t first_stale(const struct entry *e)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < e->n_stale && i < STALE_MAX; i++)
        first = e->stale[i].position < first ? e->stale[i].position : first;
    return first;
}

static void touch(struct entry *e, int64_t position, int32_t period)
{
    if (e->n_stale < STALE_MAX)
        e->stale[e->n_stale] = (struct stale){position, period};
    e->n_stale += e->n_stale <= STALE_MAX;
}

/* --- the cube itself ------------------------------------------------------------------------------------------------
 */

static void end_cube(void *arg)
{
    struct cube *cube = arg;
    while (cube->oldest)
        drop(cube, cube->oldest);
    for (size_t i = 0; i < MAPS; i++)
        shared_drop(cube->maps[i].map);
    pthread_mutex_destroy(&cube->lock);
}

struct cube *cube_new(struct arena *owner, size_t bytes)
{
    struct arena_defer *defer = arena_defer(owner, end_cube);
    struct cube *cube = NEW(owner, struct cube);
    pthread_mutex_init(&cube->lock, NULL);
    cube->limit = bytes;
    cube->followed = -1;
    defer->arg = cube;
    return cube;
}

struct cube_counts cube_counts(struct cube *cube)
{
    struct cube_counts counts = {0};
    pthread_mutex_lock(&cube->lock);
    counts.bytes = cube->bytes;
    for (const struct entry *e = cube->newest; e; e = e->older)
        counts.series += e->data != NULL;
    counts.position = cube->followed;
    pthread_mutex_unlock(&cube->lock);
    return counts;
}

/* --- following ------------------------------------------------------------------------------------------------------
 */

struct touched {
    int64_t position, series, period;
};
RECORD(touched_record, struct touched, "touch", "A slice that an event touched",
       {"position", FIELD_I64, offsetof(struct touched, position)},
       {"series", FIELD_I64, offsetof(struct touched, series)},
       {"period", FIELD_I64, offsetof(struct touched, period)});
struct touches {
    struct touched *v;
    size_t n, cap;
};

static int64_t followed(struct cube *cube)
{
    pthread_mutex_lock(&cube->lock);
    int64_t at = cube->followed;
    pthread_mutex_unlock(&cube->lock);
    return at;
}

static void note_one(struct cube *cube, const struct touched *t)
{
    /* A series stands in one bucket for each of its maps, so all buckets are looked at; they are few. */
    for (struct entry *e = cube->newest; e; e = e->older)
        if (e->series == t->series && t->position > e->filled)
            touch(e, t->position, (int32_t)t->period);
}

static void note(struct cube *cube, const struct touches *touches, int64_t position)
{
    pthread_mutex_lock(&cube->lock);
    if (touches->n >= TOUCHES_MAX)
        while (cube->oldest)
            drop(cube, cube->oldest);
    for (size_t i = 0; i < touches->n && cube->newest; i++)
        if (touches->v[i].position > cube->followed)
            note_one(cube, &touches->v[i]);
    if (position > cube->followed)
        cube->followed = position;
    pthread_mutex_unlock(&cube->lock);
}

enum err cube_follow(struct ctx *c, struct cube_view *view)
{
    struct touches touches = {0};
    struct touched t = {0};
    int64_t from = followed(c->cube);
    if (from >= view->position)
        return OK;
    /* Nothing is in memory before the first look. */
    if (from >= 0) {
        struct rows rows = db_query(c, SQL_cube_touched, ARG(from), ARG(view->position), ARG((int64_t)TOUCHES_MAX));
        while (db_next(&rows, &touched_record, &t))
            *PUSH(c->arena, &touches) = t;
        TRY(db_done(&rows));
    }
    note(c->cube, &touches, view->position);
    return OK;
}

/* --- a series -------------------------------------------------------------------------------------------------------
 */

static void keep_until_reset(struct ctx *c, struct arena_defer *defer, void *shared)
{
    (void)c;
    defer->arg = shared;
}

/* What is to be read anew of an entry for a reader at `position`. */
struct wanted {
    struct cube_series *old; /* held; NULL: all of it */
    int64_t filled;
    int32_t periods[STALE_MAX];
    size_t n;
    bool kept; /* what is read may be kept */
};

static void add_period(struct wanted *w, int32_t period)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->periods[i] == period)
            return;
    w->periods[w->n++] = period;
}

/* The series as it is at `position`, held; NULL: it is to be read, as `*w` says. */
static struct cube_series *look(struct cube *cube, int64_t series, struct cube_map *map, int64_t position,
                                struct wanted *w)
{
    struct cube_series *found = NULL;
    *w = (struct wanted){0};
    pthread_mutex_lock(&cube->lock);
    struct entry *e = find(cube, series, map);
    if (e) {
        unlink_use(cube, e);
        use(cube, e);
    }
    bool known = e && e->data && e->filled <= position && e->n_stale <= STALE_MAX;
    if (known && position < first_stale(e)) {
        found = shared_hold(e->data);
    } else if (known && cube->followed >= position) {
        w->kept = true;
        w->filled = e->filled;
        w->old = shared_hold(e->data);
        for (size_t i = 0; i < e->n_stale; i++)
            if (e->stale[i].position <= position)
                add_period(w, e->stale[i].period);
    } else if (cube->followed == position) {
        if (e && (e->data || e->filled < position)) { /* too much was touched */
            drop(cube, e);
            e = NULL;
        }
        if (!e)
            expect(cube, series, map, position);
        w->kept = true;
        w->filled = position;
    }
    pthread_mutex_unlock(&cube->lock);
    return found;
}

/* Whoever was first has put it; what was touched meanwhile stays noted. */
static void put(struct cube *cube, int64_t series, int64_t position, const struct wanted *w, struct cube_series *data)
{
    pthread_mutex_lock(&cube->lock);
    struct entry *e = find(cube, series, data->map);
    if (e && e->data == w->old && e->filled == w->filled && e->n_stale <= STALE_MAX) {
        size_t left = 0;
        for (size_t i = 0; i < e->n_stale; i++)
            if (e->stale[i].position > position)
                e->stale[left++] = e->stale[i];
        e->n_stale = left;
        e->filled = position;
        set_data(cube, e, data);
    }
    pthread_mutex_unlock(&cube->lock);
}

enum err cube_series_of(struct ctx *c, const struct cube_view *view, int64_t series, struct cube_map *map,
                        const struct cube_series **ret)
{
    struct arena_defer *defer = arena_defer(c->arena, shared_drop), *old = arena_defer(c->arena, shared_drop);
    struct cube_series *s;
    struct wanted w = {0};
    s = view->cached ? look(c->cube, series, map, view->position, &w) : NULL;
    defer->arg = s;
    old->arg = w.old;
    if (s) {
        *ret = s;
        return OK;
    }
    if (w.old)
        TRY(cube_refill(c, series, w.old, w.periods, w.n, &s));
    else
        TRY(cube_fill(c, series, map, view->at, &s));
    keep_until_reset(c, defer, s);
    if (w.kept)
        put(c->cube, series, view->position, &w, s);
    *ret = s;
    return OK;
}

/* --- maps -----------------------------------------------------------------------------------------------------------
 */

static struct cube_map *find_map(struct cube *cube, struct str tree, int32_t day, int64_t orgs)
{
    struct cube_map *found = NULL;
    pthread_mutex_lock(&cube->lock);
    for (size_t i = 0; i < MAPS && !found; i++) {
        struct kept_map *k = &cube->maps[i];
        if (k->map && k->day == day && k->orgs == orgs && str_eq(str_of(k->tree), tree)) {
            k->used = ++cube->uses;
            found = shared_hold(k->map);
        }
    }
    pthread_mutex_unlock(&cube->lock);
    return found;
}

/* Keep a map; one that is equal to it takes its place, so that the series read by that stay of use on the next day. */
static struct cube_map *keep_map(struct cube *cube, struct str tree, int32_t day, int64_t orgs, struct cube_map *map)
{
    struct kept_map *place = &cube->maps[0];
    struct cube_map *same = NULL;
    pthread_mutex_lock(&cube->lock);
    for (size_t i = 0; i < MAPS; i++) {
        struct kept_map *k = &cube->maps[i];
        if (!same && k->map && cube_map_equal(k->map, map))
            same = shared_hold(k->map);
        if (k->used < place->used)
            place = k;
    }
    if (same) {
        shared_drop(map);
        map = same;
    }
    shared_drop(place->map);
    *place = (struct kept_map){.orgs = orgs, .day = day, .map = shared_hold(map), .used = ++cube->uses};
    memcpy(place->tree, tree.p, tree.n);
    pthread_mutex_unlock(&cube->lock);
    return map;
}

enum err cube_map_of(struct ctx *c, const struct cube_view *view, struct str tree, int32_t day, struct cube_map **ret)
{
    struct arena_defer *defer = arena_defer(c->arena, shared_drop);
    struct cube_map *map;
    int64_t orgs = 0;
    assert(tree.n < TREE_MAX);
    if (view->cached) {
        TRY(db_number(c, SQL_cube_org_changed, &orgs, ARG(view->at)));
        defer->arg = map = find_map(c->cube, tree, day, orgs);
        if (map) {
            *ret = map;
            return OK;
        }
    }
    TRY(cube_map_make(c, tree, day, view->at, &map));
    if (view->cached)
        map = keep_map(c->cube, tree, day, orgs, map);
    defer->arg = map;
    *ret = map;
    return OK;
}
