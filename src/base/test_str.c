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

TEST(cut_ends)
{
    struct str rest = S(""), part = S("x");
    CHECK(str_cut(&rest, ',', &part) && part.n == 0);
    CHECK(!str_cut(&rest, ',', &part));
    rest = S("a,");
    CHECK(str_cut(&rest, ',', &part) && str_eq(part, S("a")));
    CHECK(str_cut(&rest, ',', &part) && part.n == 0);
    CHECK(!str_cut(&rest, ',', &part));
}

TEST(views_of_nothing)
{
    struct str none = {NULL, 0};
    CHECK(str_eq(none, S("")) && str_cmp(none, S("")) == 0 && str_cmp(none, S("a")) < 0);
    CHECK(str_starts(none, S("")) && str_ends(none, S("")) && !str_starts(none, S("a")) && !str_ends(none, S("a")));
    CHECK(str_find(none, S(""), 0) == 0 && str_find(none, S("a"), 0) == SIZE_MAX && str_find(S("a"), none, 1) == 1);
    CHECK(str_trim(none).n == 0 && str_skip(none, 3).n == 0 && str_slice(none, 1, 9).n == 0 && str_of(NULL).n == 0);
    CHECK(str_dup(c->arena, none).n == 0 && str_z(c->arena, none)[0] == 0 && str_is_utf8(none, NULL));
    CHECK_STR(str_join(c->arena, &none, 1, S(", ")), S(""));
    CHECK_STR(str_join(c->arena, NULL, 0, S(", ")), S(""));
}

TEST(compare_find_slice)
{
    CHECK(str_cmp(S("a"), S("ab")) < 0 && str_cmp(S("b"), S("ab")) > 0 && str_cmp(S("\xc3"), S("a")) > 0);
    CHECK(str_starts(S("06-NQ/TU"), S("06")) && str_ends(S("06-NQ/TU"), S("/TU")) && !str_ends(S("U"), S("TU")));
    CHECK_INT((long long)str_find(S("abcabc"), S("bc"), 2), 4);
    CHECK(str_find(S("abc"), S("abcd"), 0) == SIZE_MAX && str_find(S("abc"), S(""), 4) == SIZE_MAX);
    CHECK(str_has(S("abc"), S("c")) && !str_has(S("abc"), S("d")));
    CHECK_STR(str_slice(S("abcdef"), 2, 4), S("cd"));
    CHECK_STR(str_slice(S("abcdef"), 4, 2), S(""));
    CHECK_STR(str_slice(S("abcdef"), 4, SIZE_MAX), S("ef"));
    CHECK_STR(str_trim(S(" \t\u00a0 Hoa Lư \r\n\u00a0")), S("Hoa Lư"));
    CHECK_STR(str_trim(S(" \u00a0\n")), S(""));
    CHECK_STR(str_trim(S("à")), S("à")); /* ends in the byte a0 */
}

TEST(integers)
{
    int64_t v = 7;
    CHECK(str_i64(S("0"), &v) && v == 0);
    CHECK(str_i64(S("-12"), &v) && v == -12);
    CHECK(str_i64(S("007"), &v) && v == 7);
    CHECK(str_i64(S("9223372036854775807"), &v) && v == INT64_MAX);
    CHECK(str_i64(S("-9223372036854775808"), &v) && v == INT64_MIN);
    v = 7;
    static const char *const bad[] = {"",
                                      "-",
                                      "--1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x10",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999",
                                      NULL};
    for (size_t i = 0; bad[i]; i++)
        CHECK(!str_i64(str_of(bad[i]), &v));
    CHECK_INT(v, 7);
}

TEST(formatting_and_joining)
{
    CHECK_STR(str_fmt(c->arena, "%.*s: %d", ARGS(S("dòng")), 12), S("dòng: 12"));
    struct str parts[] = {S("a"), S(""), S("b")};
    CHECK_STR(str_join(c->arena, parts, 3, S("; ")), S("a; ; b"));
    struct str copy = str_dup(c->arena, S("ab"));
    CHECK(copy.p[copy.n] == 0);
}

/* RFC 3629, and the well-formed sequences of Unicode's table 3-7. */
TEST(well_formed_text)
{
    size_t at = 7;
    CHECK(str_is_utf8(S("Đường 日本 \xf0\x9f\x87\xbb"), &at));
    CHECK_INT((long long)at, 7);
    static const char *const bad[] = {"\x80",
                                      "a\xc0\xaf",
                                      "\xc1\xbf",
                                      "\xe0\x80\xaf",
                                      "\xed\xa0\x80",
                                      "\xf0\x80\x80\xaf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe1\xbb",
                                      "\xff",
                                      "\xc3(",
                                      NULL};
    for (size_t i = 0; bad[i]; i++)
        CHECK(!str_is_utf8(str_of(bad[i]), &at));
    CHECK(!str_is_utf8(S("ab\0c"), &at));
    CHECK_INT((long long)at, 2);
}

TEST(every_rune_goes_there_and_back)
{
    for (uint32_t r = 1; r <= 0x10ffff; r++) {
        if (r >= 0xd800 && r <= 0xdfff)
            continue;
        char bytes[4];
        size_t at = 0;
        struct str s = {bytes, str_put_rune(bytes, r)};
        CHECK(str_is_utf8(s, NULL));
        CHECK_INT(str_rune(s, &at), r);
        CHECK(at == s.n && str_rune(s, &at) == 0);
    }
}
