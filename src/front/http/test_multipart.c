/* Forms with files. The first body is what a browser writes (RFC 7578, and the HTML standard on names). */
#include "front/http/request.h"

#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static const char FORM[] = "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW";

TEST(a_form_with_a_file_is_read)
{
    struct http_parts parts;
    struct str body = S("------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
                        "Content-Disposition: form-data; name=\"slug\"\r\n\r\n"
                        "kế-hoạch\r\n"
                        "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
                        "Content-Disposition: form-data; name=\"document\"; filename=\"Nghị quyết %2206%22.docx\"\r\n"
                        "Content-Type: application/octet-stream\r\n\r\n"
                        "PK\x03\x04\0\r\n--\xff\r\n\r\n"
                        "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
                        "Content-Disposition: form-data; name=\"other\"; filename=\"\"\r\n"
                        "Content-Type: application/octet-stream\r\n\r\n\r\n"
                        "------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n");
    CHECK_OK(http_read_multipart(c, str_of(FORM), body, &parts));
    CHECK_INT(parts.n, 3);
    CHECK_STR(http_part(&parts, "slug")->body, S("kế-hoạch"));
    CHECK(!http_part(&parts, "slug")->filename.p && !http_part(&parts, "slug")->type.p);
    const struct http_part *file = http_part(&parts, "document");
    CHECK_STR(file->filename, S("Nghị quyết \"06\".docx"));
    CHECK_STR(file->type, S("application/octet-stream"));
    CHECK_STR(file->body, S("PK\x03\x04\0\r\n--\xff\r\n"));
    CHECK(http_part(&parts, "other")->filename.p && http_part(&parts, "other")->filename.n == 0);
    CHECK_INT(http_part(&parts, "other")->body.n, 0);
    CHECK(!http_part(&parts, "Slug"));
}

/* A body with the boundary "b", written with "|" for each line break. */
static struct str lines(struct ctx *c, const char *text)
{
    char *p = NEWN(c->arena, char, 2 * strlen(text) + 1);
    size_t n = 0;
    for (; *text; text++) {
        if (*text == '|')
            p[n++] = '\r';
        p[n++] = *text == '|' ? '\n' : *text;
    }
    return (struct str){p, n};
}

#define DISPOSITION "Content-Disposition: form-data; name=a|"

TEST(what_other_writers_do_well_is_taken)
{
    static const struct {
        const char *type, *body, *want; /* the first part's body */
        size_t n;
    } good[] = {
        {"multipart/form-data;boundary=b", "--b|" DISPOSITION "|x|--b--", "x", 1},
        {"Multipart/Form-Data; charset=utf-8; BOUNDARY=\"b\"", "--b|" DISPOSITION "|x|--b--|", "x", 1},
        {"multipart/form-data; boundary=b", "--b--|", NULL, 0},
        {"multipart/form-data; boundary=b", "--b|content-disposition:form-data;name=\"a\"|X-Other: y||x|--b--|", "x",
         1},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "Content-Transfer-Encoding: 8bit||x|--b--|", "x", 1},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "||--b|" DISPOSITION "|y|--b--|", "", 2},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "||--|--c|--b--|", "|--|--c", 1},
        {"multipart/form-data; boundary=b",
         "--b|Content-Disposition: form-data; name=\"a\"; filename=\"C:\\k\\\"; filename*=UTF-8''d||x|--b--|", "x", 1},
        {"multipart/form-data; boundary=\"a (b)?\"", "--a (b)?|" DISPOSITION "|x|--a (b)?--|", "x", 1},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct http_parts parts;
        if (http_read_multipart(c, str_of(good[i].type), lines(c, good[i].body), &parts))
            test_failed(__FILE__, __LINE__, "%s: %.*s", good[i].body, ARGS(c->error.message));
        CHECK_INT(parts.n, good[i].n);
        if (good[i].want)
            CHECK_STR(http_part(&parts, "a")->body, lines(c, good[i].want));
    }
}

TEST(what_is_broken_is_refused)
{
    static const struct {
        const char *type, *body;
    } bad[] = {
        {"application/x-www-form-urlencoded", "a=b"},
        {"multipart/form-data", "--b--"},
        {"multipart/mixed; boundary=b", "--b--"},
        {"multipart/form-data; boundary=", "----"},
        {"multipart/form-data; boundary=\"\"", "----"},
        {"multipart/form-data; boundary=\"b", "--b--"},
        {"multipart/form-data; boundary=\"b \"", "--b --"},
        {"multipart/form-data; boundary=b; boundary=c", "--b--"},
        {"multipart/form-data; boundary=b c", "--b--"},
        {"multipart/form-data boundary=b", "--b--"},
        {"multipart/form-data; boundary=\xc4\x91", "--\xc4\x91--"},
        {"multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789_", "--"},
        {"multipart/form-data; boundary=b", ""},
        {"multipart/form-data; boundary=b", "--b"},
        {"multipart/form-data; boundary=b", "--B--"},
        {"multipart/form-data; boundary=b", "|--b--"},
        {"multipart/form-data; boundary=b", "before|--b|" DISPOSITION "|x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|x"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|x|--b"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|x|--b-"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|x|--b--|after"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|x|--b--||"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|x|--bc|y|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|--b|" DISPOSITION "|x|--b--"},
        {"multipart/form-data; boundary=b", "--b |" DISPOSITION "|x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "--b--"},
        {"multipart/form-data; boundary=b", "--b||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Type: text/plain||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: attachment; name=a||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data; name=\"a||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data; name=\"a\"b||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data; name=\"a\\\"b\"||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data; name=a; name=b||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data; name=\"\xff\"||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|Content-Disposition: form-data; name=\"a\tb\"||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION DISPOSITION "|x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION " folded|x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "no colon||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "a b: c||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "X: a\nb||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "Content-Type: a|Content-Type: b||x|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "Content-Transfer-Encoding: base64||eA==|--b--"},
        {"multipart/form-data; boundary=b", "--b|" DISPOSITION "|\xff|--b--"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_parts parts = {.n = 77};
        if (http_read_multipart(c, str_of(bad[i].type), lines(c, bad[i].body), &parts) != E_INVALID)
            test_failed(__FILE__, __LINE__, "taken: %s: %s", bad[i].type, bad[i].body);
        CHECK_INT(parts.n, 77);
        CHECK(str_starts(c->error.message, S("Không đọc được biểu mẫu gửi lên")));
    }
    struct http_parts parts;
    CHECK_ERR(http_read_multipart(c, (struct str){0}, S("--b--"), &parts), E_INVALID);
    struct str nul = S("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\0y\r\n--b--");
    CHECK_ERR(http_read_multipart(c, S("multipart/form-data; boundary=b"), nul, &parts), E_INVALID);
}

static struct str repeated(struct ctx *c, const char *before, const char *text, size_t n, const char *after)
{
    struct out o;
    out_init(&o, c->arena, SIZE_MAX);
    out_put(&o, lines(c, before));
    for (size_t i = 0; i < n; i++)
        out_put(&o, lines(c, text));
    out_put(&o, lines(c, after));
    return out_str(&o);
}

TEST(parts_and_their_headers_have_limits)
{
    struct http_parts parts;
    struct str type = S("multipart/form-data; boundary=b");
    const char *part = "|" DISPOSITION "|x|--b",
               *header = "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy|";
    CHECK_OK(http_read_multipart(c, type, repeated(c, "--b", part, PARTS_MAX, "--|"), &parts));
    CHECK_INT(parts.n, PARTS_MAX);
    CHECK_ERR(http_read_multipart(c, type, repeated(c, "--b", part, PARTS_MAX + 1, "--|"), &parts), E_INVALID);
    CHECK_OK(http_read_multipart(c, type, repeated(c, "--b|" DISPOSITION, header, 15, "|x|--b--"), &parts));
    CHECK_ERR(http_read_multipart(c, type, repeated(c, "--b|" DISPOSITION, header, 17, "|x|--b--"), &parts), E_INVALID);
    const char *name = "--b|Content-Disposition: form-data; name=a; filename=\"";
    CHECK_OK(http_read_multipart(c, type, repeated(c, name, "tệp ", 500, "\"||x|--b--"), &parts));
    CHECK_INT(parts.v[0].filename.n, 500 * 6);
    CHECK_ERR(http_read_multipart(c, type, repeated(c, name, "tệp ", 700, "\"||x|--b--"), &parts), E_INVALID);
    /* 8 MB of what looks like a boundary nearly all the way is read in one pass. */
    struct str close = repeated(c, "--b|" DISPOSITION "|", "|--", 2 << 20, "|--b--");
    CHECK_OK(http_read_multipart(c, type, close, &parts));
}
