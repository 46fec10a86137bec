#include "domain/org/org_store.h"

#include "base/period.h"
#include "ledger/ledger.h"
#include "test/store.h"

#include "base/banned.h"

static int64_t load_files(struct writer *w, struct ctx *c, struct org_load *load)
{
    struct command command = {.run = org_load_run, .arg = load};
    CHECK_OK(writer_run(w, c, &command));
    return command.position;
}

static int64_t load_builtin(struct writer *w, struct ctx *c)
{
    struct org_files files = org_files_builtin(c);
    struct org_load load = {.files = files.v, .n_files = files.n};
    return load_files(w, c, &load);
}

static int64_t load_text(struct writer *w, struct ctx *c, struct str text, struct org_load *ret)
{
    struct org_file file = {S("t.csv"), text};
    *ret = (struct org_load){.files = &file, .n_files = 1};
    return load_files(w, c, ret);
}

static const struct org_catalogue *at(struct ctx *c, int64_t position)
{
    const struct org_catalogue *catalogue = NULL;
    CHECK_OK(org_catalogue_from_store(c, position, &catalogue));
    return catalogue;
}

/* What comes out of the store is what is in the program: every body, name by name, group by group. */
TEST(the_store_gives_back_the_catalogue)
{
    struct writer *w = test_writer(c);
    CHECK_INT(org_units(at(c, POS_NOW)).n, 0);
    load_builtin(w, c);
    const struct org_catalogue *stored = at(c, POS_NOW), *builtin;
    CHECK_OK(org_catalogue_builtin(c, &builtin));
    struct org_units a = org_units(stored), b = org_units(builtin);
    CHECK_INT(a.n, b.n);
    for (size_t i = 0; i < a.n; i++) {
        CHECK_STR(a.v[i]->code, b.v[i]->code);
        CHECK_STR(a.v[i]->name, b.v[i]->name);
        CHECK_STR(a.v[i]->note, b.v[i]->note);
        CHECK(a.v[i]->valid_from == b.v[i]->valid_from && a.v[i]->valid_to == b.v[i]->valid_to &&
              a.v[i]->confirmed == b.v[i]->confirmed);
        CHECK_STR(org_resolve(stored, c, a.v[i]->name).code, org_resolve(builtin, c, a.v[i]->name).code);
    }
    struct org_groups groups = org_groups(builtin);
    for (size_t i = 0; i < groups.n; i++) {
        struct strs x, y;
        CHECK_OK(org_members(c, stored, groups.v[i]->code, 20700, &x));
        CHECK_OK(org_members(c, builtin, groups.v[i]->code, 20700, &y));
        CHECK_INT(x.n, y.n);
    }
    CHECK_STR(org_resolve(stored, c, S("ĐU Sở KH&CN")).code, S("DU-SKHCN"));
    CHECK(org_area(stored, S("14464"))->km2 == 39.8);
    CHECK(org_area(stored, S("37"))->km2 != org_area(stored, S("37"))->km2);
}

TEST(loading_again_changes_nothing)
{
    struct writer *w = test_writer(c);
    int64_t first = load_builtin(w, c);
    CHECK_INT(first, 1);
    struct org_files files = org_files_builtin(c);
    struct org_load again = {.files = files.v, .n_files = files.n};
    load_files(w, c, &again);
    CHECK_INT(again.added, 0);
    CHECK_INT(again.changed, 0);
    CHECK(again.unchanged > 500);
    int64_t position;
    CHECK_OK(org_changed(c, &position));
    CHECK_INT(position, 1); /* no second event */
}

/* A changed row is opened anew; the store still says what it was before. */
TEST(as_of)
{
    struct writer *w = test_writer(c);
    struct org_load load;
    int64_t first = load_builtin(w, c);
    int64_t second = load_text(w, c,
                               S("code,name,kind,state,valid_from,valid_to,confirmed\n"
                                 "SYT,Sở Y tế và Dân số,department,UBND,2025-07-01,,yes\n"
                                 "SDL,Sở Du lịch,department,UBND,2025-07-01,2027-12-31,yes\n"
                                 "MOI,Sở Ngoại vụ,department,UBND,2026-01-01,,no\n"
                                 "SKHCN,Sở Khoa học và Công nghệ,department,UBND,2025-07-01,,yes\n"),
                               &load);
    CHECK_INT(second, first + 1);
    const struct org_catalogue *before = at(c, first), *now = at(c, POS_NOW);
    CHECK_STR(org_unit(before, S("SYT"))->name, S("Sở Y tế"));
    CHECK_STR(org_unit(now, S("SYT"))->name, S("Sở Y tế và Dân số"));
    CHECK(org_unit(before, S("SDL"))->valid_to == DAY_NONE && org_unit(now, S("SDL"))->valid_to != DAY_NONE);
    CHECK(!org_unit(before, S("MOI")) && org_unit(now, S("MOI")));
    CHECK_INT(org_resolve(before, c, S("Sở Ngoại vụ")).kind, ORG_UNKNOWN);
    CHECK_STR(org_resolve(at(c, second), c, S("Sở Ngoại vụ")).code, S("MOI"));
    CHECK_INT(org_units(at(c, first - 1)).n, 0);
    CHECK_INT(org_units(now).n, org_units(before).n + 1); /* nothing is removed */
}

/* The event says which files, how much, and what changed from what to what. */
TEST(the_event)
{
    struct writer *w = test_writer(c);
    struct org_load load;
    struct events events;
    load_builtin(w, c);
    load_text(w, c,
              S("code,name,kind,short,state,valid_from,confirmed,note\n"
                "SYT,Sở Y tế,department,Sở YT,UBND,2025-07-01,yes,\n"),
              &load);
    CHECK_INT(load.changed, 1);
    CHECK_INT(load.added, 0);
    CHECK_OK(ledger_list(c, 1, 10, &events));
    CHECK_INT(events.n, 1);
    CHECK_STR(events.v[0].kind, S("org.load"));
    CHECK_STR(events.v[0].subject, S("orgs"));
    struct str payload = events.v[0].payload;
    CHECK(str_has(payload, S("\"name\":\"t.csv\"")));
    CHECK(str_has(
        payload,
        S("\"SYT\":{\"was\":{\"confirmed\":false,\"note\":\"Chưa có nguồn xác nhận\"},\"now\":{\"confirmed\":true")));
    struct verdict verdict;
    CHECK_OK(ledger_verify_store(c, S(""), &verdict));
    CHECK(verdict.whole);
}

TEST(a_refused_load_leaves_the_store_alone)
{
    struct writer *w = test_writer(c);
    load_builtin(w, c);
    struct org_file file = {S("t.csv"),
                            S("code,name,kind,state\nMOI,Sở Ngoại vụ,department,UBND\nHAI,Sở Hai,department,NOBODY\n")};
    struct org_load load = {.files = &file, .n_files = 1};
    struct command command = {.run = org_load_run, .arg = &load};
    CHECK_ERR(writer_run(w, c, &command), E_INVALID);
    CHECK_STR(c->error.file, S("t.csv"));
    CHECK_INT(c->error.line, 2); /* its parent begins after it; line 3 has no parent at all */
    CHECK(str_has(c->error.message, S("dòng 3: ")));
    CHECK(!org_unit(at(c, POS_NOW), S("MOI")));
    int64_t position;
    CHECK_OK(org_changed(c, &position));
    CHECK_INT(position, 1);
}

/* A dry run says what a load would do, and does not. */
TEST(dry_run)
{
    struct writer *w = test_writer(c);
    load_builtin(w, c);
    struct org_file file = {S("t.csv"), S("alias,code\nSở Khoa học,SKHCN\n")};
    struct org_load load = {.files = &file, .n_files = 1};
    CHECK_OK(org_load_check(c, &load));
    CHECK_INT(load.added, 1);
    CHECK_INT(org_resolve(at(c, POS_NOW), c, S("Sở Khoa học")).kind, ORG_UNKNOWN);
    load_files(w, c, &load);
    CHECK_STR(org_resolve(at(c, POS_NOW), c, S("Sở Khoa học")).code, S("SKHCN"));
}

/* Another place with a file of its own: our kinds and abbreviations are there from the start, our bodies are not. */
TEST(another_place)
{
    struct writer *w = test_writer(c);
    struct org_load load;
    load_text(
        w, c,
        S("code,name,kind,state\nUB,Ủy ban nhân dân tỉnh,committee,\nS1,Sở Khoa học và Công nghệ,department,UB\n"),
        &load);
    const struct org_catalogue *catalogue = at(c, POS_NOW);
    CHECK_INT(org_units(catalogue).n, 2);
    CHECK_STR(org_resolve(catalogue, c, S("UBND tỉnh")).code, S("UB"));
    CHECK_STR(org_resolve(catalogue, c, S("Sở KH&CN")).code, S("S1"));
    CHECK_INT(org_resolve(catalogue, c, S("Sở Y tế")).kind, ORG_UNKNOWN);
}
