/* The catalogue's files and names: whatever comes in, a refused file changes nothing and names a line; an accepted
 * one gives a catalogue whose every body is found by its code; a name is known or unknown, and its code exists. */
#include "fuzz/fuzz.h"

#include "document/rows.h"
#include "domain/org/org.h"

#include "base/banned.h"

static void names(struct ctx *c, const struct org_catalogue *catalogue, struct str text)
{
    struct org_match m = org_resolve_at(catalogue, c, text, 20700);
    if (m.kind == ORG_UNIT)
        HOLDS(org_unit(catalogue, m.code));
    else if (m.kind == ORG_GROUP)
        HOLDS(org_group(catalogue, m.code));
    else if (m.kind == ORG_AREA)
        HOLDS(org_area(catalogue, m.code));
    else
        HOLDS(!m.code.n);
}

static void use(struct ctx *c, const struct org_catalogue *catalogue)
{
    struct org_units units = org_units(catalogue);
    struct org_groups groups = org_groups(catalogue);
    struct strs list;
    for (size_t i = 0; i < units.n; i++) {
        HOLDS(org_unit(catalogue, units.v[i]->code) == units.v[i]);
        HOLDS(org_subtree(c, catalogue, S("party"), units.v[i]->code, units.v[i]->valid_from, &list) != E_INVALID);
        names(c, catalogue, units.v[i]->name);
    }
    for (size_t i = 0; i < groups.n; i++)
        HOLDS(!org_members(c, catalogue, groups.v[i]->code, 20700, &list));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char kinds[] = "kind,name,of,rank\nk,loại,unit,1\na,xã,area,1\n";
    static const char words[] =
        "word,full\nvà,\nUBND,Ủy ban nhân dân\nĐU,Đảng ủy\nCT-XH,chính trị - xã hội\nKH&CN,Khoa học và Công nghệ\n";
    struct arena arena;
    arena_init(&arena, (size_t)256 << 20);
    struct ctx c = {.arena = &arena, .source = source_system()};
    struct str text = {(const char *)data, n};
    struct org_file files[] = {
        {S("kinds.csv"), {kinds, sizeof kinds - 1}}, {S("words.csv"), {words, sizeof words - 1}}, {S("t.csv"), text}};
    const struct org_catalogue *base = NULL, *catalogue = NULL;
    struct row_problems problems = {0};
    HOLDS(!org_catalogue_read(&c, files, 2, NULL, NULL, &base));
    enum err e = org_catalogue_read(&c, files + 2, 1, base, &problems, &catalogue);
    HOLDS((e == OK) == (catalogue != NULL) && (e == OK) == !problems.n);
    for (size_t i = 0; i < problems.n; i++)
        HOLDS(problems.v[i].text.n && str_is_utf8(problems.v[i].text, NULL));
    names(&c, base, text);
    if (catalogue)
        use(&c, catalogue);
    arena_reset(&arena);
    return 0;
}
