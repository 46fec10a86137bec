#include "document/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

static unsigned line_at(struct str s, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at && i < s.n; i++)
        line += s.p[i] == '\n' || (s.p[i] == '\r' && !(i + 1 < s.n && s.p[i + 1] == '\n'));
    return line;
}

enum legacy { LEGACY_NONE, LEGACY_TCVN3, LEGACY_VNI };

struct tally {
    unsigned high;        /* bytes or runes 0x80..0xff */
    unsigned tcvn;        /* of them, those TCVN3 uses for the commonest letters and VNI never does */
    unsigned after_vowel; /* of the others, those that follow a vowel, as VNI writes every mark */
};

static void count_rune(struct tally *t, uint32_t before, uint32_t r)
{
    bool letter_before = (before | 32) >= 'a' && (before | 32) <= 'z';
    t->high++;
    if ((r >= 0xa7 && r <= 0xae) || (r >= 0xb5 && r <= 0xbe && r != 0xbb))
        t->tcvn++;
    else if (r >= 0xc0 && letter_before && memchr("aeiouy", (int)(before | 32), 6))
        t->after_vowel++;
}

/* TCVN3 writes đ ă â ê ô ơ ư and the tones of a as 0xA8..0xBE, which are a third or more of its marks; VNI writes a
 * mark after its vowel. Twenty marks are enough to tell; fewer are an accident. */
static enum legacy judge(const struct tally *t)
{
    if (t->high < 20)
        return LEGACY_NONE;
    if (t->tcvn * 4 >= t->high)
        return LEGACY_TCVN3;
    return t->after_vowel * 2 >= t->high ? LEGACY_VNI : LEGACY_NONE;
}

static enum err fail_legacy(struct ctx *c, enum legacy legacy, struct str name, unsigned line)
{
    const char *what = legacy == LEGACY_TCVN3 ? "TCVN3 (ABC, phông .Vn…)" : "VNI-Windows (phông VNI-…)";
    return FAIL_AT(c, E_INVALID, name, line,
                   "văn bản dùng bảng mã cũ %s, không phải Unicode; hãy chuyển sang Unicode (UTF-8) rồi đọc lại "
                   "(legacy Vietnamese encoding)",
                   what);
}

static enum err fail_encoding(struct ctx *c, struct str s, struct str name, size_t at)
{
    struct tally t = {0};
    for (size_t i = 0; i < s.n && i < 1 << 16; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            count_rune(&t, i ? (unsigned char)s.p[i - 1] : 0, (unsigned char)s.p[i]);
    enum legacy legacy = judge(&t);
    unsigned line = line_at(s, at);
    if (legacy)
        return fail_legacy(c, legacy, name, line);
    if (s.p[at] == 0)
        return FAIL_AT(
            c, E_INVALID, name, line,
            "byte thứ %zu của tệp là 0x00: đây không phải tệp chữ, hoặc là UTF-16 không có BOM (not a text file)",
            at + 1);
    return FAIL_AT(c, E_INVALID, name, line,
                   "byte thứ %zu của tệp (0x%02X) không phải UTF-8; nếu đây là văn bản, hãy lưu lại bằng bảng mã UTF-8 "
                   "(not UTF-8)",
                   at + 1, (unsigned char)s.p[at]);
}

static enum err decode_utf16(struct ctx *c, struct str s, struct str name, bool big, struct str *ret)
{
    char *text = NEWN(c->arena, char, s.n / 2 * 3 + 4);
    size_t n = 0;
    unsigned line = 1;
    for (size_t at = 2; at + 1 < s.n; at += 2) {
        uint32_t r = (uint32_t)(unsigned char)s.p[at + big] | (uint32_t)(unsigned char)s.p[at + !big] << 8;
        if (r >= 0xd800 && r < 0xdc00 && at + 3 < s.n) {
            uint32_t low = (uint32_t)(unsigned char)s.p[at + 2 + big] | (uint32_t)(unsigned char)s.p[at + 2 + !big]
                                                                            << 8;
            if (low >= 0xdc00 && low < 0xe000) {
                r = 0x10000 + ((r - 0xd800) << 10) + (low - 0xdc00);
                at += 2;
            }
        }
        if (r == 0 || (r >= 0xd800 && r < 0xe000))
            return FAIL_AT(c, E_INVALID, name, line, "byte thứ %zu của tệp: mã UTF-16 hỏng (damaged UTF-16)", at + 1);
        line += r == '\n';
        n += str_put_rune(text + n, r);
    }
    if (s.n % 2)
        return FAIL_AT(c, E_INVALID, name, line, "tệp UTF-16 bị cắt giữa một chữ (damaged UTF-16)");
    *ret = (struct str){text, n};
    return OK;
}

enum err decode_text(struct ctx *c, struct str content, struct str name, struct str *ret)
{
    if (str_starts(content, S("\xff\xfe")))
        return decode_utf16(c, content, name, false, ret);
    if (str_starts(content, S("\xfe\xff")))
        return decode_utf16(c, content, name, true, ret);
    struct str text = str_starts(content, S("\xef\xbb\xbf")) ? str_skip(content, 3) : content;
    size_t bad = 0;
    if (!str_is_utf8(text, &bad))
        return fail_encoding(c, content, name, bad + (content.n - text.n));
    *ret = text;
    return OK;
}

/* Latin letters and signs that stand for TCVN3 or VNI marks; `true` Vietnamese letters outside Latin-1 say it is not.
 */
static bool count_text(struct tally *t, struct str s)
{
    uint32_t before = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t r = str_rune(s, &at);
        if ((r >= 0x1ea0 && r <= 0x1ef9) || r == 0x110 || r == 0x111 || r == 0x1a1 || r == 0x1b0)
            return false;
        if (r >= 0x80 && r < 0x100)
            count_rune(t, before, r);
        before = r;
    }
    return true;
}

enum err refuse_legacy(struct builder *b)
{
    struct tally t = {0};
    for (size_t i = 0; i < b->n; i++) {
        const struct block *block = &b->v[i];
        if (!count_text(&t, block->text))
            return OK;
        for (size_t k = 0; k < block->n_cells; k++)
            if (!count_text(&t, block->cells[k].text))
                return OK;
        if (t.high >= 400)
            break;
    }
    enum legacy legacy = judge(&t);
    return legacy ? fail_legacy(b->c, legacy, b->name, b->n ? b->v[0].line : 0) : OK;
}
