/* What somebody who has to report on a plan reads off its sentences: how much, of what, since when, by when. The
 * expectations were written from the sentences. A result reads "measure comparator bounds unit/year @by b=baseline". */
#include "domain/plan/quantity.h"
#include "base/viet.h"
#include "test/test.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

struct expected {
    const char *text;
    const char *is;       /* results parted by " | "; "" none */
    const char *subjects; /* folded, parted by " | "; NULL: not looked at */
};

static struct str number_said(struct ctx *c, double v)
{
    return str_fmt(c->arena, "%.10g", v);
}

static struct str said(struct ctx *c, const struct quantity *q)
{
    struct str bounds =
        str_eq(q->comparator, S("range"))
            ? str_fmt(c->arena, "%.*s..%.*s", ARGS(number_said(c, q->low)), ARGS(number_said(c, q->high)))
            : number_said(c, isnan(q->low) ? q->high : q->low);
    struct str s = str_fmt(c->arena, "%.*s %.*s %.*s", ARGS(q->measure), ARGS(q->comparator), ARGS(bounds));
    if (q->unit.p)
        s = str_fmt(c->arena, "%.*s %.*s", ARGS(s), ARGS(viet_fold_text(c->arena, q->unit)));
    if (q->per.p)
        s = str_fmt(c->arena, "%.*s/%.*s", ARGS(s), ARGS(q->per));
    if (q->by.p)
        s = str_fmt(c->arena, "%.*s @%.*s", ARGS(s), ARGS(q->by));
    if (!isnan(q->baseline))
        s = str_fmt(c->arena, "%.*s b=%.*s", ARGS(s), ARGS(number_said(c, q->baseline)));
    return s;
}

static void check_all(struct ctx *c, enum quantity_mode mode, const struct expected *v, size_t n)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < n; i++) {
        struct quantities q = {0};
        quantity_read(c, str_of(v[i].text), mode, &q);
        struct str got = S(""), subjects = S("");
        for (size_t k = 0; k < q.n; k++) {
            got = str_fmt(c->arena, "%.*s%s%.*s", ARGS(got), k ? " | " : "", ARGS(said(c, &q.v[k])));
            struct str subject = viet_fold_text(c->arena, q.v[k].subject);
            subjects = str_fmt(c->arena, "%.*s%s%.*s", ARGS(subjects), k ? " | " : "", ARGS(subject));
        }
        bool same = str_eq(got, str_of(v[i].is)) && (!v[i].subjects || str_eq(subjects, str_of(v[i].subjects)));
        if (!same)
            fprintf(stderr, "# \"%s\"\n#   got  %.*s  <%.*s>\n#   want %s  <%s>\n", v[i].text, ARGS(got),
                    ARGS(subjects), v[i].is, v[i].subjects ? v[i].subjects : "any");
        wrong += !same;
    }
    CHECK_INT(wrong, 0);
}
#define CHECK_ALL(mode, list) check_all(c, mode, list, sizeof list / sizeof *list)

TEST(comparators)
{
    static const struct expected list[] = {
        {"Tỷ lệ hồ sơ trực tuyến đạt 80%", "level eq 80 %", "ty le ho so truc tuyen"},
        {"Tỷ lệ hồ sơ trực tuyến đạt trên 80%", "level gt 80 %", "ty le ho so truc tuyen"},
        {"Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 80%", "level ge 80 %", NULL},
        {"Tỷ lệ hồ sơ trực tuyến đạt ít nhất 80%", "level ge 80 %", NULL},
        {"Tỷ lệ hồ sơ trực tuyến không thấp hơn 80%", "level ge 80 %", NULL},
        {"Tỷ lệ hồ sơ trực tuyến đạt từ 80% trở lên", "level ge 80 %", "ty le ho so truc tuyen"},
        {"Tỷ lệ hồ sơ trực tuyến ≥ 80%", "level ge 80 %", NULL},
        {"Tỷ lệ hồ sơ trực tuyến ≥80%", "level ge 80 %", NULL},
        {"Tỷ lệ hồ sơ trực tuyến >= 80%", "level ge 80 %", NULL},
        {"Tỷ lệ hồ sơ trễ hạn dưới 2%", "level lt 2 %", "ty le ho so tre han"},
        {"Tỷ lệ hồ sơ trễ hạn không quá 2%", "level le 2 %", NULL},
        {"Tỷ lệ hồ sơ trễ hạn tối đa 2%", "level le 2 %", NULL},
        {"Tỷ lệ hồ sơ trễ hạn ≤2%", "level le 2 %", NULL},
        {"Tỷ lệ hồ sơ trễ hạn từ 2% trở xuống", "level le 2 %", NULL},
        {"Tỷ lệ đô thị hóa đạt khoảng 45%", "level eq 45 %", NULL},
        {"Tỷ lệ đô thị hóa đạt khoảng 40 - 45%", "level range 40..45 %", "ty le do thi hoa"},
        {"Tỷ lệ đô thị hóa đạt từ 40% đến 45%", "level range 40..45 %", "ty le do thi hoa"},
        {"Tỷ lệ đô thị hóa đạt 40% -45%", "level range 40..45 %", NULL},
        {"Trên 95% dân số tham gia bảo hiểm y tế", "level gt 95 %", "dan so tham gia bao hiem y te"},
        {"Có ít nhất 20 doanh nghiệp tham gia", "level ge 20 doanh nghiep", "doanh nghiep tham gia"},
        {"Hơn 500 doanh nghiệp được hỗ trợ", "level gt 500 doanh nghiep", NULL},
        {"Mời được ít nhất 2-3 tổ chức đặt trụ sở", "level range 2..3 to chuc", NULL},
        {"Kết nạp 1.500 đảng viên/năm trở lên", "level ge 1500 dang vien/year", NULL},
        {"Có từ 03 doanh nghiệp công nghệ số trở lên", "level ge 3 doanh nghiep", NULL},
        {"Số hóa tối thiểu đạt 90% hồ sơ lưu trữ", "level ge 90 %", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(numbers_and_units)
{
    static const struct expected list[] = {
        {"Tổng vốn đầu tư đạt 1.500 tỷ đồng", "level eq 1500 ty dong", "tong von dau tu"},
        {"Tổng vốn đầu tư đạt 1.500 nghìn tỷ đồng", "level eq 1500 nghin ty dong", NULL},
        {"GRDP bình quân đầu người đạt 10,8 nghìn USD", "level eq 10800 usd", NULL},
        {"Thu hút 2,5 triệu lượt khách", "level eq 2500000 luot khach", NULL},
        {"Đạt 40 giường bệnh/1 vạn dân", "level eq 40 giuong benh/1 van dan", NULL},
        {"Đạt 20 doanh nghiệp/1.000 dân", "level eq 20 doanh nghiep/1.000 dan", NULL},
        {"Nhân lực nghiên cứu đạt 12 người/vạn dân", "level eq 12 nguoi/van dan", "nhan luc nghien cuu"},
        {"Ít nhất 02 sản phẩm OCOP/xã đạt 3 sao trở lên", "level ge 2 san pham ocop/xa", NULL},
        {"70/129 xã đạt chuẩn nông thôn mới", "level eq 70 xa", "xa dat chuan nong thon moi"},
        {"Thành lập 12/12 tổ công nghệ số cộng đồng", "level eq 12 to", NULL},
        {"Xây dựng 3-4 dự án nhà ở xã hội", "level range 3..4 du an", NULL},
        {"Hình thành 01 đến 02 trung tâm đổi mới sáng tạo", "level range 1..2 trung tam", NULL},
        {"Chi cho nghiên cứu đạt 2% GRDP", "level eq 2 % grdp", "chi cho nghien cuu"},
        {"Trồng mới 1.200 ha rừng", "level eq 1200 ha", NULL},
        {"Xây dựng 15 km đường ven biển", "level eq 15 km", NULL},
        {"Tốc độ tải xuống đạt trên 200 Mb/s", "level gt 200 mb/s", NULL},
        {"Thu nhập bình quân đạt 120 triệu đồng/người/năm", "level eq 120 trieu dong/nguoi/year", NULL},
        {"Chỉ số HDI đạt 0,78", "level eq 0.78", "chi so hdi"},
        {"Chỉ số chuyển đổi số đạt từ 0,75 trở lên", "level ge 0.75", "chi so chuyen doi so"},
        {"Tuổi thọ trung bình đạt 76 tuổi", "level eq 76 tuoi", "tuoi tho trung binh"},
        {"Xây dựng mới 3-4 dự án nhà ở xã hội với tổng số 15.000 căn", "level range 3..4 du an | level eq 15000 can",
         NULL},
        {"Số lượng nhiệm vụ khoa học được ứng dụng ≥ 50", "level ge 50 nhiem vu", NULL},
        {"Xuất khẩu đạt 3,5 tỷ USD", "level eq 3.5 ty usd", "xuat khau"},
        {"Đào tạo 50.000 lao động có kỹ năng số", "level eq 50000 lao dong", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(growth_and_change)
{
    static const struct expected list[] = {
        {"Tốc độ tăng trưởng GRDP bình quân 12%/năm", "growth eq 12 %/year", "toc do tang truong grdp binh quan"},
        {"Năng suất lao động tăng bình quân 9 - 10%/năm", "growth range 9..10 %/year", "nang suat lao dong"},
        {"Tốc độ tăng trưởng kinh tế bình quân từ 11% trở lên", "growth ge 11 %", NULL},
        {"Doanh thu du lịch tăng trên 15% mỗi năm", "growth gt 15 %/year", "doanh thu du lich"},
        {"Giảm 30% số vụ tai nạn giao thông so với năm 2025", "growth eq -30 %", "so vu tai nan giao thong"},
        {"Thời gian xử lý hồ sơ giảm ít nhất 30%", "growth le -30 %", "thoi gian xu ly ho so"},
        {"Chi phí tuân thủ giảm trên 30%", "growth lt -30 %", NULL},
        {"Tỷ lệ hộ nghèo giảm bình quân 0,5 điểm %/năm", "growth eq -0.5 diem %/year", "ty le ho ngheo"},
        {"Tỷ lệ hộ nghèo giảm 1 - 1,5%/năm", "growth range -1.5..-1 %/year", NULL},
        {"Tỷ lệ hộ nghèo giảm còn dưới 2%", "level lt 2 %", "ty le ho ngheo"},
        {"Tỷ lệ hộ nghèo giảm xuống còn 2%", "level eq 2 %", "ty le ho ngheo"},
        {"Tỷ lệ hộ nghèo còn 2%", "level eq 2 %", NULL},
        {"Tỷ trọng dịch vụ tăng lên 50%", "level eq 50 %", NULL},
        {"Tỷ trọng dịch vụ tăng từ 30% lên 50%", "level eq 50 % b=30", "ty trong dich vu"},
        {"Tỷ lệ hộ nghèo giảm từ 3,5% năm 2025 xuống còn 1% năm 2030", "level eq 1 % @2030 b=3.5", "ty le ho ngheo"},
        {"Đến năm 2027, tỷ lệ hộ nghèo giảm từ 3,5% (năm 2025) xuống còn 2%", "level eq 2 % @2027 b=3.5", NULL},
        {"Tỷ lệ hộ nghèo giảm từ 3,5% năm 2025 xuống còn 2%", "level eq 2 % b=3.5", NULL},
        {"Kim ngạch xuất khẩu tăng từ 3,5 tỷ USD năm 2025 lên 6 tỷ USD năm 2030", "level eq 6 ty usd @2030 b=3.5",
         "kim ngach xuat khau"},
        {"Chỉ số DTI tăng ít nhất 05 bậc so với năm 2025", "growth ge 5 bac", "chi so dti"},
        {"Doanh thu tăng gấp 2 lần so với năm 2025", "growth eq 2 lan", "doanh thu"},
        {"Cắt giảm ít nhất 30% thời gian xử lý, ít nhất 30% chi phí tuân thủ, ít nhất 30% điều kiện kinh doanh",
         "growth le -30 % | growth le -30 % | growth le -30 %",
         "thoi gian xu ly | chi phi tuan thu | dieu kien kinh doanh"},
        {"Tỷ trọng giá trị tăng thêm của kinh tế số đạt 30% GRDP", "level eq 30 % grdp", NULL},
        {"Hạ tầng số đáp ứng 100% nhu cầu", "level eq 100 %", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(ranks)
{
    static const struct expected list[] = {
        {"Nằm trong nhóm 10 tỉnh, thành phố dẫn đầu cả nước", "rank le 10 hang", NULL},
        {"Nằm trong nhóm 5 tỉnh dẫn đầu về chuyển đổi số", "rank le 5 hang", "chuyen doi so"},
        {"Chỉ số PCI xếp hạng từ 10 trở lên", "rank le 10 hang", "chi so pci"},
        {"Chỉ số DTI thuộc top 15", "rank le 15 hang", "chi so dti"},
        {"Chỉ số DTI thuộc top 15 cả nước", "rank le 15 hang", "chi so dti"},
        {"Chỉ số PAR Index đứng thứ 8 cả nước", "rank le 8 hang", "chi so par index"},
        {"Chỉ số PAR Index xếp thứ 8/34", "rank le 8 hang", NULL},
        {"Chỉ số SIPAS nằm trong 10 địa phương đứng đầu", "rank le 10 hang", "chi so sipas"},
        {"Thứ hạng PII đạt từ vị trí 12 trở lên vào năm 2028", "rank le 12 hang @2028", NULL},
        {"Năng lực đổi mới sáng tạo thuộc nhóm 15 - 20 địa phương dẫn đầu", "rank le 20 hang", NULL},
        {"Tập trung vào nhóm 5 nhiệm vụ trọng tâm", "level eq 5 nhiem vu", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(by_when)
{
    static const struct expected list[] = {
        {"Tỷ lệ hồ sơ toàn trình: năm 2026 đạt 50%, năm 2027 đạt 60%, năm 2030 đạt 90%",
         "level eq 50 % @2026 | level eq 60 % @2027 | level eq 90 % @2030",
         "ty le ho so toan trinh | ty le ho so toan trinh | ty le ho so toan trinh"},
        {"Tỷ lệ hồ sơ toàn trình đạt 50% vào năm 2026, 60% vào năm 2027 và 90% vào năm 2030",
         "level eq 50 % @2026 | level eq 60 % @2027 | level eq 90 % @2030",
         "ty le ho so toan trinh | ty le ho so toan trinh | ty le ho so toan trinh"},
        {"Đến năm 2030, tỷ trọng kinh tế số đạt 30%", "level eq 30 % @2030", "ty trong kinh te so"},
        {"Phấn đấu đến hết năm 2028 có 50 xã thông minh", "level eq 50 xa @2028", NULL},
        {"GRDP bình quân đầu người năm 2030 đạt 200 triệu đồng", "level eq 200 trieu dong @2030",
         "grdp binh quan dau nguoi"},
        {"Thu ngân sách đạt trên 20.000 tỷ đồng vào năm 2030", "level gt 20000 ty dong @2030", "thu ngan sach"},
        {"Giai đoạn 2026 - 2030, trồng mới 500 ha rừng", "level eq 500 ha @2030", NULL},
        {"Trước năm 2028, 100% xã có 5G", "level eq 100 % @2028", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(per_year)
{
    static const struct expected list[] = {
        {"Có tối thiểu 05 sáng chế, giải pháp hữu ích/năm", "level ge 5 sang che, giai phap huu ich/year", NULL},
        {"Mỗi năm thu hút 10 dự án đầu tư", "level eq 10 du an/year", NULL},
        {"Hằng năm đào tạo ít nhất 500 kỹ sư", "level ge 500 ky su/year", NULL},
        {"Hàng năm tổ chức 02 hội nghị xúc tiến", "level eq 2 hoi nghi/year", NULL},
        {"Tạo việc làm mới cho 20.000 - 25.000 lao động mỗi năm", "level range 20000..25000 lao dong/year", NULL},
        {"Bình quân mỗi năm giảm 1% hộ nghèo", "growth eq -1 %/year", NULL},
        {"Doanh thu giảm 17%/năm, góp phần chung, tỷ lệ hồ sơ giảm 14%", "growth eq -17 %/year | growth eq -14 %",
         NULL},
        {"Tỷ lệ số hóa đạt 80%, số lượt học viên/năm đạt 500 người", "level eq 80 % | level eq 500 nguoi/year", NULL},
        {"Có trên 40 đơn đăng ký sáng chế/năm", "level gt 40 don dang ky/year", "don dang ky sang che"},
        {"Được cấp 15 bằng độc quyền sáng chế mỗi năm", "level eq 15 bang doc quyen sang che/year", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(several_in_a_sentence)
{
    static const struct expected list[] = {
        {"Tỷ lệ lao động qua đào tạo đạt 75 - 80%, trong đó có bằng cấp, chứng chỉ đạt 40%",
         "level range 75..80 % | level eq 40 %", "ty le lao dong qua dao tao | bang cap, chung chi"},
        {"70/129 xã đạt chuẩn nâng cao, trong đó có 30 xã đạt chuẩn kiểu mẫu", "level eq 70 xa | level eq 30 xa", NULL},
        {"Ít nhất 60 sản phẩm được chứng nhận, 30 dự án được hỗ trợ", "level ge 60 san pham | level ge 30 du an", NULL},
        {"Phấn đấu có 50.000 doanh nghiệp hoạt động, đạt 20 doanh nghiệp/1.000 dân",
         "level eq 50000 doanh nghiep | level eq 20 doanh nghiep/1.000 dan", NULL},
        {"Đóng góp 55 - 58% GRDP, khoảng 35 - 40% tổng thu ngân sách",
         "level range 55..58 % grdp | level range 35..40 %", NULL},
        {"(1) Tỷ lệ che phủ rừng đạt 10%", "level eq 10 %", "ty le che phu rung"},
        {"2) Tỷ lệ che phủ rừng đạt 10%", "level eq 10 %", "ty le che phu rung"},
        {"Về xã hội: tỷ lệ hộ nghèo còn 1%", "level eq 1 %", "ty le ho ngheo"},
        {"100% thôn có Internet; 90% hộ dùng điện thoại thông minh", "level eq 100 % | level eq 90 %",
         "thon co internet | ho dung dien thoai thong minh"},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(words_keep_their_marks)
{
    static const struct expected list[] = {
        {"Tỷ lệ doanh nghiệp sử dụng hợp đồng điện tử đạt trên 80%", "level gt 80 %",
         "ty le doanh nghiep su dung hop dong dien tu"},
        {"Số hộ có đất 50 ha", "level eq 50 ha", NULL},
        {"Tỷ lệ số hóa hạ tầng 60%", "level eq 60 %", "ty le so hoa ha tang"},
        {"Tỷ lệ phủ sóng 5G tại khu vực trọng điểm 99%", "level eq 99 %", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(no_quantities)
{
    static const struct expected list[] = {
        {"Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị", "", NULL},
        {"Kế hoạch 05-KH/TU và Quyết định 749/QĐ-TTg", "", NULL},
        {"Triển khai Đề án 06 trên địa bàn", "", NULL},
        {"Phủ sóng 5G toàn tỉnh", "", NULL},
        {"Công nghiệp 4.0 và chuyển đổi số", "", NULL},
        {"Hoàn thành trước ngày 30/6/2026", "", NULL},
        {"Hoàn thành trong quý 3 năm 2026", "", NULL},
        {"Trong 100 ngày đầu, bộ máy vận hành thông suốt", "", NULL},
        {"Sơ kết 6 tháng, tổng kết 5 năm", "", NULL},
        {"Định danh mức 2 cho người dân", "", NULL},
        {"Trung tâm dữ liệu đạt chuẩn cấp 3", "", NULL},
        {"Người dân từ 15 tuổi trở lên có tài khoản", "", NULL},
        {"Sản phẩm đạt 3 sao trở lên", "", NULL},
        {"Trực 24/7 trong các ngày lễ", "", NULL},
        {"Mô hình chính quyền địa phương 2 cấp", "", NULL},
        {"Đại hội đại biểu lần thứ 14 của Đảng", "", NULL},
        {"Theo điểm b khoản 2 Điều 5 Luật này", "", NULL},
        {"Phương châm 6 rõ: rõ người, rõ việc", "", NULL},
        {"Áp dụng ISO 9001:2015 và TCVN 11930", "", NULL},
        {"GRDP bình quân đầu người đạt 160 triệu đồng (tương đương 5.500 - 6.000 USD)", "level eq 160 trieu dong",
         NULL},
        {"Ít nhất 80% hộ có tài khoản (hiện nay đạt 45%)", "level ge 80 % b=45", NULL},
        {"Đạt 90% (năm trước đã đạt 70/129 xã)", "level eq 90 %", NULL},
        {"Mỗi xã có máy chủ với tốc độ trên 01 Gb/s", "", NULL},
    };
    CHECK_ALL(QUANTITY_TARGET, list);
}

TEST(cells)
{
    static const struct expected list[] = {
        {"80", "level eq 80", NULL},
        {"≥ 80", "level ge 80", NULL},
        {"≤10", "level le 10", NULL},
        {">150", "level gt 150", NULL},
        {"80%", "level eq 80 %", NULL},
        {"350-400", "level range 350..400", NULL},
        {"30 - 35%", "level range 30..35 %", NULL},
        {"1.500", "level eq 1500", NULL},
        {"1,5", "level eq 1.5", NULL},
        {"Trên 95", "level gt 95", NULL},
        {"Tối thiểu 05", "level ge 5", NULL},
        {"100%", "level eq 100 %", NULL},
        {"≤ 3 ĐNÁ; ≤ 50 TG", "level le 3 dna | level le 50 tg", NULL},
        {"Top 10", "rank le 10 hang", NULL},
        {"-", "", NULL},
        {"x", "", NULL},
        {"", "", NULL},
        {"70/129", "level eq 70", NULL},
        {"15/12/2026", "", NULL},
    };
    CHECK_ALL(QUANTITY_CELL, list);
}

TEST(words_of_tasks)
{
    static const struct expected list[] = {
        {"Đào tạo 1.000 giám đốc điều hành", "level eq 1000 giam doc", NULL},
        {"Phủ sóng 5G tại 100% khu công nghiệp", "level eq 100 %", NULL},
        {"Rà soát 12 thủ tục hành chính", "", NULL},
        {"Hỗ trợ ít nhất 50 doanh nghiệp chuyển đổi số", "level ge 50 doanh nghiep", NULL},
        {"Sửa đổi 03 nghị định", "", NULL},
    };
    CHECK_ALL(QUANTITY_TASK, list);
}
