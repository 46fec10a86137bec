#include "base/viet.h"
#include "test/test.h"

#include <string.h>

#include <stdlib.h>
#include <utf8proc.h>

#include "base/banned.h"

/* Expectations: Unicode's normal forms and the spelling and dictionary order of Vietnamese, not the program's output.
 */

TEST(nfc_composes_letters_typed_as_pieces)
{
    CHECK_STR(viet_nfc(c->arena, S("Tie\u0302\u0301ng Vie\u0323\u0302t")), S("Tiếng Việt"));
    CHECK_STR(viet_nfc(c->arena, S("u\u031b\u0323")), S("ự"));
    CHECK_STR(viet_nfc(c->arena, S("\u1ea1\u0306")), S("ặ"));
    CHECK_STR(viet_nfc(c->arena, S("Đường")), S("Đường"));
    CHECK_STR(viet_nfc(c->arena, S("\u212bngstr\u00f6m")), S("Ångström"));
    CHECK_STR(viet_nfc(c->arena, S("")), S(""));
}

TEST(nfc_knows_one_blank_and_one_line_end)
{
    CHECK_STR(viet_nfc(c->arena, S("a\u00a0b\u2009c\u3000d\u202fe\ff")), S("a b c d e f"));
    CHECK_STR(viet_nfc(c->arena, S("x\u200by\ufeffz\u00adw\u200e")), S("xyzw"));
    CHECK_STR(viet_nfc(c->arena, S("m\u1ed9t\r\nhai\rba\tb\u1ed1n\n")), S("một\nhai\nba\tbốn\n"));
    CHECK_STR(viet_nfc(c->arena, S("a\x01"
                                   "b\x7f"
                                   "c\xc2\x85"
                                   "d")),
              S("abc d"));
}

/* UAX #15: marks stand in the order of their classes (below, 220, before above, 230), those of one class as they came.
 * However many there are on one letter, it takes no time to speak of. */
TEST(nfc_orders_any_number_of_marks)
{
    CHECK_STR(viet_nfc(c->arena, S("q\u0307\u0323")), S("q\u0323\u0307"));
    CHECK_STR(viet_nfc(c->arena, S("q\u0301\u0323\u0300\u0331")), S("q\u0323\u0331\u0301\u0300"));
    CHECK_STR(viet_nfc(c->arena, S("e\u0301\u0323\u0302 x")), S("\u1eb9\u0301\u0302 x"));
    enum { PAIRS = 400000 };
    char *text = NEWN(c->arena, char, 4 * PAIRS + 1);
    text[0] = 'q';
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(text + 1 + 4 * i, "\u0307\u0323", 4);
    struct str once = viet_nfc(c->arena, (struct str){text, 4 * PAIRS + 1});
    CHECK_INT(once.n, 4 * PAIRS + 1);
    CHECK(str_starts(once, S("q\u0323\u0323")) && str_ends(once, S("\u0307\u0307")));
    CHECK_STR(viet_nfc(c->arena, once), once);
}

/* Every rune there is, alone and after a letter: normalising twice changes nothing more; folding twice neither. */
TEST(normal_form_and_fold_are_stable_for_every_rune)
{
    for (uint32_t r = 1; r <= 0x10ffff; r++) {
        if (r >= 0xd800 && r <= 0xdfff)
            continue;
        struct arena_mark mark = arena_mark(c->arena);
        char text[16] = "o";
        struct str s = {text, 1 + str_put_rune(text + 1, r)};
        struct str once = viet_nfc(c->arena, s);
        CHECK_STR(viet_nfc(c->arena, once), once);
        struct str folded = viet_fold_text(c->arena, once);
        CHECK(str_is_utf8(folded, NULL));
        CHECK_STR(viet_fold_text(c->arena, folded), folded);
        struct str placed = viet_tone(c->arena, once);
        CHECK_STR(viet_tone(c->arena, placed), placed);
        arena_rewind(c->arena, mark);
    }
}

static void same_tone(struct ctx *c, const char *old, const char *wanted)
{
    CHECK_STR(viet_tone(c->arena, str_of(old)), str_of(wanted));
    CHECK_STR(viet_tone(c->arena, str_of(wanted)), str_of(wanted));
}

TEST(both_tone_mark_styles_become_one)
{
    same_tone(c, "hoà", "hòa");
    same_tone(c, "khoẻ", "khỏe");
    same_tone(c, "thuỷ", "thủy");
    same_tone(c, "Uỷ ban", "Ủy ban");
    same_tone(c, "UỶ BAN", "ỦY BAN");
    same_tone(c, "TOÀ ÁN", "TÒA ÁN");
    same_tone(c, "luỹ, tuỳ, huỵ", "lũy, tùy, hụy");
    same_tone(c, "Hoá, goá, loã, hoạ", "Hóa, góa, lõa, họa");
}

TEST(words_with_one_place_for_the_mark_stay)
{
    static const char *const words[] = {"quý",   "quà",   "quả",   "Quỹ",    "QUÝ",   "quốc", "giá",  "già",  "gì",
                                        "gìn",   "giữ",   "giếng", "thuở",   "huơ",   "quờ",  "hoàn", "toán", "khoẻn",
                                        "ngoáy", "khoèo", "ngoài", "khuỷu",  "huýt",  "suýt", "thuế", "huệ",  "thuần",
                                        "của",   "mùa",   "lúa",   "mía",    "nghĩa", "nước", "được", "rượu", "muối",
                                        "nguồn", "khuya", "quyết", "chuyển", "xoong", "oà",   NULL};
    for (size_t i = 0; words[i]; i++) {
        struct str placed = viet_tone(c->arena, str_of(words[i]));
        CHECK_STR(placed, strcmp(words[i], "oà") == 0 ? S("òa") : str_of(words[i]));
    }
}

TEST(slips_of_the_mark_are_put_right)
{
    same_tone(c, "qúy", "quý");
    same_tone(c, "qùa", "quà");
    same_tone(c, "qủa", "quả");
    same_tone(c, "qúyêt", "quyết");
    same_tone(c, "gía", "giá");
    same_tone(c, "thủơ", "thuở");
    same_tone(c, "hòan tòan", "hoàn toàn");
    same_tone(c, "thúê", "thuế");
    same_tone(c, "QÚY", "QUÝ");
    same_tone(c, "qùy", "quỳ"); /* one byte longer */
}

TEST(what_is_no_syllable_is_left_alone)
{
    same_tone(c, "jwoà", "jwoà");
    same_tone(c, "hoàbìnhquê", "hoàbìnhquê");
    same_tone(c, "06-NQ/TU, 5G, AI", "06-NQ/TU, 5G, AI");
    same_tone(c, "", "");
}

TEST(fold_finds_duong_in_any_spelling)
{
    CHECK_STR(viet_fold_text(c->arena, S("Đường")), S("duong"));
    CHECK_STR(viet_fold_text(c->arena, S("ĐƯỜNG")), S("duong"));
    CHECK_STR(viet_fold_text(c->arena, S("Ủy ban nhân dân xã Quỳnh Lưu")), S("uy ban nhan dan xa quynh luu"));
    CHECK_STR(viet_fold_text(c->arena, S("“2026 – 2030”\n\t‘a’")), S("\"2026 - 2030\" 'a'"));
    CHECK_STR(viet_fold_text(c->arena, S("Straße ﬁn Ñandú")), S("strasse fin nandu"));
    CHECK_STR(viet_fold_text(c->arena, S("ăâêôơư ẰẤỀỐỜỨ")), S("aaeoou aaeoou"));
    CHECK_STR(viet_fold_text(c->arena, S("일본 日本")), S("일본 日本"));
}

TEST(fold_keeps_the_way_back)
{
    struct str text = S("Tỉnh ủy  –  Hoa Lư");
    struct folded f = viet_fold(c->arena, text);
    CHECK_STR(f.s, S("tinh uy - hoa lu"));
    CHECK_INT(f.at[f.s.n], (long long)text.n);
    for (size_t i = 0; i < f.s.n; i++)
        CHECK(f.at[i] <= f.at[i + 1]);
    size_t hit = str_find(f.s, S("hoa lu"), 0);
    CHECK_STR(folded_original(&f, hit, hit + 6), S("Hoa Lư"));
    CHECK_STR(folded_original(&f, 0, 7), S("Tỉnh ủy"));
    CHECK_STR(folded_original(&f, 0, f.s.n), text);
    struct folded empty = viet_fold(c->arena, S(""));
    CHECK_INT((long long)empty.s.n, 0);
    CHECK_INT(empty.at[0], 0);
}

TEST(capital)
{
    CHECK_STR(viet_capital(c->arena, S("đất đai")), S("Đất đai"));
    CHECK_STR(viet_capital(c->arena, S("ủy ban")), S("Ủy ban"));
    CHECK_STR(viet_capital(c->arena, S("Ủy")), S("Ủy"));
    CHECK_STR(viet_capital(c->arena, S("")), S(""));
    CHECK_STR(viet_capital(c->arena, S("5G")), S("5G"));
}

/* In the order in which a Vietnamese dictionary or directory has them. */
TEST(directory_order)
{
    static const char *const sorted[] = {
        "",    "10",  "9",   "A",       "a b",     "an",  "án", "ăn", "ân",   "ba",   "bà",   "bả", "bã",
        "bá",  "Bá",  "bạ",  "Ba Đình", "bạ đình", "bac", "ca", "da", "đa",   "đá",   "em",   "êm", "ga",
        "ha",  "hoa", "hòa", "hoan",    "ích",     "Kim", "la", "ma", "na",   "no",   "nô",   "nơ", "pa",
        "quý", "ra",  "sa",  "ta",      "tu",      "tư",  "va", "xa", "y tế", "Zalo", "日本", NULL};
    for (size_t i = 0; sorted[i]; i++)
        for (size_t k = 0; sorted[k]; k++) {
            struct str a = str_of(sorted[i]), b = str_of(sorted[k]);
            int want = (i > k) - (i < k);
            if (viet_cmp(a, b) != want)
                test_failed(__FILE__, __LINE__, "\"%s\" against \"%s\": got %d, want %d", sorted[i], sorted[k],
                            viet_cmp(a, b), want);
            int by_key = str_cmp(viet_sort_key(c->arena, a), viet_sort_key(c->arena, b));
            if ((by_key > 0) - (by_key < 0) != want)
                test_failed(__FILE__, __LINE__, "keys of \"%s\" and \"%s\": got %d, want %d", sorted[i], sorted[k],
                            by_key, want);
        }
}

TEST(a_tone_counts_only_when_all_letters_are_equal)
{
    CHECK(viet_cmp(S("Hòa An"), S("Hoa Ban")) < 0);
    CHECK(viet_cmp(S("Hoa Lư"), S("Hòa Lư")) < 0);
    CHECK(viet_cmp(S("hòa"), S("HÒA")) < 0);
    CHECK(viet_cmp(S("Gia Viễn"), S("Gia Viễn")) == 0);
}

TEST(sort_key_is_hex_text)
{
    struct str key = viet_sort_key(c->arena, S("Hoa Lư 2 日"));
    CHECK(key.n > 0 && key.n % 2 == 0);
    for (size_t i = 0; i < key.n; i++)
        CHECK(strchr("0123456789abcdef", key.p[i]) != NULL);
}

/* Every Latin letter folds to what Unicode decomposes it to: the look-up for the common ones agrees with the rule. */
TEST(every_latin_letter_folds_to_its_base)
{
    for (uint32_t r = 0xc0; r < 0x1f00; r = r == 0x24f ? 0x1e00 : r + 1) {
        char text[4], want[16];
        struct str letter = {text, str_put_rune(text, r)};
        utf8proc_int32_t parts[4];
        int boundary = 0;
        utf8proc_ssize_t n = utf8proc_decompose_char(
            (utf8proc_int32_t)r, parts, 4, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK, &boundary);
        CHECK(n >= 0 && n <= 4);
        size_t length = 0;
        for (utf8proc_ssize_t i = 0; i < n; i++)
            length += str_put_rune(want + length, (uint32_t)parts[i]);
        bool barred = r == 0xd0 || r == 0xf0 || r == 0x110 || r == 0x111;
        CHECK_STR(viet_fold_text(c->arena, letter), barred ? S("d") : ((struct str){want, length}));
    }
}

TEST(words_of_folded_text_are_letters_and_digits)
{
    static const char *const want[] = {"so", "06", "nq", "tu", "r", "d", "5", "000", "he", "\xce\xb1\xce\xb2"};
    struct str s = viet_fold_text(c->arena, S("Số 06-NQ/TU: (R&D) 5.000 – “hệ” \xf0\x9f\x98\x80 ΑΒ.")), word;
    size_t at = 0, n = 0;
    for (; viet_word(s, &at, &word); n++) {
        CHECK(n < sizeof want / sizeof *want);
        CHECK_STR(word, str_of(want[n]));
    }
    CHECK_INT(n, sizeof want / sizeof *want);
    CHECK_INT(at, s.n);
    CHECK(!viet_word(S(""), &(size_t){0}, &word) && !viet_word(S("- ?"), &(size_t){0}, &word));
}

TEST(a_word_typed_with_fewer_marks_is_closer_than_one_with_others)
{
    static const struct {
        const char *typed, *written;
        enum viet_closeness want;
    } pairs[] = {{"đường", "đường", VIET_SAME},    {"duong", "đường", VIET_LACKS},   {"đuong", "đường", VIET_LACKS},
                 {"đương", "đường", VIET_LACKS},   {"dường", "đường", VIET_LACKS},   {"đường", "dương", VIET_DIFFERS},
                 {"đường", "dưỡng", VIET_DIFFERS}, {"đường", "đương", VIET_DIFFERS}, {"đú", "đường", VIET_DIFFERS},
                 {"cá", "cấp", VIET_LACKS},        {"cầ", "cấp", VIET_DIFFERS},      {"hoá", "hoa", VIET_DIFFERS},
                 {"so", "số", VIET_LACKS},         {"sô", "số", VIET_LACKS},         {"sơ", "số", VIET_DIFFERS}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (viet_closeness(str_of(pairs[i].typed), str_of(pairs[i].written)) != pairs[i].want)
            test_failed(__FILE__, __LINE__, "%s, %s", pairs[i].typed, pairs[i].written);
}
