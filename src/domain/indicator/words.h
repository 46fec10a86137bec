/* words.h - periods, figures and goals in words, as a reader reads them.
 *
 * Memory: texts in the arena. Threads: no state. */
#ifndef HOALU_INDICATOR_WORDS_H
#define HOALU_INDICATOR_WORDS_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/period.h"
#include "domain/indicator/outlook.h"

/* "quý IV/2026", "6 tháng đầu năm 2026", "năm 2026", "tháng 5/2026"; "Q4 2026", "first half of 2026", "2026", "May
 * 2026". A period without a name is told by its first and last month. */
struct str period_words(struct arena *a, struct period p, enum lang lang);
/* The same of a code; S("") for one that is none. */
struct str period_code_words(struct arena *a, int64_t code, enum lang lang);

/* "54,6%", "1.250 doanh nghiệp", "12% GRDP"; "–" without a figure. */
struct str figure_words(struct arena *a, double v, int places, struct str unit, enum lang lang);
/* A difference of two: "+0,6", "−1,0", "0,0", without its unit. */
struct str difference_words(struct arena *a, double v, int places, enum lang lang);

/* What is wanted, and by when: "từ 85% trở lên, đến hết năm 2030". */
struct str goal_words(struct arena *a, const struct outlook_goal *g, enum lang lang);
/* The same without the day: "từ 85% trở lên". */
struct str goal_bound_words(struct arena *a, const struct outlook_goal *g, enum lang lang);

#endif
