/* value_naming.h - what the texts of a file or a request stand for, each looked up once. Inside of domain/indicator.
 *
 * A code goes before a name; a name is matched marks and case aside where only one has it. Numbers are the batch's. */
#ifndef HOALU_VALUE_NAMING_H
#define HOALU_VALUE_NAMING_H

#include "base/names.h"
#include "domain/indicator/value.h"
#include "domain/org/org.h"

struct value_meaning {
    const struct indicator *indicator; /* NULL: there is none */
    uint32_t number;                   /* of the batch; NAMES_NONE: not known */
    int32_t period;
};

struct value_meanings {
    struct names texts;
    struct {
        struct value_meaning *v;
        size_t n, cap;
    } list;
};

struct value_naming {
    struct ctx *c;
    const struct dictionary *d;
    const struct org_catalogue *catalogue;
    struct value_batch *batch;
    struct value_meanings indicators, series, places, periods, sources;
    struct names bare; /* names of today's areas without their kind, once somebody asks for one */
    struct {
        struct str *v; /* the code; p == NULL: of several */
        size_t n, cap;
    } bare_codes;
    bool bare_ready;
};

const struct indicator *value_indicator_named(struct value_naming *t, struct str text);
/* `category` may be empty. Where the indicator is there and the number is not, it has no such category. */
const struct value_meaning *value_name_series(struct value_naming *t, struct str indicator, struct str category);
/* NAMES_NONE if there is no such place. */
uint32_t value_name_place(struct value_naming *t, struct str text);
/* 0 if it is no period. */
int32_t value_name_period(struct value_naming *t, struct str text);
uint32_t value_name_source(struct value_naming *t, struct str text);

#endif
