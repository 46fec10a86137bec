#include "base/lang.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

enum { DIGITS_TEXT = 48, SIGNIFICANT = 15 };

/* So many decimals of `v` as make it SIGNIFICANT digits long, trailing zeros left out; v < 1e15. */
static int significant(double v, char digits[DIGITS_TEXT])
{
    int whole = 0;
    for (double power = 1; power <= v && whole < SIGNIFICANT; power *= 10)
        whole++;
    int have = SIGNIFICANT - whole;
    int n = snprintf(digits, DIGITS_TEXT, "0%.*f", have, v);
    while (have && digits[n - 1] == '0') {
        have--;
        n--;
    }
    return have;
}

/* The shortest decimals that read back as `v`, if SIGNIFICANT of them do. */
static int shortest(double v, char digits[DIGITS_TEXT])
{
    for (int have = 0; have < SIGNIFICANT; have++) {
        snprintf(digits, DIGITS_TEXT, "0%.*f", have, v);
        if (strtod(digits, NULL) == v)
            return have;
    }
    return significant(v, digits);
}

/* Digits of 0 <= v < 1e15 without the point, `*places` of them after it. */
static struct str decimal(double v, int *places, char digits[DIGITS_TEXT])
{
    int have = shortest(v, digits);
    if (*places >= 0 && have > *places)
        have = significant(v, digits);
    int n = (int)strcspn(digits, ".");
    if (have) {
        memmove(digits + n, digits + n + 1, (size_t)have);
        n += have;
    }
    if (*places < 0)
        *places = have;
    for (; have < *places; have++)
        digits[n++] = '0';
    if (have > *places) {
        n -= have - *places;
        for (int i = n, carry = digits[n] >= '5'; carry && i-- > 0;) {
            carry = digits[i] == '9';
            digits[i] = carry ? '0' : (char)(digits[i] + 1);
        }
    }
    int skip = 0;
    while (n - skip - *places > 1 && digits[skip] == '0')
        skip++;
    return (struct str){digits + skip, (size_t)(n - skip)};
}

struct str lang_number(double v, int places, enum lang lang, char text[NUMBER_TEXT])
{
    char digits[DIGITS_TEXT];
    if (!isfinite(v))
        return S("–");
    if (fabs(v) >= 1e15)
        return (struct str){text, (size_t)snprintf(text, NUMBER_TEXT, "%.15g", v)};
    places = places > 15 ? 15 : places;
    struct str d = decimal(fabs(v), &places, digits);
    size_t whole = d.n - (size_t)places, n = 0;
    bool zero = true;
    for (size_t i = 0; i < d.n; i++)
        zero = zero && d.p[i] == '0';
    if (v < 0 && !zero)
        text[n++] = '-';
    for (size_t i = 0; i < d.n; i++) {
        if (i == whole)
            text[n++] = lang == LANG_VI ? ',' : '.';
        else if (i && i < whole && (whole - i) % 3 == 0)
            text[n++] = lang == LANG_VI ? '.' : ',';
        text[n++] = d.p[i];
    }
    return (struct str){text, n};
}

double number_round(double v, int places)
{
    char digits[DIGITS_TEXT];
    if (!isfinite(v) || (places >= 0 && fabs(v) >= 1e15))
        return v;
    if (places < 0) {
        double unit = pow(10, places < -300 ? 300 : -places);
        return number_round(v / unit, 0) * unit;
    }
    places = places > 15 ? 15 : places;
    struct str d = decimal(fabs(v), &places, digits);
    char text[DIGITS_TEXT + 2];
    size_t whole = d.n - (size_t)places;
    snprintf(text, sizeof text, "%.*s.%.*s", (int)whole, d.p, places, d.p + whole);
    return copysign(strtod(text, NULL), v);
}
