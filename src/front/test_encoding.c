#include "front/encoding.h"

#include "test/test.h"

#include <brotli/decode.h>
#include <string.h>
#include <zlib.h>

#include "base/banned.h"

TEST(a_client_gets_what_it_takes)
{
    static const struct {
        const char *accept;
        enum encoding want;
    } all[] = {{"gzip, deflate, br", ENCODING_BROTLI},
               {"gzip, deflate, br, zstd", ENCODING_BROTLI},
               {"gzip", ENCODING_GZIP},
               {"gzip;q=1.0, br;q=0", ENCODING_GZIP},
               {"br; q=0.000, gzip;q=0", ENCODING_NONE},
               {"identity", ENCODING_NONE},
               {"", ENCODING_NONE},
               {"*", ENCODING_BROTLI},
               {"br;q=0, *", ENCODING_GZIP},
               {"*;q=0", ENCODING_NONE},
               {"brown, gzipped", ENCODING_NONE},
               {" gzip ;q=0.5 ,", ENCODING_GZIP}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (encoding_accepted(str_of(all[i].accept)) != all[i].want)
            test_failed(__FILE__, __LINE__, "%s", all[i].accept);
    CHECK_INT(encoding_accepted((struct str){NULL, 0}), ENCODING_NONE);
}

TEST(what_is_made_smaller_is_the_same_again)
{
    struct str from = S("Nghị quyết giao nhiệm vụ cho các cơ quan. "), small;
    char text[42 * 200], back[sizeof text];
    struct str whole = {text, 0};
    for (; whole.n + from.n <= sizeof text; whole.n += from.n)
        memcpy(text + whole.n, from.p, from.n);
    size_t n = sizeof back;
    CHECK(encoding_make(c, ENCODING_BROTLI, whole, &small) && small.n < whole.n / 4);
    CHECK(BrotliDecoderDecompress(small.n, (const uint8_t *)small.p, &n, (uint8_t *)back) ==
          BROTLI_DECODER_RESULT_SUCCESS);
    CHECK_STR(((struct str){back, n}), whole);
    CHECK(encoding_make(c, ENCODING_GZIP, whole, &small) && small.n < whole.n / 4);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)small.p,
                  .avail_in = (uInt)small.n,
                  .next_out = (Bytef *)back,
                  .avail_out = sizeof back};
    CHECK(inflateInit2(&z, 15 + 16) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END);
    CHECK_STR(((struct str){back, z.total_out}), whole);
    inflateEnd(&z);
}

TEST(what_would_not_be_smaller_is_left_alone)
{
    char noise[2000];
    struct str small, whole = {noise, sizeof noise};
    c->source.random(c->source.arg, noise, sizeof noise);
    CHECK(!encoding_make(c, ENCODING_BROTLI, whole, &small) && !encoding_make(c, ENCODING_GZIP, whole, &small));
    CHECK(!encoding_make(c, ENCODING_BROTLI, S("ngắn"), &small) && !encoding_make(c, ENCODING_NONE, whole, &small));
}
