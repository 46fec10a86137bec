/* outlook_judge.h - what outlook_*.c hand each other; for them alone. */
#ifndef HOALU_OUTLOOK_JUDGE_H
#define HOALU_OUTLOOK_JUDGE_H

#include "domain/indicator/outlook.h"

/* What decided the status, and so the sentence. */
enum outlook_case {
    CASE_NOTHING,  /* no figure */
    CASE_TOO_FEW,  /* neither path nor line */
    CASE_FINAL,    /* the deadline's figure is there */
    CASE_LATE,     /* reached after it */
    CASE_OLD,      /* the latest figure is */
    CASE_AWAITED,  /* the deadline has passed without its figure */
    CASE_REACHED,  /* before the deadline */
    CASE_FALLING,  /* so it was, but it will not last */
    CASE_BEYOND,   /* past the far end of a band */
    CASE_UNDERWAY, /* by path or line */
    CASE_PASSED,   /* of a state: its day is over */
};

struct judged {
    const struct outlook_goal *goal;
    const struct outlook_rules *rules;
    const struct outlook_point *points; /* by day, one a day */
    size_t n;
    int every;
    int32_t today;
    int sign; /* 1: up is better */
    enum outlook_case why;
    int year;     /* per_year: the one judged */
    bool average; /* growth: over several years */
};

/* --- outlook_path.c --- */
int outlook_sign(const struct outlook_goal *g);
double outlook_bound(const struct outlook_goal *g); /* the one to be reached */
/* What a year of a goal per year wants. */
double outlook_year_bound(const struct outlook_goal *g, int year);
/* Is each year judged for itself? */
static inline bool outlook_is_yearly(const struct outlook_goal *g)
{
    return g->per_year && g->measure == OUTLOOK_LEVEL;
}
bool outlook_has_path(const struct outlook_goal *g);
int outlook_year_of(int32_t day);
int32_t outlook_add_months(int32_t day, int months); /* the end of a month stays one */

/* --- outlook_words.c --- */
void outlook_say(struct ctx *c, const struct judged *j, struct outlook *o);

#endif
