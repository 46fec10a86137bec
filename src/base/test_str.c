#include "test/test.h"

#include "base/banned.h"

TEST(cut_keeps_empty_parts)
{
    struct str rest = S("a//b"), part;
    CHECK(str_cut(&rest, '/', &part) && str_eq(part, S("a")));
    CHECK(str_cut(&rest, '/', &part) && part.n == 0);
    CHECK(str_cut(&rest, '/', &part) && str_eq(part, S("b")));
    CHECK(!str_cut(&rest, '/', &part));
}
