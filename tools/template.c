#include "tools/template.h"

#include <string.h>

#include "base/banned.h"

enum { SOURCE_MAX = 4 << 20, OUTPUT_MAX = 64 << 20, ARGUMENTS_MAX = 10 };

unsigned template_line(struct maker *m, size_t at)
{
    if (at < m->line_at) {
        m->line_at = 0;
        m->line_known = 1;
    }
    for (; m->line_at < at && m->line_at < m->text.n; m->line_at++)
        m->line_known += m->text.p[m->line_at] == '\n';
    return m->line_known;
}

bool template_is_piece(const struct maker *m, size_t at)
{
    return at + 1 < m->text.n && m->text.p[at] == '{' && memchr("{%#", m->text.p[at + 1], 3);
}

bool template_is_own_line(const struct maker *m, size_t at)
{
    if (!template_is_piece(m, at) || m->text.p[at + 1] == '{')
        return false;
    size_t from = at;
    while (from > 0 && (m->text.p[from - 1] == ' ' || m->text.p[from - 1] == '\t'))
        from--;
    if (from > 0 && m->text.p[from - 1] != '\n')
        return false;
    size_t end = str_find(m->text, m->text.p[at + 1] == '%' ? S("%}") : S("#}"), at);
    if (end == SIZE_MAX)
        return false;
    for (end += 2; end < m->text.n && m->text.p[end] != '\n'; end++)
        if (m->text.p[end] != ' ' && m->text.p[end] != '\t' && m->text.p[end] != '\r')
            return false;
    return true;
}

/* --- what is written --------------------------------------------------------------------------------------------- */

static void put_literal(struct out *o, struct str s)
{
    out_char(o, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if (byte == '\n')
            out_put(o, i + 1 < s.n ? S("\\n\"\n        \"") : S("\\n"));
        else if (byte == '"' || byte == '\\')
            out_fmt(o, "\\%c", byte);
        else if (byte < ' ' || byte == 127)
            out_fmt(o, "\\%03o", byte);
        else
            out_char(o, (char)byte);
    }
    out_char(o, '"');
}

static void flush(struct maker *m)
{
    if (!m->fixed.n)
        return;
    out_put(&m->code, S("    out_put(p->out, S("));
    put_literal(&m->code, out_str(&m->fixed));
    out_put(&m->code, S("));\n"));
    out_clear(&m->fixed);
    m->has_output = true;
}

void template_put_call(struct maker *m, const char *function)
{
    flush(m);
    out_fmt(&m->code, "    %s(p);\n", function);
}

static void put_line(struct maker *m, size_t at)
{
    out_fmt(&m->code, "#line %u ", template_line(m, at));
    put_literal(&m->code, m->file);
    out_char(&m->code, '\n');
}

/* --- C ----------------------------------------------------------------------------------------------------------- */

static bool is_word_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
}

struct c_token {
    size_t from, to;
    char first; /* its first byte; 'a' for every word and number, '"' and '\'' for quoted text, 0 at the end */
};

/* The token at or after `at`; blanks and comments are passed over. */
static enum err c_next(struct maker *m, size_t at, struct c_token *ret)
{
    struct str t = m->text;
    for (;; at++) {
        if (str_starts(str_skip(t, at), S("/*"))) {
            size_t end = str_find(t, S("*/"), at + 2);
            if (end == SIZE_MAX)
                return REFUSE(m, at, "a comment that nothing closes");
            at = end + 1;
        } else if (at >= t.n || !memchr(" \t\r\n", t.p[at], 4)) {
            break;
        }
    }
    *ret = (struct c_token){at, at + 1, at < t.n ? t.p[at] : 0};
    if (at >= t.n)
        return OK;
    if (str_starts(str_skip(t, at), S("//")))
        return REFUSE(m, at, "write a comment as {# … #}");
    if (is_word_char(t.p[at])) {
        ret->first = 'a';
        while (ret->to < t.n && is_word_char(t.p[ret->to]))
            ret->to++;
    } else if (t.p[at] == '"' || t.p[at] == '\'') {
        while (ret->to < t.n && t.p[ret->to] != t.p[at] && t.p[ret->to] != '\n')
            ret->to += t.p[ret->to] == '\\' ? 2 : 1;
        if (ret->to >= t.n || t.p[ret->to] == '\n')
            return REFUSE(m, at, "a quote that nothing closes");
        ret->to++;
    } else if (t.p[at] == '\\' || t.p[at] == '#') {
        return REFUSE(m, at, "'%c' cannot stand here", t.p[at]);
    }
    return OK;
}

/* Brackets that are open, innermost last. */
struct brackets {
    char v[64];
    size_t n;
};

static enum err bracket(struct maker *m, struct brackets *b, const struct c_token *t)
{
    if (t->first == '(' || t->first == '[') {
        if (b->n == sizeof b->v)
            return REFUSE(m, t->from, "too many brackets");
        b->v[b->n++] = t->first == '(' ? ')' : ']';
    } else if (t->first == ')' || t->first == ']') {
        if (!b->n || b->v[--b->n] != t->first)
            return REFUSE(m, t->from, "'%c' closes nothing", t->first);
    }
    return OK;
}

static struct str word(const struct maker *m, const struct c_token *t)
{
    return str_slice(m->text, t->from, t->to);
}

static bool is(const struct maker *m, const struct c_token *t, const char *z)
{
    return t->first == 'a' && str_eq(word(m, t), str_of(z));
}

/* --- {{ value }} ------------------------------------------------------------------------------------------------- */

struct argument {
    size_t from, to;
};

/* One expression from `from` to ',' (if there may be more), ')' or "}}". */
static enum err take_expression(struct maker *m, size_t from, bool in_call, struct argument *ret,
                                struct c_token *ret_end)
{
    struct brackets b = {.n = 0};
    struct c_token t;
    *ret = (struct argument){from, from};
    for (size_t at = from;; at = t.to) {
        TRY(c_next(m, at, &t));
        if (!t.first)
            return REFUSE(m, from, "a {{ that nothing closes");
        bool ends = in_call ? t.first == ',' || t.first == ')' : str_starts(str_skip(m->text, t.from), S("}}"));
        if (ends && !b.n)
            break;
        if (t.first == ';' || t.first == '{' || t.first == '}')
            return REFUSE(m, t.from, "between {{ and }} stands one expression, without '%c'", t.first);
        TRY(bracket(m, &b, &t));
        if (ret->to == ret->from)
            ret->from = t.from;
        ret->to = t.to;
    }
    if (ret->to == ret->from)
        return REFUSE(m, from, "an expression is missing");
    *ret_end = t;
    return OK;
}

/* T(key, argument…): each argument is written by the rule of its type, where the message in the reader's language has
 * its place. */
static void put_message(struct maker *m, struct str key, const struct argument *v, int n, const char *rules)
{
    if (!n) {
        out_fmt(&m->code, "    html_message(p, _Generic(M_%.*s, struct message: &M_%.*s));\n", ARGS(key), ARGS(key));
        return;
    }
    out_fmt(&m->code, "    _Static_assert(M_%.*s_places == %d, \"the message has another number of places\");\n",
            ARGS(key), n);
    out_fmt(&m->code,
            "    for (struct html_place at_ = {0}; html_message_next(p, &M_%.*s, &at_);) switch (at_.place) {\n",
            ARGS(key));
    for (int i = 0; i < n; i++) {
        struct str x = str_slice(m->text, v[i].from, v[i].to);
        out_fmt(&m->code, "    case %d:\n", i);
        put_line(m, v[i].from);
        out_fmt(&m->code, "    if (at_.choice) html_choose(p, &M_%.*s, &at_, HTML_IS_ONE((%.*s)));\n", ARGS(key),
                ARGS(x));
        put_line(m, v[i].from);
        out_fmt(&m->code, "    else _Generic((%.*s), %s)(p, (%.*s));\n    break;\n", ARGS(x), rules, ARGS(x));
    }
    out_put(&m->code, S("    }\n"));
}

static enum err take_message(struct maker *m, size_t from, const char *rules, size_t *ret_end)
{
    struct argument v[ARGUMENTS_MAX];
    int n = 0;
    struct c_token key, t;
    TRY(c_next(m, from, &key));
    if (key.first != 'a')
        return REFUSE(m, from, "T( is followed by the key of a message");
    TRY(c_next(m, key.to, &t));
    while (t.first == ',') {
        if (n == ARGUMENTS_MAX)
            return REFUSE(m, t.from, "a message has at most %d places", ARGUMENTS_MAX);
        TRY(take_expression(m, t.to, true, &v[n++], &t));
    }
    if (t.first != ')')
        return REFUSE(m, t.from, "after the key of a message stands ',' or ')'");
    TRY(c_next(m, t.to, &t));
    if (!str_starts(str_skip(m->text, t.from), S("}}")))
        return REFUSE(m, from, "T(…) stands alone between {{ and }}");
    *ret_end = t.from;
    put_message(m, word(m, &key), v, n, rules);
    return OK;
}

static enum err take_value(struct maker *m)
{
    size_t from = m->at + 2, end = 0;
    struct c_token t, bracket_of_call = {0};
    TRY(c_next(m, from, &t));
    bool is_message = is(m, &t, "T");
    if (is_message) {
        TRY(c_next(m, t.to, &bracket_of_call));
        is_message = bracket_of_call.first == '(';
    }
    const char *rules;
    TRY(html_value(m, is_message, &rules));
    flush(m);
    put_line(m, t.from);
    if (is_message) {
        TRY(take_message(m, bracket_of_call.to, rules, &end));
    } else {
        struct argument x;
        TRY(take_expression(m, from, false, &x, &t));
        end = t.from;
        struct str written = str_slice(m->text, x.from, x.to);
        out_fmt(&m->code, "    _Generic((%.*s), %s)(p, (%.*s));\n", ARGS(written), rules, ARGS(written));
    }
    m->has_output = true;
    m->at = end + 2;
    return OK;
}

/* --- {% statement %} --------------------------------------------------------------------------------------------- */

static enum err open_block(struct maker *m, size_t at, enum block_kind kind)
{
    *PUSH(m->c->arena, &m->blocks) = (struct block){m->place, m->open.n, kind, template_line(m, at)};
    return OK;
}

/* The same place, so that what follows a block stands where it stood, whether the block ran or not? */
static bool same_place(const struct place *a, const struct place *b)
{
    bool tags = (a->kind == IN_TAG || a->kind == AFTER_IT) && (b->kind == IN_TAG || b->kind == AFTER_IT);
    if (!tags && a->kind != b->kind)
        return false;
    if (a->kind == IN_TEXT || a->kind == IN_RAW)
        return true;
    return a->tag.p == b->tag.p && (a->kind != IN_VALUE || a->attribute.p == b->attribute.p);
}

static enum err check_block(struct maker *m, size_t at, const struct block *b)
{
    if (m->open.n > b->depth)
        return REFUSE(m, at, "<%.*s> of line %u is still open at the end of the block of line %u",
                      ARGS(m->open.v[m->open.n - 1].name), m->open.v[m->open.n - 1].line, b->line);
    if (m->open.n < b->depth || !same_place(&m->place, &b->place))
        return REFUSE(m, at, "the block of line %u begins and ends in different places of the HTML", b->line);
    return OK;
}

static enum err close_block(struct maker *m, size_t at)
{
    if (!m->blocks.n)
        return REFUSE(m, at, "'}' closes nothing");
    const struct block *b = &m->blocks.v[m->blocks.n - 1];
    TRY(check_block(m, at, b));
    if (b->place.kind == AFTER_IT)
        m->place.kind = AFTER_IT;
    m->blocks.n--;
    return OK;
}

/* A jump leaves blocks: the HTML must stand as it stood where each of them began. */
static enum err check_jump(struct maker *m, const struct c_token *t)
{
    bool leaves_all = is(m, t, "return"), loops_only = is(m, t, "continue");
    bool switches_only = is(m, t, "case") || is(m, t, "default");
    if (is(m, t, "goto") || is(m, t, "asm"))
        return REFUSE(m, t->from, "no %.*s in a template", ARGS(word(m, t)));
    if (!leaves_all && !loops_only && !switches_only && !is(m, t, "break"))
        return OK;
    for (size_t i = m->blocks.n; i-- > 0;) {
        const struct block *b = &m->blocks.v[i];
        TRY(check_block(m, t->from, b));
        if (leaves_all || b->kind == BLOCK_PLAIN || (loops_only && b->kind != BLOCK_LOOP) ||
            (switches_only && b->kind != BLOCK_SWITCH))
            continue;
        return OK;
    }
    if (leaves_all && (m->open.n != m->depth_at_start || m->leaves.n || m->place.kind != IN_TEXT))
        return REFUSE(m, t->from, "a return where elements are open");
    return leaves_all ? OK : REFUSE(m, t->from, "a %.*s outside of its block", ARGS(word(m, t)));
}

static enum err check_call(struct maker *m, const struct c_token *name)
{
    struct c_token t;
    if (name->first != 'a' || !str_ends(word(m, name), S("_html")))
        return OK;
    TRY(c_next(m, name->to, &t));
    if (t.first == '(' && m->place.kind != IN_TEXT)
        return REFUSE(m, name->from, "a template is called where text stands, not in a tag, a title or a textarea");
    return OK;
}

static enum err take_code(struct maker *m, size_t from)
{
    struct brackets b = {.n = 0};
    struct c_token t, last = {0};
    enum block_kind kind = BLOCK_PLAIN;
    TRY(html_statement(m));
    for (size_t at = from;; at = t.to) {
        TRY(c_next(m, at, &t));
        if (!t.first)
            return REFUSE(m, from, "a {%% that nothing closes");
        if (str_starts(str_skip(m->text, t.from), S("%}")))
            break;
        last = t;
        TRY(bracket(m, &b, &t));
        TRY(check_jump(m, &t));
        TRY(check_call(m, &t));
        if (is(m, &t, "for") || is(m, &t, "while") || is(m, &t, "do") || is(m, &t, "LIST_EACH"))
            kind = BLOCK_LOOP;
        else if (is(m, &t, "switch"))
            kind = BLOCK_SWITCH;
        if (t.first == '{') {
            TRY(open_block(m, t.from, b.n ? BLOCK_PLAIN : kind));
        } else if (t.first == '}') {
            TRY(close_block(m, t.from));
        }
        if (!b.n && (t.first == '{' || t.first == ';'))
            kind = BLOCK_PLAIN;
    }
    if (b.n)
        return REFUSE(m, from, "'%c' is missing", b.v[b.n - 1]);
    if (!last.first || !memchr(";{}:", last.first, 4))
        return REFUSE(m, from, "a statement ends with ';', '{', '}' or ':'");
    flush(m);
    put_line(m, from);
    out_fmt(&m->code, "%.*s\n", ARGS(str_slice(m->text, from, last.to)));
    m->at = t.from + 2;
    return OK;
}

/* --- what stands at the top -------------------------------------------------------------------------------------- */

static enum err take_include(struct maker *m, struct str rest, size_t at)
{
    if (rest.n < 3 || rest.p[0] != '"' || rest.p[rest.n - 1] != '"' || memchr(rest.p + 1, '"', rest.n - 2) ||
        memchr(rest.p, '\n', rest.n))
        return REFUSE(m, at, "write {%% include \"folder/name.h\" %%}");
    out_fmt(&m->header, "#include %.*s\n", ARGS(rest));
    return OK;
}

static enum err take_args(struct maker *m, struct str rest, size_t at)
{
    if (m->has_args)
        return REFUSE(m, at, "the arguments are given twice");
    if (!rest.n || memchr(rest.p, ';', rest.n) || memchr(rest.p, '{', rest.n))
        return REFUSE(m, at, "write {%% args const struct thing *vm, int n %%}");
    m->args = rest;
    m->has_args = true;
    return OK;
}

static enum err take_open_elements(struct maker *m, struct str rest, bool leaves, size_t at)
{
    struct str *v = NEWN(m->c->arena, struct str, rest.n + 1), name;
    size_t n = 0;
    while (rest.n && str_cut(&rest, ' ', &name))
        if (name.n)
            v[n++] = name;
    if (!n || n > 50 || m->leaves.n || m->open.n)
        return REFUSE(m, at,
                      "name the elements once, the outermost first: {%% leaves html body %%}, {%% ends html body %%}");
    if (leaves) {
        m->leaves = (struct strs){v, n};
        return OK;
    }
    for (size_t i = 0; i < n; i++)
        *PUSH(m->c->arena, &m->open) = (struct element){v[i], template_line(m, at)};
    m->depth_at_start = n;
    return OK;
}

static enum err take_statement(struct maker *m)
{
    size_t from = m->at + 2;
    struct c_token t;
    TRY(c_next(m, from, &t));
    bool include = is(m, &t, "include"), args = is(m, &t, "args");
    bool leaves = is(m, &t, "leaves"), ends = is(m, &t, "ends");
    if (!include && !args && !leaves && !ends)
        return take_code(m, from);
    if (m->has_output || m->fixed.n || m->blocks.n)
        return REFUSE(m, t.from, "%.*s stands at the top", ARGS(word(m, &t)));
    size_t end = str_find(m->text, S("%}"), t.to);
    if (end == SIZE_MAX)
        return REFUSE(m, from, "a {%% that nothing closes");
    struct str rest = str_trim(str_slice(m->text, t.to, end));
    if (include)
        TRY(take_include(m, rest, t.from));
    else if (args)
        TRY(take_args(m, rest, t.from));
    else
        TRY(take_open_elements(m, rest, leaves, t.from));
    m->at = end + 2;
    return OK;
}

/* --- a template -------------------------------------------------------------------------------------------------- */

static enum err take_piece(struct maker *m)
{
    bool own_line = template_is_own_line(m, m->at);
    if (m->text.p[m->at + 1] == '{')
        return take_value(m);
    if (m->text.p[m->at + 1] == '#') {
        size_t end = str_find(m->text, S("#}"), m->at + 2);
        if (end == SIZE_MAX)
            return REFUSE(m, m->at, "a {# that nothing closes");
        m->at = end + 2;
    } else {
        TRY(take_statement(m));
    }
    while (own_line && m->at < m->text.n && memchr(" \t\r", m->text.p[m->at], 3))
        m->at++;
    if (own_line && m->at < m->text.n && m->text.p[m->at] == '\n')
        m->at++;
    return OK;
}

static enum err check_end(struct maker *m)
{
    if (m->blocks.n)
        return FAIL_AT(m->c, E_INVALID, m->file, m->blocks.v[m->blocks.n - 1].line, "this block is never closed");
    if (m->place.kind != IN_TEXT && m->place.kind != IN_RAW)
        return REFUSE(m, (size_t)(m->place.tag.p - m->text.p), "the template ends in <%.*s", ARGS(m->place.tag));
    for (size_t i = 0; i < m->open.n || i < m->leaves.n; i++) {
        if (i >= m->open.n)
            return REFUSE(m, m->at, "<%.*s> is not left open, as {%% leaves %%} says", ARGS(m->leaves.v[i]));
        if (i >= m->leaves.n || !str_eq(m->leaves.v[i], m->open.v[i].name))
            return FAIL_AT(m->c, E_INVALID, m->file, m->open.v[i].line, "<%.*s> is never ended",
                           ARGS(m->open.v[i].name));
    }
    while (m->fixed.n && memchr(" \n", m->fixed.p[m->fixed.n - 1], 2))
        m->fixed.n--;
    return OK;
}

static enum err function_name(struct ctx *c, struct str file, struct str *ret)
{
    struct str name = file;
    for (size_t i = file.n; i-- > 0;)
        if (file.p[i] == '/') {
            name = str_skip(file, i + 1);
            break;
        }
    bool good = str_ends(name, S(".html")) && name.n > 5 && !(name.p[0] >= '0' && name.p[0] <= '9');
    name.n -= good ? 5 : 0;
    for (size_t i = 0; good && i < name.n; i++)
        good = is_word_char(name.p[i]);
    if (!good)
        return FAIL_AT(c, E_INVALID, file, 1, "a template is called name.html, of letters, digits and _");
    *ret = name;
    return OK;
}

static void write_header(struct maker *m, struct str name, struct out *o)
{
    out_fmt(o, "/* Made by tools/tmpl of %.*s.html. */\n#pragma once\n#include \"front/web/html.h\"\n", ARGS(name));
    out_put(o, out_str(&m->header));
    out_fmt(o, "\nvoid %.*s_html(struct page *p%s%.*s);\n", ARGS(name), m->has_args ? ", " : "", ARGS(m->args));
}

static void write_source(struct maker *m, struct str name, struct out *o)
{
    out_fmt(o, "#include \"%.*s.html.h\"\n\n#include \"front/web/messages.h\"\n\n#include \"base/banned.h\"\n\n",
            ARGS(name));
    out_fmt(o, "void %.*s_html(struct page *p%s%.*s)\n{\n    (void)p;\n", ARGS(name), m->has_args ? ", " : "",
            ARGS(m->args));
    out_put(o, out_str(&m->code));
    out_put(o, S("}\n"));
}

enum err template_compile(struct ctx *c, struct str file, struct str text, struct template *ret)
{
    struct maker m = {.c = c, .file = file, .text = text, .line_known = 1};
    struct str name = {0};
    size_t bad = 0;
    TRY(function_name(c, file, &name));
    if (text.n > SOURCE_MAX)
        return FAIL_AT(c, E_LIMIT, file, 1, "a template of more than %d MiB", SOURCE_MAX >> 20);
    if (!str_is_utf8(text, &bad))
        return REFUSE(&m, bad, "this is not UTF-8");
    struct out header, source;
    struct out *const outs[] = {&m.header, &m.code, &m.fixed, &header, &source};
    for (size_t i = 0; i < sizeof outs / sizeof *outs; i++)
        out_init(outs[i], c->arena, OUTPUT_MAX);
    while (m.at < text.n)
        if (template_is_piece(&m, m.at))
            TRY(take_piece(&m));
        else
            TRY(html_step(&m));
    TRY(check_end(&m));
    flush(&m);
    write_header(&m, name, &header);
    write_source(&m, name, &source);
    if (m.code.failed || m.fixed.failed || header.failed || source.failed)
        return FAIL_AT(c, E_LIMIT, file, 1, "the C of this template is larger than %d MiB", OUTPUT_MAX >> 20);
    *ret = (struct template){out_str(&header), out_str(&source)};
    return OK;
}
