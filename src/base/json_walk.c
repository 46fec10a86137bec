#include "base/json_walk.h"

#include "base/banned.h"

/* What may come next. */
enum expects { A_VALUE, A_VALUE_OR_END, A_KEY, A_KEY_OR_END, A_COMMA_OR_END, NOTHING };

static enum json_step wrong(struct json_walk *w, const char *vi, const char *en)
{
    w->why = vi;
    w->why_en = en;
    w->text = S("");
    return w->step = JSON_WRONG;
}

void json_walk_begin(struct json_walk *w, struct arena *a, struct str body)
{
    size_t bad;
    *w = (struct json_walk){.a = a, .s = body, .step = JSON_NULL, .expects = A_VALUE};
    if (!str_is_utf8(body, &bad)) {
        w->at = bad;
        wrong(w, "có byte không phải UTF-8", "not UTF-8");
    }
}

static void pass_blanks(struct json_walk *w)
{
    while (w->at < w->s.n &&
           (w->s.p[w->at] == ' ' || w->s.p[w->at] == '\n' || w->s.p[w->at] == '\r' || w->s.p[w->at] == '\t'))
        w->at++;
}

static bool is_digit(const struct json_walk *w)
{
    return w->at < w->s.n && w->s.p[w->at] >= '0' && w->s.p[w->at] <= '9';
}

static size_t pass_digits(struct json_walk *w)
{
    size_t from = w->at;
    while (is_digit(w))
        w->at++;
    return w->at - from;
}

static bool next_is(const struct json_walk *w, char c)
{
    return w->at < w->s.n && w->s.p[w->at] == c;
}

static enum json_step number(struct json_walk *w)
{
    size_t from = w->at;
    w->at += next_is(w, '-');
    bool zero = next_is(w, '0');
    size_t n = pass_digits(w);
    bool good = n > 0 && !(zero && n > 1);
    if (good && next_is(w, '.')) {
        w->at++;
        good = pass_digits(w) > 0;
    }
    if (good && (next_is(w, 'e') || next_is(w, 'E'))) {
        w->at++;
        w->at += next_is(w, '+') || next_is(w, '-');
        good = pass_digits(w) > 0;
    }
    if (!good || w->at - from > JSON_TEXT)
        return wrong(w, "số viết không đúng", "a malformed number");
    w->text = str_slice(w->s, from, w->at);
    return w->step = JSON_NUMBER;
}

/* Four hexadecimal digits at `at`; false if they are none. */
static bool hex4(struct str s, size_t at, uint32_t *ret)
{
    uint32_t v = 0;
    if (at + 4 > s.n)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.p[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit > 15)
            return false;
        v = v << 4 | digit;
    }
    *ret = v;
    return true;
}

/* The rune of the escape "\uXXXX" at `at`, and of the second half if there is one; 0 if it is none. */
static uint32_t escaped_rune(struct str s, size_t *at)
{
    uint32_t r, low;
    if (!hex4(s, *at + 2, &r))
        return 0;
    *at += 6;
    if (r < 0xd800 || r > 0xdfff)
        return r;
    if (r > 0xdbff || *at + 6 > s.n || s.p[*at] != '\\' || s.p[*at + 1] != 'u' || !hex4(s, *at + 2, &low) ||
        low < 0xdc00 || low > 0xdfff)
        return 0;
    *at += 6;
    return 0x10000 + ((r - 0xd800) << 10) + (low - 0xdc00);
}

static bool unescape(struct json_walk *w, struct str raw)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char *text = NEWN(w->a, char, raw.n + 1);
    size_t n = 0;
    for (size_t at = 0; at < raw.n;) {
        if (raw.p[at] != '\\') {
            text[n++] = raw.p[at++];
            continue;
        }
        const char *known = strchr(from, raw.p[at + 1]);
        if (known && *known) {
            text[n++] = to[known - from];
            at += 2;
            continue;
        }
        uint32_t r = raw.p[at + 1] == 'u' ? escaped_rune(raw, &at) : 0;
        if (!r)
            return false;
        n += str_put_rune(text + n, r);
    }
    w->text = (struct str){text, n};
    return true;
}

static enum json_step string(struct json_walk *w, enum json_step step)
{
    size_t from = ++w->at;
    bool plain = true;
    while (w->at < w->s.n && w->s.p[w->at] != '"') {
        if ((unsigned char)w->s.p[w->at] < 0x20)
            return wrong(w, "chuỗi có ký tự điều khiển", "a control character in a string");
        bool escape = w->s.p[w->at] == '\\';
        plain &= !escape;
        w->at += 1 + escape;
        if (w->at - from > JSON_TEXT)
            return wrong(w, "chuỗi dài quá 64 KiB", "a string longer than 64 KiB");
    }
    if (w->at >= w->s.n)
        return wrong(w, "chuỗi không được đóng", "an unclosed string");
    w->text = str_slice(w->s, from, w->at++);
    if (!plain && !unescape(w, w->text))
        return wrong(w, "chuỗi có dấu \\ không đúng", "a malformed escape");
    return w->step = step;
}

static enum json_step word(struct json_walk *w, struct str word, enum json_step step)
{
    if (!str_starts(str_skip(w->s, w->at), word))
        return wrong(w, "không phải một giá trị JSON", "not a JSON value");
    w->at += word.n;
    return w->step = step;
}

/* A value is whole: what may follow it. */
static void after_value(struct json_walk *w)
{
    w->expects = w->depth ? A_COMMA_OR_END : NOTHING;
}

static enum json_step open_one(struct json_walk *w, char bracket)
{
    if (w->depth == JSON_DEPTH)
        return wrong(w, "lồng nhau quá 32 lớp", "nested deeper than 32");
    w->open[w->depth++] = bracket;
    w->at++;
    w->expects = bracket == '{' ? A_KEY_OR_END : A_VALUE_OR_END;
    return w->step = bracket == '{' ? JSON_OBJECT : JSON_LIST;
}

static enum json_step close_one(struct json_walk *w)
{
    bool object = w->open[--w->depth] == '{';
    w->at++;
    after_value(w);
    return w->step = object ? JSON_OBJECT_END : JSON_LIST_END;
}

static enum json_step value(struct json_walk *w)
{
    char c = w->s.p[w->at];
    if (c == '{' || c == '[')
        return open_one(w, c);
    after_value(w);
    switch (c) {
    case '"':
        return string(w, JSON_STRING);
    case 't':
        return word(w, S("true"), JSON_TRUE);
    case 'f':
        return word(w, S("false"), JSON_FALSE);
    case 'n':
        return word(w, S("null"), JSON_NULL);
    default:
        return number(w);
    }
}

static enum json_step key(struct json_walk *w)
{
    if (!next_is(w, '"'))
        return wrong(w, "cần một tên trong ngoặc kép", "a quoted name is needed");
    struct str text;
    if (string(w, JSON_KEY) == JSON_WRONG)
        return JSON_WRONG;
    text = w->text;
    pass_blanks(w);
    if (!next_is(w, ':'))
        return wrong(w, "sau tên phải là dấu hai chấm", "a colon is needed after a name");
    w->at++;
    w->text = text;
    w->expects = A_VALUE;
    return w->step = JSON_KEY;
}

enum json_step json_step(struct json_walk *w)
{
    if (w->step == JSON_WRONG || w->step == JSON_END)
        return w->step;
    w->text = S("");
    pass_blanks(w);
    if (w->at >= w->s.n)
        return w->expects == NOTHING ? (w->step = JSON_END) : wrong(w, "bị cắt giữa chừng", "it ends too early");
    if (w->expects == NOTHING)
        return wrong(w, "có chữ sau khi đã hết", "text after the end");
    char end = w->depth && w->open[w->depth - 1] == '{' ? '}' : ']';
    if (w->expects == A_COMMA_OR_END && next_is(w, ',')) {
        w->at++;
        pass_blanks(w);
        w->expects = end == '}' ? A_KEY : A_VALUE;
        if (w->at >= w->s.n)
            return wrong(w, "bị cắt giữa chừng", "it ends too early");
    } else if (w->expects == A_COMMA_OR_END && !next_is(w, end)) {
        return wrong(w, "thiếu dấu phẩy hoặc dấu đóng ngoặc", "a comma or a bracket is missing");
    }
    if (next_is(w, end) && w->depth && w->expects != A_KEY && w->expects != A_VALUE)
        return close_one(w);
    return w->expects == A_KEY || w->expects == A_KEY_OR_END ? key(w) : value(w);
}

bool json_pass(struct json_walk *w)
{
    unsigned depth = w->depth;
    do {
        enum json_step step = json_step(w);
        if (step == JSON_WRONG || step == JSON_END)
            return false;
    } while (w->depth > depth);
    return true;
}

unsigned json_walk_line(const struct json_walk *w)
{
    unsigned line = 1;
    for (size_t i = 0; i < w->at && i < w->s.n; i++)
        line += w->s.p[i] == '\n';
    return line;
}
