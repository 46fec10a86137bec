/* Any bytes as a template: refused with a line of the text, or made C in which every value stands, for a reader of HTML
 * that knows nothing of the compiler, in the kind of place whose rules it is written by. */
#include "fuzz/fuzz.h"

#include "front/web/tokens.h"
#include "tools/template.h"

#include <limits.h>

#include "base/banned.h"

static const struct str pieces[] = {S0("<p>"),
                                    S0("</p>"),
                                    S0("<a href=\""),
                                    S0("</a>"),
                                    S0("\">"),
                                    S0("\""),
                                    S0(" "),
                                    S0("\n"),
                                    S0("<p title=\""),
                                    S0("{{ x }}"),
                                    S0("{{ T(k) }}"),
                                    S0("{{ T(k, x) }}"),
                                    S0("{% if (x) { %}"),
                                    S0("{% } %}"),
                                    S0("{% } else { %}"),
                                    S0("{% for (;;) { %}"),
                                    S0("{% break; %}"),
                                    S0("{% x(); %}"),
                                    S0("{# c #}"),
                                    S0("/a/"),
                                    S0("?b="),
                                    S0("#c"),
                                    S0("<title>"),
                                    S0("</title>"),
                                    S0("<textarea>"),
                                    S0("</textarea>"),
                                    S0("<br>"),
                                    S0("<br"),
                                    S0(">"),
                                    S0("/>"),
                                    S0("<svg>"),
                                    S0("</svg>"),
                                    S0("<path d=\""),
                                    S0(" a=b"),
                                    S0(" c='d'"),
                                    S0(" e"),
                                    S0("<script src=\"/x\"></script>"),
                                    S0("text & \\ 'x'"),
                                    S0("<"),
                                    S0("'"),
                                    S0("="),
                                    S0("{%"),
                                    S0("%}"),
                                    S0("{{"),
                                    S0("}}"),
                                    S0("<pre>"),
                                    S0("</pre>"),
                                    S0("<!doctype html>"),
                                    S0("<!--"),
                                    S0("-->"),
                                    S0("{% switch (x) { %}"),
                                    S0("{% case 1: %}"),
                                    S0("{% return; %}"),
                                    S0("\xff"),
                                    S0("ế"),
                                    S0(" href=\""),
                                    S0("{{ \"}}\" }}"),
                                    S0("{% leaves p %}"),
                                    S0("{% ends p %}"),
                                    S0("<div"),
                                    S0("</div>")};

struct rule {
    const char *name;
    char mark;
    enum token_place place;
};
static const struct rule rules[] = {{"HTML_TEXT", 1, TOKEN_TEXT},
                                    {"HTML_RAW", 2, TOKEN_RAW},
                                    {"HTML_ATTR", 3, TOKEN_QUOTED},
                                    {"HTML_URL", 4, TOKEN_QUOTED},
                                    {"HTML_URL_PART", 5, TOKEN_QUOTED}};

/* The literal whose first quote is at `i`, as the compiler of C reads it; what follows its last quote. */
static size_t put_literal(struct out *o, struct str s, size_t i)
{
    for (; i < s.n && s.p[i] == '"'; i++) {
        for (i++; i < s.n && s.p[i] != '"'; i++) {
            HOLDS(s.p[i] != '\n');
            if (s.p[i] != '\\') {
                out_char(o, s.p[i]);
            } else if (s.p[++i] == 'n') {
                out_char(o, '\n');
            } else if (s.p[i] >= '0' && s.p[i] <= '3') {
                out_char(o, (char)((s.p[i] - '0') * 64 + (s.p[i + 1] - '0') * 8 + s.p[i + 2] - '0'));
                i += 2;
            } else {
                out_char(o, s.p[i]);
            }
        }
        while (i + 1 < s.n && (s.p[i + 1] == '\n' || s.p[i + 1] == ' '))
            i++;
    }
    return i;
}

/* What C would do with the braces and jumps of a statement: which blocks run is told by `chances`, a bit for each. */
struct machine {
    struct {
        bool skipped, left_by_break;
    } block[64];
    size_t depth;
    unsigned chances, n_chances;
    bool returned;
};

static bool chance(struct machine *m)
{
    return m->chances >> m->n_chances++ % 32 & 1;
}

static bool is_running(const struct machine *m)
{
    return !m->returned && !(m->depth && m->block[m->depth - 1].skipped);
}

/* Where the text or character that is quoted at `i` ends: braces inside it are none of C's. */
static size_t after_quoted(struct str line, size_t i)
{
    size_t end = i + 1;
    while (end < line.n && line.p[end] != line.p[i])
        end += line.p[end] == '\\' ? 2 : 1;
    return end;
}

static void run_statement(struct machine *m, struct str line)
{
    bool running = is_running(m);
    if (running && str_has(line, S("return;")))
        m->returned = chance(m);
    if (running && str_has(line, S("break;")) && chance(m))
        for (size_t i = m->depth; i-- > 0;) {
            m->block[i].skipped = true;
            if (m->block[i].left_by_break)
                break;
        }
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '"' || line.p[i] == '\'') {
            i = after_quoted(line, i);
        } else if (line.p[i] == '}') {
            HOLDS(m->depth > 0);
            m->depth--;
        } else if (line.p[i] == '{') {
            HOLDS(m->depth < 64);
            bool skip = !is_running(m) || !chance(m);
            m->block[m->depth].skipped = skip;
            m->block[m->depth++].left_by_break = str_has(line, S("for (")) || str_has(line, S("switch ("));
        }
    }
}

/* The page that comes of running the statements so, with a mark for each value. */
static struct str run(struct arena *a, struct str source, unsigned chances)
{
    struct machine m = {.chances = chances};
    struct out o, nothing;
    struct str put = S("    out_put(p->out, S("), generic = S("_Generic(("), line, rest = source;
    out_init(&o, a, SIZE_MAX / 4);
    out_init(&nothing, a, SIZE_MAX / 4);
    rest = str_skip(rest, str_find(rest, S("(void)p;\n"), 0) + 9);
    while (rest.n) {
        if (str_starts(rest, put)) {
            rest = str_skip(rest, put_literal(is_running(&m) ? &o : &nothing, rest, put.n));
            str_cut(&rest, '\n', &line);
            continue;
        }
        if (!str_cut(&rest, '\n', &line) || (line.n == 1 && !rest.n))
            break;
        if (line.n && line.p[0] != '#' && !str_starts(line, S("    ")))
            run_statement(&m, line);
        bool value = str_starts(line, S("    _Generic((")) || str_starts(line, S("    else _Generic(("));
        for (size_t i = 0; value && is_running(&m) && i < sizeof rules / sizeof *rules; i++) {
            char call[32];
            snprintf(call, sizeof call, "), %s)(p, (", rules[i].name);
            if (str_find(line, str_of(call), str_find(line, generic, 0)) != SIZE_MAX)
                out_char(&o, rules[i].mark);
        }
    }
    return out_str(&o);
}

static void check(struct ctx *c, const struct template *t, unsigned chances)
{
    struct tokens seen;
    HOLDS(str_starts(t->source, S("#include \"a.html.h\"\n")) && str_ends(t->source, S("\n}\n")));
    tokens_read(c->arena, run(c->arena, t->source, chances), &seen);
    for (size_t k = 0; k < seen.shape.n; k++)
        HOLDS(seen.shape.p[k] < 0 || seen.shape.p[k] > 5);
    for (size_t i = 0; i < seen.n; i++)
        for (size_t k = 0; k < seen.v[i].s.n; k++) {
            char mark = seen.v[i].s.p[k];
            if (mark < 1 || mark > 5)
                continue;
            HOLDS(rules[mark - 1].place == seen.v[i].place);
            HOLDS(mark != 4 || k == 0);
            HOLDS(mark != 5 || k > 0);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct template t;
    struct str text = {(const char *)data, n};
    bool composed = n && data[0] & 1;
    if (composed)
        text = fuzz_compose(&arena, data + 1, n - 1, pieces, sizeof pieces / sizeof *pieces);
    bool marked = false;
    for (size_t i = 0; i < text.n; i++)
        marked = marked || (text.p[i] >= 0 && text.p[i] <= 5);
    unsigned lines = 1;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    if (template_compile(&c, S("a.html"), text, &t)) {
        HOLDS(c.error.message.n && c.error.line >= 1 && c.error.line <= lines);
    } else if (!marked) {
        /* In free text a statement could look like what the compiler writes; the pieces do not. */
        unsigned chances = 1;
        for (size_t i = 0; composed && i < n; i++)
            chances = chances * 31 + data[i];
        check(&c, &t, UINT_MAX);
        if (composed) {
            check(&c, &t, 0);
            check(&c, &t, chances);
        }
    }
    arena_reset(&arena);
    return 0;
}
