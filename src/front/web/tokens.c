#include "front/web/tokens.h"

#include "base/out.h"

#include <string.h>

#include "base/banned.h"

struct reader {
    struct arena *a;
    struct str s;
    size_t at;
    struct out shape;
    struct tokens *ret;
};

static char at(const struct reader *r, size_t i)
{
    return i < r->s.n ? r->s.p[i] : 0;
}

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r' || ch == '\f';
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static void add_value(struct reader *r, size_t from, size_t to, enum token_place place)
{
    static const struct {
        struct str entity;
        char ch;
    } entities[] = {{S0("&amp;"), '&'}, {S0("&lt;"), '<'}, {S0("&gt;"), '>'}, {S0("&#34;"), '"'}, {S0("&#39;"), '\''}};
    struct out o;
    out_init(&o, r->a, SIZE_MAX / 4);
    for (size_t i = from; i < to; i++) {
        size_t k = 0;
        while (k < sizeof entities / sizeof *entities && !str_starts(str_slice(r->s, i, to), entities[k].entity))
            k++;
        if (k < sizeof entities / sizeof *entities) {
            out_char(&o, entities[k].ch);
            i += entities[k].entity.n - 1;
        } else {
            out_char(&o, r->s.p[i]);
        }
    }
    *PUSH(r->a, r->ret) = (struct token_value){out_str(&o), place};
}

static size_t until(const struct reader *r, size_t i, const char *stop)
{
    while (i < r->s.n && !strchr(stop, r->s.p[i]))
        i++;
    return i;
}

static void read_attribute(struct reader *r)
{
    size_t from = r->at, to = until(r, from + 1, " \n\t\r\f/>=");
    out_char(&r->shape, ' ');
    out_put(&r->shape, str_slice(r->s, from, to));
    r->at = to;
    while (is_blank(at(r, r->at)))
        r->at++;
    if (at(r, r->at) != '=')
        return;
    r->at++;
    while (is_blank(at(r, r->at)))
        r->at++;
    char quote = at(r, r->at);
    if (quote == '"' || quote == '\'') {
        const char *end = memchr(r->s.p + r->at + 1, quote, r->s.n - r->at - 1);
        to = end ? (size_t)(end - r->s.p) : r->s.n;
        add_value(r, r->at + 1, to, quote == '"' && end ? TOKEN_QUOTED : TOKEN_OTHER);
        r->at = to + 1;
    } else {
        to = until(r, r->at, " \n\t\r\f>");
        add_value(r, r->at, to, TOKEN_OTHER);
        r->at = to;
    }
}

/* The text of <title> and <textarea>, up to their end tag. */
static void read_raw(struct reader *r, struct str name)
{
    size_t to = r->at;
    while (to < r->s.n && !(str_starts(str_skip(r->s, to), S("</")) && str_starts(str_skip(r->s, to + 2), name)))
        to++;
    add_value(r, r->at, to, TOKEN_RAW);
    r->at = to;
}

static void read_tag(struct reader *r)
{
    size_t from = r->at, to = until(r, from, " \n\t\r\f/>");
    struct str name = str_slice(r->s, from + 1, to);
    out_put(&r->shape, str_slice(r->s, from, to));
    for (r->at = to; r->at < r->s.n && at(r, r->at) != '>';) {
        if (is_blank(at(r, r->at)) || at(r, r->at) == '/')
            r->at++;
        else
            read_attribute(r);
    }
    r->at++;
    out_char(&r->shape, '\n');
    bool textarea = str_eq(name, S("textarea"));
    if ((textarea || str_eq(name, S("pre"))) && at(r, r->at) == '\n')
        r->at++;
    if (textarea || str_eq(name, S("title")))
        read_raw(r, name);
}

void tokens_read(struct arena *a, struct str page, struct tokens *ret)
{
    struct reader r = {.a = a, .s = page, .ret = ret};
    *ret = (struct tokens){0};
    out_init(&r.shape, a, SIZE_MAX / 4);
    while (r.at < page.n) {
        if (at(&r, r.at) == '<' &&
            (is_letter(at(&r, r.at + 1)) || at(&r, r.at + 1) == '!' || at(&r, r.at + 1) == '/')) {
            read_tag(&r);
            continue;
        }
        size_t to = until(&r, r.at + 1, "<");
        add_value(&r, r.at, to, TOKEN_TEXT);
        r.at = to;
    }
    ret->shape = out_str(&r.shape);
}
