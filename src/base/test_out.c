#include "base/out.h"
#include "test/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

TEST(what_was_put_is_held)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    CHECK_STR(out_str(&o), S(""));
    out_put(&o, S("a"));
    out_put(&o, (struct str){NULL, 0});
    out_char(&o, 'b');
    out_i64(&o, INT64_MIN);
    out_fmt(&o, "|%s|%05d", "đ", 42);
    CHECK_STR(out_str(&o), S("ab-9223372036854775808|đ|00042"));
    CHECK(!o.failed && out_flush(&o));
    for (int i = 0; i < 10000; i++)
        out_put(&o, S("0123456789"));
    CHECK(!o.failed && o.n == out_total(&o));
}

TEST(the_ceiling_is_exact_and_final)
{
    struct out o;
    out_init(&o, c->arena, 8);
    out_put(&o, S("12345"));
    out_fmt(&o, "%d", 678); /* exactly full: the NUL of printf does not count */
    CHECK(!o.failed);
    CHECK_STR(out_str(&o), S("12345678"));
    out_char(&o, 'x');
    CHECK(o.failed && !out_flush(&o));
    out_put(&o, S(""));
    out_fmt(&o, "%d", 1);
    out_i64(&o, 1);
    CHECK_STR(out_str(&o), S("12345678"));
    out_init(&o, c->arena, 8);
    out_fmt(&o, "%s", "123456789");
    CHECK(o.failed && out_str(&o).n == 0);
    out_init(&o, c->arena, 0);
    out_fmt(&o, "%s", "");
    CHECK(!o.failed);
}

static struct str number(struct ctx *c, double v)
{
    struct out o;
    out_init(&o, c->arena, 64);
    out_f64(&o, v);
    return out_str(&o);
}

TEST(numbers_are_the_shortest_that_read_back)
{
    CHECK_STR(number(c, 57), S("57"));
    CHECK_STR(number(c, 0.1), S("0.1"));
    CHECK_STR(number(c, 5000), S("5000"));
    CHECK_STR(number(c, -12.5), S("-12.5"));
    CHECK_STR(number(c, 0.0), S("0"));
    CHECK_STR(number(c, -0.0), S("0"));
    CHECK_STR(number(c, 0.1 + 0.2), S("0.30000000000000004"));
    CHECK_STR(number(c, 33.3), S("33.3"));
    CHECK_STR(number(c, 8000000000000), S("8000000000000"));
    const double all[] = {1e300, -1e-300, 5e-324, 1.7976931348623157e308, 1.0 / 3, 123456789012345678.0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CHECK(strtod(str_z(c->arena, number(c, all[i])), NULL) == all[i]);
}

TEST(a_descriptor_gets_all_of_it)
{
    char name[] = "/tmp/hoalu-test-XXXXXX";
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    unlink(name);
    struct out o;
    out_init_fd(&o, c->arena, fd, 1 << 20);
    for (int i = 0; i < 20000; i++)
        out_fmt(&o, "%05d\n", i);
    CHECK(out_flush(&o) && o.n == 0);
    CHECK_INT((long long)out_total(&o), 120000);
    CHECK_INT((long long)lseek(fd, 0, SEEK_END), 120000);
    char last[6];
    CHECK(pread(fd, last, 6, 120000 - 6) == 6 && memcmp(last, "19999\n", 6) == 0);
    close(fd);
    out_put(&o, S("x"));
    CHECK(!out_flush(&o) && o.failed);
}

TEST(a_descriptor_has_a_ceiling_too)
{
    struct out o;
    out_init_fd(&o, c->arena, STDERR_FILENO, 4);
    out_put(&o, S("12345"));
    CHECK(o.failed && o.n == 0);
}
