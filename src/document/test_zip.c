#include "document/test_zip.h"

#include <zip.h>

#include "base/banned.h"

struct str zip_of(struct ctx *c, const struct part *parts, size_t n)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
    CHECK(zip);
    zip_source_keep(target);
    for (size_t i = 0; i < n; i++)
        CHECK(zip_file_add(zip, parts[i].name, zip_source_buffer(zip, parts[i].content.p, parts[i].content.n, 0), 0) >=
              0);
    CHECK_INT(zip_close(zip), 0);
    CHECK_INT(zip_source_open(target), 0);
    zip_source_seek(target, 0, SEEK_END);
    size_t size = (size_t)zip_source_tell(target);
    zip_source_seek(target, 0, SEEK_SET);
    char *bytes = NEWN(c->arena, char, size + 1);
    CHECK_INT(zip_source_read(target, bytes, size), (long long)size);
    zip_source_close(target);
    zip_source_free(target);
    return (struct str){bytes, size};
}
