/* mark_view.h - how open a clause or a plan is, and the form that changes it, as pages show them. Memory: c->arena. */
#ifndef HOALU_MARK_VIEW_H
#define HOALU_MARK_VIEW_H

#include "domain/plan/plan_store.h"
#include "domain/sight/sight.h"
#include "front/web/frame.h"

struct mark_form {
    bool whole; /* it is the plan's own */
    struct url action;
    const struct message *now;  /* its level */
    const struct message *from; /* where that comes from; NULL: from `above` */
    struct str above;
    struct url above_url;
    struct str level, reason;             /* what the fields hold */
    struct str level_error, reason_error; /* n == 0: nothing is wrong with it */
};

/* A mark that holds, in words. */
struct mark_line {
    const struct mark *mark;
    const struct message *level;
    struct str who;
};

struct marks_page {
    struct plan_row plan;
    struct mark_form form;
    struct {
        struct mark_line *v;
        size_t n, cap;
    } lines;
};

#endif
