/* lang.h - the two languages of a reader, and numbers as an office writes and rounds them.
 *
 * Rounding is done on the decimal text that a person would write for a number, of fifteen significant digits, halves
 * away from zero: 49.365 is written 49,37 although its binary form lies below, and so is (51.50 + 47.23) / 2. Threads:
 * no state. */
#ifndef HOALU_LANG_H
#define HOALU_LANG_H

#include "base/str.h"

enum lang { LANG_VI, LANG_EN, LANG_COUNT };

enum { NUMBER_TEXT = 64 };

/* 1.234.567,5 or 1,234,567.5. `places` < 0: as many as it has. "–" for what is no number. */
struct str lang_number(double v, int places, enum lang lang, char text[NUMBER_TEXT]);
/* To so many decimal places, 0 to 15; negative ones round to tens, hundreds … What is no number stays. */
double number_round(double v, int places);

#endif
