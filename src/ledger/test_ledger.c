/* The ledger in a store, on both engines: what append, seal and erase leave, every attack on the rows found at its
 * place, and failures of memory and of the engine that change nothing. */
#include "ledger/chain.h"
#include "ledger/test_ledger.sql.h"
#include "test/store.h"

#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

enum { ROUNDS = 12 };

static int64_t chance(struct ctx *c, int64_t n)
{
    uint64_t r;
    c->source.random(c->source.arg, &r, sizeof r);
    return (int64_t)(r % (uint64_t)n);
}

struct book {
    struct ctx *c;
    struct str store;
    struct writer *writer;
    struct ledger_key key;
    int64_t head; /* as the commands that were answered say */
};

/* A key of its own, whose file is gone at once. */
static void new_key(struct ctx *c, struct ledger_key *ret)
{
    struct str file = str_fmt(c->arena, "/tmp/hoalu-key-%" PRIx64, (uint64_t)chance(c, INT64_MAX));
    CHECK_OK(ledger_key_load(c, file, true, ret));
    remove(str_z(c->arena, file));
}

static void book_open(struct book *b, struct ctx *c)
{
    *b = (struct book){.c = c, .store = test_store(c)};
    new_key(c, &b->key);
    CHECK_OK(writer_open(c, c->arena, b->store, &b->writer));
}

/* What one command does. */
struct work {
    struct book *book;
    int64_t events; /* appends that many */
    int64_t erase;  /* then erases this one, 0: none */
    bool seal, fail;
    int64_t fail_allocation, fail_call; /* the nth from here fails; 0: none */
};

static enum err run_work(struct ctx *c, void *arg)
{
    const struct work *w = arg;
    c->arena->fail_in = w->fail_allocation;
    db_fail_in(c->db, w->fail_call);
    enum err e = OK;
    for (int64_t i = 0; i < w->events && !e; i++) {
        struct str payload = str_fmt(c->arena, "{\"n\":%" PRId64 ",\"nội dung\":\"Đề án \\\"mới\\\"\"}", i);
        e = ledger_append(c, S("task.progress"), S("tasks/III.1-2"), payload, NULL);
    }
    if (!e && w->erase)
        e = ledger_erase(c, w->erase, S("theo đơn của công dân"));
    if (!e && w->seal)
        e = ledger_seal(c, &w->book->key);
    c->arena->fail_in = 0;
    db_fail_in(c->db, 0);
    if (!e && w->fail)
        e = FAIL(c, E_INVALID, "lệnh này bị từ chối");
    return e;
}

static enum err book_run(struct book *b, struct work work)
{
    work.book = b;
    struct command command = {.run = run_work, .arg = &work};
    enum err e = writer_run(b->writer, b->c, &command);
    if (!e)
        b->head = command.position;
    return e;
}

/* Commands at random, some refused half way: 20 to 40 events, two seals or more. */
static void fill(struct book *b)
{
    struct ctx *c = b->c;
    while (b->head < 20) {
        struct work work = {.events = chance(c, 4), .seal = chance(c, 5) == 0, .fail = chance(c, 4) == 0};
        CHECK_INT(book_run(b, work), work.fail ? E_INVALID : OK);
        if (chance(c, 3) == 0)
            test_set_clock(c, ctx_now(c) + chance(c, 2000000) - 500000);
    }
    CHECK_OK(book_run(b, (struct work){.events = 2, .seal = true}));
    CHECK_OK(book_run(b, (struct work){.events = 3, .seal = true}));
    CHECK_OK(book_run(b, (struct work){.events = 2}));
}

static struct verdict verify(struct ctx *c)
{
    struct verdict r;
    CHECK_OK(ledger_verify_store(c, S(""), &r));
    return r;
}

static void check_whole(struct book *b)
{
    struct verdict r = verify(b->c);
    if (!r.whole)
        test_failed(__FILE__, __LINE__, "%.*s", ARGS(r.reason));
    CHECK_INT(r.events, b->head);
    CHECK_INT(r.head, b->head);
}

static void check_broken(struct ctx *c, int64_t position)
{
    struct verdict r = verify(c);
    CHECK(!r.whole && r.reason.n > 0);
    if (r.broken_at != position)
        test_failed(__FILE__, __LINE__, "found at %" PRId64 ", not at %" PRId64 ": %.*s", r.broken_at, position,
                    ARGS(r.reason));
    CHECK_INT(r.broken_line, I64_NONE);
}

/* A line of the ledger as the store has it, copied; false if there is none. */
static bool find_line(struct ctx *c, enum line_kind kind, int64_t position, struct line *ret)
{
    struct ledger_walk w;
    struct line line;
    bool found = false;
    CHECK_OK(ledger_walk_start(c, &w));
    while (ledger_walk_next(&w, &line)) {
        if (found || line.kind != kind || (kind == LINE_EVENT ? line.event.position : line.seal.to_pos) != position)
            continue;
        struct event *e = &line.event;
        struct str *texts[] = {&e->actor, &e->behalf, &e->request, &e->kind, &e->subject, &e->payload_hash, &e->chain};
        for (size_t i = 0; kind == LINE_EVENT && i < sizeof texts / sizeof *texts; i++)
            *texts[i] = str_dup(c->arena, *texts[i]);
        if (kind == LINE_EVENT && e->payload.p) {
            e->payload = str_dup(c->arena, e->payload);
            line.salt = str_dup(c->arena, line.salt);
        }
        *ret = line;
        found = true;
    }
    CHECK_OK(ledger_walk_done(&w));
    return found;
}

static struct line line_at(struct ctx *c, enum line_kind kind, int64_t position)
{
    struct line line;
    CHECK(find_line(c, kind, position, &line));
    return line;
}

static int64_t some_seal(struct book *b)
{
    struct line line;
    int64_t p;
    do
        p = 1 + chance(b->c, b->head);
    while (!find_line(b->c, LINE_SEAL, p, &line));
    return p;
}

static void put_event(struct ctx *c, int64_t position, const struct line *line)
{
    const struct event *e = &line->event;
    CHECK_OK(db_exec(c, SQL_attack_event, ARG(position), ARG(e->at_us), ARG(e->actor), ARG(e->behalf), ARG(e->request),
                     ARG(e->kind), ARG(e->subject), db_arg_bytes(e->payload_hash), db_arg_bytes(e->chain)));
    CHECK_OK(db_exec(c, SQL_attack_payload, ARG(position), db_arg_bytes(line->salt), ARG(e->payload)));
}

static void add_event(struct ctx *c, int64_t position, const struct line *line)
{
    const struct event *e = &line->event;
    CHECK_OK(db_exec(c, SQL_attack_event_new, ARG(position), ARG(e->at_us), ARG(e->actor), ARG(e->behalf),
                     ARG(e->request), ARG(e->kind), ARG(e->subject), db_arg_bytes(e->payload_hash),
                     db_arg_bytes(e->chain)));
    CHECK_OK(db_exec(c, SQL_attack_payload_new, ARG(position), db_arg_bytes(line->salt), ARG(e->payload)));
}

static void remove_event(struct ctx *c, int64_t position)
{
    CHECK_OK(db_exec(c, SQL_attack_payload_away, ARG(position)));
    CHECK_OK(db_exec(c, SQL_attack_event_away, ARG(position)));
}

static void put_seal(struct ctx *c, const struct seal *s)
{
    CHECK_OK(db_exec(c, SQL_attack_seal, ARG(s->seq), ARG(s->from_pos), ARG(s->to_pos), ARG(s->at_us),
                     db_arg_bytes(s->chain), db_arg_bytes(s->previous), db_arg_bytes(s->public_key),
                     db_arg_bytes(s->signature)));
}

TEST(commands_at_random_leave_a_whole_ledger)
{
    for (int i = 0; i < 3; i++) {
        struct book b;
        book_open(&b, c);
        check_whole(&b);
        fill(&b);
        CHECK_OK(book_run(&b, (struct work){.erase = 1 + chance(c, b.head)}));
        check_whole(&b);
        struct str path = str_fmt(c->arena, "/tmp/hoalu-export-%" PRIx64, (uint64_t)chance(c, INT64_MAX));
        struct verdict file, store = verify(c);
        CHECK_OK(ledger_export(c, path));
        CHECK_OK(ledger_verify_file(c, path, S(""), &file));
        remove(str_z(c->arena, path));
        if (!file.whole)
            test_failed(__FILE__, __LINE__, "line %" PRId64 ": %.*s", file.broken_line, ARGS(file.reason));
        CHECK_INT(file.events, store.events);
        CHECK_INT(file.seals, store.seals);
        CHECK_INT(file.sealed, store.sealed);
        CHECK_STR(file.chain, store.chain);
        CHECK_STR(file.key, store.key);
    }
}

TEST(append_outside_a_command_is_our_mistake)
{
    test_store(c);
    CHECK_ERR(ledger_append(c, S("x"), S("y"), S("{}"), NULL), E_INTERNAL);
}

TEST(positions_follow_and_moments_never_fall)
{
    struct book b;
    struct events list;
    book_open(&b, c);
    int64_t start = ctx_now(c);
    CHECK_OK(book_run(&b, (struct work){.events = 2}));
    test_set_clock(c, start + 1000);
    CHECK_OK(book_run(&b, (struct work){.events = 1}));
    test_set_clock(c, start - 5000000); /* somebody turned the clock back */
    CHECK_OK(book_run(&b, (struct work){.events = 1}));
    CHECK_OK(ledger_list(c, 0, 100, &list));
    CHECK_INT(list.n, 4);
    for (size_t i = 0; i < list.n; i++)
        CHECK_INT(list.v[i].position, i + 1);
    CHECK_INT(list.v[1].at_us, start);
    CHECK_INT(list.v[2].at_us, start + 1000);
    CHECK_INT(list.v[3].at_us, start + 1000);
    CHECK_STR(list.v[3].actor, S("test"));
    CHECK_OK(ledger_list(c, 2, 1, &list));
    CHECK(list.n == 1 && list.v[0].position == 3);
}

TEST(as_of_a_moment_is_the_last_position_then)
{
    struct book b;
    int64_t p = -1, start = ctx_now(c);
    book_open(&b, c);
    CHECK_OK(ledger_position_at(c, start, &p));
    CHECK_INT(p, 0);
    CHECK_OK(book_run(&b, (struct work){.events = 3}));
    test_set_clock(c, start + 10);
    CHECK_OK(book_run(&b, (struct work){.events = 2}));
    int64_t want[][2] = {{-1, 0}, {0, 3}, {9, 3}, {10, 5}, {1000000, 5}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK_OK(ledger_position_at(c, start + want[i][0], &p));
        CHECK_INT(p, want[i][1]);
    }
}

static enum err append_odd(struct ctx *c, void *arg)
{
    const struct event *e = arg;
    return ledger_append(c, e->kind, e->subject, e->payload, NULL);
}

static enum err try_append(struct book *b, struct str kind, struct str subject, struct str payload)
{
    struct event e = {.kind = kind, .subject = subject, .payload = payload};
    struct command command = {.run = append_odd, .arg = &e};
    enum err result = writer_run(b->writer, b->c, &command);
    if (!result)
        b->head = command.position;
    return result;
}

TEST(erasing_leaves_the_chain_whole)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    CHECK_ERR(book_run(&b, (struct work){.erase = b.head + 1}), E_NOTFOUND);
    CHECK_OK(book_run(&b, (struct work){.erase = 3}));
    CHECK_ERR(book_run(&b, (struct work){.erase = 3}), E_CONFLICT);
    struct line erased = line_at(c, LINE_EVENT, 3), told = line_at(c, LINE_EVENT, b.head);
    CHECK(!erased.event.payload.p && !erased.salt.p);
    CHECK_STR(told.event.subject, S("ledger/events/3"));
    CHECK(str_has(told.event.payload, S("theo đơn của công dân")));
    check_whole(&b);
}

static enum err erase_unsaid(struct ctx *c, void *arg)
{
    (void)arg;
    return ledger_erase(c, 1, S(" "));
}

TEST(erasing_needs_a_reason)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    CHECK_ERR(writer_run(b.writer, c, &(struct command){.run = erase_unsaid}), E_INVALID);
    CHECK(line_at(c, LINE_EVENT, 1).event.payload.p);
}

/* Erased is erased: once its last connection is closed, the text is nowhere in the file of the store. (On PostgreSQL
 * old rows are the server's to vacuum; there the row itself is asked.) */
TEST(erased_text_is_not_left_in_the_file)
{
    struct arena closing;
    struct ctx inner = *c;
    struct book b = {.c = &inner, .store = test_store_new(c)};
    struct str secret = S("{\"điện thoại\":\"0912345678-bí-mật\"}");
    arena_init(&closing, 64 << 20);
    inner.arena = &closing;
    CHECK_OK(db_open(&inner, &closing, b.store, DB_WRITE | DB_CREATE, &inner.db));
    CHECK_OK(store_migrate(&inner));
    CHECK_OK(writer_open(&inner, &closing, b.store, &b.writer));
    for (int i = 1; i <= 40; i++)
        CHECK_OK(try_append(&b, S("x"), S("y"), i == 21 ? secret : S("{\"n\":1}")));
    CHECK_OK(book_run(&b, (struct work){.erase = 21}));
    struct line line = line_at(&inner, LINE_EVENT, 21);
    CHECK(!line.event.payload.p && !line.salt.p);
    check_whole(&b);
    arena_reset(&closing);
    if (!test_on_postgres())
        CHECK(!str_has(test_read_file(c, str_z(c->arena, b.store)), S("0912345678")));
}

TEST(what_could_not_be_exported_is_refused)
{
    struct book b;
    book_open(&b, c);
    char *big = NEWN(c->arena, char, LEDGER_PAYLOAD_MAX + 1);
    memset(big, '\x01', LEDGER_PAYLOAD_MAX + 1);
    CHECK_ERR(try_append(&b, S("x"), S("y"), S("\xff")), E_INVALID);
    CHECK_ERR(try_append(&b, S("x\xc3"), S("y"), S("{}")), E_INVALID);
    CHECK_ERR(try_append(&b, S("x"), (struct str){big, LEDGER_TEXT_MAX + 1}, S("{}")), E_LIMIT);
    CHECK_ERR(try_append(&b, S("x"), S("y"), (struct str){big, LEDGER_PAYLOAD_MAX + 1}), E_LIMIT);
    CHECK_OK(try_append(&b, S("x"), S("y"), (struct str){big, LEDGER_PAYLOAD_MAX}));
    CHECK_OK(try_append(&b, S("x"), S("y"), (struct str){NULL, 0}));
    CHECK_STR(line_at(c, LINE_EVENT, 2).event.payload, S("{}"));
    check_whole(&b);
    struct verdict r;
    struct str path = str_fmt(c->arena, "/tmp/hoalu-export-%" PRIx64, (uint64_t)chance(c, INT64_MAX));
    CHECK_OK(ledger_export(c, path));
    CHECK_OK(ledger_verify_file(c, path, S(""), &r));
    remove(str_z(c->arena, path));
    CHECK(r.whole && r.events == 2);
}

TEST(sealing_twice_seals_once)
{
    struct book b;
    struct ledger_sealed s;
    book_open(&b, c);
    CHECK_OK(book_run(&b, (struct work){.seal = true}));
    CHECK_OK(ledger_last_seal(c, &s));
    CHECK(b.head == 0 && s.position == 0 && !s.root.p);
    CHECK_OK(book_run(&b, (struct work){.events = 3, .seal = true}));
    int64_t head = b.head;
    CHECK_OK(book_run(&b, (struct work){.seal = true}));
    CHECK_INT(b.head, head);
    struct verdict r = verify(c);
    CHECK_INT(r.seals, 1);
    CHECK_INT(r.sealed, 4); /* the three, and the event that makes the key known */
    CHECK_OK(ledger_last_seal(c, &s));
    CHECK_INT(s.position, 4);
    CHECK_OK(ledger_verify_store(c, s.root, &r));
    CHECK(r.whole);
    CHECK_STR(r.key, s.key);
}

TEST(a_new_key_is_made_known)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    new_key(c, &b.key);
    CHECK_OK(book_run(&b, (struct work){.events = 1, .seal = true}));
    check_whole(&b);
    CHECK_STR(verify(c).key, ledger_hex(c->arena, ledger_bytes(b.key.public_key, 32)));
}

TEST(changed_rows_are_found)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    for (int i = 0; i < ROUNDS; i++)
        for (int field = 0; field < 10; field++) {
            int64_t p = 1 + chance(c, b.head);
            struct line kept = line_at(c, LINE_EVENT, p), line = kept;
            struct event *e = &line.event;
            struct str *texts[] = {&e->actor, &e->behalf, &e->request, &e->kind, &e->subject, &e->payload};
            struct str *bytes[] = {&e->payload_hash, &e->chain, &line.salt};
            if (field < 6)
                *texts[field] = str_fmt(c->arena, "%.*sx", ARGS(*texts[field]));
            else if (field < 9)
                *bytes[field - 6] = str_fmt(c->arena, "%0*d", (int)bytes[field - 6]->n, 0);
            else
                e->at_us++;
            put_event(c, p, &line);
            check_broken(c, p);
            put_event(c, p, &kept);
        }
    check_whole(&b);
}

TEST(removed_added_and_reordered_rows_are_found)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t p = 1 + chance(c, b.head - 1), q = p + 1 + chance(c, b.head - p);
        struct line first = line_at(c, LINE_EVENT, p), second = line_at(c, LINE_EVENT, q);
        remove_event(c, p);
        check_broken(c, p);
        add_event(c, p, &first);
        put_event(c, p, &second);
        put_event(c, q, &first);
        check_broken(c, p);
        put_event(c, p, &first);
        put_event(c, q, &second);
        add_event(c, b.head + 1, &second);
        check_broken(c, b.head + 1);
        remove_event(c, b.head + 1);
        CHECK_OK(db_exec(c, SQL_attack_payload_away, ARG(p)));
        check_broken(c, p);
        CHECK_OK(db_exec(c, SQL_attack_payload_new, ARG(p), db_arg_bytes(first.salt), ARG(first.event.payload)));
    }
    check_whole(&b);
}

TEST(cut_tail_and_moved_head_are_found)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    struct line last = line_at(c, LINE_EVENT, b.head), before = line_at(c, LINE_EVENT, b.head - 1);
    CHECK_OK(db_exec(c, SQL_attack_head, ARG(b.head + 1), db_arg_bytes(last.event.chain)));
    check_broken(c, b.head + 1);
    CHECK_OK(db_exec(c, SQL_attack_head, ARG(b.head - 1), db_arg_bytes(before.event.chain)));
    check_broken(c, b.head);
    CHECK_OK(db_exec(c, SQL_attack_head, ARG(b.head), db_arg_bytes(before.event.chain)));
    check_broken(c, b.head);
    CHECK_OK(db_exec(c, SQL_attack_head, ARG(b.head), db_arg_bytes(last.event.chain)));
    check_whole(&b);
    int64_t kept = b.head - 1 - chance(c, b.head - 1);
    for (int64_t p = b.head; p > kept; p--)
        remove_event(c, p);
    check_broken(c, kept + 1);
}

/* The head is put right as well: only what was published tells that there was more. */
TEST(hidden_cut_is_found_by_the_root)
{
    struct book b;
    struct verdict r;
    book_open(&b, c);
    fill(&b);
    struct line before = line_at(c, LINE_EVENT, b.head - 1);
    struct str root = str_fmt(c->arena, "%" PRId64 ":%.*s", b.head, ARGS(verify(c).chain));
    remove_event(c, b.head);
    CHECK_OK(db_exec(c, SQL_attack_head, ARG(b.head - 1), db_arg_bytes(before.event.chain)));
    CHECK(verify(c).whole);
    CHECK_OK(ledger_verify_store(c, root, &r));
    CHECK(!r.whole);
    CHECK_INT(r.broken_at, b.head);
}

TEST(changed_seals_are_found)
{
    struct book b;
    book_open(&b, c);
    fill(&b);
    for (int i = 0; i < ROUNDS; i++)
        for (int field = 0; field < 8; field++) {
            int64_t p = some_seal(&b);
            struct line kept = line_at(c, LINE_SEAL, p), line = kept;
            struct seal *s = &line.seal;
            struct str *bytes[] = {&s->chain, &s->previous, &s->public_key, &s->signature};
            if (field < 4)
                *bytes[field] = str_fmt(c->arena, "%0*d", (int)bytes[field]->n, 7);
            else
                *(field == 4 ? &s->from_pos : field == 5 ? &s->at_us : &s->to_pos) += field == 7 ? -1 : 1;
            put_seal(c, s);
            check_broken(c, field == 7 ? p - 1 : p); /* where the row now stands */
            put_seal(c, &kept.seal);
        }
    int64_t p = some_seal(&b);
    CHECK_OK(db_exec(c, SQL_attack_seal_away, ARG(line_at(c, LINE_SEAL, p).seal.seq)));
    check_broken(c, p);
}

/* Seals of the attacker's own, with his key: his key was never made known. */
TEST(seal_with_another_key_is_found)
{
    struct book b;
    struct ledger_key other;
    book_open(&b, c);
    fill(&b);
    int64_t p = some_seal(&b);
    struct line line = line_at(c, LINE_SEAL, p);
    unsigned char signature[LEDGER_SIGNATURE];
    new_key(c, &other);
    line.seal.public_key = ledger_bytes(other.public_key, 32);
    ledger_seal_sign(&other, &line.seal, signature);
    line.seal.signature = ledger_bytes(signature, sizeof signature);
    put_seal(c, &line.seal);
    check_broken(c, p);
}

/* Each allocation and each call to the engine fails in turn: the command is refused, the ledger is as it was. */
static void torture(struct book *b, struct work work, bool calls)
{
    for (int64_t n = 1;; n++) {
        *(calls ? &work.fail_call : &work.fail_allocation) = n;
        enum err e = book_run(b, work);
        if (!e)
            return;
        CHECK_INT(e, calls ? E_IO : E_LIMIT);
        check_whole(b);
        CHECK(n < 500);
    }
}

TEST(torture_append_erase_and_seal)
{
    struct book b;
    book_open(&b, c);
    CHECK_OK(book_run(&b, (struct work){.events = 3}));
    torture(&b, (struct work){.events = 2}, false);
    torture(&b, (struct work){.events = 2}, true);
    torture(&b, (struct work){.erase = 1}, false);
    torture(&b, (struct work){.erase = 2}, true);
    torture(&b, (struct work){.seal = true}, false);
    torture(&b, (struct work){.events = 1, .seal = true}, true);
    check_whole(&b);
}
