/* dhis2.h - the address that DHIS2's clients send figures to (domain/indicator/value_dhis2.h).
 *
 * Query: dryRun, importStrategy, idScheme, dataElementIdScheme, orgUnitIdScheme; and ours: source, official. 200 with
 * an import summary whose status is SUCCESS or WARNING; 409 with one whose status is ERROR, where nothing was taken in;
 * application/problem+json where it is no such JSON at all or who asks may not. Who may is as of `value.dhis2`. */
#ifndef HOALU_FRONT_DHIS2_H
#define HOALU_FRONT_DHIS2_H

#include "front/api/api.h"

#define DHIS2_PATH "/api/dataValueSets"

MUST_USE enum err dhis2_answer(struct ctx *c, const struct api *api, const struct request *r, struct response *ret);

#endif
