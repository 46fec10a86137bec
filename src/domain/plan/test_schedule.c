/* What an office clerk would answer when asked "when is it due?", for the ways plans say it. The expectations are read
 * off a calendar, not off the program. Cases marked (plan) are the wording of the first user's document. */
#include "domain/plan/schedule.h"
#include "base/viet.h"
#include "test/test.h"

#include <string.h>
#include <time.h>

#include "base/banned.h"

struct expected {
    const char *text;
    const char *is;     /* kind [start]..[due] */
    const char *phases; /* the same for each, parted by " | "; NULL: no phases */
};

static const char *said(struct ctx *c, struct str kind, int32_t start, int32_t due)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    struct str a = day_text(start, from), b = day_text(due, to);
    if (!a.n && !b.n)
        return str_z(c->arena, kind);
    return str_fmt(c->arena, "%.*s %.*s..%.*s", ARGS(kind), ARGS(a), ARGS(b)).p;
}

static void check_all(struct ctx *c, const struct expected *v, size_t n)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < n; i++) {
        struct schedule s;
        struct str text = str_of(v[i].text), phases = S("");
        schedule_read(c, text, 2026, &s);
        for (size_t k = 0; k < s.phases.n; k++) {
            const struct phase *p = &s.phases.v[k];
            phases = str_fmt(c->arena, "%.*s%s%s", ARGS(phases), k ? " | " : "", said(c, p->kind, p->start, p->due));
        }
        const char *got = said(c, s.kind, s.start, s.due);
        if (strcmp(got, v[i].is) != 0 || !str_eq(phases, str_of(v[i].phases))) {
            fprintf(stderr, "# \"%s\": got %s [%.*s], want %s [%s]\n", v[i].text, got, ARGS(phases), v[i].is,
                    v[i].phases ? v[i].phases : "");
            wrong++;
        }
    }
    CHECK_INT(wrong, 0);
}
#define CHECK_ALL(table) check_all(c, (table), sizeof(table) / sizeof *(table))

TEST(one_date_is_a_deadline)
{
    static const struct expected v[] = {
        {"2025", "deadline ..2025-12-31", NULL},
        {"Năm 2026", "deadline ..2026-12-31", NULL},
        {"năm 2026.", "deadline ..2026-12-31", NULL},
        {"Trong năm 2026", "deadline ..2026-12-31", NULL},
        {"TRONG NĂM 2026", "deadline ..2026-12-31", NULL},
        {"Hết năm 2027", "deadline ..2027-12-31", NULL},
        {"Đến hết năm 2027", "deadline ..2027-12-31", NULL},
        {"Đến năm 2030", "deadline ..2030-12-31", NULL},
        {"12/2025", "deadline ..2025-12-31", NULL},
        {"6/2025", "deadline ..2025-06-30", NULL},
        {"06/2025", "deadline ..2025-06-30", NULL},
        {"02/2028", "deadline ..2028-02-29", NULL},
        {"Tháng 5/2025", "deadline ..2025-05-31", NULL},
        {"T5/2025", "deadline ..2025-05-31", NULL},
        {"T.12/2026", "deadline ..2026-12-31", NULL},
        {"tháng 12 năm 2026", "deadline ..2026-12-31", NULL},
        {"Tháng 6-2026", "deadline ..2026-06-30", NULL},
        {"tháng sáu năm 2026", "deadline ..2026-06-30", NULL},
        {"Tháng 11", "deadline ..2026-11-30", NULL},
        {"Quý II/2025", "deadline ..2025-06-30", NULL},
        {"Qúy II/2025", "deadline ..2025-06-30", NULL},
        {"quý 2 năm 2026", "deadline ..2026-06-30", NULL},
        {"Quý IV năm 2026", "deadline ..2026-12-31", NULL},
        {"Quý 3-2026", "deadline ..2026-09-30", NULL},
        {"Q3/2026", "deadline ..2026-09-30", NULL},
        {"QIII/2026", "deadline ..2026-09-30", NULL},
        {"QuýIV/2026", "deadline ..2026-12-31", NULL},
        {"III/2026", "deadline ..2026-09-30", NULL},
        {"Quý IV", "deadline ..2026-12-31", NULL},
        {"Trong quý II/2025", "deadline ..2025-06-30", NULL},
        {"30/6/2026", "deadline ..2026-06-30", NULL},
        {"30-06-2026", "deadline ..2026-06-30", NULL},
        {"30.6.2026", "deadline ..2026-06-30", NULL},
        {"30/6/26", "deadline ..2026-06-30", NULL},
        {"2026-06-30", "deadline ..2026-06-30", NULL},
        {"Ngày 30 tháng 6 năm 2026", "deadline ..2026-06-30", NULL},
        {"ngày 30 tháng 6", "deadline ..2026-06-30", NULL},
        {"30 tháng 6 năm 2026", "deadline ..2026-06-30", NULL},
        {"Đến ngày 31/12/2026", "deadline ..2026-12-31", NULL},
        {"Chậm nhất ngày 15/7/2026", "deadline ..2026-07-15", NULL},
        {"Chậm nhất là 15/07/2026", "deadline ..2026-07-15", NULL},
        {"muộn nhất vào ngày 20/11/2026", "deadline ..2026-11-20", NULL},
        {"Không quá 31/12/2026", "deadline ..2026-12-31", NULL},
        {"6 tháng đầu năm 2026", "deadline ..2026-06-30", NULL},
        {"6 tháng cuối năm 2026", "deadline ..2026-12-31", NULL},
        {"6 tháng cuối năm", "deadline ..2026-12-31", NULL},
        {"Sáu tháng đầu năm 2027", "deadline ..2027-06-30", NULL},
        {"9 tháng năm 2026", "deadline ..2026-09-30", NULL},
        {"nửa đầu năm 2027", "deadline ..2027-06-30", NULL},
        {"Đầu năm 2027", "deadline ..2027-03-31", NULL},
        {"Giữa năm 2027", "deadline ..2027-06-30", NULL},
        {"Cuối năm 2027", "deadline ..2027-12-31", NULL},
        {"Cuối năm", "deadline ..2026-12-31", NULL},
        {"Cuối quý III/2026", "deadline ..2026-09-30", NULL},
        {"Đầu quý III/2026", "deadline ..2026-07-31", NULL},
        {"đầu tháng 6/2026", "deadline ..2026-06-10", NULL},
        {"Trung tuần tháng 6/2026", "deadline ..2026-06-20", NULL},
        {"Từ nay đến hết năm 2026", "deadline ..2026-12-31", NULL},
        {"Trước 17h00 ngày 30/6/2026", "deadline ..2026-06-30", NULL},
        {"trước 17 giờ 00 ngày 30/6/2026", "deadline ..2026-06-30", NULL},
        {"Giai đoạn đến năm 2030", "deadline ..2030-12-31", NULL},
        {"Năm2026", "deadline ..2026-12-31", NULL},
        {"Quý hai năm 2026", "deadline ..2026-06-30", NULL},
        {"quý tư năm 2026", "deadline ..2026-12-31", NULL},
        {"trước 15 tháng 6", "deadline ..2026-06-14", NULL},
        {"Tuần 2 tháng 6/2026", "deadline ..2026-06-30", NULL},
        {"Trong năm", "deadline ..2026-12-31", NULL},
        {"Năm 2027 (Quý II)", "deadline ..2027-06-30", NULL},
        {"Quý II (năm 2027)", "deadline ..2027-06-30", NULL},
        {"Năm 2027, hoàn thành trong quý III", "deadline ..2027-09-30", NULL},
        {"Quý III (trước ngày 30/9/2026)", "deadline ..2026-09-29", NULL},
        {"Hạn cuối: 30/9/2026", "deadline ..2026-09-30", NULL},
        {"2026/06/30", "deadline ..2026-06-30", NULL},
    };
    CHECK_ALL(v);
}

TEST(before_ends_the_day_before)
{
    static const struct expected v[] = {
        {"Hoàn thành trước tháng 12/2026.", "deadline ..2026-11-30", NULL}, /* (plan) */
        {"trước tháng 12 năm 2026", "deadline ..2026-11-30", NULL},
        {"Trước ngày 15/6/2026", "deadline ..2026-06-14", NULL},
        {"trước 15/6/2026", "deadline ..2026-06-14", NULL},
        {"Trước ngày 01/7/2026", "deadline ..2026-06-30", NULL},
        {"Xong trước ngày 01/01/2027", "deadline ..2026-12-31", NULL},
        {"Trước năm 2027", "deadline ..2026-12-31", NULL},
        {"Trước quý III/2026", "deadline ..2026-06-30", NULL},
        {"chậm nhất trước ngày 15/6/2026", "deadline ..2026-06-14", NULL},
        {"Trước ngày 30/6", "deadline ..2026-06-29", NULL},
        {"trước 30/6", "deadline ..2026-06-29", NULL},
        {"Trước tháng 3/2028", "deadline ..2028-02-29", NULL},
        {"trước cuối năm 2026", "deadline ..2026-12-31", NULL},
    };
    CHECK_ALL(v);
}

TEST(a_stretch_is_a_period)
{
    static const struct expected v[] = {
        {"2026-2030.", "period 2026-01-01..2030-12-31", NULL},  /* (plan) */
        {"2026 - 2030", "period 2026-01-01..2030-12-31", NULL}, /* (plan) */
        {"2026 - 2027", "period 2026-01-01..2027-12-31", NULL}, /* (plan) */
        {"2026–2027", "period 2026-01-01..2027-12-31", NULL},
        {"2026 — 2027", "period 2026-01-01..2027-12-31", NULL},
        {"2026- 2027", "period 2026-01-01..2027-12-31", NULL},
        {"2026\xc2\xa0-\xc2\xa0"
         "2027",
         "period 2026-01-01..2027-12-31", NULL},
        {"2026-30", "period 2026-01-01..2030-12-31", NULL},
        {"Giai đoạn 2026 - 2030.", "period 2026-01-01..2030-12-31", NULL}, /* (plan) */
        {"Giai đoạn năm 2026-2030", "period 2026-01-01..2030-12-31", NULL},
        {"Năm 2026 - năm 2027", "period 2026-01-01..2027-12-31", NULL},
        {"Từ năm 2026 đến năm 2030", "period 2026-01-01..2030-12-31", NULL},
        {"từ 2026 đến hết 2030", "period 2026-01-01..2030-12-31", NULL},
        {"Từ năm 2026-2030", "period 2026-01-01..2030-12-31", NULL},
        {"2026 - 2030, định hướng đến 2035", "period 2026-01-01..2030-12-31", NULL},
        {"Giai đoạn 2026-2030, tầm nhìn đến năm 2045", "period 2026-01-01..2030-12-31", NULL},
        {"Năm 2026, 2027", "period 2026-01-01..2027-12-31", NULL},
        {"2026, 2027 và 2028", "period 2026-01-01..2028-12-31", NULL},
        {"Các năm 2026, 2027", "period 2026-01-01..2027-12-31", NULL},
        {"Quý I, II/2026", "period 2026-01-01..2026-06-30", NULL},
        {"quý III-IV/2026", "period 2026-07-01..2026-12-31", NULL},
        {"Quý 3 - 4/2026", "period 2026-07-01..2026-12-31", NULL},
        {"Quý II - Quý IV/2026", "period 2026-04-01..2026-12-31", NULL},
        {"Quý IV/2026 - Quý II/2027", "period 2026-10-01..2027-06-30", NULL},
        {"Quý IV/2026 và quý I/2027", "period 2026-10-01..2027-03-31", NULL},
        {"Tháng 3 - tháng 6/2026", "period 2026-03-01..2026-06-30", NULL},
        {"tháng 3-6/2026", "period 2026-03-01..2026-06-30", NULL},
        {"Tháng 11 - tháng 3/2027", "period 2026-11-01..2027-03-31", NULL},
        {"6/2026-12/2026", "period 2026-06-01..2026-12-31", NULL},
        {"12/2026 - 6/2027", "period 2026-12-01..2027-06-30", NULL},
        {"Từ ngày 01/6/2026 đến ngày 30/6/2026", "period 2026-06-01..2026-06-30", NULL},
        {"từ 01/6 đến 30/6/2026", "period 2026-06-01..2026-06-30", NULL},
        {"Ngày 5-10/6/2026", "period 2026-06-05..2026-06-10", NULL},
        {"Nhiệm kỳ 2025 - 2030", "period 2025-01-01..2030-12-31", NULL},
        {"Từ đầu năm 2026 đến cuối năm 2027", "period 2026-01-01..2027-12-31", NULL},
        {"Trong suốt năm 2026", "period 2026-01-01..2026-12-31", NULL},
        {"Năm học 2026 - 2027", "period 2026-09-01..2027-08-31", NULL},
        {"T5-T12/2026", "period 2026-05-01..2026-12-31", NULL},
        {"Q1, Q2/2026", "period 2026-01-01..2026-06-30", NULL},
        {"Quý I + II/2026", "period 2026-01-01..2026-06-30", NULL},
        {"01 - 30/6/2026", "period 2026-06-01..2026-06-30", NULL},
        {"5/2025 - hết 2026", "period 2025-05-01..2026-12-31", NULL},
        {"2026 → 2030", "period 2026-01-01..2030-12-31", NULL},
        {"2026...2030", "period 2026-01-01..2030-12-31", NULL},
        {"2026/2027", "period 2026-01-01..2027-12-31", NULL},
        {"03 năm (2026-2028)", "period 2026-01-01..2028-12-31", NULL},
        {"Đầu năm học 2026-2027", "period 2026-09-01..2027-08-31", NULL},
        {"Năm học 2026 - 2026", "none", NULL}, /* it would end before it began */
        {"Tháng 11 đến tháng 3", "period 2026-11-01..2027-03-31", NULL},
        {"Trong 5 năm 2026-2030", "period 2026-01-01..2030-12-31", NULL},
        {"Đề xuất và triển khai các nhiệm vụ, chương trình, dự án, đề án trong giai đoạn 2026-2030.",
         "period 2026-01-01..2030-12-31", NULL}, /* (plan) */
        {"Giai đoạn năm 2026-2030, phấn đấu thu hút một số doanh nghiệp lớn.", "period 2026-01-01..2030-12-31", NULL},
    };
    CHECK_ALL(v);
}

TEST(what_starts_and_has_no_end)
{
    static const struct expected v[] = {
        {"Năm 2026 và những năm tiếp theo.", "from 2026-01-01..", NULL}, /* (plan) */
        {"2025 và những năm tiếp theo", "from 2025-01-01..", NULL},
        {"Năm 2026 và các năm tiếp theo", "from 2026-01-01..", NULL},
        {"Năm 2026, các năm tiếp theo", "from 2026-01-01..", NULL},
        {"Năm 2026 và tiếp tục thực hiện trong các năm tiếp theo", "from 2026-01-01..", NULL},
        {"2026 trở đi", "from 2026-01-01..", NULL},
        {"Từ năm 2027", "from 2027-01-01..", NULL},
        {"từ 2027", "from 2027-01-01..", NULL},
        {"Từ năm 2026 trở đi", "from 2026-01-01..", NULL},
        {"Bắt đầu từ 25/7/2026", "from 2026-07-25..", NULL},
        {"Kể từ ngày 01/7/2026", "from 2026-07-01..", NULL},
        {"Từ quý III/2026", "from 2026-07-01..", NULL},
        {"Từ tháng 6 năm 2026", "from 2026-06-01..", NULL},
        {"Sau năm 2030", "from 2031-01-01..", NULL},
        {"Sau ngày 30/6/2026", "from 2026-07-01..", NULL},
        {"Đề xuất và triển khai các cơ chế, chính sách từ năm 2026.", "from 2026-01-01..", NULL},
        {"Quý II/2026 và các quý tiếp theo", "from 2026-04-01..", NULL},
    };
    CHECK_ALL(v);
}

TEST(what_comes_back)
{
    static const struct expected v[] = {
        {"Hằng năm.", "yearly", NULL}, /* (plan) */
        {"Hàng năm", "yearly", NULL},
        {"HẰNG NĂM", "yearly", NULL},
        {"Mỗi năm", "yearly", NULL},
        {"Thường niên", "yearly", NULL},
        {"Định kỳ hằng năm", "yearly", NULL},
        {"01 lần/năm", "yearly", NULL},
        {"Mỗi năm một lần", "yearly", NULL},
        {"31/12 hằng năm", "yearly", NULL},
        {"Trước ngày 15/12 hằng năm", "yearly", NULL},
        {"trước ngày 15 tháng 12 hàng năm", "yearly", NULL},
        {"Hằng năm, trước ngày 15/12", "yearly", NULL},
        {"Hằng năm (trước 31/12)", "yearly", NULL},
        {"Hằng năm báo cáo kết quả trước ngày 15/12", "yearly", NULL},
        {"Quý IV hằng năm", "yearly", NULL},
        {"Tháng 12 hàng năm", "yearly", NULL},
        {"Hằng quý", "quarterly", NULL},
        {"Hàng quý", "quarterly", NULL},
        {"Định kỳ hằng quý", "quarterly", NULL},
        {"03 tháng/lần", "quarterly", NULL},
        {"Ngày 25 tháng cuối quý", "quarterly", NULL},
        {"Hằng tháng", "monthly", NULL},
        {"hàng tháng, trước ngày 25", "monthly", NULL},
        {"Trước ngày 20 hằng tháng", "monthly", NULL},
        {"6 tháng", "half_yearly", NULL},
        {"06 tháng/lần", "half_yearly", NULL},
        {"Định kỳ 6 tháng", "half_yearly", NULL},
        {"6 tháng một lần", "half_yearly", NULL},
        {"02 lần/năm", "half_yearly", NULL},
        {"Mỗi năm 2 lần", "half_yearly", NULL},
        {"Trước ngày 15/6 và 15/12 hằng năm", "half_yearly", NULL},
        {"Hằng năm, giai đoạn 2026-2030", "yearly 2026-01-01..2030-12-31", NULL},
        {"Giai đoạn 2026-2030, hằng năm", "yearly 2026-01-01..2030-12-31", NULL},
        {"Hằng năm từ năm 2026", "yearly 2026-01-01..", NULL},
        {"Năm 2026 và hằng năm", "yearly 2026-01-01..", NULL},
        {"Hàng tuần", "continuous", NULL},
        {"Hằng năm, đến năm 2030", "yearly ..2030-12-31", NULL},
        {"Tháng 3, 6, 9, 12 hằng năm", "quarterly", NULL},
        {"Tối thiểu 01 lần/quý", "quarterly", NULL},
        {"Tháng, quý, năm", "monthly", "monthly | quarterly | yearly"},
        {"Định kỳ hàng tháng/quý/năm", "monthly", "monthly | quarterly | yearly"},
        {"Báo cáo 6 tháng trước ngày 15/6, báo cáo năm trước ngày 15/12", "half_yearly", "half_yearly | yearly"},
        {"Định kỳ 6 tháng, hằng năm", "half_yearly", "half_yearly | yearly"},
        {"6 tháng, năm", "half_yearly", "half_yearly | yearly"},
        {"6 tháng và hằng năm", "half_yearly", "half_yearly | yearly"},
        {"Định kỳ hằng quý, 6 tháng, năm", "quarterly", "quarterly | half_yearly | yearly"},
        {"Hằng tháng, hằng quý, 6 tháng, 9 tháng và năm", "monthly", "monthly | quarterly | half_yearly | yearly"},
        {"Định kỳ quý, 6 tháng, năm hoặc đột xuất theo yêu cầu", "quarterly",
         "quarterly | half_yearly | yearly | event"},
        {"Định kỳ 6 tháng (trước ngày 15/6), hằng năm (trước ngày 15/12)", "half_yearly", "half_yearly | yearly"},
    };
    CHECK_ALL(v);
}

TEST(continuous_relative_and_event)
{
    static const struct expected v[] = {
        {"Thường xuyên.", "continuous", NULL}, /* (plan) */
        {"Nhiệm vụ thường xuyên", "continuous", NULL},
        {"Thường xuyên, liên tục", "continuous", NULL},
        {"Liên tục", "continuous", NULL},
        {"Quanh năm", "continuous", NULL},
        {"Thường xuyên, giai đoạn 2026-2030", "continuous 2026-01-01..2030-12-31", NULL},
        {"Thường xuyên, ngay khi có các quy định của Trung ương.", "continuous", "continuous | event"}, /* (plan) */
        {"Thường xuyên, hằng năm", "yearly", "continuous | yearly"},
        {"20 ngày sau khi Tỉnh ủy ban hành văn bản", "relative", NULL},
        {"Trong vòng 30 ngày kể từ ngày ban hành Kế hoạch", "relative", NULL},
        {"Sau 12 tháng", "relative", NULL},
        {"Trong 05 ngày làm việc", "relative", NULL},
        {"Không quá 15 ngày kể từ khi nhận được văn bản", "relative", NULL},
        {"Trong 6 tháng", "relative", NULL},
        {"6 tháng kể từ ngày phê duyệt", "relative", NULL},
        {"24 tháng", "relative", NULL},
        {"Khi có nhiệm vụ chậm", "event", NULL},
        {"Theo đề nghị cấp trên", "event", NULL},
        {"Theo yêu cầu", "event", NULL},
        {"Theo Kế hoạch của Trung ương", "event", NULL},
        {"Sau khi được ký kết", "event", NULL},
        {"Ngay sau khi Trung ương ban hành", "event", NULL},
        {"Giữa và cuối nhiệm kỳ hoặc theo chu kỳ 2,5 năm", "event", NULL},
        {"Đột xuất", "event", NULL},
        {"2 năm một lần", "event", NULL},
        {"Trước Đại hội Đảng các cấp", "event", NULL},
        {"Theo Kế hoạch năm 2026 của Trung ương", "event", NULL},
        {"Theo lộ trình, hoàn thành trước 30/6/2027", "deadline ..2027-06-29", NULL},
    };
    CHECK_ALL(v);
}

TEST(nothing_that_can_be_judged)
{
    static const struct expected v[] = {
        {"", "none", NULL},
        {"   ", "none", NULL},
        {"-", "none", NULL},
        {"…", "none", NULL},
        {"Chưa xác định", "none", NULL},
        {"31/6/2026", "none", NULL},
        {"trước ngày 30/02/2026", "none", NULL},
        {"13/2026", "none", NULL},
        {"Tháng 13/2026", "none", NULL},
        {"Quý V/2026", "none", NULL},
        {"Năm 3026", "none", NULL},
        {"năm 20266", "none", NULL},
        {"2030-2026", "none", NULL},
        {"30/6/3026", "none", NULL},
        {"57-NQ/TW", "none", NULL},
        {"Nghị quyết số 06-NQ/TU ngày 30/01/2026", "none", NULL},
        {"Kế hoạch số 13/KH-UBND ngày 05/02/2026 của UBND tỉnh", "none", NULL},
        {"Nghị định số 09/2019/NĐ-CP", "none", NULL},
        {"Tầm nhìn đến năm 2045", "none", NULL},
        {"Tăng 10% so với năm 2025", "none", NULL},
        {"30% - 35%", "none", NULL},
        {"12-15%", "none", NULL},
        {"Kinh phí chi thường xuyên", "none", NULL},
        {"2.026 tỷ đồng", "none", NULL},
        {"5.000 lao động", "none", NULL},
        {"Từ 85% trở lên", "none", NULL},
        {"24/7", "none", NULL},
        {"Việt Nam", "none", NULL},
        {"Theo dõi", "event", NULL},
    };
    CHECK_ALL(v);
}

TEST(several_classes_make_phases)
{
    static const struct expected v[] = {
        /* (plan) III.2.1, III.5.3; III.4.4 */
        {"Hoàn thành ban hành Đề án và tổ chức triển khai thực hiện từ năm 2026.", "from 2026-01-01..",
         "none | from 2026-01-01.."},
        {"Hoàn thành ban hành Đề án và tổ chức triển khai thực hiện từ năm 2027.", "from 2027-01-01..",
         "none | from 2027-01-01.."},
        /* (plan) III.4.7 */
        {"Năm 2026 xây dựng các chương trình hợp tác; triển khai Chương trình hợp tác sau khi được ký kết.",
         "deadline ..2026-12-31", "deadline ..2026-12-31 | event"},
        /* in the manner of III.6.2 and III.6.3 */
        {"Hoàn thành ban hành danh mục cần giải quyết bằng công nghệ trước tháng 12/2026 để đặt hàng cho doanh nghiệp; "
         "hỗ trợ 01 "
         "doanh nghiệp công nghệ số.",
         "deadline ..2026-11-30", "deadline ..2026-11-30 | none"},
        {"Đưa vào sử dụng bản đồ số tại các khu công nghiệp trong giai đoạn 2026-2027; đồng thời triển khai các mô "
         "hình công nghệ số.",
         "period 2026-01-01..2027-12-31", "period 2026-01-01..2027-12-31 | none"},
        {"Xây dựng trong quý II/2026; ban hành trong quý IV/2026", "deadline ..2026-12-31",
         "deadline ..2026-06-30 | deadline ..2026-12-31"},
        {"Hoàn thành trước 30/6/2026; triển khai thực hiện giai đoạn 2027-2030", "deadline ..2026-06-29",
         "deadline ..2026-06-29 | period 2027-01-01..2030-12-31"},
        {"Hoàn thành trong quý II/2026, sau đó duy trì thường xuyên", "deadline ..2026-06-30",
         "deadline ..2026-06-30 | continuous"},
        {"Hoàn thành ban hành Đề án trước 30/6/2026 và tổ chức triển khai từ năm 2027", "deadline ..2026-06-29",
         "deadline ..2026-06-29 | from 2027-01-01.."},
        {"Năm 2026 hoàn thành xây dựng; những năm tiếp theo duy trì, nâng cấp", "deadline ..2026-12-31",
         "deadline ..2026-12-31 | from 2027-01-01.."},
        {"Giai đoạn 1 (2026-2027), giai đoạn 2 (2028-2030)", "period 2026-01-01..2030-12-31",
         "period 2026-01-01..2027-12-31 | period 2028-01-01..2030-12-31"},
        {"Giai đoạn 2026-2030, trong đó năm 2026 hoàn thành khảo sát", "period 2026-01-01..2030-12-31",
         "period 2026-01-01..2030-12-31 | deadline ..2026-12-31"},
        {"Hoàn thành và đưa vào sử dụng trước 30/6/2026", "deadline ..2026-06-29", NULL},
        {"Xây dựng và triển khai hằng năm", "yearly", NULL},
        {"Hoàn thành ban hành Đề án phát triển nhân lực giai đoạn 2026-2030 trước tháng 12/2026",
         "deadline ..2026-11-30", NULL},
        {"Ban hành Đề án giai đoạn 2026-2030", "none", NULL},
        {"Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024: hoàn thành trong quý III/2026", "deadline ..2026-09-30",
         NULL},
        {"Khởi công quý II/2026, hoàn thành quý IV/2028", "deadline ..2028-12-31",
         "from 2026-04-01.. | deadline ..2028-12-31"},
        {"2026-2030; 2026-2030", "period 2026-01-01..2030-12-31", NULL},
    };
    CHECK_ALL(v);
}

TEST(phases_keep_the_words_without_what_joins_them)
{
    struct schedule s;
    schedule_read(c, S("Hoàn thành ban hành Đề án và tổ chức triển khai thực hiện từ năm 2027."), 2026, &s);
    CHECK_INT(s.phases.n, 2);
    CHECK_STR(s.phases.v[0].text, S("Hoàn thành ban hành Đề án"));
    CHECK_STR(s.phases.v[0].kind, S("none"));
    CHECK_STR(s.phases.v[1].text, S("tổ chức triển khai thực hiện từ năm 2027"));
    CHECK_STR(s.phases.v[1].kind, S("from"));
    schedule_read(c, S("Khảo sát trong giai đoạn 2026-2027; đồng thời triển khai các mô hình, hướng dẫn."), 2026, &s);
    CHECK_INT(s.phases.n, 2);
    CHECK_STR(s.phases.v[0].text, S("Khảo sát trong giai đoạn 2026-2027"));
    CHECK_STR(s.phases.v[1].text, S("triển khai các mô hình, hướng dẫn"));
    schedule_read(c, S("định kỳ 6 tháng, hằng năm"), 2026, &s);
    CHECK_STR(s.phases.v[0].text, S("định kỳ 6 tháng"));
    CHECK_STR(s.phases.v[1].text, S("hằng năm"));
    schedule_read(c, S("  Thường xuyên.\n"), 2026, &s);
    CHECK_STR(s.text, S("Thường xuyên."));
    schedule_read(c, S("trước ngày 31/6/2026"), 2026, &s);
    CHECK_STR(s.text, S("trước ngày 31/6/2026"));
    schedule_read(c, S(" "), 2026, &s);
    CHECK(s.text.p == NULL);
}

TEST(a_date_without_a_year_and_no_plan_year)
{
    struct schedule s;
    schedule_read(c, S("trước ngày 30/6"), 0, &s);
    CHECK_STR(s.kind, S("deadline"));
    CHECK_INT(s.due, DAY_NONE);
    schedule_read(c, S("Quý II"), 2031, &s);
    int32_t day;
    CHECK(day_from_date(2031, 6, 30, &day));
    CHECK_INT(s.due, day);
}

/* Of two stretches the one without a year says nothing of when. */
TEST(a_stretch_without_dates_takes_none_from_another)
{
    struct schedule s;
    int32_t first, last;
    CHECK(day_from_date(2026, 1, 1, &first) && day_from_date(2027, 12, 31, &last));
    static const char *const all[] = {"Quý I, II; giai đoạn 2026-2027", "Giai đoạn 2026-2027; quý I, II"};
    for (size_t i = 0; i < 2; i++) {
        schedule_read(c, str_of(all[i]), 0, &s);
        CHECK_STR(s.kind, S("period"));
        CHECK_INT(s.start, first);
        CHECK_INT(s.due, last);
    }
}

TEST(finding_the_time_in_a_sentence)
{
    static const struct {
        const char *sentence, *found;
    } v[] = {
        {"Các cơ quan tham mưu, giúp việc Tỉnh ủy định kỳ 6 tháng, hằng năm báo cáo kết quả thực hiện Kế hoạch với Cơ "
         "quan Thường trực.",
         "định kỳ 6 tháng, hằng năm"},
        {"Xây dựng kế hoạch cụ thể hóa; hoàn thành trước ngày 30/6/2026.", "trước ngày 30/6/2026"},
        {"Trình Ban Thường vụ Tỉnh ủy xem xét trong quý II/2026.", "trong quý II/2026"},
        {"Giữa và cuối nhiệm kỳ hoặc theo chu kỳ 2,5 năm, tổ chức sơ kết, tổng kết.",
         "Giữa và cuối nhiệm kỳ hoặc theo chu kỳ 2,5 năm"},
        {"Chủ trì, phối hợp với các cơ quan liên quan thường xuyên đẩy mạnh tuyên truyền.", "thường xuyên"},
        {"Hằng năm báo cáo kết quả về Văn phòng Tỉnh ủy trước ngày 15/12.", "Hằng năm"},
        {"Báo cáo kết quả trước ngày 15/12 hằng năm.", "trước ngày 15/12 hằng năm"},
        {"Báo cáo 6 tháng, năm gửi Sở Khoa học và Công nghệ.", "6 tháng, năm"},
        {"Chậm nhất 20 ngày sau khi Tỉnh ủy ban hành văn bản, các đảng ủy xây dựng kế hoạch.",
         "Chậm nhất 20 ngày sau khi Tỉnh ủy ban hành văn bản"},
        {"Triển khai thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị, hoàn thành chậm nhất ngày "
         "31/12/2026.",
         "chậm nhất ngày 31/12/2026"},
        {"Ban hành Đề án phát triển nhân lực giai đoạn 2026-2030 trong năm 2026.", "trong năm 2026"},
        {"Triển khai các nhiệm vụ trong giai đoạn 2026-2030.", "trong giai đoạn 2026-2030"},
        {"Công bố kết quả trong quý II (năm 2026) trên cổng thông tin.", "trong quý II (năm 2026)"},
        {"Xây dựng Đề án phát triển các tổ chức khoa học giai đoạn 2026–2030, định hướng đến năm 2045.", NULL},
        {"Quán triệt Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị.", NULL},
        {"Góp phần thực hiện Quy hoạch tỉnh Ninh Bình giai đoạn 2021-2030.", NULL},
        {"Thực hiện Chiến lược phát triển khoa học, công nghệ đến năm 2030, tầm nhìn đến năm 2045.", NULL},
        {"Tổ chức quán triệt đầy đủ nội dung Nghị quyết.", NULL},
        {"Bố trí nguồn chi thường xuyên theo quy định.", NULL},
        {"Tỷ lệ doanh nghiệp đạt trên 40%, tăng 10% so với năm 2025.", NULL},
        {"Thu hút 2026 doanh nghiệp, 5.000 nhân lực.", NULL},
        {"Phân bổ ngân sách theo giai đoạn 5 năm, huy động nguồn lực xã hội.", NULL},
        {"Nâng cao đời sống hằng ngày của khách hàng năm châu.", NULL},
        {"Ban hành Đề án “Phát triển kinh tế số giai đoạn 2026-2030”.", NULL},
        {"", NULL},
    };
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str found = S("");
        bool any = schedule_find(c, str_of(v[i].sentence), &found);
        if (any != (v[i].found != NULL) || !str_eq(found, str_of(v[i].found))) {
            fprintf(stderr, "# \"%s\": found \"%.*s\", want \"%s\"\n", v[i].sentence, ARGS(found),
                    v[i].found ? v[i].found : "(nothing)");
            wrong++;
        }
    }
    CHECK_INT(wrong, 0);
}

/* What is found must say, read alone, what it said in its sentence. */
TEST(what_is_found_reads_alike)
{
    static const char *const v[][2] = {
        {"Báo cáo kết quả trước ngày 15/12 hằng năm.", "yearly"},
        {"Hằng năm báo cáo kết quả về Văn phòng Tỉnh ủy trước ngày 15/12.", "yearly"},
        {"Các xã, phường báo cáo 6 tháng, năm gửi Sở.", "half_yearly"},
        {"Trình Tỉnh ủy xem xét trong quý II/2026.", "deadline"},
        {"Triển khai các nhiệm vụ trong giai đoạn 2026-2030.", "period"},
        {"Triển khai rộng rãi từ năm 2027 trên địa bàn tỉnh.", "from"},
        {"Điều chỉnh nhiệm vụ khi có sự thay đổi lớn về bối cảnh (chính sách, công nghệ).", "event"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str found;
        struct schedule s;
        CHECK(schedule_find(c, str_of(v[i][0]), &found));
        schedule_read(c, found, 2026, &s);
        CHECK_STR(s.kind, str_of(v[i][1]));
    }
}

/* A hostile document must not stall the reader. At this size anything quadratic takes minutes; the limit leaves room
 * for a slow machine and a checking build. */
TEST(long_text_takes_no_time)
{
    static const char *const pieces[] = {
        "2026-", "quý ", "3 tháng, ", "2026;", "khi có ", "từ năm 2026 ",       "định kỳ ", "(",
        "\"",    "1/1/", "trước ",    "đến ",  "Đề án ",  "hằng năm, 2026 và ", "57-NQ/",   "hoàn thành x và tổ chức "};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena_mark mark = arena_mark(c->arena);
        struct str piece = str_of(pieces[i]), found;
        size_t n = (1 << 18) / piece.n;
        char *p = NEWN(c->arena, char, n *piece.n);
        for (size_t k = 0; k < n; k++)
            memcpy(p + k * piece.n, piece.p, piece.n);
        struct schedule s;
        clock_t from = clock();
        schedule_read(c, (struct str){p, n * piece.n}, 2026, &s);
        clock_t read = clock();
        (void)schedule_find(c, (struct str){p, n * piece.n}, &found);
        if (read - from > 2 * CLOCKS_PER_SEC || clock() - read > 2 * CLOCKS_PER_SEC)
            test_failed(__FILE__, __LINE__, "\"%s\" takes too long", pieces[i]);
        arena_rewind(c->arena, mark);
    }
}

TEST(records_have_the_names_of_the_contract)
{
    static const char *const names[] = {"text", "kind", "start", "due", "phases"};
    CHECK_INT(schedule_record.n, 5);
    CHECK_INT(phase_record.n, 4);
    for (size_t i = 0; i < 5; i++)
        CHECK_STR(str_of(schedule_record.fields[i].name), str_of(names[i]));
}
