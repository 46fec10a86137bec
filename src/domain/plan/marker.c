/* marker.c - what stands before a clause: "II.", "1.1.", "a)", "-", "Phần thứ nhất", "Điều 3.", "Phụ lục II". */
#include "base/viet.h"
#include "domain/plan/outline.h"

#include <string.h>

#include "base/banned.h"

enum { NUMBER_MAX = 400, NUMBER_PARTS = 6, ROMAN_MAX = 60 };

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static size_t skip_blanks(struct str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
        at++;
    return at;
}

/* Value of a well-formed Roman number of capitals at the start of `s`; 0 if there is none. */
static unsigned roman_value(struct str s, size_t *ret_length)
{
    static const struct {
        const char *sign;
        unsigned value;
    } signs[] = {{"XL", 40}, {"L", 50}, {"X", 10}, {"IX", 9}, {"V", 5}, {"IV", 4}, {"I", 1}};
    unsigned value = 0;
    size_t at = 0;
    unsigned last = 100, repeats = 0;
    while (at < s.n) {
        size_t i = 0;
        for (; i < sizeof signs / sizeof *signs; i++)
            if (str_starts(str_skip(s, at), str_of(signs[i].sign)))
                break;
        if (i == sizeof signs / sizeof *signs)
            break;
        unsigned v = signs[i].value;
        repeats = v == last ? repeats + 1 : 1;
        if (v > last || repeats > 3 || (v == last && v != 1 && v != 10))
            return 0;
        /* "IV" starts with "I" too: take the pair where it stands. */
        if (v == 1 && str_starts(str_skip(s, at), S("IV")))
            v = 4;
        if (v == 1 && str_starts(str_skip(s, at), S("IX")))
            v = 9;
        at += (v == 4 || v == 9 || v == 40) ? 2 : 1;
        last = v;
        value += v;
    }
    *ret_length = at;
    return value <= ROMAN_MAX ? value : 0;
}

/* Does what follows a marker read as the start of a clause: a capital, a quote, or nothing at all? */
static bool starts_clause(struct str s, size_t at)
{
    at = skip_blanks(s, at);
    if (at >= s.n)
        return true;
    size_t next = at;
    uint32_t r = str_rune(s, &next);
    if (r < 0x80)
        return (r >= 'A' && r <= 'Z') || r == '"' || r == '\'' || r == '(' || r == '*' || r == '[' || is_digit((char)r);
    return true;
}

static struct marker number_marker(struct ctx *c, struct str s)
{
    bool open = s.n && s.p[0] == '(';
    size_t at = open, from = at;
    unsigned parts = 0, value = 0;
    for (;;) {
        size_t start = at;
        value = 0;
        while (at < s.n && is_digit(s.p[at]) && at - start < 4)
            value = value * 10 + (unsigned)(s.p[at++] - '0');
        if (at == start || at - start > 3 || value > NUMBER_MAX || (parts && s.p[start] == '0'))
            return (struct marker){0};
        parts++;
        if (at + 1 < s.n && s.p[at] == '.' && is_digit(s.p[at + 1]) && parts < NUMBER_PARTS)
            at++;
        else
            break;
    }
    size_t number_end = at;
    if (at < s.n && is_digit(s.p[at]))
        return (struct marker){0};
    char end = 0;
    if (at < s.n && strchr(".)/-:", s.p[at]) && s.p[at])
        end = s.p[at++];
    if (open && end != ')')
        return (struct marker){0};
    bool blank = at >= s.n || s.p[at] == ' ' || s.p[at] == '\t';
    if (parts == 1 && !end)
        return (struct marker){0};
    /* "5.000 người", "2-3 dự án" and "12/2026" are quantities and dates. */
    if (!blank && (is_digit(s.p[at]) || end == '/' || end == '-' || !end))
        return (struct marker){0};
    if (!starts_clause(s, at) && !(end == ')' && blank))
        return (struct marker){0};
    struct str text = str_slice(s, from, number_end);
    while (text.n > 1 && text.p[0] == '0' && is_digit(text.p[1]))
        text = str_skip(text, 1);
    return (struct marker){.kind = MARKER_NUMBER,
                           .depth = parts,
                           .end = open         ? '('
                                  : end == ')' ? ')'
                                               : '.',
                           .value = value,
                           .text = str_dup(c->arena, text),
                           .length = skip_blanks(s, at)};
}

static struct marker letter_marker(struct ctx *c, struct str s)
{
    static const char order[] = "abcdefghijklmnopqrstuvwxyz";
    size_t at = 0;
    uint32_t r = str_rune(s, &at);
    bool small = r == 0x111 || (r >= 'a' && r <= 'z');
    bool capital = r >= 'A' && r <= 'Z';
    if ((!small && !capital) || at >= s.n || !strchr(capital ? ".-" : ".)", s.p[at]))
        return (struct marker){0};
    char end = s.p[at];
    at++;
    if (at < s.n && s.p[at] != ' ' && s.p[at] != '\t' && !(end == ')'))
        return (struct marker){0};
    if (!starts_clause(s, at) && end != ')')
        return (struct marker){0};
    unsigned value = r == 0x111 ? 5 : (unsigned)(strchr(order, capital ? (int)r + 32 : (int)r) - order) + 1;
    return (struct marker){.kind = capital ? MARKER_UPPER : MARKER_LETTER,
                           .depth = 1,
                           .end = end == ')' ? ')' : '.',
                           .value = value,
                           .text = str_dup(c->arena, str_slice(s, 0, r == 0x111 ? 2 : 1)),
                           .length = skip_blanks(s, at)};
}

static struct marker roman_marker(struct ctx *c, struct str s)
{
    size_t length = 0;
    unsigned value = roman_value(s, &length);
    if (!value || length >= s.n)
        return (struct marker){0};
    size_t at = length;
    if (at + 1 < s.n && s.p[at] == ' ' && (s.p[at + 1] == '-' || s.p[at + 1] == '.'))
        at++;
    if (!strchr(".-):/", s.p[at]) || !starts_clause(s, at + 1) || (at + 1 < s.n && is_digit(s.p[at + 1])))
        return (struct marker){0}; /* "IV/2026" is a quarter */
    at++;
    return (struct marker){.kind = MARKER_ROMAN,
                           .depth = 1,
                           .end = '.',
                           .value = value,
                           .text = str_dup(c->arena, str_slice(s, 0, length)),
                           .length = skip_blanks(s, at)};
}

/* The number after "Phần", "Chương" …: Roman, Arabic, a capital or an ordinal word. In folded text. */
static unsigned spelt_value(struct str folded, size_t *ret_length)
{
    static const char *const words[] = {"thu nhat", "thu hai", "thu ba",  "thu tu",   "thu nam",
                                        "thu sau",  "thu bay", "thu tam", "thu chin", "thu muoi"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(folded, str_of(words[i]))) {
            *ret_length = strlen(words[i]);
            return i + 1;
        }
    unsigned value = 0;
    size_t at = 0;
    while (at < folded.n && is_digit(folded.p[at]) && at < 3)
        value = value * 10 + (unsigned)(folded.p[at++] - '0');
    if (at) {
        *ret_length = at;
        return value;
    }
    char capitals[8];
    size_t n = folded.n < sizeof capitals ? folded.n : sizeof capitals;
    for (size_t i = 0; i < n; i++)
        capitals[i] = folded.p[i] >= 'a' && folded.p[i] <= 'z' ? (char)(folded.p[i] - 32) : folded.p[i];
    size_t length = 0;
    value = roman_value((struct str){capitals, n}, &length);
    if (value && (length == folded.n || !(folded.p[length] >= 'a' && folded.p[length] <= 'z'))) {
        *ret_length = length;
        return value;
    }
    if (folded.n && folded.p[0] >= 'a' && folded.p[0] <= 'h' && (folded.n == 1 || strchr(" .:-", folded.p[1]))) {
        *ret_length = 1;
        return (unsigned)(folded.p[0] - 'a') + 1;
    }
    return 0;
}

static struct marker word_marker(struct ctx *c, struct str s)
{
    static const struct {
        const char *word;
        enum marker_kind kind;
        const char *prefix;
    } words[] = {{"phu luc", MARKER_ANNEX, "PL"}, {"bieu so", MARKER_ANNEX, "B"}, {"phan", MARKER_PART, "P"},
                 {"chuong", MARKER_CHAPTER, "C"}, {"muc", MARKER_SECTION, "M"},   {"dieu", MARKER_ARTICLE, "D"}};
    /* The words are short, so only the start is folded. */
    struct folded f = viet_fold(c->arena, str_head(s, 80));
    size_t cut = f.original.n;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str word = str_of(words[i].word);
        if (!str_starts(f.s, word))
            continue;
        struct str rest = str_skip(f.s, word.n);
        bool annex = words[i].kind == MARKER_ANNEX;
        if (rest.n && rest.p[0] != ' ' && !(annex && rest.p[0] == ':'))
            return (struct marker){0};
        if (str_starts(rest, S(" so ")))
            rest = str_skip(rest, 3);
        size_t blank = rest.n && rest.p[0] == ' ', length = 0;
        unsigned value = spelt_value(str_skip(rest, blank), &length);
        if (!value && !(annex && s.n < 160))
            return (struct marker){0};
        size_t at = f.s.n - rest.n + (value ? blank + length : 0);
        /* "Phần 2 của dự án" is prose: the number is followed by a sign, by nothing, or by capitals. */
        size_t sign = at;
        while (sign < f.s.n && strchr(" .:-", f.s.p[sign]))
            sign++;
        bool signed_end = sign >= f.s.n || (sign > at && memchr(f.s.p + at, '.', sign - at)) ||
                          (sign > at && (memchr(f.s.p + at, ':', sign - at) || memchr(f.s.p + at, '-', sign - at)));
        if (!signed_end && !annex && !starts_clause(s, f.at[sign]))
            return (struct marker){0};
        size_t end = sign >= f.s.n ? (cut == s.n ? s.n : f.at[f.s.n]) : f.at[sign];
        struct str text = value ? str_fmt(c->arena, "%s%u", words[i].prefix, value) : str_of(words[i].prefix);
        return (struct marker){
            .kind = words[i].kind, .depth = 1, .end = '.', .value = value, .text = text, .length = end};
    }
    return (struct marker){0};
}

static struct marker dash_marker(struct str s)
{
    static const struct {
        const char *sign;
        char end;
    } signs[] = {{"-", '-'}, {"–", '-'}, {"—", '-'}, {"•", '-'},
                 {"·", '-'}, {"▪", '-'}, {"●", '-'}, {"\xef\x82\xb7", '-'}, /* Word's own bullet */
                 {"+", '+'}, {"*", '*'}, {"o ", 'o'}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        struct str sign = str_of(signs[i].sign);
        if (!str_starts(s, sign))
            continue;
        size_t at = skip_blanks(s, sign.n);
        if (at >= s.n || (at == sign.n && (signs[i].end == '*' || is_digit(s.p[at]))))
            return (struct marker){0};
        return (struct marker){
            .kind = MARKER_DASH, .depth = 1, .end = signs[i].end, .value = 0, .text = S("-"), .length = at};
    }
    return (struct marker){0};
}

struct marker marker_read(struct ctx *c, struct str line)
{
    size_t lead = skip_blanks(line, 0);
    struct str s = str_skip(line, lead);
    struct marker m = {0};
    if (!s.n)
        return m;
    if (is_digit(s.p[0]) || (s.p[0] == '(' && s.n > 1 && is_digit(s.p[1])))
        m = number_marker(c, s);
    if (!m.kind && strchr("IVXL", s.p[0]))
        m = roman_marker(c, s);
    if (!m.kind)
        m = dash_marker(s);
    if (!m.kind)
        m = letter_marker(c, s);
    if (!m.kind && strchr("PpCcMmBb\xc4", s.p[0]))
        m = word_marker(c, s);
    if (m.kind)
        m.length += lead;
    return m;
}
