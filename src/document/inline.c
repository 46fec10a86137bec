#include "document/reader.h"

#include <string.h>

#include "base/banned.h"

/* Past so many runs of marks a line is not prose, and they are left as they stand. */
enum { MARKS_MAX = 4096, MATH_MAX = 240, TAG_MAX = 200 };

struct mark {
    size_t at;
    unsigned n;
    char c;
    bool open, close; /* may be */
    bool drop;
    int bold, italic; /* what passing it adds */
};

struct resolver {
    struct str s;
    char *out;
    size_t n;
    struct mark *marks;
    size_t n_marks;
    size_t seen, bold, italic; /* visible bytes, and those of them inside */
};

static bool is_punct(char c)
{
    return c > ' ' && c < 0x7f && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* LaTeX. */

static const struct command {
    struct str name, text;
} commands[] = {
    {S0("geq"), S0("≥")},      {S0("geqslant"), S0("≥")}, {S0("ge"), S0("≥")},     {S0("leq"), S0("≤")},
    {S0("leqslant"), S0("≤")}, {S0("le"), S0("≤")},       {S0("gt"), S0(">")},     {S0("lt"), S0("<")},
    {S0("neq"), S0("≠")},      {S0("ne"), S0("≠")},       {S0("approx"), S0("≈")}, {S0("sim"), S0("~")},
    {S0("times"), S0("×")},    {S0("pm"), S0("±")},       {S0("cdot"), S0("·")},   {S0("rightarrow"), S0("→")},
    {S0("to"), S0("→")},       {S0("circ"), S0("°")},     {S0("quad"), S0(" ")},   {S0("dots"), S0("…")},
    {S0("ldots"), S0("…")},    {S0("text"), S0("")},      {S0("mathrm"), S0("")},  {S0("mathbf"), S0("")},
    {S0("mathit"), S0("")},    {S0("textbf"), S0("")},    {S0("textit"), S0("")},  {S0("frac"), S0("")},
};

static size_t command_length(struct str s, size_t at)
{
    size_t n = 0;
    while (at + 1 + n < s.n && is_letter(s.p[at + 1 + n]))
        n++;
    return n;
}

static const struct command *command_at(struct str s, size_t at)
{
    struct str name = {s.p + at + 1, command_length(s, at)};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_eq(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static size_t put_math_command(char *out, struct str s, size_t *at)
{
    size_t length = command_length(s, *at);
    if (length == 0) {
        char c = *at + 1 < s.n ? s.p[*at + 1] : ' ';
        *at += *at + 1 < s.n ? 2 : 1;
        out[0] = c == ',' || c == ';' || c == ':' || c == '!' ? ' ' : c;
        return 1;
    }
    const struct command *command = command_at(s, *at);
    struct str text = command ? command->text : (struct str){s.p + *at + 1, length};
    if (text.n)
        memcpy(out, text.p, text.n);
    *at += 1 + length;
    return text.n;
}

/* The text of the formula `s` into `out`, never longer than `s`. */
static size_t put_math(char *out, struct str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        char c = s.p[at];
        if (c == '\\') {
            n += put_math_command(out + n, s, &at);
        } else if (c == '^' && at + 1 < s.n && (s.p[at + 1] == '2' || s.p[at + 1] == '3')) {
            n += str_put_rune(out + n, s.p[at + 1] == '2' ? 0xb2 : 0xb3);
            at += 2;
        } else if (str_starts(str_skip(s, at), S("}{"))) {
            out[n++] = '/';
            at += 2;
        } else {
            if (c == '~' || c == '\t')
                c = ' ';
            if (c != '{' && c != '}' && c != '^' && c != '_' && !(c == ' ' && n && out[n - 1] == ' '))
                out[n++] = c;
            at++;
        }
    }
    struct str text = str_trim((struct str){out, n});
    if (text.n)
        memmove(out, text.p, text.n);
    return text.n;
}

/* Length of the formula that opens at `at`, with both its '$'; 0 if it is money or nothing. */
static size_t math_length(struct str s, size_t at)
{
    size_t limit = s.n - at < MATH_MAX ? s.n : at + MATH_MAX, end = at + 1;
    bool command = false, figures = true;
    for (; end < limit && s.p[end] != '$'; end++) {
        command |= s.p[end] == '\\' || s.p[end] == '^';
        figures &= !is_letter(s.p[end]) && (unsigned char)s.p[end] < 0x80;
        if (s.p[end] == '\\' && end + 1 < limit && s.p[end + 1] == '$')
            end++;
    }
    if (end >= limit || s.p[end] != '$' || end == at + 1)
        return 0;
    return command || (figures && s.p[at + 1] != ' ' && s.p[end - 1] != ' ') ? end + 1 - at : 0;
}

/* HTML. */

/* Length of the known inline tag at `at` (0: none, it is text) and whether it breaks the line. */
static size_t tag_length(struct str s, size_t at, bool *ret_break)
{
    static const struct str names[] = {S0("br"),     S0("p"),   S0("b"),     S0("i"),    S0("u"),    S0("em"),
                                       S0("strong"), S0("sup"), S0("sub"),   S0("span"), S0("font"), S0("div"),
                                       S0("center"), S0("a"),   S0("small"), S0("ins"),  S0("mark")};
    size_t from = at + 1 + (at + 1 < s.n && s.p[at + 1] == '/'), to = from;
    char name[8];
    while (to < s.n && to - from < sizeof name && is_letter(s.p[to])) {
        name[to - from] = (char)(s.p[to] | 32);
        to++;
    }
    if (to == from || to >= s.n || !memchr(" />", s.p[to], 3))
        return 0;
    size_t limit = s.n - at < TAG_MAX ? s.n : at + TAG_MAX, end = to;
    while (end < limit && s.p[end] != '>' && s.p[end] != '<')
        end++;
    if (end >= limit || s.p[end] != '>')
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(names[i], (struct str){name, to - from})) {
            *ret_break = i == 0;
            return end + 1 - at;
        }
    return 0;
}

static size_t entity_length(struct str s, char *ret)
{
    static const struct {
        struct str name;
        char c;
    } entities[] = {{S0("&amp;"), '&'}, {S0("&lt;"), '<'}, {S0("&gt;"), '>'}, {S0("&quot;"), '"'}, {S0("&nbsp;"), ' '}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_starts(s, entities[i].name)) {
            *ret = entities[i].c;
            return entities[i].name.n;
        }
    return 0;
}

/* Emphasis. */

static void judge_mark(struct mark *m, struct str s)
{
    char before = m->at ? s.p[m->at - 1] : ' ', after = m->at + m->n < s.n ? s.p[m->at + m->n] : ' ';
    m->open = !is_space(after);
    m->close = !is_space(before);
    if (m->c == '_') {
        m->open = m->open && (is_space(before) || is_punct(before)) && after != '_';
        m->close = m->close && (is_space(after) || is_punct(after)) && before != '_';
    }
    bool literal = (before == '(' && after == ')') || (is_digit(before) && is_digit(after)) ||
                   (m->n == 1 && is_space(before) && is_space(after)) || (m->c == '_' && m->n > 3);
    if (literal) {
        m->open = m->close = false;
        return;
    }
    /* What has no partner: a run of asterisks is a remain of Markdown; a single one only where a label begins or ends.
     */
    m->drop = m->c == '*' && (m->n > 1 || (m->at == 0 && m->open) || (m->close && (after == ':' || before == ':')));
}

static void match_marks(struct mark *v, size_t n)
{
    size_t open[2][4];
    bool any[2][4] = {0};
    for (size_t i = 0; i < n; i++) {
        size_t kind = v[i].c == '_', size = v[i].n > 3 ? 3 : v[i].n;
        if (v[i].close && any[kind][size]) {
            struct mark *from = &v[open[kind][size]];
            from->drop = v[i].drop = true;
            from->bold = size >= 2;
            from->italic = size != 2;
            v[i].bold = -from->bold;
            v[i].italic = -from->italic;
            any[kind][size] = false;
        } else if (v[i].open) {
            open[kind][size] = i;
            any[kind][size] = true;
        }
    }
    /* "**T/M BAN THƯỜNG VỤ": its end was lost, so it runs to the end of the line. */
    if (n == 1 && any[0][2] && v[0].at == 0)
        v[0].bold = 1;
}

/* Where the text that is not prose at `at` ends (an escape, a code span, a formula); `at` if it is prose. */
static size_t skip_opaque(struct str s, size_t at, bool *no_code)
{
    if (s.p[at] == '\\' && at + 1 < s.n && is_punct(s.p[at + 1]))
        return at + 2;
    if (s.p[at] == '$')
        return at + math_length(s, at);
    if (s.p[at] == '`' && !*no_code) {
        const char *end = memchr(s.p + at + 1, '`', s.n - at - 1);
        *no_code = !end;
        return end ? (size_t)(end - s.p) + 1 : at;
    }
    return at;
}

static void find_marks(struct arena *a, struct resolver *r)
{
    struct {
        struct mark *v;
        size_t n, cap;
    } list = {0};
    bool no_code = false;
    for (size_t at = 0; at < r->s.n;) {
        size_t next = skip_opaque(r->s, at, &no_code);
        char c = r->s.p[at];
        if (next > at || (c != '*' && c != '_')) {
            at = next > at ? next : at + 1;
            continue;
        }
        size_t end = at;
        while (end < r->s.n && r->s.p[end] == c)
            end++;
        if (list.n == MARKS_MAX)
            return;
        struct mark *m = PUSH(a, &list);
        *m = (struct mark){.at = at, .n = (unsigned)(end - at), .c = c};
        judge_mark(m, r->s);
        at = end;
    }
    match_marks(list.v, list.n);
    r->marks = list.v;
    r->n_marks = list.n;
}

static void put(struct resolver *r, const char *p, size_t n, int bold, int italic)
{
    for (size_t i = 0; i < n; i++) {
        r->out[r->n++] = p[i];
        if (is_space(p[i]))
            continue;
        r->seen++;
        r->bold += bold > 0;
        r->italic += italic > 0;
    }
}

/* The part at `at` that is written otherwise than it stands; returns where it ends, or `at`. */
static size_t put_special(struct resolver *r, size_t at, bool marks, bool *no_code, int bold, int italic)
{
    struct str s = r->s, rest = str_skip(s, at);
    char c = s.p[at], text[MATH_MAX + 8];
    size_t length;
    bool broken = false;
    if (c == '$' && (length = math_length(s, at))) {
        put(r, text, put_math(text, str_slice(s, at + 1, at + length - 1)), bold, italic);
        return at + length;
    }
    if (c == '\\' && command_at(s, at)) {
        size_t end = at;
        put(r, text, put_math_command(text, s, &end), bold, italic);
        return end;
    }
    if (c == '<' && (length = tag_length(s, at, &broken))) {
        put(r, "\n", broken, bold, italic);
        return at + length;
    }
    if (c == '&' && (length = entity_length(rest, text))) {
        put(r, text, 1, bold, italic);
        return at + length;
    }
    if (!marks)
        return at;
    if (c == '\\' && at + 1 < s.n && is_punct(s.p[at + 1])) {
        put(r, s.p + at + 1, 1, bold, italic);
        return at + 2;
    }
    size_t end = c == '`' ? skip_opaque(s, at, no_code) : at;
    if (end > at)
        put(r, s.p + at + 1, end - at - 2, bold, italic);
    return end;
}

static bool has_special(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (memchr("*_`\\$<&", s.p[i], 7))
            return true;
    return false;
}

struct inline_text resolve_inline(struct arena *a, struct str s, bool marks)
{
    if (!has_special(s))
        return (struct inline_text){.text = s};
    struct resolver r = {.s = s, .out = NEWN(a, char, s.n + 1)};
    if (marks)
        find_marks(a, &r);
    int bold = 0, italic = 0;
    bool no_code = false;
    size_t next_mark = 0;
    for (size_t at = 0; at < s.n;) {
        if (next_mark < r.n_marks && r.marks[next_mark].at == at) {
            const struct mark *m = &r.marks[next_mark++];
            bold += m->bold;
            italic += m->italic;
            if (!m->drop)
                put(&r, s.p + at, m->n, bold, italic);
            at += m->n;
            continue;
        }
        size_t end = put_special(&r, at, marks, &no_code, bold, italic);
        if (end == at && !marks && str_starts(str_skip(s, at), S("**"))) {
            while (end < s.n && s.p[end] == '*')
                end++;
        } else if (end == at) {
            put(&r, s.p + at, 1, bold, italic);
            end = at + 1;
        }
        at = end;
    }
    struct str text = str_trim((struct str){r.out, r.n});
    return (struct inline_text){plain_text(a, text), r.seen && r.bold == r.seen, r.seen && r.italic == r.seen};
}

/* Markers at the start of a line. */

static size_t blanks(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && is_space(s.p[at + n]))
        n++;
    return n;
}

size_t bullet_length(struct str s, struct str *ret_marker)
{
    static const struct str bullets[] = {
        S0("-"),           S0("–"), S0("—"), S0("•"), S0("+"), S0("*"), S0("●"), S0("○"),
        S0("▪"),           S0("■"), S0("◦"), S0("·"), S0("−"), S0("‑"), S0("‐"), S0("\xef\x82\xb7"),
        S0("\xef\x82\xa7")};
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        if (!str_starts(s, bullets[i]))
            continue;
        size_t n = bullets[i].n, gap = blanks(s, n);
        char c = bullets[i].p[0], after = n < s.n ? s.p[n] : ' ';
        /* "-Xây dựng" is an item whose blank was lost; "-5 %" and "*Cơ quan*" are not. */
        bool letter = is_letter(after) || (unsigned char)after >= 0xc3;
        bool tight = c != '*' && (letter || after == '*') && !str_starts(str_skip(s, n), bullets[i]);
        if (n + gap == s.n || (!gap && !tight))
            return 0;
        *ret_marker = c == '+' ? S("+") : S("-");
        return n + gap;
    }
    return 0;
}

static size_t run_of(struct str s, size_t at, const char *set)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] && strchr(set, s.p[at + n]))
        n++;
    return n;
}

size_t outline_length(struct str s)
{
    size_t roman = run_of(s, 0, "IVXLC"), at = 0, parts = 0;
    if (roman && roman <= 7 && roman + 1 < s.n && s.p[roman] == '.' && is_space(s.p[roman + 1]))
        return roman + 1;
    for (size_t digits; (digits = run_of(s, at, "0123456789")) && digits <= 2 && parts < 6; parts++) {
        at += digits;
        if (at < s.n && s.p[at] == '.')
            at++;
        else
            break;
    }
    bool pointed = at && s.p[at - 1] == '.', numbered = parts || at;
    if (numbered && at < s.n && s.p[at] == ')')
        at++, pointed = true;
    if (numbered && at < s.n && is_space(s.p[at]) && (pointed || parts > 0))
        return at;
    size_t letter = str_starts(s, S("đ")) ? 2 : s.n && is_letter(s.p[0]) ? 1 : 0;
    if (letter && letter + 1 < s.n && is_space(s.p[letter + 1]) &&
        (s.p[letter] == ')' || (s.p[letter] == '.' && s.p[0] < 'a' && letter == 1)))
        return letter + 1;
    return 0;
}
