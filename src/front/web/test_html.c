#include "front/web/test_page.html.h"
#include "front/web/tokens.h"
#include "test/test.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

static struct str render(struct ctx *c, enum lang lang, struct str x, int n)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    struct page p = {&o, lang};
    test_page_html(&p, x, n, URL(c->arena, "/tasks/{}", S("1")), 1234.5);
    CHECK(!o.failed);
    return out_str(&o);
}

static struct str replaced(struct ctx *c, struct str s, struct str old, struct str new)
{
    struct out o;
    out_init(&o, c->arena, 1 << 20);
    for (size_t at; (at = str_find(s, old, 0)) != SIZE_MAX; s = str_skip(s, at + old.n)) {
        out_put(&o, str_slice(s, 0, at));
        out_put(&o, new);
    }
    out_put(&o, s);
    return out_str(&o);
}

/* Whatever is put in, a browser sees the same tags and attributes, and reads back the very text. */
TEST(hostile_text_changes_no_tag)
{
    static const struct str hostile[] = {S0("<script>alert(1)</script>"),
                                         S0("\"><img src=x onerror=alert(1)>"),
                                         S0("' onclick='x"),
                                         S0("</title></textarea></pre><b>"),
                                         S0("<!--"),
                                         S0("]]>"),
                                         S0("&lt;&amp;&quot;&#34;"),
                                         S0("javascript:alert(1)"),
                                         S0("//host/../.."),
                                         S0("\n\nhai dòng"),
                                         S0("{0} {{ x }} {% y %}"),
                                         S0("\\\"><"),
                                         S0("Đồng chí Nguyễn Văn A"),
                                         S0("`${x}`"),
                                         S0("&"),
                                         S0("<"),
                                         S0(" x=y ")};
    struct tokens plain, other;
    tokens_read(c->arena, render(c, LANG_VI, S("ZQX"), 3), &plain);
    CHECK(plain.n > 40);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        tokens_read(c->arena, render(c, LANG_VI, hostile[i], 3), &other);
        CHECK_STR(other.shape, plain.shape);
        CHECK_INT(other.n, plain.n);
        for (size_t k = 0; k < plain.n; k++) {
            bool address = plain.v[k].s.n && plain.v[k].s.p[0] != ' ' && strchr("/#", plain.v[k].s.p[0]);
            if (!address)
                CHECK_STR(other.v[k].s, replaced(c, plain.v[k].s, S("ZQX"), hostile[i]));
            for (size_t at = 0; address && at < other.v[k].s.n; at++)
                CHECK(!strchr("<>\"' \n\\", other.v[k].s.p[at]));
        }
    }
}

static void expect(struct ctx *c, struct str page, const char *part)
{
    if (!str_has(page, str_of(part)))
        test_failed(__FILE__, __LINE__, "%s is not in %.*s", part, ARGS(page));
    (void)c;
}

TEST(each_place_has_its_form)
{
    struct str page = render(c, LANG_VI, S("a/b é"), 2);
    CHECK(str_starts(page, S("<!doctype html>\n<html lang=\"vi\">\n<head>\n<title>a/b é · Trang &lt;thử&gt; &amp; ")));
    CHECK(str_ends(page, S("</html>")));
    expect(c, page, "<p title=\"2 nhiệm vụ của a/b é\">2 nhiệm vụ của a/b é</p>");
    expect(c, page, "<p>a/b é trước 2, rồi a/b é</p>");
    expect(c, page, "<li data-n=\"0\" data-x=\"a/b é\">");
    expect(c, page, "<li data-n=\"1\" data-x=\"a/b é\" hidden>");
    expect(c, page, "<a href=\"/tasks/1\">");
    expect(c, page, "<a href=\"/tasks/1#a%2Fb%20%C3%A9\">");
    expect(c, page,
           "href=\"/plans/a%2Fb%20%C3%A9/clauses/a2.json?as-of=2024-10-04&amp;q=a%2Fb%20%C3%A9#a%2Fb%20%C3%A9\"");
    expect(c, page, "aria-current=\"true\"");
    expect(c, page, "<textarea name=\"t\">\na/b é</textarea>");
    expect(c, page, "<b>two</b>");
    expect(c, page, "<text x=\"1234.5\">1.234,5</text>");
    expect(c, page, "<i>made</i> a&amp;b 1.234,5");
    CHECK(!str_has(page, S("comment")));
    CHECK(!str_has(page, S("other")));
}

TEST(english_has_its_own_forms)
{
    struct str page = render(c, LANG_EN, S("it"), 1);
    expect(c, page, ">1 task of it<");
    expect(c, page, "<p>1 after it, then it</p>");
    expect(c, page, ">1,234.5</text>");
    expect(c, page, "<b>other</b>");
    expect(c, render(c, LANG_EN, S("it"), 2), ">2 tasks of it<");
}

static void number(double v, int places, const char *vi, const char *en)
{
    char text[NUMBER_TEXT];
    CHECK_STR(number_text(as_places(v, places), LANG_VI, text), str_of(vi));
    CHECK_STR(number_text(as_places(v, places), LANG_EN, text), str_of(en));
}

TEST(numbers_as_offices_write_them)
{
    number(1234567, -1, "1.234.567", "1,234,567");
    number(12.5, -1, "12,5", "12.5");
    number(0, -1, "0", "0");
    number(999, -1, "999", "999");
    number(1000, -1, "1.000", "1,000");
    number(-1234.25, -1, "-1.234,25", "-1,234.25");
    number(0.05, -1, "0,05", "0.05");
    number(0.1 + 0.2, 1, "0,3", "0.3");
    number(99.95, 1, "100,0", "100.0"); /* a half goes up, as by hand */
    number(2.675, 2, "2,68", "2.68");
    number(999999.5, 0, "1.000.000", "1,000,000");
    number(-0.04, 1, "0,0", "0.0");
    number(7, 2, "7,00", "7.00");
    number(0.5, 0, "1", "1");
    number(NAN, 1, "–", "–");
    number(INFINITY, -1, "–", "–");
    number(1e15, 2, "1e+15", "1e+15");
    number(999999999999999, 0, "999.999.999.999.999", "999,999,999,999,999");
    number(123456789012345.6, 15, "123.456.789.012.345,600000000000000", "123,456,789,012,345.600000000000000");
}

static struct str written(struct ctx *c, struct out *o, struct page *p)
{
    out_init(o, c->arena, 1000);
    *p = (struct page){o, LANG_VI};
    return S("");
}

TEST(days_moments_and_what_is_absent)
{
    struct out o;
    struct page p;
    int32_t day;
    int64_t us;
    written(c, &o, &p);
    CHECK(day_from_date(2026, 11, 30, &day) && moment_parse(S("2026-11-22T18:04:59.999999Z"), &us));
    HTML_PUT(&p, HTML_TEXT, as_day(day));
    out_char(&o, ' ');
    HTML_PUT(&p, HTML_ATTR, as_iso(day));
    out_char(&o, ' ');
    HTML_PUT(&p, HTML_TEXT, as_moment(us));
    CHECK_STR(out_str(&o), S("30/11/2026 2026-11-30 01:04 23/11/2026"));
    written(c, &o, &p);
    HTML_PUT(&p, HTML_TEXT, as_day(DAY_NONE));
    HTML_PUT(&p, HTML_TEXT, I64_NONE);
    HTML_PUT(&p, HTML_TEXT, NAN + 0.0);
    HTML_PUT(&p, HTML_ATTR, as_iso(DAY_NONE));
    HTML_PUT(&p, HTML_ATTR, I64_NONE);
    HTML_PUT(&p, HTML_ATTR, (double)NAN);
    CHECK_STR(out_str(&o), S("–––"));
}

/* Sixteen bytes are looked at together: each byte is told at each place among them. */
TEST(what_a_page_replaces_is_seen_wherever_it_stands)
{
    for (unsigned b = 0; b < 256; b++)
        for (size_t at = 0; at < 20; at++) {
            char text[20];
            struct out o;
            struct page p = {&o, LANG_VI};
            bool plain = b && b != '&' && b != '<' && b != '>' && b != '"' && b != '\'';
            memset(text, at % 2 ? 'a' : '%', sizeof text);
            text[at] = (char)b;
            out_init(&o, c->arena, 1 << 10);
            html_text(&p, (struct str){text, sizeof text});
            struct str got = out_str(&o);
            CHECK(plain == (got.n == 20));
            CHECK(memcmp(got.p, text, at) == 0 && memcmp(got.p + got.n - (19 - at), text + at + 1, 19 - at) == 0);
            CHECK(!plain || got.p[at] == (char)b);
        }
}
