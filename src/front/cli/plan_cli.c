#include "domain/plan/plan.h"
#include "front/cli/cli.h"

#include "base/banned.h"

static enum err compile(struct cli *cli, struct draft *ret)
{
    struct document document;
    const struct org_catalogue *catalogue;
    struct str content;
    TRY(cli_read_file(cli, cli->args.v[0], DOCUMENT_BYTES, &content));
    TRY(document_parse(cli->c, content, cli->args.v[0], &document));
    TRY(org_catalogue_builtin(cli->c, &catalogue));
    return plan_compile(cli->c, &document, catalogue, ret);
}

static void put_findings(struct cli *cli, const struct draft *draft)
{
    static const struct {
        const char *severity, *word;
    } words[] = { { "error", "phải xử lý" }, { "warning", "cần xem xét" }, { "info", "ghi nhận" } };
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        size_t n = 0;
        for (size_t i = 0; i < draft->findings.n; i++)
            n += str_eq(draft->findings.v[i].severity, str_of(words[w].severity));
        if (!n)
            continue;
        out_fmt(cli->out, "%s (%zu)\n", words[w].word, n);
        for (size_t i = 0; i < draft->findings.n; i++) {
            const struct finding *f = &draft->findings.v[i];
            if (!str_eq(f->severity, str_of(words[w].severity)))
                continue;
            out_fmt(cli->out, "  %-9.*s", ARGS(f->path.n ? f->path : S("toàn văn")));
            if (f->line != I64_NONE)
                out_fmt(cli->out, " dòng %lld:", (long long)f->line);
            out_fmt(cli->out, " %.*s [%.*s]\n", ARGS(f->message), ARGS(f->rule));
        }
    }
}

static void put_names(struct out *o, const char *label, const struct strs *names)
{
    for (size_t i = 0; i < names->n; i++)
        out_fmt(o, "%s%.*s", i ? "; " : label, ARGS(names->v[i]));
    if (names->n)
        out_char(o, '\n');
}

static void put_task(struct out *o, const struct task *t)
{
    char start[DAY_TEXT], due[DAY_TEXT];
    out_fmt(o, "%-9.*s %.*s\n", ARGS(t->path), ARGS(t->title));
    put_names(o, "          chủ trì: ", &t->lead);
    put_names(o, "          phối hợp: ", &t->coordinating);
    if (t->product.n)
        out_fmt(o, "          sản phẩm: %.*s\n", ARGS(t->product));
    out_fmt(o, "          thời gian: %.*s [%.*s", ARGS(t->schedule.text.n ? t->schedule.text : S("không nêu")), ARGS(t->schedule.kind));
    if (t->schedule.start != DAY_NONE)
        out_fmt(o, " từ %.*s", ARGS(day_text_vi(t->schedule.start, start)));
    if (t->schedule.due != DAY_NONE)
        out_fmt(o, " đến %.*s", ARGS(day_text_vi(t->schedule.due, due)));
    out_put(o, S("]\n"));
}

static void put_draft(struct out *o, const struct draft *d)
{
    out_fmt(o, "%.*s\n", ARGS(d->title));
    out_fmt(o, "Số hiệu: %.*s. Ban hành: %.*s. Giai đoạn %.*s–%.*s.\n", ARGS(d->number.n ? d->number : S("không nêu")),
        ARGS(d->issuer.n ? d->issuer : S("không nêu")), ARGS(d->period.from.n ? d->period.from : S("?")), ARGS(d->period.to.n ? d->period.to : S("?")));
    out_fmt(o, "%zu mục, %zu nhiệm vụ, %zu chương trình, %zu mục tiêu, %zu trách nhiệm, %zu phát hiện\n\n", d->clauses.n, d->tasks.n, d->programmes.n,
        d->targets.n, d->duties.n, d->findings.n);
    for (size_t i = 0; i < d->tasks.n; i++)
        put_task(o, &d->tasks.v[i]);
    for (size_t i = 0; i < d->programmes.n; i++)
        put_task(o, &d->programmes.v[i]);
    out_char(o, '\n');
    for (size_t i = 0; i < d->targets.n; i++)
        out_fmt(o, "%-11.*s %.*s\n", ARGS(d->targets.v[i].key), ARGS(d->targets.v[i].text));
    out_char(o, '\n');
    for (size_t i = 0; i < d->duties.n; i++)
        out_fmt(o, "%-9.*s %.*s: %.*s\n", ARGS(d->duties.v[i].path), ARGS(d->duties.v[i].body.n ? d->duties.v[i].body : S("(chưa rõ ai)")), ARGS(d->duties.v[i].text));
    out_char(o, '\n');
}

static enum err read(struct cli *cli)
{
    struct draft draft;
    TRY(compile(cli, &draft));
    if (cli->form == EMIT_TEXT) {
        put_draft(cli->out, &draft);
        put_findings(cli, &draft);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_record(&e, &draft_record, &draft);
    return OK;
}

static enum err lint(struct cli *cli)
{
    struct draft draft;
    TRY(compile(cli, &draft));
    if (cli->form == EMIT_TEXT) {
        put_findings(cli, &draft);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_list(&e);
    for (size_t i = 0; i < draft.findings.n; i++)
        emit_record(&e, &finding_record, &draft.findings.v[i]);
    emit_end(&e);
    return OK;
}

static const struct cli_option read_options[] = { CLI_FORMAT, { 0 } };

CLI_COMMANDS(cli_plan_commands,
    { .words = "plan read", .arguments = "FILE", .vi = "Đọc một văn bản kế hoạch (txt, md, docx, pdf) và in bản dựng; không cần kho",
        .en = "Compile a plan document (txt, md, docx, pdf) and print the draft; needs no store", .min = 1, .max = 1,
        .options = read_options, .run = read },
    { .words = "plan lint", .arguments = "FILE", .vi = "Đọc một văn bản kế hoạch và in những điểm còn bỏ ngỏ hoặc mâu thuẫn",
        .en = "Compile a plan document and print what it leaves open or contradicts", .min = 1, .max = 1,
        .options = read_options, .run = lint });
