/* Who leads and who helps, as an official reads it off a cell or a sentence. */
#include "domain/plan/bodies.h"
#include "base/viet.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

struct expected {
    const char *text;
    const char *lead, *helpers; /* names parted by " | " */
};

static const struct org_catalogue *catalogue(struct ctx *c)
{
    const struct org_catalogue *catalogue = NULL;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    return catalogue;
}

static struct str listed(struct ctx *c, struct strs names)
{
    return str_join(c->arena, names.v, names.n, S(" | "));
}

static unsigned differs(struct ctx *c, const struct expected *e, struct strs lead, struct strs helpers)
{
    struct str a = listed(c, lead), b = listed(c, helpers);
    if (str_eq(a, str_of(e->lead)) && str_eq(b, str_of(e->helpers)))
        return 0;
    fprintf(stderr, "# \"%s\"\n#   got  %.*s  +  %.*s\n#   want %s  +  %s\n", e->text, ARGS(a), ARGS(b), e->lead,
            e->helpers);
    return 1;
}

TEST(names_in_a_cell)
{
    static const struct expected list[] = {
        {"Sở Tài chính", "Sở Tài chính", ""},
        {"Sở Khoa học và Công nghệ", "Sở Khoa học và Công nghệ", ""},
        {"Sở Tài chính, Sở Nội vụ", "Sở Tài chính | Sở Nội vụ", ""},
        {"Sở Tài chính; Sở Nội vụ.", "Sở Tài chính | Sở Nội vụ", ""},
        {"Sở Tài chính và Sở Nội vụ", "Sở Tài chính | Sở Nội vụ", ""},
        {"Sở Tài chính\nSở Nội vụ", "Sở Tài chính | Sở Nội vụ", ""},
        {"- Sở Tài chính\n- Sở Nội vụ", "Sở Tài chính | Sở Nội vụ", ""},
        {"Sở Khoa học và Công nghệ và Sở Tài chính", "Sở Khoa học và Công nghệ | Sở Tài chính", ""},
        {"Sở Tài chính, Nội vụ", "Sở Tài chính | Sở Nội vụ", ""},
        {"Các sở: Tài chính, Nội vụ, Khoa học và Công nghệ", "Sở Tài chính | Sở Nội vụ | Sở Khoa học và Công nghệ", ""},
        {"Các sở: KH&CN, TC, NV", "Sở KH&CN | Sở TC | Sở NV", ""},
        {"Các Sở Tài chính, Xây dựng", "Sở Tài chính | Sở Xây dựng", ""},
        {"Các sở, ban, ngành; UBND các xã, phường", "Các sở, ban, ngành | UBND các xã, phường", ""},
        {"Các cấp ủy, tổ chức đảng, cơ quan, đơn vị, địa phương",
         "Các cấp ủy, tổ chức đảng, cơ quan, đơn vị, địa phương", ""},
        {"Sở Nông nghiệp và Môi trường, UBND các xã, phường", "Sở Nông nghiệp và Môi trường | UBND các xã, phường", ""},
        {"Tỉnh đoàn, Hội LHPN tỉnh", "Tỉnh đoàn | Hội LHPN tỉnh", ""},
        {"Công an tỉnh; Bộ CHQS tỉnh", "Công an tỉnh | Bộ CHQS tỉnh", ""},
        {"Báo và phát thanh, truyền hình tỉnh", "Báo và phát thanh, truyền hình tỉnh", ""},
        {"Sở Lao động, Thương binh và Xã hội", "Sở Lao động, Thương binh và Xã hội", ""},
        {"Phòng Văn hóa - Xã hội", "Phòng Văn hóa - Xã hội", ""},
        {"Không", "", ""},
    };
    const struct org_catalogue *known = catalogue(c);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct strs names = {0};
        bodies_read(c, known, str_of(list[i].text), &names);
        wrong += differs(c, &list[i], names, (struct strs){0});
    }
    CHECK_INT(wrong, 0);
}

/* Roles beside the names in one cell. */
TEST(roles_in_a_cell)
{
    static const struct expected list[] = {
        {"Sở KH&CN (chủ trì), Sở TC (phối hợp)", "Sở KH&CN", "Sở TC"},
        {"Sở Tài chính (chủ trì); Sở Nội vụ, Công an tỉnh (phối hợp)", "Sở Tài chính", "Sở Nội vụ | Công an tỉnh"},
        {"Chủ trì: Sở Tài chính; phối hợp: Sở Nội vụ", "Sở Tài chính", "Sở Nội vụ"},
        {"Sở Tài chính chủ trì, phối hợp với Sở Nội vụ", "Sở Tài chính", "Sở Nội vụ"},
        {"Sở Tài chính", "Sở Tài chính", ""},
        {"Sở Tài chính (qua Phòng Ngân sách)", "Sở Tài chính (qua Phòng Ngân sách)", ""},
    };
    const struct org_catalogue *known = catalogue(c);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct strs lead = {0}, helpers = {0};
        bodies_in_cell(c, known, str_of(list[i].text), &lead, &helpers);
        wrong += differs(c, &list[i], lead, helpers);
    }
    CHECK_INT(wrong, 0);
}

TEST(names_in_a_sentence)
{
    static const struct expected list[] = {
        {"Sở Tài chính chủ trì, phối hợp với Sở Nội vụ xây dựng Đề án", "Sở Tài chính", "Sở Nội vụ"},
        {"Giao Sở Xây dựng hoàn thành lập quy hoạch chung đô thị", "Sở Xây dựng", ""},
        {"Giao Sở Xây dựng chủ trì lập quy hoạch chung đô thị", "Sở Xây dựng", ""},
        {"Giao UBND xã tổ chức \"Ngày thứ Bảy số\" hằng tuần", "UBND xã", ""},
        {"Giao Ủy ban Kiểm tra Tỉnh ủy kiểm tra việc thực hiện", "Ủy ban Kiểm tra Tỉnh ủy", ""},
        {"Giao Ban Tổ chức Tỉnh ủy tham mưu đánh giá cán bộ", "Ban Tổ chức Tỉnh ủy", ""},
        {"Rà soát văn bản. Sở Tư pháp chủ trì; hoàn thành quý II", "Sở Tư pháp", ""},
        {"Quán triệt Nghị quyết (Ban Tuyên giáo và Dân vận Tỉnh ủy chủ trì)", "Ban Tuyên giáo và Dân vận Tỉnh ủy", ""},
        {"Tập huấn kỹ năng số. Phòng Văn hóa - Xã hội chủ trì, phối hợp với Trung tâm Phục vụ hành chính công; hoàn "
         "thành trước 30/9",
         "Phòng Văn hóa - Xã hội", "Trung tâm Phục vụ hành chính công"},
        {"Sở Tài chính chủ trì, Hiệp hội Doanh nghiệp tỉnh phối hợp", "Sở Tài chính", "Hiệp hội Doanh nghiệp tỉnh"},
        {"Đảng ủy UBND tỉnh chỉ đạo; Văn phòng UBND tỉnh chủ trì, phối hợp với các sở, ngành thực hiện",
         "Văn phòng UBND tỉnh", "các sở, ngành"},
        {"Sở Tài chính chủ trì, phối hợp với các sở, ngành liên quan tham mưu UBND tỉnh", "Sở Tài chính",
         "các sở, ngành liên quan"},
        {"Tiếp tục triển khai Đề án 06 của Chính phủ", "", ""},
        {"Xây dựng Sở Khoa học và Công nghệ điện tử", "", ""},
        {"Tổ chức hội nghị xúc tiến đầu tư", "", ""},
        {"Ban hành quy chế quản lý dữ liệu", "", ""},
        {"Bộ chỉ số đánh giá được công bố", "", ""},
    };
    const struct org_catalogue *known = catalogue(c);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct strs lead = {0}, helpers = {0};
        bodies_in_sentence(c, known, str_of(list[i].text), &lead, &helpers);
        wrong += differs(c, &list[i], lead, helpers);
    }
    CHECK_INT(wrong, 0);
}

TEST(subject_of_a_duty)
{
    static const struct expected list[] = {
        {"Ủy ban Kiểm tra Tỉnh ủy chủ trì, phối hợp kiểm tra, giám sát", "Ủy ban Kiểm tra Tỉnh ủy", ""},
        {"Giám đốc các sở, Chủ tịch UBND các xã, phường căn cứ Chương trình này xây dựng kế hoạch",
         "Giám đốc các sở, Chủ tịch UBND các xã, phường", ""},
        {"Thủ trưởng các đơn vị thuộc Bộ tổ chức thực hiện Kế hoạch", "Thủ trưởng các đơn vị thuộc Bộ", ""},
        {"Văn phòng Tỉnh ủy theo dõi, đôn đốc", "Văn phòng Tỉnh ủy", ""},
        {"Sở Xây dựng rà soát quy hoạch", "Sở Xây dựng", ""},
        {"Sở Tài chính: Tổng hợp, báo cáo", "Sở Tài chính", ""},
        {"Công an tỉnh tiếp tục triển khai Đề án 06", "Công an tỉnh", ""},
        {"Sở Y tế số hóa hồ sơ bệnh án", "Sở Y tế", ""},
        {"Các chi bộ quán triệt Kế hoạch", "Các chi bộ", ""},
        {"Đề nghị Ủy ban MTTQ Việt Nam tỉnh tuyên truyền, vận động", "Ủy ban MTTQ Việt Nam tỉnh", ""},
        {"Trong quá trình thực hiện nếu có vướng mắc thì phản ánh", "", ""},
    };
    const struct org_catalogue *known = catalogue(c);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct str body = bodies_subject(c, known, str_of(list[i].text));
        struct strs one = {&body, body.p ? 1 : 0};
        wrong += differs(c, &list[i], one, (struct strs){0});
    }
    CHECK_INT(wrong, 0);
}
