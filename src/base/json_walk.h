/* json_walk.h - JSON that came from outside, step by step: for bodies so large that nobody wants a tree of them.
 *
 *     struct json_walk w;
 *     json_walk_begin(&w, c->arena, body);
 *     while (json_step(&w) != JSON_END) switch (w.step) …
 *
 * Each step is a bracket, a key or a value. The text of keys, strings and numbers is a view into the body where it has
 * no escapes. What is not JSON (RFC 8259) ends the walk with JSON_WRONG, the reason in ->why and where in ->at; so do
 * bytes that are no UTF-8, U+0000, halves of surrogate pairs, more than JSON_DEPTH brackets and a text of more than
 * JSON_TEXT bytes. A key that stands twice in an object is for the caller to judge.
 *
 * Memory: the arena's, for texts with escapes alone. Threads: one. */
#ifndef HOALU_JSON_WALK_H
#define HOALU_JSON_WALK_H

#include "base/arena.h"
#include "base/str.h"

enum { JSON_DEPTH = 32, JSON_TEXT = 1 << 16 };

enum json_step {
    JSON_WRONG,
    JSON_END, /* of the whole */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_LIST,
    JSON_LIST_END,
    JSON_KEY,
    JSON_STRING,
    JSON_NUMBER, /* as it is written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

struct json_walk {
    struct arena *a;
    struct str s;
    size_t at;
    enum json_step step;
    struct str text;          /* of a key, a string, a number */
    const char *why, *why_en; /* of JSON_WRONG */
    unsigned depth;
    char open[JSON_DEPTH]; /* '{' or '[' */
    char expects;          /* of the walk itself */
};

void json_walk_begin(struct json_walk *w, struct arena *a, struct str body);
enum json_step json_step(struct json_walk *w);
/* After a key, or in a list: past one whole value. False (JSON_WRONG) if it is not JSON. */
bool json_pass(struct json_walk *w);
/* The line that the walk stands in, from 1. */
unsigned json_walk_line(const struct json_walk *w);

#endif
