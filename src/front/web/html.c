#include "front/web/html.h"

#include "base/lanes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const struct str absent = S0("–");

/* --- text -------------------------------------------------------------------------------------------------------- */

static struct str entity(char ch)
{
    switch (ch) {
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '"':
        return S("&#34;");
    case '\'':
        return S("&#39;");
    case '\0':
        return S("\xef\xbf\xbd");
    default:
        return (struct str){0};
    }
}

/* What entity() replaces: '&' and '\'' differ in the lowest bit, '<' and '>' in the one above. */
static inline lanes replaced(lanes v)
{
    return (lanes)((v & lanes_of(0xfe)) == lanes_of('&')) | (lanes)((v & lanes_of(0xfd)) == lanes_of('<')) |
           (lanes)(v == lanes_of('"')) | (lanes)(v == lanes_of(0));
}

void html_text(struct page *p, struct str s)
{
    for (size_t from = 0;;) {
        size_t at = lanes_find(s, from, replaced);
        out_put(p->out, str_slice(s, from, at));
        if (at == s.n)
            return;
        out_put(p->out, entity(s.p[at]));
        from = at + 1;
    }
}

void html_text_z(struct page *p, const char *z)
{
    html_text(p, str_of(z));
}

void html_raw(struct page *p, struct html h)
{
    out_put(p->out, h.s);
}

void html_int(struct page *p, int64_t v)
{
    if (v == I64_NONE)
        out_put(p->out, absent);
    else
        out_i64(p->out, v);
}

void html_int_attr(struct page *p, int64_t v)
{
    if (v != I64_NONE)
        out_i64(p->out, v);
}

void html_uint(struct page *p, uint64_t v)
{
    out_u64(p->out, v);
}

void html_form_mark(struct page *p)
{
    if (!p->mark.n)
        return;
    out_put(p->out, S("<input type=\"hidden\" name=\"_csrf\" value=\""));
    html_text(p, p->mark);
    out_put(p->out, S("\">"));
}

void html_bool(struct page *p, bool v)
{
    out_put(p->out, v ? S("true") : S("false"));
}

void html_double(struct page *p, double v)
{
    html_number(p, as_number(v));
}

void html_double_attr(struct page *p, double v)
{
    if (isfinite(v))
        out_f64(p->out, v);
}

void html_number(struct page *p, struct html_number v)
{
    char text[NUMBER_TEXT];
    out_put(p->out, number_text(v, p->lang, text));
}

static struct str day_in(struct html_day v, char text[DAY_TEXT])
{
    return v.iso ? day_text(v.day, text) : day_text_vi(v.day, text);
}

void html_date(struct page *p, struct html_day v)
{
    char text[DAY_TEXT];
    out_put(p->out, v.day == DAY_NONE ? absent : day_in(v, text));
}

void html_date_attr(struct page *p, struct html_day v)
{
    char text[DAY_TEXT];
    if (v.day != DAY_NONE)
        out_put(p->out, day_in(v, text));
}

void html_moment(struct page *p, struct html_moment v)
{
    char text[DAY_TEXT];
    if (v.us == I64_NONE) {
        out_put(p->out, absent);
        return;
    }
    int32_t day = day_of_moment(v.us);
    int minutes = (int)((v.us - moment_of_day(day)) / 60000000), hour = minutes / 60, minute = minutes % 60;
    const char clock[] = {(char)('0' + hour / 10),   (char)('0' + hour % 10),   ':',
                          (char)('0' + minute / 10), (char)('0' + minute % 10), ' '};
    out_put(p->out, (struct str){clock, sizeof clock});
    out_put(p->out, day_text_vi(day, text));
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

struct str number_text(struct html_number v, enum lang lang, char text[NUMBER_TEXT])
{
    return lang_number(v.value, v.places, lang, text);
}

/* --- messages ---------------------------------------------------------------------------------------------------- */

void html_message(struct page *p, const struct message *m)
{
    out_put(p->out, m->html[p->lang]);
}

bool html_message_next(struct page *p, const struct message_with *m, struct html_place *at)
{
    struct str s = m->html[p->lang];
    size_t open = at->at;
    while (open < s.n && s.p[open] != '{')
        open++;
    out_put(p->out, str_slice(s, at->at, open));
    if (open == s.n)
        return false;
    at->place = (unsigned)(s.p[open + 1] - '0');
    at->choice = s.p[open + 2] == '?';
    at->at = open + 3;
    return true;
}

void html_choose(struct page *p, const struct message_with *m, struct html_place *at, bool one)
{
    struct str s = m->html[p->lang];
    size_t colon = str_find(s, S(":"), at->at), end = str_find(s, S("}"), at->at);
    out_put(p->out, one ? str_slice(s, at->at, colon) : str_slice(s, colon + 1, end));
    at->at = end + 1;
}

bool html_number_is_one(int ignored, struct html_number v)
{
    (void)ignored;
    return v.value == 1;
}

bool html_double_is_one(int ignored, double v)
{
    (void)ignored;
    return v == 1;
}

bool html_int_is_one(int ignored, int64_t v)
{
    (void)ignored;
    return v == 1;
}

bool html_never_one(int ignored, ...)
{
    (void)ignored;
    return false;
}
