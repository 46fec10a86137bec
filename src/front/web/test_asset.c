#include "front/web/asset.h"
#include "test/test.h"

#include <brotli/decode.h>
#include <expat.h>
#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "base/banned.h"

static const struct asset *named(const char *name)
{
    for (size_t i = 0; i < asset_table_n; i++)
        if (str_eq(asset_table[i].name, str_of(name)))
            return &asset_table[i];
    test_failed(__FILE__, __LINE__, "no asset %s", name);
}

TEST(an_address_names_its_content)
{
    CHECK(asset_table_n > 5);
    for (size_t i = 0; i < asset_table_n; i++) {
        const struct asset *a = &asset_table[i];
        unsigned char hash[crypto_hash_sha256_BYTES];
        char hex[2 * sizeof hash + 1];
        crypto_hash_sha256(hash, (const unsigned char *)a->content.p, a->content.n);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        CHECK(a->content.n && str_starts(a->path, S("/assets/")));
        CHECK(str_has(a->path, str_head(str_of(hex), 16)));
        CHECK(asset_find(a->path) == a);
    }
    CHECK(!asset_find(S("/assets/hoalu.css")) && !asset_find(S("")) &&
          !asset_find(S("/assets/hoalu.0123456789abcdef.css")));
    CHECK(asset_find(ASSET_hoalu_css.s) == named("hoalu.css"));
}

TEST(what_is_compressed_is_the_same)
{
    unsigned n = 0;
    for (size_t i = 0; i < asset_table_n; i++) {
        const struct asset *a = &asset_table[i];
        char *p = NEWN(c->arena, char, a->content.n + 1);
        if (a->gzip.n) {
            z_stream z = {.next_in = (unsigned char *)a->gzip.p, .avail_in = (unsigned)a->gzip.n};
            z.next_out = (unsigned char *)p;
            z.avail_out = (unsigned)a->content.n + 1;
            CHECK(inflateInit2(&z, 15 + 16) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END);
            CHECK_STR(((struct str){p, z.total_out}), a->content);
            inflateEnd(&z);
            /* no name and no time of a file in the header */
            CHECK(memcmp(a->gzip.p + 3, "\0\0\0\0\0", 5) == 0);
            n++;
        }
        if (a->brotli.n) {
            size_t size = a->content.n;
            CHECK(BrotliDecoderDecompress(a->brotli.n, (const uint8_t *)a->brotli.p, &size, (uint8_t *)p) ==
                  BROTLI_DECODER_RESULT_SUCCESS);
            CHECK_STR(((struct str){p, size}), a->content);
            CHECK(a->brotli.n < a->gzip.n);
        }
    }
    CHECK(n >= 2 && named("hoalu.css")->brotli.n);
}

/* Nothing is fetched from elsewhere, and what the style sheet names is there. */
TEST(the_style_sheet_finds_its_fonts)
{
    struct str css = named("hoalu.css")->content;
    unsigned n = 0;
    for (size_t at = 0; (at = str_find(css, S("url("), at)) != SIZE_MAX; at++, n++) {
        size_t end = str_find(css, S("\")"), at);
        CHECK(end != SIZE_MAX && str_starts(str_skip(css, at), S("url(\"/assets/")));
        const struct asset *font = asset_find(str_slice(css, at + 5, end));
        CHECK(font && str_eq(font->type, S("font/woff2")) && str_starts(font->content, S("wOF2")));
    }
    CHECK_INT(n, 6);
    CHECK(!str_has(css, S("//")) && !str_has(css, S("@import")));
}

TEST(every_status_has_its_icon)
{
    static const char *const ids[] = {"s-not",  "s-prog", "s-wait",  "s-done",  "s-susp", "t-ok",
                                      "t-soon", "t-over", "t-worst", "t-nodl",  "t-beat", "i-none",
                                      "i-off",  "i-risk", "i-stale", "i-track", "q-dec",  "logo"};
    struct str svg = named("icons.svg")->content;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!str_has(svg, str_fmt(c->arena, "<symbol id=\"%s\"", ids[i])))
            test_failed(__FILE__, __LINE__, "no icon %s", ids[i]);
}

/* A browser shows nothing at all of an SVG file that is not well-formed XML. */
TEST(drawings_are_xml)
{
    for (size_t i = 0; i < asset_table_n; i++) {
        const struct asset *a = &asset_table[i];
        if (!str_ends(a->name, S(".svg")))
            continue;
        XML_Parser parser = XML_ParserCreate(NULL);
        if (XML_Parse(parser, a->content.p, (int)a->content.n, 1) != XML_STATUS_OK)
            test_failed(__FILE__, __LINE__, "%.*s:%lu: %s", ARGS(a->name), XML_GetCurrentLineNumber(parser),
                        XML_ErrorString(XML_GetErrorCode(parser)));
        XML_ParserFree(parser);
    }
}
