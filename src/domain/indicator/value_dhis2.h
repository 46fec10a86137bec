/* value_dhis2.h - figures in DHIS2's form: the JSON of `dataValueSets`, taken in, and its import summary, given back.
 *
 *     {"dataSet": …, "completeDate": …, "period": "202605", "orgUnit": "37",
 *      "dataValues": [{"dataElement": "KT-GRDP", "value": "12.5", "categoryOptionCombo": "female", "comment": …,
 *                      "period": …, "orgUnit": …}, …]}
 *
 * A row's own period and orgUnit go before those of the set, wherever in the set they stand. A dataElement is an
 * indicator, an orgUnit an area or a body, a categoryOptionCombo a category ("default" or none: the whole): by code,
 * which goes before a name (idScheme, dataElementIdScheme, orgUnitIdScheme: uid, code or name; `uid` is our code;
 * others are refused). Periods are DHIS2's ("202605", "2026Q3", "2026S1", "2026") or ours. A value is a number as
 * programs write it, as a string or a number. A comment becomes the reason of the figure. What is told beside
 * (storedBy, lastUpdated, followUp, attributeOptionCombo, completeDate …) is passed over; `deleted` rows are refused.
 *
 * Rows that say what is there already are counted as ignored. Unlike with DHIS2, nothing is taken in if one row is
 * wrong: then all are ignored, each wrong one has its conflict, and the status is ERROR. importStrategy is
 * CREATE_AND_UPDATE; others are refused.
 *
 * The body is walked, not held as a tree (base/json_walk.h). Memory: c->arena. Threads: none shared. */
#ifndef HOALU_VALUE_DHIS2_H
#define HOALU_VALUE_DHIS2_H

#include "base/emit.h"
#include "domain/indicator/value.h"
#include "domain/org/org.h"

struct value_dhis2 {
    /* in; the set itself may say the same, which then holds */
    struct str body;
    struct str strategy, id_scheme, element_scheme, org_scheme; /* n == 0: not said */
    struct str source;                                          /* n == 0: the indicator's own */
    bool dry_run, official;
    /* out */
    struct str data_set;
    struct value_batch batch;
    struct value_problems problems; /* `line` is the index of the row in dataValues, plus 1 */
    int64_t rows;
    struct value_outcome outcome;
};

/* E_INVALID with the line where it is no such JSON, or asks for what is not there; OK where rows are wrong. */
MUST_USE enum err value_dhis2_read(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                                   struct value_dhis2 *set);
/* Read and check, on a reading connection. */
MUST_USE enum err value_dhis2_check(struct ctx *c, struct value_dhis2 *set);
/* A command of the writer; `arg` is a struct value_dhis2 that was checked. Nothing is written where it is a dry run or
 * a row is wrong. */
MUST_USE enum err value_dhis2_run(struct ctx *c, void *arg);
/* The import summary, as one map; also as "response" within, where later versions of DHIS2 have it. */
void value_dhis2_emit(struct emit *e, const struct value_dhis2 *set);

#endif
