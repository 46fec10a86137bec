/* test_tables.h - a small province and a few indicators, for tests of figures on the way in. */
#ifndef HOALU_TEST_TABLES_H
#define HOALU_TEST_TABLES_H

#include "domain/indicator/dictionary_store.h"
#include "domain/org/org.h"
#include "test/test.h"

/* A province with six communes (one that was merged in 2025, one formed in 2026), a department, and a commune's
 * committee. */
static const struct org_file test_orgs[] = {
    {S0("kinds.csv"), S0("kind,name,of,rank\nprovince,tỉnh,area,1\ncommune,xã,area,2\ndepartment,sở,unit,1\n"
                         "committee,ủy ban nhân dân,unit,2\n")},
    {S0("areas.csv"),
     S0("area,name,kind,parent,valid_from,valid_to\n37,Ninh Bình,province,,,\n"
        "X1,Gia Một,commune,37,,\nX2,Gia Hai,commune,37,,\nX3,Gia Ba,commune,37,,\n"
        "X4,Gia Bốn,commune,37,,\nX0,Gia Cũ,commune,37,,2025-06-30\nXN,Gia Mới,commune,37,2026-07-01,\n")},
    {S0("units.csv"), S0("code,name,kind,state,area\nUBT,UBND tỉnh,committee,,\nSKH,Sở Khoa học,department,UBT,\n"
                         "U1,UBND xã Gia Một,committee,UBT,X1\nU2,UBND xã Gia Hai,committee,UBT,X2\n")},
};

static inline const struct org_catalogue *test_catalogue(struct ctx *c)
{
    const struct org_catalogue *ret = NULL;
    CHECK_OK(org_catalogue_read(c, test_orgs, sizeof test_orgs / sizeof *test_orgs, NULL, NULL, &ret));
    return ret;
}

/* DN counts enterprises, DNS those that went digital; TL is the share. GRDP is money, of the province alone; VAO points
 * of a hundred; MT a described target of three steps. */
static const struct org_file test_indicators[] = {
    {S0("dimensions.csv"), S0("dimension,category,name,name_en,ordinal\nsize,small,Nhỏ,Small,1\nsize,big,Lớn,Big,2\n")},
    {S0("indicators.csv"),
     S0("code,name,name_en,unit,places,direction,frequency,tree,over_places,over_time,formula,dimensions,low,high,"
        "jump,steps,responsible\n"
        "DN,Doanh nghiệp,Firms,doanh nghiệp,0,up,quarter,area,sum,last,,size,0,,0.5,,SKH\n"
        "DNS,Doanh nghiệp số,Digital firms,doanh nghiệp,0,up,quarter,area,sum,last,,,0,,,,SKH\n"
        "TL,Tỷ lệ doanh nghiệp số,Share,%,1,up,quarter,area,none,none,100 * [DNS] / [DN],,0,100,,,\n"
        "GRDP,Tổng sản phẩm,GRDP,tỷ đồng,1,up,year,,none,sum,,,,,,,SKH\n"
        "VAO,Điểm đầu vào,Input,điểm,2,up,year,area,mean,last,,,0,100,,,\n"
        "PT,Phần trăm dân,Share of people,%,2,up,month,area,mean,last,,,0,,,,\n"
        "MT,Trung tâm,Centre,bước,0,up,half,,none,last,,,,,,chưa có|đang lập|đã chạy,\n"
        "SB,Việc của sở,Tasks,việc,0,up,year,state,sum,sum,,,0,,,,\n")},
};

static inline const struct dictionary *test_dictionary(struct ctx *c)
{
    const struct dictionary *ret = NULL;
    CHECK_OK(
        dictionary_read(c, test_indicators, sizeof test_indicators / sizeof *test_indicators, NULL, NULL, NULL, &ret));
    return ret;
}

#endif
