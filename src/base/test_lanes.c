#include "base/lanes.h"
#include "test/test.h"

#include <stdlib.h>

#include "base/banned.h"

static lanes is_mark(lanes v)
{
    return (lanes)(v == lanes_of('!'));
}

/* Memory of just that size, so that a look beyond it is seen by a sanitizer. */
TEST(the_first_is_found_at_every_place_of_every_length)
{
    for (size_t n = 0; n <= 50; n++)
        for (size_t mark = 0; mark <= n; mark++) {
            char *text = NEWN(c->arena, char, n);
            memset(text, 'a', n);
            if (mark < n)
                text[mark] = '!';
            struct str s = {text, n};
            for (size_t from = 0; from <= n; from++)
                CHECK(lanes_find(s, from, is_mark) == (from <= mark ? mark : n));
            if (mark < n)
                memset(text + mark, '!', n - mark);
            CHECK(lanes_find(s, 0, is_mark) == mark);
        }
    CHECK(lanes_find((struct str){NULL, 0}, 0, is_mark) == 0);
}

static lanes is_below(lanes v)
{
    return (lanes)(v < lanes_of(0x20));
}

TEST(a_byte_has_no_sign)
{
    for (unsigned b = 0; b < 256; b++) {
        char byte = (char)b;
        CHECK((lanes_find((struct str){&byte, 1}, 0, is_below) == 0) == (b < 0x20));
    }
}
