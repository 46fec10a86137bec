#include "front/http/image.h"
#include "front/http/request.h"

#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static enum refusal read(struct ctx *c, struct str raw, struct target *t)
{
    return target_read(c->arena, raw, t);
}

TEST(target_is_decoded)
{
    struct target t;
    CHECK(read(c, S("/"), &t) == REFUSE_NOT);
    CHECK_STR(t.path, S("/"));
    CHECK_INT(t.query.n, 0);
    CHECK(read(c, S("/k%E1%BA%BF-ho%e1%ba%a1ch/III.4.5?q=%C4%90%C6%B0%E1%BB%9Dng+b%E1%BB%99&limit=5&q=2"), &t) ==
          REFUSE_NOT);
    CHECK_STR(t.path, S("/kế-hoạch/III.4.5"));
    CHECK_INT(t.query.n, 3);
    CHECK_STR(http_pair(&t.query, S("q")), S("Đường bộ"));
    CHECK_STR(http_pair(&t.query, S("limit")), S("5"));
    CHECK_STR(t.query.v[2].value, S("2"));
    CHECK(http_pair(&t.query, S("none")).p == NULL);
}

TEST(target_keeps_what_the_reader_may_tell_apart)
{
    struct target t;
    CHECK(read(c, S("/a//b/?=x&&y&z=&w==1"), &t) == REFUSE_NOT);
    CHECK_STR(t.path, S("/a//b/"));
    CHECK_INT(t.query.n, 4);
    CHECK_STR(t.query.v[0].name, S(""));
    CHECK_STR(t.query.v[0].value, S("x"));
    CHECK_STR(t.query.v[1].name, S("y"));
    CHECK(t.query.v[1].value.p && t.query.v[1].value.n == 0);
    CHECK_STR(t.query.v[3].value, S("=1"));
    CHECK(read(c, S("/a+b/...?a=1?b/c%0D%0A"), &t) == REFUSE_NOT);
    CHECK_STR(t.path, S("/a+b/..."));
    CHECK_STR(t.query.v[0].value, S("1?b/c\r\n"));
    CHECK(read(c, S("/t\xe1\xba\xbft?q=\xc4\x91"), &t) == REFUSE_NOT); /* UTF-8 as it is */
    CHECK_STR(t.path, S("/tết"));
}

TEST(target_of_the_absolute_form)
{
    struct target t;
    CHECK(read(c, S("HTTP://hoalu.example:8057/plans?a=b"), &t) == REFUSE_NOT);
    CHECK_STR(t.host, S("hoalu.example:8057"));
    CHECK_STR(t.path, S("/plans"));
    CHECK(read(c, S("http://hoalu.example?a=b"), &t) == REFUSE_NOT);
    CHECK_STR(t.path, S("/"));
    CHECK_STR(http_pair(&t.query, S("a")), S("b"));
    CHECK(read(c, S("http:///a"), &t) == REFUSE_TARGET);
    CHECK(read(c, S("ftp://a/b"), &t) == REFUSE_TARGET);
}

TEST(target_refused)
{
    static const char *bad[] = {
        "",
        "*",
        "a",
        "?a",
        "/%",
        "/%4",
        "/%zz",
        "/a%00b",
        "/a?b=%00",
        "/a?%00=",
        "/%ff",
        "/a?b=%c0%80",
        "/a?b=%ed%a0%80",
        "/\xff",
        "/a?b=\xc3",
        "/.",
        "/..",
        "/a/../b",
        "/a/.",
        "/%2e",
        "/%2E%2e/b",
        "/.%2e",
        "/a%2fb",
        "/a%2Fb",
        "/a%0ab",
        "/a%7f",
        "/a b",
        "/a#b",
        "/a?b#c",
        "/a\"",
        "/a?b=<",
        "/a\x01",
        "/a?b\x7f",
        "/a?b=%c3&c=%a1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct target t = {.path = S("untouched")};
        if (read(c, str_of(bad[i]), &t) != REFUSE_TARGET)
            test_failed(__FILE__, __LINE__, "taken: %s", bad[i]);
        CHECK_STR(t.path, S("untouched"));
    }
    struct target t;
    CHECK(read(c, (struct str){"/a\0b", 4}, &t) == REFUSE_TARGET);
    char *longer = NEWN(c->arena, char, TARGET_MAX + 1);
    for (int i = 0; i <= TARGET_MAX; i++)
        longer[i] = '/';
    CHECK(read(c, (struct str){longer, TARGET_MAX}, &t) == REFUSE_NOT);
    CHECK(read(c, (struct str){longer, TARGET_MAX + 1}, &t) == REFUSE_LONG_TARGET);
}

TEST(written_targets_read_back)
{
    struct out o;
    struct target t;
    out_init(&o, c->arena, SIZE_MAX);
    out_path(&o, S("/kế hoạch/a?b#c%2F+;=@:"));
    out_char(&o, '?');
    out_field(&o, S("tên & họ"), S("a=b+c&d%\r\n/\"'"));
    CHECK(read(c, out_str(&o), &t) == REFUSE_NOT);
    CHECK_STR(t.path, S("/kế hoạch/a?b#c%2F+;=@:"));
    CHECK_INT(t.query.n, 1);
    CHECK_STR(t.query.v[0].name, S("tên & họ"));
    CHECK_STR(t.query.v[0].value, S("a=b+c&d%\r\n/\"'"));
}

TEST(form_is_read_as_a_query)
{
    struct http_pairs form;
    CHECK_OK(http_read_form(c, S("title=xin+ch%C3%A0o&note=d%C3%B2ng+1%0D%0Ad%C3%B2ng+2&empty="), &form));
    CHECK_STR(http_pair(&form, S("title")), S("xin chào"));
    CHECK_STR(http_pair(&form, S("note")), S("dòng 1\r\ndòng 2"));
    CHECK_STR(http_pair(&form, S("empty")), S(""));
    CHECK_OK(http_read_form(c, S(""), &form));
    CHECK_INT(form.n, 0);
    CHECK_ERR(http_read_form(c, S("a=%0"), &form), E_INVALID);
    CHECK_ERR(http_read_form(c, S("a=%00"), &form), E_INVALID);
    CHECK_ERR(http_read_form(c, S("a=%FF"), &form), E_INVALID);
}

/* Headers as "name: value" lines. */
static enum refusal check(struct ctx *c, const char *lines, struct framing *f)
{
    struct http_pairs headers = {0};
    struct str rest = str_of(lines), line, name;
    while (rest.n && str_cut(&rest, '\n', &line)) {
        str_cut(&line, ':', &name);
        *PUSH(c->arena, &headers) = (struct http_pair){name, str_trim(line)};
    }
    return headers_check(&headers, (struct str){0}, true, f);
}

TEST(framing_is_read)
{
    struct framing f;
    CHECK(check(c, "Host: a", &f) == REFUSE_NOT);
    CHECK(!f.has_length && !f.is_chunked);
    CHECK(check(c, "Host: a\nCONTENT-length: 12", &f) == REFUSE_NOT);
    CHECK(f.has_length && f.length == 12);
    CHECK(check(c, "host: [::1]:8057\ntransfer-encoding: Chunked\nexpect: 100-Continue", &f) == REFUSE_NOT);
    CHECK(f.is_chunked && f.expects_continue);
}

TEST(framing_that_could_be_read_two_ways_is_refused)
{
    struct framing f;
    CHECK(check(c, "Host: a\nContent-Length: 1\nContent-Length: 1", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nContent-Length: 1, 1", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nContent-Length: +1", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nContent-Length: -1", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nContent-Length:", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nContent-Length: 99999999999999999999", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nContent-Length: 1\nTransfer-Encoding: chunked", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nTransfer-Encoding: chunked\nContent-Length: 1", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", &f) == REFUSE_LENGTHS);
    CHECK(check(c, "Host: a\nTransfer-Encoding: gzip, chunked", &f) == REFUSE_CODING);
    CHECK(check(c, "Host: a\nTransfer-Encoding: xchunked", &f) == REFUSE_CODING);
    CHECK(check(c, "Accept: */*", &f) == REFUSE_HOST);
    CHECK(check(c, "Host: a\nHost: a", &f) == REFUSE_HOST);
    CHECK(check(c, "Host:", &f) == REFUSE_HOST);
    CHECK(check(c, "Host: a/b", &f) == REFUSE_HOST);
    CHECK(check(c, "Host: a@b", &f) == REFUSE_HOST);
    CHECK(check(c, "Host: a\nExpect: tea", &f) == REFUSE_EXPECTATION);
    CHECK(check(c, "Host: a\nX y: 1", &f) == REFUSE_MALFORMED);
    CHECK(check(c, "Host: a\nX: a\rb", &f) == REFUSE_MALFORMED);
    struct http_pairs one = {&(struct http_pair){S("Host"), S("b")}, 1, 1};
    CHECK(headers_check(&one, S("a"), true, &f) == REFUSE_HOST);
    CHECK(headers_check(&one, S("B"), true, &f) == REFUSE_NOT);
    one.n = 0;
    CHECK(headers_check(&one, (struct str){0}, false, &f) == REFUSE_NOT); /* HTTP/1.0 */
}

TEST(handlers_find_headers_and_cookies)
{
    struct http_pair v[] = {
        {S("Accept"), S("text/html")}, {S("Cookie"), S("a=1; session=x=y ;b")}, {S("COOKIE"), S("d=4")}};
    struct http_pairs headers = {v, 3, 3};
    struct request r = {.own = &headers};
    CHECK_STR(request_header(&r, "accept"), S("text/html"));
    CHECK(request_header(&r, "none").p == NULL);
    CHECK_STR(request_last_header(&r, "cookie"), S("d=4"));
    CHECK(request_last_header(&r, "none").p == NULL);
    CHECK_STR(request_cookie(&r, "session"), S("x=y"));
    CHECK_STR(request_cookie(&r, "d"), S("4"));
    CHECK(request_cookie(&r, "b").p == NULL);
    CHECK(header_has_word(S("keep-alive, Close"), S("close")));
    CHECK(!header_has_word(S("closed"), S("close")));
}

/* Every refusal has its text, and the text is one JSON object that says its status. */
TEST(refusals_are_said)
{
    for (int i = REFUSE_NOT + 1; i < REFUSAL_COUNT; i++) {
        const struct refusal_text *text = refusal_text((enum refusal)i);
        CHECK(text->status >= 400 && text->reason.n > 0);
        CHECK(str_has(text->body, str_fmt(c->arena, "\"status\":%u,", text->status)));
        CHECK(str_is_utf8(text->body, NULL));
    }
}

/* A block as the library leaves it: '~' stands for a NUL. */
static bool plain(struct ctx *c, struct str text, size_t method_n, size_t target_n, const char *fields)
{
    struct str block = str_dup(c->arena, text);
    for (size_t i = 0; i < block.n; i++)
        if (block.p[i] == '~')
            ((char *)block.p)[i] = 0;
    const char *target = block.p + method_n + 1;
    struct http_pairs headers = {0};
    size_t at = 0;
    for (struct str rest = str_of(fields), name; rest.n && str_cut(&rest, ' ', &name);) {
        struct str found = {block.p + str_find(block, name, at), name.n};
        at = (size_t)(found.p - block.p) + name.n + 1;
        while (at < block.n && block.p[at] == ' ')
            at++;
        size_t n = strnlen(block.p + at, block.n - at);
        *PUSH(c->arena, &headers) = (struct http_pair){found, {block.p + at, n}};
    }
    return image_is_plain(block, target, target_n, target + target_n + 1, &headers);
}

TEST(the_image_of_a_block_is_known)
{
    CHECK(plain(c, S("GET~/a~HTTP/1.1~~Host~ a~~X~~~Y~  b c~~~~"), 3, 2, "Host X Y"));
    CHECK(plain(c, S("GET~/a~HTTP/1.0~~~~"), 3, 2, ""));
    CHECK(!plain(c, S("GET~/a~b~HTTP/1.1~~Host~ a~~~~"), 3, 2, "Host")); /* a NUL in the target */
    CHECK(!plain(c, S("GET~/a~~HTTP/1.1~~Host~ a~~~~"), 3, 2, "Host"));
    CHECK(!plain(c, S("GET~/a~HTTP/1.1~~Host~ a~b~~~~"), 3, 2, "Host"));      /* in a value */
    CHECK(!plain(c, S("GET~/a~HTTP/1.1~~Host~ a~~~ x~~"), 3, 2, "Host"));     /* a line that ended the block early */
    CHECK(!plain(c, S("GET~/a~HTTP/1.1~~Host~ a~X~ b~~~~"), 3, 2, "Host X")); /* a lone LF */
    CHECK(!plain(c, S("GET~/a~HTTP/1.1~~Host~ a~~X~ b~~~~"), 3, 2, "Host"));  /* a header that was not told of */
    CHECK(!plain(c, S("GET~/a~HTTP/1.1~~Host~ a~~"), 3, 2, "Host"));
    CHECK(!plain(c, S("GET~/a~HTTP/1.1"), 3, 2, ""));
}

TEST(names_of_the_machine_itself)
{
    const char *ours[] = {"localhost",     "LocalHost:8057", "127.0.0.1", "127.0.0.1:80",
                          "127.255.3.4:1", "[::1]",          "[::1]:8057"};
    const char *others[] = {"",
                            "a",
                            "localhost.evil.example",
                            "evil.localhost.example:80",
                            "127.0.0.1.evil.example",
                            "127.0.0",
                            "127.0.0.",
                            "127.0.0.1.",
                            "127.0.0.1.1",
                            "128.0.0.1",
                            "127.0.0.256",
                            "127.1",
                            "0.0.0.0",
                            "[::2]",
                            "[::1",
                            "::1",
                            "[::1]x",
                            "localhost:",
                            "localhost:x",
                            "localhost:99999",
                            "[::1]:",
                            "127.0.0.-1",
                            "localhosts",
                            "10.0.0.1:8057",
                            "2130706433"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!host_is_loopback(str_of(ours[i])))
            test_failed(__FILE__, __LINE__, "%s", ours[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (host_is_loopback(str_of(others[i])))
            test_failed(__FILE__, __LINE__, "%s", others[i]);
}

static enum refusal from(const char *host, const char *origin, const char *site)
{
    struct http_pair all[3] = {{S("Host"), str_of(host)}};
    struct http_pairs headers = {.v = all, .n = 1};
    if (origin)
        all[headers.n++] = (struct http_pair){S("origin"), str_of(origin)};
    if (site)
        all[headers.n++] = (struct http_pair){S("sec-fetch-site"), str_of(site)};
    return origin_check(&headers);
}

TEST(what_a_page_of_another_site_sends_is_told_apart)
{
    CHECK(from("a:1", NULL, NULL) == REFUSE_NOT);
    CHECK(from("a:1", "http://a:1", NULL) == REFUSE_NOT);
    CHECK(from("a:1", "http://A:1", "same-origin") == REFUSE_NOT);
    CHECK(from("a", "https://a", "same-origin") == REFUSE_NOT);
    CHECK(from("a:1", NULL, "same-origin") == REFUSE_NOT);
    CHECK(from("a:1", NULL, "none") == REFUSE_NOT);
    CHECK(from("a:1", "null", "same-origin") == REFUSE_NOT); /* a page that hides where it is, to itself */
    CHECK(from("a:1", "null", NULL) == REFUSE_ORIGIN);
    CHECK(from("a:1", "null", "none") == REFUSE_ORIGIN);
    CHECK(from("a:1", "http://a:2", NULL) == REFUSE_ORIGIN);
    CHECK(from("a:1", "http://a", NULL) == REFUSE_ORIGIN);
    CHECK(from("a:1", "http://b:1", "same-origin") == REFUSE_ORIGIN);
    CHECK(from("a:1", "http://a:1", "same-site") == REFUSE_ORIGIN); /* another port of this machine */
    CHECK(from("a:1", "http://a:1", "cross-site") == REFUSE_ORIGIN);
    CHECK(from("a:1", NULL, "cross-site") == REFUSE_ORIGIN);
    CHECK(from("a:1", NULL, "") == REFUSE_ORIGIN);
    CHECK(from("a:1", "", NULL) == REFUSE_ORIGIN);
    CHECK(from("a:1", "a:1", NULL) == REFUSE_ORIGIN);
    CHECK(from("a:1", "http://a:1/x", NULL) == REFUSE_ORIGIN);
    CHECK(from("a:1", "ftp://a:1", NULL) == REFUSE_ORIGIN);
    struct http_pair twice[] = {{S("Host"), S("a")}, {S("Origin"), S("http://a")}, {S("Origin"), S("http://a")}};
    CHECK(origin_check(&(struct http_pairs){.v = twice, .n = 3}) == REFUSE_ORIGIN);
}
