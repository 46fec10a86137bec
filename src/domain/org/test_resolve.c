#include "domain/org/org.h"
#include "test/test.h"

#include "base/banned.h"
TEST(smoke)
{
    const struct org_catalogue *cat;
    CHECK_OK(org_catalogue_builtin(c, &cat));
    CHECK_STR(org_resolve(cat, c, S("Đảng uỷ UBND tỉnh")).code, S("DU-UBND"));
}
