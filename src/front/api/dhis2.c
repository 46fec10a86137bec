/* POST /api/dataValueSets: figures in DHIS2's form, answered with its import summary. */
#include "front/api/dhis2.h"

#include "domain/access/viewer.h"
#include "domain/indicator/value_dhis2.h"

#include <inttypes.h>

#include "base/banned.h"

enum { SUMMARY_MAX = 8 << 20 };

static bool says_true(const struct request *r, const char *name)
{
    return str_eq(request_query(r, name), S("true"));
}

enum err dhis2_answer(struct ctx *c, const struct api *api, const struct request *r, struct response *ret)
{
    struct str type = request_header(r, "Content-Type"), media = S("");
    struct value_dhis2 set = {.body = r->body,
                              .strategy = request_query(r, "importStrategy"),
                              .id_scheme = request_query(r, "idScheme"),
                              .element_scheme = request_query(r, "dataElementIdScheme"),
                              .org_scheme = request_query(r, "orgUnitIdScheme"),
                              .source = request_query(r, "source"),
                              .dry_run = says_true(r, "dryRun"),
                              .official = says_true(r, "official")};
    struct command command = {.run = value_dhis2_run, .arg = &set};
    struct out o;
    struct emit e;
    TRY(access_check(c, op_find(S("value.dhis2"))));
    if (!api->writer)
        return FAIL(c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
    if (type.p)
        str_cut(&type, ';', &media);
    if (!str_eq(str_trim(media), S("application/json")))
        return FAIL(c, E_INVALID, "nội dung phải là application/json (the body must be application/json)");
    TRY(value_dhis2_check(c, &set));
    if (!set.dry_run && !set.problems.errors)
        TRY(writer_run(api->writer, c, &command));
    out_init(&o, c->arena, SUMMARY_MAX);
    emit_init(&e, &o, EMIT_JSON);
    value_dhis2_emit(&e, &set);
    *ret = (struct response){
        .status = set.problems.errors ? 409 : 200, .type = S("application/json"), .body = out_str(&o)};
    if (command.position)
        *PUSH(c->arena, &ret->headers) =
            (struct http_pair){S("Hoalu-Position"), str_fmt(c->arena, "%" PRId64, command.position)};
    return OK;
}
