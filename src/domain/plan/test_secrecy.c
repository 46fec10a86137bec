/* Documents that carry a mark of secrecy, and those that only speak of secrets. */
#include "domain/plan/secrecy.h"

#include "test/test.h"

#include "base/banned.h"

static enum err judge(struct ctx *c, const char *name, struct str text)
{
    struct document document;
    CHECK_OK(document_parse(c, text, str_of(name), &document));
    return secrecy_refuse(c, &document);
}

TEST(a_mark_in_the_head_is_refused_with_its_line)
{
    static const char *const marks[] = {"MẬT",     "TỐI MẬT",         "TUYỆT MẬT", "**MẬT**", "Độ mật: Tối mật",
                                        "( MẬT )", "T U Y Ệ T  M Ậ T"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        struct str text =
            str_fmt(c->arena, "TỈNH ỦY NINH BÌNH\n\nSố: 12-KH/TU\n\n%s\n\nKẾ HOẠCH\n\nI. MỤC ĐÍCH\n", marks[i]);
        CHECK_INT(judge(c, "ke-hoach.txt", text), E_INVALID);
        CHECK(str_has(c->error.message, S("dòng 5")));
        CHECK(str_has(c->error.message, S("ke-hoach.txt")));
        CHECK_STR(c->error.field, S("file"));
    }
    CHECK_INT(
        judge(
            c, "a.md",
            S("| TỈNH ỦY | ĐẢNG CỘNG SẢN VIỆT NAM |\n|---|---|\n| Số 1-KH/TU<br>TỐI MẬT | Ninh Bình |\n\nKẾ HOẠCH\n")),
        E_INVALID);
}

TEST(words_about_secrets_are_none)
{
    CHECK_OK(judge(c, "a.md",
                   S("# KẾ HOẠCH\n\n## I. BẢO MẬT\n\n1. Bảo vệ bí mật nhà nước, bảo mật thông tin.\n\n- An toàn, bảo "
                     "mật\n- Tài liệu "
                     "mật được xử lý riêng.\n- MẶT TRẬN\n")));
    /* Far below the head it is a word in a list, not a stamp. */
    struct str text = S("KẾ HOẠCH\n\n");
    for (int i = 0; i < 80; i++)
        text = str_fmt(c->arena, "%.*sDòng thứ %d của kế hoạch.\n\n", ARGS(text), i);
    CHECK_OK(judge(c, "a.md", str_fmt(c->arena, "%.*sMẬT\n", ARGS(text))));
}

TEST(the_plan_that_is_shipped_is_taken)
{
    CHECK_OK(judge(c, "ninh-binh-06-nq-tu.md", test_read_file(c, "data/plans/ninh-binh-06-nq-tu.md")));
}
