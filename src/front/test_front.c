#include "base/args.h"
#include "front/cli/cli.h"
#include "front/ops.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

struct sample {
    struct str name, size;
    int64_t n;
    double share;
    int32_t day;
    bool dry_run;
    struct strs tag;
};
RECORD(sample_record, struct sample, "sample", "Thử",
       {"name", FIELD_TEXT, offsetof(struct sample, name), .required = true, .doc = "tên"},
       {"size", FIELD_TEXT, offsetof(struct sample, size), .one_of = "small|large", .doc = "cỡ"},
       {"n", FIELD_I64, offsetof(struct sample, n), .doc = "số"},
       {"share", FIELD_F64, offsetof(struct sample, share), .doc = "phần"},
       {"day", FIELD_DAY, offsetof(struct sample, day), .doc = "ngày"},
       {"dry_run", FIELD_BOOL, offsetof(struct sample, dry_run), .doc = "chỉ thử"},
       {"tag", FIELD_TEXTS, offsetof(struct sample, tag), .doc = "nhãn"});

TEST(arguments_not_given_are_absent)
{
    struct sample *s = args_new(c, &sample_record);
    CHECK(!s->name.p && s->n == I64_NONE && isnan(s->share) && s->day == DAY_NONE && !s->dry_run && s->tag.n == 0);
    CHECK_ERR(args_check(c, &sample_record, s), E_INVALID);
    CHECK_STR(c->error.field, S("name"));
    CHECK(args_new(c, NULL) == NULL);
    CHECK_OK(args_check(c, NULL, NULL));
    CHECK_ERR(args_set(c, NULL, NULL, S("name"), S("x")), E_INVALID);
}

TEST(arguments_are_read_by_their_type)
{
    struct sample *s = args_new(c, &sample_record);
    const char *given[][2] = {{"name", ""},          {"size", "large"},   {"n", "-12"}, {"share", "1e-3"},
                              {"day", "2026-11-30"}, {"dry-run", "true"}, {"tag", "a"}, {"tag", "b"}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        CHECK_OK(args_set(c, &sample_record, s, str_of(given[i][0]), str_of(given[i][1])));
    CHECK_OK(args_check(c, &sample_record, s));
    CHECK(s->name.p && s->name.n == 0 && s->n == -12 && s->share == 0.001 && s->dry_run);
    CHECK(s->tag.n == 2 && str_eq(s->tag.v[1], S("b")));
    CHECK_STR(s->size, S("large"));
}

TEST(wrong_arguments_are_named)
{
    const char *wrong[][2] = {
        {"size", "medium"},    {"size", ""},          {"n", "1.5"},       {"n", ""},       {"n", "9223372036854775808"},
        {"share", "nan"},      {"share", "0x10"},     {"share", "1e999"}, {"share", ""},   {"share", "1,5"},
        {"day", "2026-02-30"}, {"day", "30/11/2026"}, {"dry_run", "yes"}, {"name", "\xff"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct sample *s = args_new(c, &sample_record);
        enum err e = args_set(c, &sample_record, s, str_of(wrong[i][0]), str_of(wrong[i][1]));
        if (e != E_INVALID)
            test_failed(__FILE__, __LINE__, "--%s \"%s\" was taken", wrong[i][0], wrong[i][1]);
        CHECK_STR(c->error.field, str_of(wrong[i][0]));
    }
    struct sample *s = args_new(c, &sample_record);
    CHECK_ERR(args_set(c, &sample_record, s, S("nam"), S("x")), E_INVALID);
    CHECK_ERR(args_set(c, &sample_record, s, S("names"), S("x")), E_INVALID);
    CHECK_ERR(args_set(c, &sample_record, s, S(""), S("x")), E_INVALID);
}

TEST(every_operation_is_described)
{
    for (const struct op_table *const *t = op_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct op *op = &(*t)->v[i];
            CHECK(strchr(op->name, '.') && op->vi[0] && op->en[0] && op->run);
            CHECK(op->permission > 0 && op->permission < PERM_COUNT);
            CHECK(op->kind == OP_READ || op->kind == OP_WRITE);
            CHECK(op_find(str_of(op->name)) == op); /* no two of one name */
            for (size_t k = 0; op->args && k < op->args->n; k++)
                CHECK(op->args->fields[k].doc && op->args->fields[k].doc[0]);
        }
    CHECK(op_find(S("no.such")) == NULL);
}

static int run(struct ctx *c, struct str *ret_out, struct str *ret_errors, const char *const *words)
{
    struct out out, errors;
    out_init(&out, c->arena, 1 << 20);
    out_init(&errors, c->arena, 1 << 20);
    char *argv[16] = {str_z(c->arena, S("hoalu"))};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = str_z(c->arena, str_of(words[argc - 1]));
    int status = cli_main(c, &out, &errors, argc, argv);
    *ret_out = str_dup(c->arena, out_str(&out));
    *ret_errors = str_dup(c->arena, out_str(&errors));
    return status;
}
#define RUN(...) run(c, &out, &errors, (const char *const[]){__VA_ARGS__, NULL})

TEST(help_is_for_everything_a_group_and_a_command)
{
    struct str out, errors;
    CHECK_INT(RUN("--help"), 0);
    CHECK(str_has(out, S("hoalu ledger verify")) && str_has(out, S("hoalu call")) && errors.n == 0);
    CHECK_INT(RUN("ledger", "--help"), 0);
    CHECK(str_has(out, S("hoalu ledger export")) && !str_has(out, S("hoalu call")) && errors.n == 0);
    CHECK_INT(RUN("ledger", "verify", "x", "--root", "--help"), 0);
    CHECK(str_has(out, S("--root")) && !str_has(out, S("ledger export")) && errors.n == 0);
    CHECK_INT(RUN("--version"), 0);
    CHECK(str_starts(out, S("hoalu 0")));
}

TEST(wrong_use_is_told_with_the_right_use)
{
    struct str out, errors;
    const char *const wrong[][6] = {{"ledger"},
                                    {"ledgers"},
                                    {"ledger", "verify", "a", "b"},
                                    {"ledger", "export"},
                                    {"ledger", "verify", "--root"},
                                    {"ledger", "verify", "--rot", "x"},
                                    {"ledger", "verify", "--format", "xml"},
                                    {"ledger", "verify", "-r", "x"},
                                    {"call", "no.such"},
                                    {"--store", "x"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(run(c, &out, &errors, wrong[i]), 2);
        CHECK(out.n == 0 && errors.n > 0);
    }
    CHECK_INT(run(c, &out, &errors, (const char *const[]){NULL}), 2);
    CHECK(str_has(errors, S("hoalu ledger verify")));
}

TEST(refusals_name_the_file)
{
    struct str out, errors;
    CHECK_INT(RUN("ledger", "verify", "/nowhere/x.jsonl"), 1);
    CHECK(str_starts(errors, S("hoalu: /nowhere/x.jsonl: ")) && out.n == 0);
    CHECK_INT(RUN("ledger", "verify", "--store", "/nowhere/x.db"), 1);
    CHECK(str_starts(errors, S("hoalu: /nowhere/x.db: ")));
    CHECK_INT(RUN("ledger", "verify", "--store=/nowhere/y.db"), 1);
    CHECK(str_starts(errors, S("hoalu: /nowhere/y.db: ")));
    CHECK_INT(RUN("ledger", "verify", "--", "--root"), 1); /* a file of that name */
    CHECK(str_starts(errors, S("hoalu: --root: ")));
}

TEST(every_command_is_in_the_help_and_the_manual)
{
    struct str out, errors, manual;
    CHECK_INT(RUN("--manual"), 0);
    manual = out;
    CHECK_INT(RUN("--help"), 0);
    for (const struct cli_table *const *t = cli_tables; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct cli_command *command = &(*t)->v[i];
            struct str words = str_fmt(c->arena, "hoalu %s", command->words);
            CHECK(str_has(out, words));
            CHECK(str_has(manual, words));
            CHECK(command->vi[0] && command->en[0] && command->run && command->max >= command->min);
            CHECK(!str_ends(str_of(command->vi), S(".")) && !str_ends(str_of(command->en), S(".")));
            for (const struct cli_option *o = command->options; o && o->name; o++)
                CHECK(o->vi[0] && o->en[0]);
        }
}

/* roff would take a leading dot or apostrophe for a request, and a bare hyphen for a dash. */
TEST(manual_page_is_plain_roff)
{
    struct str out, errors, line;
    CHECK_INT(RUN("--manual"), 0);
    while (out.n && str_cut(&out, '\n', &line)) {
        CHECK(line.n > 0 || !out.p);
        if (line.n && line.p[0] == '.')
            CHECK(line.n > 2 && line.p[1] >= 'A' && (line.p[1] <= 'Z' || str_starts(line, S(".br"))));
        CHECK(!line.n || line.p[0] != '\'');
    }
}
