#include "domain/org/org.h"

#include "base/period.h"
#include "test/test.h"

#include <stdlib.h>

#include "base/banned.h"

static const struct org_catalogue *builtin(struct ctx *c)
{
    const struct org_catalogue *catalogue = NULL;
    CHECK_OK(org_catalogue_builtin(c, &catalogue));
    return catalogue;
}

static int32_t day(int year, int month, int d)
{
    int32_t ret;
    CHECK(day_from_date(year, month, d, &ret));
    return ret;
}

static bool has(struct strs list, const char *code)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.v[i], str_of(code)))
            return true;
    return false;
}

static struct strs members(struct ctx *c, const struct org_catalogue *catalogue, const char *group)
{
    struct strs list = {0};
    CHECK_OK(org_members(c, catalogue, str_of(group), day(2026, 7, 1), &list));
    return list;
}

/* Figures of the source: 129 communes, 97 and 32, 3,821.39 km2 in all (added up outside the program). */
TEST(areas)
{
    const struct org_catalogue *catalogue = builtin(c);
    struct org_areas areas = org_areas(catalogue);
    int communes = 0, wards = 0;
    double km2 = 0;
    for (size_t i = 0; i < areas.n; i++) {
        const struct org_area *a = areas.v[i];
        if (!str_eq(a->parent, S("37")))
            continue;
        communes += str_eq(a->kind, S("commune"));
        wards += str_eq(a->kind, S("ward"));
        km2 += a->km2;
        CHECK(a->lon > 105.5 && a->lon < 106.7 && a->lat > 19.8 && a->lat < 20.8);
        struct strs serving = org_serving(c, catalogue, a->code, day(2026, 7, 1));
        CHECK_INT(serving.n, 2);
        CHECK_STR(org_unit(catalogue, serving.v[0])->kind, S("commune_party"));
        CHECK_STR(org_unit(catalogue, serving.v[1])->kind, S("commune_committee"));
        CHECK_STR(org_led_by(catalogue, serving.v[0], day(2026, 7, 1)), serving.v[1]);
        CHECK_STR(org_leader_of(catalogue, serving.v[1], day(2026, 7, 1)), serving.v[0]);
    }
    CHECK_INT(communes, 97);
    CHECK_INT(wards, 32);
    CHECK(km2 > 3821.385 && km2 < 3821.395);
    struct strs all;
    CHECK_OK(org_subtree(c, catalogue, S("area"), S("37"), day(2026, 7, 1), &all));
    CHECK_INT(all.n, 130);
}

/* 133 committees stand directly under the province's. */
TEST(groups)
{
    const struct org_catalogue *catalogue = builtin(c);
    CHECK_INT(members(c, catalogue, "N-CAP-UY-TRUC-THUOC").n, 133);
    CHECK_INT(members(c, catalogue, "N-DU-XA").n, 129);
    CHECK_INT(members(c, catalogue, "N-UBND-XA").n, 129);
    struct strs advisers = members(c, catalogue, "N-THAM-MUU");
    CHECK_INT(advisers.n, 5);
    CHECK(has(advisers, "VPTU") && has(advisers, "BTCTU") && has(advisers, "BTGDVTU") && has(advisers, "UBKTTU") &&
          has(advisers, "BNCTU"));
    struct strs front = members(c, catalogue, "N-MTTQ-CTXH");
    CHECK_INT(front.n, 6);
    CHECK_STR(front.v[0], S("MTTQ"));
    struct strs all = members(c, catalogue, "N-SO-BAN-NGANH-DOAN-THE");
    CHECK(has(all, "SKHCN") && has(all, "HND") && !has(all, "UBND") && !has(all, "UBND-14464"));
    CHECK_INT(members(c, catalogue, "N-LIEN-QUAN").n, 0);
    struct strs list;
    CHECK_ERR(org_members(c, catalogue, S("SKHCN"), 0, &list), E_NOTFOUND);
    /* Before the merger none of them was there. */
    CHECK_OK(org_members(c, catalogue, S("N-DU-XA"), day(2025, 6, 30), &list));
    CHECK_INT(list.n, 0);
}

/* What a body owes as one of many: a commune's committee belongs to those of the province, of the Party, and of the
 * communes; before the merger it was not there, and a province that ended with it is in the group of all. */
TEST(a_body_knows_its_groups)
{
    const struct org_catalogue *catalogue = builtin(c);
    struct strs of = org_groups_of(c, catalogue, S("DU-14464"), day(2026, 7, 1));
    CHECK(has(of, "N-DU-XA") && has(of, "N-CAP-UY-TRUC-THUOC") && has(of, "N-TOAN-HE-THONG") && has(of, "N-XA"));
    CHECK(!has(of, "N-UBND-XA") && !has(of, "N-THAM-MUU") && !has(of, "N-LIEN-QUAN"));
    CHECK_INT(org_groups_of(c, catalogue, S("DU-14464"), day(2025, 6, 30)).n, 0);
    CHECK_INT(org_groups_of(c, catalogue, S("UBND-36"), day(2025, 6, 30)).n, 1);
    CHECK_INT(org_groups_of(c, catalogue, S("UBND-36"), day(2025, 7, 1)).n, 0);
    CHECK_INT(org_groups_of(c, catalogue, S("khong-co"), day(2026, 7, 1)).n, 0);
}

TEST(a_tree_is_walked_from_its_roots)
{
    const struct org_catalogue *catalogue = builtin(c);
    struct strs state = org_roots(c, catalogue, S("state"), day(2026, 7, 1)),
                below = org_children(c, catalogue, S("front"), S("MTTQ"), day(2026, 7, 1));
    CHECK_INT(state.n, 1);
    CHECK_STR(state.v[0], S("HDND"));
    CHECK_INT(org_roots(c, catalogue, S("state"), day(2025, 6, 30)).n, 3); /* three provinces */
    CHECK_INT(below.n, 5);
    CHECK_STR(below.v[0], S("DTN")); /* Đ before H, and L last, as a directory has it */
    CHECK_STR(below.v[4], S("LDLD"));
}

static bool fits(struct ctx *c, const char *words, const char *code)
{
    const struct org_catalogue *catalogue = builtin(c);
    return org_filter_fits(c, org_filter_new(c, catalogue, str_of(words)), str_of(code));
}

/* As somebody types who looks for one of 330 bodies: without marks, part of a word, the short name, another name. */
TEST(a_list_is_filtered_by_words)
{
    CHECK(fits(c, "", "SKHCN") && fits(c, " ", "SKHCN"));
    CHECK(fits(c, "khoa hoc", "SKHCN") && fits(c, "KHOA HỌC", "SKHCN") && fits(c, "so cong", "SKHCN"));
    CHECK(fits(c, "kh&cn", "SKHCN") && fits(c, "skhcn", "SKHCN") && !fits(c, "du lich", "SKHCN"));
    CHECK(fits(c, "gia vien", "DU-14464") && fits(c, "gia vien", "14464") && !fits(c, "vien gia lam", "14464"));
    CHECK(fits(c, "tinh doan", "DTN"));  /* an alias */
    CHECK(!fits(c, "hoa hoc", "SKHCN")); /* within a word is not its beginning */
    CHECK(fits(c, "dia phuong", "N-CO-QUAN-DIA-PHUONG"));
    CHECK(!fits(c, "gi", "khong-co"));
}

TEST(trees)
{
    const struct org_catalogue *catalogue = builtin(c);
    int32_t now = day(2026, 7, 1);
    CHECK_STR(org_parent(catalogue, S("party"), S("DU-SKHCN"), now), S("DU-UBND"));
    CHECK_STR(org_parent(catalogue, S("party"), S("DU-UBND"), now), S("TU"));
    CHECK_STR(org_parent(catalogue, S("state"), S("SKHCN"), now), S("UBND"));
    CHECK(!org_parent(catalogue, S("party"), S("SKHCN"), now).n);
    CHECK_STR(org_led_by(catalogue, S("DU-SKHCN"), now), S("SKHCN"));
    struct strs below;
    CHECK_OK(org_subtree(c, catalogue, S("party"), S("DU-UBND"), now, &below));
    CHECK_INT(below.n, 7); /* itself and the six that the plan names */
    CHECK_STR(below.v[0], S("DU-UBND"));
    CHECK_OK(org_subtree(c, catalogue, S("state"), S("UBND"), now, &below));
    CHECK(has(below, "UBND-14464") && has(below, "SYT") && !has(below, "HDND") && !has(below, "TU"));
    CHECK_ERR(org_subtree(c, catalogue, S("party"), S("TU-35"), now, &below), E_NOTFOUND);
    CHECK_ERR(org_subtree(c, catalogue, S("family"), S("TU"), now, &below), E_INVALID);
    CHECK_ERR(org_subtree(c, catalogue, S("area"), S("TU"), now, &below), E_NOTFOUND);
}

/* Hà Nam, Nam Định and Ninh Bình became one province on 1 July 2025. */
TEST(merger)
{
    const struct org_catalogue *catalogue = builtin(c);
    struct strs before = org_predecessors(c, catalogue, S("UBND"));
    CHECK_INT(before.n, 3);
    CHECK(has(before, "UBND-35") && has(before, "UBND-36") && has(before, "UBND-37-1992"));
    struct strs after = org_successors(c, catalogue, S("TU-35"));
    CHECK_INT(after.n, 1);
    CHECK_STR(after.v[0], S("TU"));
    CHECK_INT(org_predecessors(c, catalogue, S("37")).n, 3);
    const struct org_unit *old = org_unit(catalogue, S("UBND-36"));
    CHECK(org_exists(old->valid_from, old->valid_to, day(2025, 6, 30)));
    CHECK(!org_exists(old->valid_from, old->valid_to, day(2025, 7, 1)));
    const struct org_unit *merged = org_unit(catalogue, S("UBND"));
    CHECK(!org_exists(merged->valid_from, merged->valid_to, day(2025, 6, 30)));
    CHECK(org_exists(merged->valid_from, merged->valid_to, day(2025, 7, 1)));
}
