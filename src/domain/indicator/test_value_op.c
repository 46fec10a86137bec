/* Operations on figures, as a program or a form calls them. */
#include "domain/access/viewer.h"
#include "domain/indicator/test_cube.h"
#include "domain/op.h"

#include "base/args.h"
#include "base/emit.h"

#include "base/banned.h"

extern const struct op_table value_ops;

struct calling {
    const struct op *op;
    struct op_call call;
};

static enum err run(struct ctx *c, void *arg)
{
    const struct calling *calling = arg;
    return calling->op->run(c, &calling->call);
}

/* "name", "value", … NULL. */
static enum err call(struct writer *w, struct ctx *c, const char *name, const char *const *args, struct str *ret)
{
    struct calling calling = {0};
    struct command command = {.run = run, .arg = &calling};
    struct out o;
    struct emit e;
    for (size_t i = 0; i < value_ops.n; i++)
        if (str_eq(str_of(value_ops.v[i].name), str_of(name)))
            calling.op = &value_ops.v[i];
    CHECK(calling.op);
    void *row = args_new(c, calling.op->args);
    for (; *args; args += 2)
        TRY(args_set(c, calling.op->args, row, str_of(args[0]), str_of(args[1])));
    TRY(args_check(c, calling.op->args, row));
    out_init(&o, c->arena, 1 << 20);
    emit_init(&e, &o, EMIT_JSON);
    calling.call = (struct op_call){.args = row, .emit = &e, .writer = w};
    if (calling.op->prepare)
        TRY(calling.op->prepare(c, &calling.call));
    TRY(calling.op->kind == OP_READ ? calling.op->run(c, &calling.call) : writer_run(w, c, &command));
    *ret = out_str(&o);
    return OK;
}
#define CALL(name, ret, ...) call(w, c, name, (const char *const[]){__VA_ARGS__, NULL}, ret)

/* Nothing is restricted for the program itself; a reader sees what is not. */
static const struct viewer reader = {.account = S0("lan"), .whole = 1 << PERM_READ, .some = 1 << PERM_READ};

static struct writer *begin(struct ctx *c)
{
    struct writer *w = test_writer(c);
    struct org_files orgs = org_files_builtin(c), words = dictionary_files_builtin(c);
    struct org_load places = {.files = orgs.v, .n_files = orgs.n};
    struct indicator_load load = {.files = words.v, .n_files = words.n};
    c->viewer = &viewer_system;
    c->actor.name = S("cli");
    CHECK_OK(writer_run(w, c, &(struct command){.run = org_load_run, .arg = &places}));
    CHECK_OK(writer_run(w, c, &(struct command){.run = indicator_load_run, .arg = &load}));
    return w;
}

TEST(a_figure_by_name_and_its_way_back)
{
    struct writer *w = begin(c);
    struct str said;
    CHECK_OK(CALL("value.put", &said, "indicator", "HT-THON", "place", "13285", "period", "2026-S1", "text", "1.234,0",
                  "provisional", "true", "evidence", "công văn 5"));
    CHECK(str_has(said, S("\"added\":1")));
    CHECK_OK(CALL("value.put", &said, "indicator", "HT-THON", "place", "13291", "period", "6 tháng đầu năm 2026",
                  "amount", "66"));
    CHECK_OK(CALL("value.list", &said, "code", "HT-THON", "place", "37"));
    CHECK(str_has(said, S("\"place\":\"37\",\"period\":\"2026-S1\",\"amount\":1300,\"provisional\":true,")));
    CHECK(str_has(said, S("\"added\":true")) && str_has(said, S("\"have\":2,\"of\":129")));
    CHECK_OK(CALL("value.list", &said, "code", "HT-THON", "limit", "2"));
    CHECK(str_has(said, S("\"place\":\"13285\"")) && str_has(said, S("\"actor\":\"cli\"")));
    CHECK(!str_has(said, S("\"place\":\"13291\"")) && str_has(said, S("\"next\":\"2\"")));
    CHECK_OK(CALL("value.list", &said, "code", "HT-THON", "limit", "2", "after", "2"));
    CHECK(str_has(said, S("\"place\":\"13291\"")) && str_has(said, S("\"next\":null")));
    CHECK_OK(CALL("value.history", &said, "code", "HT-THON", "place", "13285"));
    CHECK(str_has(said, S("\"amount\":1234")) && str_has(said, S("\"evidence\":\"công văn 5\"")));
    CHECK_OK(CALL("value.batches", &said, "limit", "1"));
    CHECK(str_has(said, S("\"kind\":\"value.put\"")) && str_has(said, S("\"rows_new\":1")));
    struct value_batches all;
    CHECK_OK(value_batches(c, I64_NONE, 10, &all));
    CHECK_INT(all.n, 2);
    const char *batch = str_z(c->arena, str_fmt(c->arena, "%lld", (long long)all.v[0].position));
    CHECK_OK(CALL("value.undo", &said, "batch", batch, "reason", "nhầm xã"));
    CHECK_OK(CALL("value.list", &said, "code", "HT-THON", "place", "37"));
    CHECK(str_has(said, S("\"amount\":1234,")) && str_has(said, S("\"have\":1,\"of\":129")));
}

TEST(what_cannot_be_a_figure_names_its_argument)
{
    struct writer *w = begin(c);
    struct str said;
    CHECK_ERR(CALL("value.put", &said, "indicator", "HT-THON", "place", "13285", "period", "2026-S1", "text", "1e400"),
              E_INVALID);
    CHECK_STR(c->error.field, S("text"));
    CHECK_ERR(CALL("value.put", &said, "indicator", "HT-THON", "place", "13285", "period", "2026-S1"), E_INVALID);
    CHECK_STR(c->error.field, S("amount"));
    CHECK_ERR(CALL("value.put", &said, "indicator", "HT-THON", "place", "13285", "period", "2026-13", "amount", "1"),
              E_INVALID);
    CHECK_STR(c->error.field, S("period"));
    CHECK_ERR(CALL("value.put", &said, "indicator", "HT-THON", "place", "13285", "period", "2026-S1", "amount", "-1"),
              E_INVALID); /* below what is possible */
    CHECK_ERR(CALL("value.put", &said, "indicator", "KHONG-CO", "place", "13285", "period", "2026", "amount", "1"),
              E_NOTFOUND);
    CHECK_ERR(CALL("value.list", &said, "code", "HT-THON", "place", "99999"), E_NOTFOUND);
    struct value_batches all;
    CHECK_OK(value_batches(c, I64_NONE, 10, &all));
    CHECK_INT(all.n, 0);
}

TEST(what_is_restricted_is_not_there_for_others)
{
    struct writer *w = begin(c);
    struct str said;
    const struct org_file file = {S("indicators.csv"),
                                  S("code,name,unit,direction,frequency,tree,provider,over_places,over_time,low,level,"
                                    "confirmed\nKIN-1,Kín,người,up,half,area,N-UBND-XA,sum,sum,0,restricted,yes\n")};
    struct indicator_load load = {.files = &file, .n_files = 1};
    CHECK_OK(writer_run(w, c, &(struct command){.run = indicator_load_run, .arg = &load}));
    CHECK_OK(CALL("value.put", &said, "indicator", "KIN-1", "place", "13285", "period", "2026-S1", "amount", "1"));
    CHECK_OK(CALL("value.put", &said, "indicator", "HT-THON", "place", "13285", "period", "2026-S1", "amount", "1"));
    c->viewer = &reader;
    CHECK_ERR(CALL("value.list", &said, "code", "KIN-1"), E_NOTFOUND);
    CHECK_ERR(CALL("value.history", &said, "code", "KIN-1", "place", "13285"), E_NOTFOUND);
    CHECK_OK(CALL("value.list", &said, "code", "HT-THON", "place", "13285"));
    CHECK_OK(CALL("value.batches", &said, "limit", "9"));
    CHECK(str_has(said, S("indicators/HT-THON")) && !str_has(said, S("KIN-1")));
    struct value_batches all;
    CHECK_OK(value_batches(c, I64_NONE, 10, &all));
    const char *batch = str_z(c->arena, str_fmt(c->arena, "%lld", (long long)all.v[1].position));
    CHECK_ERR(CALL("value.undo", &said, "batch", batch, "reason", "thử"), E_NOTFOUND);
    batch = str_z(c->arena, str_fmt(c->arena, "%lld", (long long)all.v[0].position));
    c->actor.name = S("lan");
    CHECK_ERR(CALL("value.undo", &said, "batch", batch, "reason", "thử"), E_DENIED);
}
