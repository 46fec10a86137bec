#include "ledger/forge.h"
#include "test/test.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { ROUNDS = 40 };

static int64_t chance(struct ctx *c, int64_t n)
{
    uint64_t r;
    c->source.random(c->source.arg, &r, sizeof r);
    return (int64_t)(r % (uint64_t)n);
}

/* A ledger of 8 to 40 events of its own, with seals, and some erasures in the first half. */
static void random_ledger(struct forge *f, struct ctx *c)
{
    forge_init(f, c);
    int64_t n = 8 + chance(c, 33), half = n / 2;
    for (int64_t i = 0; i < n; i++) {
        forge_event(f, "task.progress", str_fmt(c->arena, "tasks/%" PRId64, i),
                    str_fmt(c->arena, "{\"percent\":%" PRId64 ",\"vì\":\"đủ\"}", i));
        if (i == half / 2 || i == half + 2)
            forge_seal(f);
    }
}

static struct verdict verify(struct ctx *c, struct str text)
{
    struct verdict r;
    CHECK_OK(ledger_verify_text(c, text, S(""), &r));
    return r;
}

static void check_broken(struct ctx *c, struct str text, int64_t position, int64_t line)
{
    struct verdict r = verify(c, text);
    CHECK(!r.whole && r.reason.n > 0);
    CHECK_INT(r.broken_at, position);
    if (line)
        CHECK_INT(r.broken_line, line);
}

/* The line, from 1, that event or seal `position` stands on. */
static int64_t line_of(struct forge *f, enum line_kind kind, int64_t position)
{
    struct line *line = forge_line(f, kind, position);
    CHECK(line);
    return line - f->lines.v + 2;
}

static struct str without_line(struct ctx *c, struct str text, int64_t line)
{
    struct out o;
    out_init(&o, c->arena, text.n + 1);
    struct str part;
    for (int64_t i = 1; text.n && str_cut(&text, '\n', &part); i++)
        if (i != line) {
            out_put(&o, part);
            out_char(&o, '\n');
        }
    return out_str(&o);
}

TEST(untouched_ledger_is_whole)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        if (chance(c, 2))
            forge_erase(&f, 1 + chance(c, f.head));
        struct verdict r = verify(c, forge_text(&f));
        CHECK_STR(str_slice(r.reason, 0, 8), str_slice(S("Sổ cái"), 0, 8));
        CHECK(r.whole);
        CHECK_INT(r.events, f.head);
        CHECK_INT(r.head, f.head);
        CHECK_INT(r.seals, 2);
        CHECK_INT(r.sealed, f.sealed);
        CHECK_INT(r.broken_at, I64_NONE);
        CHECK_STR(r.key, ledger_hex(c->arena, ledger_bytes(f.key.public_key, 32)));
    }
}

TEST(empty_ledger_is_whole)
{
    struct forge f;
    forge_init(&f, c);
    struct verdict r = verify(c, forge_text(&f));
    CHECK(r.whole && r.events == 0 && r.sealed == 0);
}

TEST(changed_payload_is_found)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t p = 1 + chance(c, f.head);
        struct event *e = &forge_line(&f, LINE_EVENT, p)->event;
        e->payload = str_fmt(c->arena, "%.*s ", ARGS(e->payload));
        check_broken(c, forge_text(&f), p, line_of(&f, LINE_EVENT, p));
    }
}

TEST(changed_header_fields_are_found)
{
    for (int i = 0; i < ROUNDS; i++)
        for (int field = 0; field < 8; field++) {
            struct forge f;
            random_ledger(&f, c);
            int64_t p = 1 + chance(c, f.head);
            struct line *line = forge_line(&f, LINE_EVENT, p);
            struct event *e = &line->event;
            struct str *texts[] = {&e->actor, &e->behalf, &e->request, &e->kind, &e->subject};
            if (field < 5)
                *texts[field] = str_fmt(c->arena, "%.*sx", ARGS(*texts[field]));
            else if (field == 5)
                e->at_us++;
            else
                *(field == 6 ? &e->payload_hash : &e->chain) = ledger_bytes(f.seal, LEDGER_HASH);
            check_broken(c, forge_text(&f), p, line_of(&f, LINE_EVENT, p));
        }
}

TEST(text_moved_from_one_field_to_the_next_is_found)
{
    struct forge f;
    random_ledger(&f, c);
    struct event *e = &forge_line(&f, LINE_EVENT, 3)->event;
    e->behalf = str_fmt(c->arena, "%.*s%.*s", ARGS(str_skip(e->actor, e->actor.n - 1)), ARGS(e->behalf));
    e->actor.n--;
    check_broken(c, forge_text(&f), 3, 0);
}

TEST(removed_event_is_found)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t p = 1 + chance(c, f.head), line = line_of(&f, LINE_EVENT, p);
        check_broken(c, without_line(c, forge_text(&f), line), p, line);
    }
}

TEST(removed_erasure_leaves_a_payload_missing)
{
    struct forge f;
    random_ledger(&f, c);
    forge_erase(&f, 5);
    check_broken(c, without_line(c, forge_text(&f), line_of(&f, LINE_EVENT, f.head)), 5, line_of(&f, LINE_EVENT, 5));
}

TEST(reordered_events_are_found)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t p = 1 + chance(c, f.head - 1), q = p + 1 + chance(c, f.head - p);
        struct line *a = forge_line(&f, LINE_EVENT, p), *b = forge_line(&f, LINE_EVENT, q), kept = *a;
        *a = *b;
        *b = kept;
        check_broken(c, forge_text(&f), p, a - f.lines.v + 2);
        /* The same with the positions put back, as one would who tries to hide it. */
        a->event.position = p;
        b->event.position = q;
        check_broken(c, forge_text(&f), p, a - f.lines.v + 2);
    }
}

TEST(cut_tail_is_found)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t p = 1 + chance(c, f.head), line = line_of(&f, LINE_EVENT, p);
        struct str text = forge_text(&f), rest = text, part, end = S("");
        for (int64_t n = 1; n < line; n++)
            str_cut(&rest, '\n', &part);
        struct str kept = str_slice(text, 0, (size_t)(rest.p - text.p));
        check_broken(c, kept, p, line);
        while (str_cut(&rest, '\n', &part))
            end = part.n ? part : end;
        check_broken(c, str_fmt(c->arena, "%.*s%.*s\n", ARGS(kept), ARGS(end)), p, line);
    }
}

TEST(added_event_is_found)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t head = f.head, line = (int64_t)f.lines.n + 2;
        struct str whole = forge_text(&f);
        forge_event(&f, "task.accept", S("tasks/1"), S("{}"));
        struct str longer = forge_text(&f), first, rest = whole;
        str_cut(&rest, '\n', &first);
        struct str tail = longer;
        struct str part;
        str_cut(&tail, '\n', &part);
        /* The header of the shorter one still says where it ended. */
        check_broken(c, str_fmt(c->arena, "%.*s\n%.*s", ARGS(first), ARGS(tail)), head + 1, line);
    }
}

TEST(inserted_event_with_a_right_chain_is_found)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t p = 1 + chance(c, f.head);
        struct line *line = forge_line(&f, LINE_EVENT, p), fake = *line;
        unsigned char chain[LEDGER_HASH] = {0};
        for (int64_t q = 1; q < p; q++)
            ledger_chain_next(chain, &forge_line(&f, LINE_EVENT, q)->event);
        fake.event.actor = S("kẻ lạ");
        fake.event.kind = S("task.accept");
        ledger_chain_next(chain, &fake.event);
        fake.event.chain = ledger_bytes(chain, LEDGER_HASH);
        size_t at = (size_t)(line - f.lines.v);
        (void)PUSH(c->arena, &f.lines);
        memmove(&f.lines.v[at + 1], &f.lines.v[at], (f.lines.n - 1 - at) * sizeof f.lines.v[0]);
        f.lines.v[at] = fake;
        struct verdict r = verify(c, forge_text(&f));
        CHECK(!r.whole);
        /* In the place of what tells of a seal the seal is what is missed, one before. */
        bool after_seal = forge_line(&f, LINE_SEAL, p - 1) != NULL;
        CHECK_INT(r.broken_at, after_seal ? p - 1 : p);
    }
}

/* Who has no key but rewrites everything after his change is stopped by the next seal, or by the published root. */
TEST(rewritten_chain_is_found_at_the_next_seal_or_root)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct forge f;
        random_ledger(&f, c);
        int64_t p = 1 + chance(c, f.head), seal = 0;
        struct str root =
            str_fmt(c->arena, "%" PRId64 ":%.*s", f.head, ARGS(ledger_hex(c->arena, ledger_bytes(f.chain, 32))));
        unsigned char chain[LEDGER_HASH] = {0};
        for (size_t n = 0; n < f.lines.n; n++) {
            struct line *line = &f.lines.v[n];
            if (line->kind == LINE_SEAL && line->seal.to_pos >= p && !seal)
                seal = line->seal.to_pos;
            if (line->kind != LINE_EVENT)
                continue;
            if (line->event.position == p)
                line->event.actor = S("Trần Thị B");
            ledger_chain_next(chain, &line->event);
            line->event.chain = str_dup(c->arena, ledger_bytes(chain, LEDGER_HASH));
        }
        memcpy(f.chain, chain, LEDGER_HASH);
        struct verdict r = verify(c, forge_text(&f));
        CHECK_INT(r.whole, seal == 0);
        if (seal)
            CHECK_INT(r.broken_at, seal);
        CHECK_OK(ledger_verify_text(c, forge_text(&f), root, &r));
        CHECK(!r.whole);
        CHECK_INT(r.broken_at, seal ? seal : f.head);
    }
}

TEST(changed_seal_is_found)
{
    for (int field = 0; field < 8; field++) {
        struct forge f;
        random_ledger(&f, c);
        struct line *line = NULL;
        while (!line)
            line = forge_line(&f, LINE_SEAL, 1 + chance(c, f.head));
        struct seal *s = &line->seal;
        int64_t p = s->to_pos;
        unsigned char other[LEDGER_SIGNATURE] = {7};
        struct str *bytes[] = {&s->chain, &s->previous, &s->public_key, &s->signature};
        if (field < 4)
            *bytes[field] = ledger_bytes(other, bytes[field]->n);
        else if (field < 6)
            *(field == 4 ? &s->from_pos : &s->at_us) += 1;
        else
            s->to_pos += field == 6 ? 1 : -1;
        check_broken(c, forge_text(&f), p, line - f.lines.v + 2);
    }
}

TEST(removed_seal_is_found)
{
    struct forge f;
    random_ledger(&f, c);
    int64_t line = line_of(&f, LINE_SEAL, f.sealed);
    check_broken(c, without_line(c, forge_text(&f), line), f.sealed, line);
}

TEST(seal_with_a_key_of_ones_own_is_found)
{
    struct forge f, other;
    random_ledger(&f, c);
    forge_init(&other, c);
    struct seal *s = &forge_line(&f, LINE_SEAL, f.sealed)->seal;
    s->public_key = ledger_bytes(other.key.public_key, 32);
    unsigned char signature[LEDGER_SIGNATURE];
    ledger_seal_sign(&other.key, s, signature);
    s->signature = ledger_bytes(signature, sizeof signature);
    check_broken(c, forge_text(&f), f.sealed, 0);
}

TEST(missing_payload_is_found)
{
    struct forge f;
    random_ledger(&f, c);
    struct line *line = forge_line(&f, LINE_EVENT, 4);
    line->event.payload = line->salt = (struct str){NULL, 0};
    check_broken(c, forge_text(&f), 4, line_of(&f, LINE_EVENT, 4));
}

TEST(root_must_lie_on_the_chain)
{
    struct forge f;
    random_ledger(&f, c);
    struct str text = forge_text(&f);
    struct verdict r;
    for (int64_t p = 1; p <= f.head; p++) {
        struct str hex = ledger_hex(c->arena, forge_line(&f, LINE_EVENT, p)->event.chain);
        CHECK_OK(ledger_verify_text(c, text, str_fmt(c->arena, "%" PRId64 ":%.*s", p, ARGS(hex)), &r));
        CHECK(r.whole);
        CHECK_OK(ledger_verify_text(c, text, str_fmt(c->arena, "%" PRId64 ":%.*s", p % f.head + 1, ARGS(hex)), &r));
        CHECK(!r.whole);
        CHECK_INT(r.broken_at, p % f.head + 1);
        CHECK_OK(ledger_verify_text(c, text, str_fmt(c->arena, "%" PRId64 ":%.*s", p + f.head, ARGS(hex)), &r));
        CHECK(!r.whole);
        CHECK_INT(r.broken_at, f.head + 1);
    }
    struct str bad[] = {S("7"), S("7:"), S(":00"), S("0:00"), S("x:y"), S("-1:aa"), S("7:ABCD")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ERR(ledger_verify_text(c, text, bad[i], &r), E_INVALID);
}

/* Every single byte counts (but the last, the end of the last line). */
TEST(any_changed_byte_is_found)
{
    struct forge f;
    random_ledger(&f, c);
    forge_erase(&f, 2);
    struct str text = forge_text(&f);
    char *bytes = str_z(c->arena, text);
    for (size_t i = 0; i + 1 < text.n; i += 1 + (size_t)chance(c, 23)) {
        struct arena_mark mark = arena_mark(c->arena);
        char kept = bytes[i];
        bytes[i] ^= (char)(1 << chance(c, 8));
        struct verdict r = verify(c, (struct str){bytes, text.n});
        if (r.whole)
            test_failed(__FILE__, __LINE__, "byte %zu of %zu, %02x to %02x, went unseen", i, text.n, kept, bytes[i]);
        bytes[i] = kept;
        arena_rewind(c->arena, mark);
    }
}

/* JSON can be written in many ways; the ledger has one. */
TEST(another_writing_of_the_same_values_is_found)
{
    static const struct str other[][2] = {{S0("\\u001c"), S0("\\u001C")},
                                          {S0("\"event\":2,"), S0("\"event\": 2,")},
                                          {S0("đ"), S0("\\u0111")},
                                          {S0("\"payload\":\"{}\""), S0("\"payload\":\"\\u007b}\"")}};
    struct forge f;
    forge_init(&f, c);
    forge_event(&f, "any", S("đầu"), S("{}"));
    forge_event(&f, "any", S("a\x1c"), S("{}"));
    struct str text = forge_text(&f);
    CHECK(verify(c, text).whole);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        size_t at = str_find(text, other[i][0], 0);
        CHECK(at != SIZE_MAX);
        struct str head = str_slice(text, 0, at), tail = str_skip(text, at + other[i][0].n);
        CHECK(!verify(c, str_fmt(c->arena, "%.*s%.*s%.*s", ARGS(head), ARGS(other[i][1]), ARGS(tail))).whole);
    }
}

TEST(text_after_the_end_is_found)
{
    struct forge f;
    random_ledger(&f, c);
    struct str text = forge_text(&f);
    CHECK(!verify(c, str_fmt(c->arena, "%.*s\n", ARGS(text))).whole);
    CHECK(!verify(c, str_fmt(c->arena, "%.*s{}", ARGS(text))).whole);
    CHECK(!verify(c, str_fmt(c->arena, "\xef\xbb\xbf%.*s", ARGS(text))).whole);
    CHECK(verify(c, str_slice(text, 0, text.n - 1)).whole);
}

static struct str temporary(struct ctx *c)
{
    char *path = str_z(c->arena, S("/tmp/hoalu-ledger-XXXXXX"));
    CHECK(mkdtemp(path));
    return str_of(path);
}

static struct str put_file(struct ctx *c, struct str folder, struct str content)
{
    struct str path = str_fmt(c->arena, "%.*s/ledger.jsonl", ARGS(folder));
    int fd = open(str_z(c->arena, path), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0);
    for (struct str rest = content; rest.n;) {
        ssize_t n = write(fd, rest.p, rest.n);
        CHECK(n > 0);
        rest = str_skip(rest, (size_t)n);
    }
    close(fd);
    return path;
}

static void remove_folder(struct ctx *c, struct str folder, struct str file)
{
    if (file.n)
        unlink(str_z(c->arena, file));
    CHECK(rmdir(str_z(c->arena, folder)) == 0);
}

TEST(file_gives_the_verdict_of_its_text)
{
    struct str folder = temporary(c), path = S("");
    for (int i = 0; i < 12; i++) {
        struct forge f;
        random_ledger(&f, c);
        /* Payloads that straddle the stretches the file is read in. */
        char *big = NEWN(c->arena, char, 300000);
        memset(big, 'x', 299999);
        forge_event(&f, "value.put", S("values"), str_of(big));
        forge_event(&f, "value.put", S("values"), str_slice(str_of(big), 0, (size_t)chance(c, 299999)));
        struct str text = forge_text(&f);
        if (i % 2)
            text.n -= (size_t)chance(c, (int64_t)text.n);
        struct verdict a = verify(c, text), b;
        path = put_file(c, folder, text);
        CHECK_OK(ledger_verify_file(c, path, S(""), &b));
        CHECK_INT(a.whole, b.whole);
        CHECK_INT(a.broken_at, b.broken_at);
        CHECK_INT(a.broken_line, b.broken_line);
        CHECK_INT(a.events, b.events);
    }
    remove_folder(c, folder, path);
}

TEST(odd_files_get_a_verdict)
{
    struct str folder = temporary(c), path;
    size_t n = LEDGER_LINE_MAX + 2000;
    char *long_line = NEWN(c->arena, char, n);
    memset(long_line, '[', n);
    struct str odd[] = {S(""),
                        S("\n"),
                        S("\0\0\0"),
                        S("{}"),
                        S("null\n"),
                        S("{\"hoalu\":\"ledger\"}"),
                        S("\xff\xfe\n\n"),
                        S("{\"hoalu\":\"ledger\",\"version\":2,\"head\":0}\n"),
                        {long_line, n},
                        {long_line, 1 << 20}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct verdict r;
        path = put_file(c, folder, odd[i]);
        CHECK_OK(ledger_verify_file(c, path, S(""), &r));
        CHECK(!r.whole);
        CHECK_INT(r.broken_at, 1);
        CHECK_INT(r.broken_line, 1);
    }
    remove_folder(c, folder, path);
    struct verdict r;
    CHECK_ERR(ledger_verify_file(c, S("/nowhere/at-all"), S(""), &r), E_NOTFOUND);
    CHECK_STR(c->error.file, S("/nowhere/at-all"));
    CHECK_ERR(ledger_verify_file(c, S("/tmp"), S(""), &r), E_IO);
}

TEST(key_is_made_once_and_kept_private)
{
    struct str folder = temporary(c), path = str_fmt(c->arena, "%.*s/hoalu.db.key", ARGS(folder));
    const char *z = str_z(c->arena, path);
    struct ledger_key a, b;
    CHECK_ERR(ledger_key_load(c, path, false, &a), E_NOTFOUND);
    CHECK_OK(ledger_key_load(c, path, true, &a));
    struct stat st;
    CHECK(stat(z, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == 32);
    CHECK_OK(ledger_key_load(c, path, true, &b));
    CHECK(memcmp(&a, &b, sizeof a) == 0);
    CHECK(chmod(z, 0640) == 0);
    CHECK_ERR(ledger_key_load(c, path, true, &b), E_DENIED);
    CHECK(chmod(z, 0604) == 0);
    CHECK_ERR(ledger_key_load(c, path, true, &b), E_DENIED);
    CHECK(chmod(z, 0600) == 0 && truncate(z, 31) == 0);
    CHECK_ERR(ledger_key_load(c, path, true, &b), E_INVALID);
    remove_folder(c, folder, path); /* nothing else was left in it */
}

TEST(key_stands_beside_the_store)
{
    unsetenv("HOALU_KEY");
    CHECK_STR(ledger_key_path(c, S("/srv/hoalu.db")), S("/srv/hoalu.db.key"));
    setenv("XDG_CONFIG_HOME", "/home/x/.config", 1);
    CHECK_STR(ledger_key_path(c, S("postgresql://h/d")), S("/home/x/.config/hoalu.key"));
    setenv("HOALU_KEY", "/media/key", 1);
    CHECK_STR(ledger_key_path(c, S("/srv/hoalu.db")), S("/media/key"));
}
