/* args.h - text into the struct that describes it, checked on the way: the arguments of an operation, mended fields.
 *
 * The command line and forms give each value as text by its name. Errors name the argument in c->error.field.
 * Memory: texts are views into what was given; lists grow in c->arena. */
#ifndef HOALU_ARGS_H
#define HOALU_ARGS_H

#include "base/ctx.h"
#include "base/field.h"

/* A row of `r` with everything absent. NULL if `r` is. */
void *args_new(struct ctx *c, const struct record *r);
/* Set `name` from text; "_" in a field's name is given as "-" or "_". A name that is not there, and a text that is not
 * of the field's type or none of its words, is E_INVALID. FIELD_TEXTS takes one more each time. */
MUST_USE enum err args_set(struct ctx *c, const struct record *r, void *row, struct str name, struct str text);
/* One field of a row from text, with the same checks: `at` is where its value stands. */
MUST_USE enum err args_set_field(struct ctx *c, const struct field *f, void *at, struct str text);
bool args_has(const struct record *r, struct str name);
/* Is everything there that is required? */
MUST_USE enum err args_check(struct ctx *c, const struct record *r, const void *row);

#endif
