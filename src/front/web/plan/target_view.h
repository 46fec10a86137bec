/* target_view.h - a target's sentence with its quantity marked. Memory: views into the text. */
#ifndef HOALU_TARGET_VIEW_H
#define HOALU_TARGET_VIEW_H

#include "domain/plan/list.h"

struct target_quote {
    struct str before, marked, after; /* marked is empty if the quantity is not found in the text */
};

void target_quote(struct ctx *c, const struct target *t, struct target_quote *ret);

#endif
