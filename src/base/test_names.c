#include "base/names.h"

#include "test/test.h"

#include "base/banned.h"

TEST(a_number_for_each_text_in_the_order_of_first_use)
{
    struct names names = {0};
    bool is_new;
    CHECK(names_find(&names, S("a")) == NAMES_NONE);
    CHECK_INT(names_number(c->arena, &names, S("a"), &is_new), 0);
    CHECK(is_new);
    CHECK_INT(names_number(c->arena, &names, S(""), NULL), 1);
    CHECK_INT(names_number(c->arena, &names, S("a"), &is_new), 0);
    CHECK(!is_new);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++)
            CHECK_INT(names_number(c->arena, &names, str_fmt(c->arena, "commune-%d", i), NULL), i + 2);
    CHECK_INT(names.n, 5002);
    CHECK_INT(names_find(&names, S("commune-4999")), 5001);
    CHECK(names_find(&names, S("commune-5000")) == NAMES_NONE);
}
