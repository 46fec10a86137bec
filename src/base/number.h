/* number.h - a number as a person in Vietnam writes it, as one elsewhere does, or as a program does.
 *
 * "1.234,5" and "1,234.5" are told apart by their form. What the form alone cannot tell ("1.234" and "1,234": one to
 * three digits that do not begin with 0, one mark, three digits) is NUMBER_AMBIGUOUS and never guessed: it may be
 * settled by what else is known (number_settle()), and whoever settles it tells the person what it was read as, so that
 * nobody is a thousand times too high or too low without a word. All else has one reading:
 *   - a mark that stands once and has not three digits after it, has more than three before it, or has a 0 or nothing
 *     before it, begins the decimals: "12,5", "1234.567", "0.125", ",5";
 *   - a mark that stands more than once parts thousands, in threes: "1.234.567";
 *   - of two different marks the last begins the decimals, and stands once: "1.234,5";
 *   - a blank of any kind, or an apostrophe, between digits parts thousands, and then one mark begins the decimals:
 *     "1 234 567", "1 234,567";
 *   - before an exponent there are no thousands: "1,234E+05" is 123400.
 * A form with one reading also proves which mark its writer begins decimals with, where it has one.
 *
 * "%" after it is told, not judged. A minus may be U+2212. Words are no numbers; that a dash says "none" is for whoever
 * reads the table. Refused, with a reason: NaN, infinities, hexadecimal, what is longer than NUMBER_BYTES bytes, what
 * no double holds ("1e400", "1e-400"), thousands that are not in threes, brackets, units.
 *
 * Memory: none. Threads: no state. */
#ifndef HOALU_NUMBER_H
#define HOALU_NUMBER_H

#include "base/str.h"

enum { NUMBER_BYTES = 64 };

/* Which mark begins decimals. */
enum number_marks {
    NUMBER_EITHER, /* not known: the form fits both */
    NUMBER_COMMA,  /* 1.234,5 */
    NUMBER_POINT,  /* 1,234.5 */
};

enum number_kind {
    NUMBER_GIVEN,
    NUMBER_EMPTY,     /* nothing but blanks */
    NUMBER_AMBIGUOUS, /* "1.234" */
    NUMBER_WRONG,
};

enum number_wrong {
    NUMBER_IS_RIGHT,
    NUMBER_NO_NUMBER, /* words, units, brackets */
    NUMBER_NOT_FINITE,
    NUMBER_HEXADECIMAL,
    NUMBER_TOO_LONG,
    NUMBER_TOO_LARGE,
    NUMBER_TOO_SMALL,
    NUMBER_BAD_MARKS, /* "1.23.4", "12,34,567", "5." */
};

/* What settled an ambiguous one. */
enum number_settled {
    NUMBER_BY_FORM, /* it was not ambiguous */
    NUMBER_BY_CALLER,
    NUMBER_BY_NEIGHBOURS,
    NUMBER_BY_WHOLE, /* only whole numbers make sense */
    NUMBER_BY_RANGE, /* only one reading is within the bounds */
};

struct number {
    enum number_kind kind;
    double amount;           /* given: what it is. Ambiguous: what it is if the mark parts thousands … */
    double fraction;         /* … and if it begins decimals */
    enum number_marks marks; /* given: what the form proves. Ambiguous: under which the mark begins decimals */
    bool percent;
    enum number_wrong wrong;
    enum number_settled settled;
};

/* As a person writes it; as a program does (JSON's form, "1.234" is 1.234, also with "%" or "+"). */
void number_read(struct str s, struct number *ret);
void number_read_plain(struct str s, struct number *ret);

/* Why it is wrong, for people. */
struct number_reason {
    struct str vi, en;
};
struct number_reason number_reason(enum number_wrong wrong);

/* What is known beside the text itself. */
struct number_context {
    enum number_marks given; /* the caller knows how the file was written */
    bool comma, point;       /* a neighbour (the same column of the same file) proves this mark */
    bool whole;              /* what is measured is counted in whole numbers */
    double low, high;        /* bounds; NaN: none */
};
#define NUMBER_NO_CONTEXT ((struct number_context){.low = __builtin_nan(""), .high = __builtin_nan("")})

/* An ambiguous number made a given one, if what is known leaves one reading: the caller's mark, else the neighbours' if
 * they do not contradict each other, decides, unless it gives a fraction of what is whole, or an amount out of bounds
 * where the other reading is within them: then what is known contradicts itself, and the number stays ambiguous. Else
 * whole things are counted in thousands, and else a single reading within the bounds is taken. False: it is ambiguous
 * still. True for any other kind, which stays as it is. */
bool number_settle(const struct number_context *k, struct number *n);

#endif
