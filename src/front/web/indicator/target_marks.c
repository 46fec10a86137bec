#include "front/web/indicator/target_marks.h"

#include "base/viet.h"
#include "front/web/indicator/indicator_site.h"

#include "base/banned.h"

static struct str as_of_text(struct site *s, int32_t as_of)
{
    char text[DAY_TEXT];
    return as_of == DAY_NONE ? S("") : str_dup(s->c->arena, day_text(as_of, text));
}

/* `g` NULL: an indicator that tells of the clause without being its target; its own first goal is told. */
static void add_mark(struct site *s, const struct standing *st, const struct standing_goal *g, struct str path,
                     struct str as_of, struct target_marks *ret)
{
    struct standing_row row;
    standing_row(s->c, st, &row);
    struct indicator_line line = indicator_line(s, st, &row, as_of);
    const struct standing_goal *told = g ? g : standing_first(st);
    struct target_mark m = {.path = path,
                            .name = line.name,
                            .status = row.status,
                            .page = line.page,
                            .figure = line.figure,
                            .pace = line.pace};
    if (g) {
        m.key = g->goal->target;
        m.status = g->judged ? outlook_word(g->outlook.status) : S("no_goal");
        m.pace =
            indicator_pace(s, g, str_join(s->c->arena, (const struct str[]){S("p"), st->indicator->code}, 2, S("-")));
    }
    if (told && told->judged) {
        m.why = viet_capital(s->c->arena, told->outlook.why[s->page.lang]);
        m.over = told->wanted.by != DAY_NONE && told->outlook.day >= told->wanted.by;
    }
    *PUSH(s->c->arena, ret) = m;
}

static bool is_listed(const struct target_marks *marks, const struct url *page)
{
    for (size_t i = 0; i < marks->n; i++)
        if (str_eq(marks->v[i].page.s, page->s))
            return true;
    return false;
}

static enum err add_linked(struct site *s, const struct standings *m, struct str plan, struct str path,
                           struct str as_of, struct target_marks *ret)
{
    struct indicators linked = dictionary_at(s->c, m->dictionary, plan, path);
    for (size_t i = 0; i < linked.n; i++) {
        struct standing st;
        struct url page = indicator_keep(s, URL(s->c->arena, "/indicators/{}", linked.v[i]->code), as_of);
        if (!indicator_is_open(s->c, linked.v[i]) || is_listed(ret, &page))
            continue;
        TRY(standing_read(s->c, m, linked.v[i], S(""), S(""), &st));
        add_mark(s, &st, NULL, path, as_of, ret);
    }
    return OK;
}

enum err target_marks_read(struct site *s, struct str plan, struct str path, int32_t as_of, struct target_marks *ret)
{
    struct standings m;
    struct target_marks marks = {0};
    struct str text = as_of_text(s, as_of);
    TRY(standings_open(s->c, as_of, &m));
    for (size_t i = 0; i < m.targets.n; i++) {
        const struct target_item *t = &m.targets.v[i];
        struct standing st;
        if (!str_eq(t->plan, plan) || (path.n && !str_eq(t->target.path, path)))
            continue;
        const struct goal *goal = dictionary_goal(m.dictionary, plan, t->target.key);
        const struct indicator *indicator = goal ? dictionary_indicator(m.dictionary, goal->indicator) : NULL;
        if (!indicator || !indicator_is_open(s->c, indicator))
            continue;
        TRY(standing_read(s->c, &m, indicator, S(""), S(""), &st));
        const struct standing_goal *g = standing_of_target(&st, plan, t->target.key);
        if (g)
            add_mark(s, &st, g, t->target.path, text, &marks);
    }
    if (path.n)
        TRY(add_linked(s, &m, plan, path, text, &marks));
    *ret = marks;
    return OK;
}

const struct target_mark *target_mark_of(const struct target_marks *marks, struct str key)
{
    for (size_t i = 0; marks && i < marks->n; i++)
        if (marks->v[i].key.n && str_eq(marks->v[i].key, key))
            return &marks->v[i];
    return NULL;
}
