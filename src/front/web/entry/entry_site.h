/* entry_site.h - what the pages of this folder share. */
#ifndef HOALU_ENTRY_SITE_H
#define HOALU_ENTRY_SITE_H

#include "domain/op.h"
#include "front/web/entry/entry_view.h"
#include "front/web/site.h"

/* What pages of figures are made with. */
struct entry_ground {
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
};
MUST_USE enum err entry_ground(struct site *s, struct entry_ground *ret);

/* "quý III/2026" as the reader reads it; the first letter a capital. */
struct str entry_period_words(struct site *s, int32_t period);
/* "2026-Q3" */
struct str entry_period_name(struct site *s, int32_t period);
/* The name of a body or an area: "Xã Gia Viễn"; the code of what is neither. */
struct str entry_place_name(struct site *s, const struct entry_ground *g, struct str code);
/* A figure with its decimals, as the reader writes it. */
struct str entry_number(struct site *s, const struct indicator *i, double v);
/* What a reader is told of a refusal; the page's status. False of the machine's own failings. */
bool entry_tell(struct site *s, enum err e, struct str *ret);
struct str entry_int(struct site *s, int64_t v);

/* Run an operation with arguments given as text, in pairs ended by an empty name; n == 0: not given. */
struct entry_given {
    const char *name;
    struct str value;
};
MUST_USE enum err entry_run(struct site *s, const char *operation, const struct entry_given *given, struct str *ret);

#endif
