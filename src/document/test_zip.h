/* test_zip.h - packages for the tests of the readers. */
#ifndef HOALU_TEST_ZIP_H
#define HOALU_TEST_ZIP_H

#include "test/test.h"

struct part {
    const char *name;
    struct str content;
};
struct str zip_of(struct ctx *c, const struct part *parts, size_t n);

#endif
