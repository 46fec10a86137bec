/* html.h - what a compiled template calls (tools/README.md): text made harmless by its type and by where it stands.
 *
 * A page is written into p->out; look at p->out->failed at the end. Markup is a type of its own, and so is an address:
 * neither can be made of text but by the functions below, which check or escape. Absent values (NaN, I64_NONE,
 * DAY_NONE) are "–" in text and nothing in an attribute; text without bytes is nothing.
 *
 * Memory: addresses live in the arena given. Threads: no state. */
#ifndef HOALU_HTML_H
#define HOALU_HTML_H

#include "base/arena.h"
#include "base/err.h"
#include "base/lang.h"
#include "base/out.h"
#include "base/period.h"

struct page {
    struct out *out;
    enum lang lang;
    struct str mark; /* of the reader's session, for forms that are sent; n == 0: none */
};

/* Markup that is known to be safe. Only what writes markup (Markdown, charts) makes one. */
struct html {
    struct str s;
};
static inline struct html html_made(struct str markup)
{
    return (struct html){markup};
}

/* --- addresses --------------------------------------------------------------------------------------------------- */

/* An address that may stand in href, src and action. */
struct url {
    struct str s;
};
/* URL(a, "/plans/{}/clauses/{}", slug, path): each {} is one segment, percent-encoded. The pattern begins with '/' and
 * a fixed letter; it has a {} for each argument. A segment "." or ".." would climb, so it is written as U+FFFD. */
#define URL(a, pattern, ...)                                                                                           \
    url_fill((a), (pattern), (const struct str[]){__VA_ARGS__},                                                        \
             sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
struct url url_fill(struct arena *a, const char *pattern, const struct str *segments, size_t n);
struct url url_fixed(const char *path); /* "/tasks", a literal */
/* With a query parameter more, or a fragment in place of what was there. */
struct url url_with(struct arena *a, struct url u, const char *name, struct str value);
struct url url_with_pair(struct arena *a, struct url u, struct str name, struct str value);
struct url url_at(struct arena *a, struct url u, struct str fragment);
/* Another form of what stands there: "/tasks?x=1" and ".json" give "/tasks.json?x=1". */
struct url url_form(struct arena *a, struct url u, const char *suffix);
/* An address that a user gave: http, https or mailto, without blanks and control characters. False on any other. */
MUST_USE bool url_external(struct arena *a, struct str text, struct url *ret);
/* Where to go on after signing in: a path of this site ("/tasks?x=1"). False on "//host", "/\host" and all else. */
MUST_USE bool url_local(struct arena *a, struct str text, struct url *ret);

/* --- values that say how they are written ------------------------------------------------------------------------ */

/* In the reader's language: 1.234.567,5 or 1,234,567.5. `places` < 0: as many as it has. Halves are rounded away from
 * zero, as an office does. */
struct html_number {
    double value;
    int places;
};
static inline struct html_number as_number(double value)
{
    return (struct html_number){value, -1};
}
static inline struct html_number as_places(double value, int places)
{
    return (struct html_number){value, places};
}
struct str number_text(struct html_number v, enum lang lang, char text[NUMBER_TEXT]);

/* 30/11/2026 for readers, 2026-11-30 for machines. */
struct html_day {
    int32_t day;
    bool iso;
};
static inline struct html_day as_day(int32_t day)
{
    return (struct html_day){day, false};
}
static inline struct html_day as_iso(int32_t day)
{
    return (struct html_day){day, true};
}

/* 08:19 23/11/2026 in Vietnam. */
struct html_moment {
    int64_t us;
};
static inline struct html_moment as_moment(int64_t us)
{
    return (struct html_moment){us};
}

/* --- messages (data/messages/README.md) -------------------------------------------------------------------------- */

/* A text of the interface, as it is and made harmless for a page. M_key is one; one with places is a message_with and
 * is written by T(key, …) alone. */
struct message {
    struct str text[LANG_COUNT], html[LANG_COUNT];
};
struct message_with {
    struct str html[LANG_COUNT];
};
/* Of data that is written in both languages: what the reader reads, or the other if it is not known in that. */
static inline struct str in_lang(enum lang lang, struct str vi, struct str en)
{
    return lang == LANG_EN && en.n ? en : vi;
}
static inline struct str message_text(const struct message *m, enum lang lang)
{
    return m->text[lang];
}

/* --- called by what tools/tmpl makes ----------------------------------------------------------------------------- */

void html_text(struct page *p, struct str s); /* in text and in double-quoted attributes */
void html_text_z(struct page *p, const char *z);
void html_raw(struct page *p, struct html h);
void html_int(struct page *p, int64_t v);
void html_int_attr(struct page *p, int64_t v);
void html_uint(struct page *p, uint64_t v);
void html_bool(struct page *p, bool v);
void html_form_mark(struct page *p);             /* behind each <form … method="post"> */
void html_double(struct page *p, double v);      /* in text: in the reader's language */
void html_double_attr(struct page *p, double v); /* in attributes: as machines read it */
void html_number(struct page *p, struct html_number v);
void html_date(struct page *p, struct html_day v);
void html_date_attr(struct page *p, struct html_day v);
void html_moment(struct page *p, struct html_moment v);
void html_message(struct page *p, const struct message *m);
void html_url(struct page *p, struct url u);
void html_part(struct page *p, struct str s); /* in an address: all but unreserved characters percent-encoded */
void html_part_z(struct page *p, const char *z);
void html_part_date(struct page *p, struct html_day v);

/* The rules of each place: types and the function that writes them. */
/* clang-format off */
#define HTML_INTS(f) int: f, long: f, long long: f
#define HTML_UINTS(f) unsigned: f, unsigned long: f, unsigned long long: f
#define HTML_COMMON \
    struct str: html_text, const char *: html_text_z, char *: html_text_z, HTML_UINTS(html_uint), \
    struct html_number: html_number, struct html_moment: html_moment, const struct message *: html_message
#define HTML_RAW HTML_COMMON, HTML_INTS(html_int), double: html_double, struct html_day: html_date
#define HTML_TEXT HTML_RAW, struct html: html_raw
#define HTML_ATTR \
    HTML_COMMON, HTML_INTS(html_int_attr), double: html_double_attr, struct html_day: html_date_attr, bool: html_bool
#define HTML_URL struct url: html_url
#define HTML_URL_PART \
    HTML_INTS(html_int_attr), HTML_UINTS(html_uint), struct str: html_part, const char *: html_part_z, \
    char *: html_part_z, struct html_day: html_part_date
#define HTML_IS_ONE(x) \
    _Generic((x), HTML_INTS(html_int_is_one), HTML_UINTS(html_int_is_one), struct html_number: html_number_is_one, \
             double: html_double_is_one, default: html_never_one)(0, x)
/* For C that writes markup: HTML_PUT(p, HTML_TEXT, x). */
#define HTML_PUT(p, rules, x) _Generic((x), rules)(p, x)
/* clang-format on */

/* The next place of a message: what stands before it is written. False at the end. */
struct html_place {
    size_t at;
    unsigned place;
    bool choice; /* {0?one:many}: the argument chooses, html_choose() writes */
};
bool html_message_next(struct page *p, const struct message_with *m, struct html_place *at);
void html_choose(struct page *p, const struct message_with *m, struct html_place *at, bool one);
bool html_number_is_one(int ignored, struct html_number v);
bool html_double_is_one(int ignored, double v);
bool html_int_is_one(int ignored, int64_t v);
bool html_never_one(int ignored, ...);

#endif
