#include "front/web/html.h"
#include "test/test.h"

#include "base/banned.h"

TEST(segments_cannot_leave_their_place)
{
    CHECK_STR(URL(c->arena, "/plans/{}/clauses/{}", S("06-nq-tu"), S("III.4.5-1")).s,
              S("/plans/06-nq-tu/clauses/III.4.5-1"));
    CHECK_STR(URL(c->arena, "/tasks/{}", S("../../x?y=1#z")).s, S("/tasks/..%2F..%2Fx%3Fy%3D1%23z"));
    CHECK_STR(URL(c->arena, "/orgs/{}", S("Sở")).s, S("/orgs/S%E1%BB%9F"));
    CHECK_STR(URL(c->arena, "/orgs/{}.csv", S("..")).s, S("/orgs/%EF%BF%BD.csv"));
    CHECK_STR(URL(c->arena, "/orgs/{}", S("\"><\\")).s, S("/orgs/%22%3E%3C%5C"));
}

/* RFC 3986, 2.3: letters, digits and four marks stand as they are, all else is escaped. */
TEST(every_byte_is_escaped_or_stands_for_itself)
{
    static const char stands[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (unsigned b = 1; b < 256; b++)
        for (size_t at = 0; at < 20; at++) {
            char text[] = "aaaaaaaaaaaaaaaaaaaa";
            text[at] = (char)b;
            struct str got = URL(c->arena, "/a/{}", (struct str){text, 20}).s;
            CHECK(got.n == (strchr(stands, (int)b) ? 23 : 25));
            CHECK((got.p[3 + at] == '%') == (got.n == 25));
            CHECK(got.n == 25 || got.p[3 + at] == (char)b);
        }
}

TEST(parameters_and_fragments_are_added)
{
    struct url u = url_with(c->arena, url_fixed("/tasks"), "timeliness", S("overdue"));
    CHECK_STR(u.s, S("/tasks?timeliness=overdue"));
    u = url_with(c->arena, u, "q", S("a&b=c #d"));
    CHECK_STR(u.s, S("/tasks?timeliness=overdue&q=a%26b%3Dc%20%23d"));
    u = url_at(c->arena, u, S("III.1"));
    u = url_at(c->arena, u, S("III.2"));
    CHECK_STR(u.s, S("/tasks?timeliness=overdue&q=a%26b%3Dc%20%23d#III.2"));
    CHECK_STR(url_with(c->arena, u, "x", S("1")).s, S("/tasks?timeliness=overdue&q=a%26b%3Dc%20%23d&x=1#III.2"));
}

TEST(an_address_from_outside_is_http_or_mail)
{
    static const char *const good[] = {"https://ninhbinh.gov.vn/vb?id=1",
                                       "http://10.0.0.1:8057/",
                                       "HTTPS://a.vn",
                                       "mailto:a@b.vn",
                                       "https://[::1]/",
                                       "https://tỉnh.vn/"};
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JaVaScRiPt:x",
                                      "java\nscript:x",
                                      "data:text/html,x",
                                      "//host/x",
                                      "/tasks",
                                      "http:",
                                      "http://",
                                      "https:///x",
                                      "vbscript:x",
                                      "https://a b",
                                      "http://a\\@b/",
                                      "https://a\"b",
                                      "",
                                      "ftp://a/",
                                      "\x01https://a",
                                      "https://?x",
                                      "mailto:?x",
                                      "http://a\xff"};
    struct url u;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!url_external(c->arena, str_of(good[i]), &u) || !str_eq(u.s, str_of(good[i])))
            test_failed(__FILE__, __LINE__, "refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (url_external(c->arena, str_of(bad[i]), &u))
            test_failed(__FILE__, __LINE__, "taken: %s", bad[i]);
    CHECK(url_external(c->arena, S("  https://a.vn \n"), &u));
    CHECK_STR(u.s, S("https://a.vn"));
}

TEST(after_signing_in_one_stays_here)
{
    static const char *const bad[] = {"//host", "/\\host", "\\\\host", "https://host", "tasks",
                                      "",       "/\thost", "/ /host",  "/a\nb"};
    struct url u;
    CHECK(url_local(c->arena, S("/"), &u) && url_local(c->arena, S("/tasks?x=1&y=%2F#z"), &u));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!url_local(c->arena, str_of(bad[i]), &u));
}
