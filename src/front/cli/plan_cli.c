#include "base/args.h"
#include "base/period.h"
#include "domain/org/org_store.h"
#include "domain/plan/secrecy.h"
#include "domain/plan/status.h"
#include "front/cli/cli.h"
#include "front/ops.h"

#include <string.h>

#include "base/banned.h"

/* The bodies of the store where there is one with any, else those that ship with the program. */
static enum err open_catalogue(struct cli *cli, const struct org_catalogue **ret)
{
    if (cli->c->db) {
        TRY(org_catalogue_from_store(cli->c, POS_NOW, ret));
        if (org_units(*ret).n)
            return OK;
    }
    return org_catalogue_builtin(cli->c, ret);
}

struct compiled {
    struct cli *cli;
    struct document document;
    const struct org_catalogue *catalogue;
    struct draft draft;
};

static enum err compile_bounded(struct ctx *c, void *arg)
{
    struct compiled *made = arg;
    TRY(document_read(c, made->cli->args.v[0], &made->document));
    TRY(open_catalogue(made->cli, &made->catalogue));
    return plan_compile(c, &made->document, made->catalogue, &made->draft);
}

/* The reader and the compiler have so much memory between them, whatever the file holds. */
static enum err compile(struct cli *cli, struct compiled *ret)
{
    enum { MEMORY = 400 << 20 };
    struct arena *arena = cli->c->arena;
    size_t limit = arena->limit;
    *ret = (struct compiled){.cli = cli};
    arena->limit = arena->used + MEMORY;
    enum err e = ctx_run(cli->c, compile_bounded, ret);
    arena->limit = limit;
    if (e && !cli->c->error.file.n)
        cli->c->error.file = cli->args.v[0];
    return e;
}

static void put_findings(struct cli *cli, const struct draft *draft)
{
    static const struct {
        const char *severity, *word;
    } words[] = {{"error", "phải xử lý"}, {"warning", "cần xem xét"}, {"info", "ghi nhận"}};
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
    out_fmt(o, "          thời gian: %.*s [%.*s", ARGS(t->schedule.text.n ? t->schedule.text : S("không nêu")),
            ARGS(t->schedule.kind));
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
            ARGS(d->issuer.n ? d->issuer : S("không nêu")), ARGS(d->period.from.n ? d->period.from : S("?")),
            ARGS(d->period.to.n ? d->period.to : S("?")));
    out_fmt(o, "%zu mục, %zu nhiệm vụ, %zu chương trình, %zu mục tiêu, %zu trách nhiệm, %zu phát hiện\n\n",
            d->clauses.n, d->tasks.n, d->programmes.n, d->targets.n, d->duties.n, d->findings.n);
    for (size_t i = 0; i < d->tasks.n; i++)
        put_task(o, &d->tasks.v[i]);
    for (size_t i = 0; i < d->programmes.n; i++)
        put_task(o, &d->programmes.v[i]);
    out_char(o, '\n');
    for (size_t i = 0; i < d->targets.n; i++)
        out_fmt(o, "%-11.*s %.*s\n", ARGS(d->targets.v[i].key), ARGS(d->targets.v[i].text));
    out_char(o, '\n');
    for (size_t i = 0; i < d->duties.n; i++)
        out_fmt(o, "%-9.*s %.*s: %.*s\n", ARGS(d->duties.v[i].path),
                ARGS(d->duties.v[i].body.n ? d->duties.v[i].body : S("(chưa rõ ai)")), ARGS(d->duties.v[i].text));
    out_char(o, '\n');
}

static enum err read(struct cli *cli)
{
    struct compiled made;
    TRY(compile(cli, &made));
    if (cli->form == EMIT_TEXT) {
        put_draft(cli->out, &made.draft);
        put_findings(cli, &made.draft);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_record(&e, &draft_record, &made.draft);
    return OK;
}

static enum err lint(struct cli *cli)
{
    struct compiled made;
    TRY(compile(cli, &made));
    if (cli->form == EMIT_TEXT) {
        put_findings(cli, &made.draft);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_list(&e);
    for (size_t i = 0; i < made.draft.findings.n; i++)
        emit_record(&e, &finding_record, &made.draft.findings.v[i]);
    emit_end(&e);
    return OK;
}

static enum err run_approval(struct ctx *c, void *arg)
{
    return plan_approve(c, arg);
}

static const char *media_type(enum document_kind kind)
{
    switch (kind) {
    case DOCUMENT_TEXT:
        return "text/plain; charset=utf-8";
    case DOCUMENT_MARKDOWN:
        return "text/markdown; charset=utf-8";
    case DOCUMENT_DOCX:
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    case DOCUMENT_PDF:
    case DOCUMENT_SHEET: /* which is no document */
        break;
    }
    return "application/pdf";
}

static void put_change(struct cli *cli, struct emit *e, const char *name, const struct kept_change *change)
{
    if (cli->form == EMIT_TEXT) {
        out_fmt(cli->out, "  %s: thêm %lld, sửa %lld, bỏ %lld, giữ nguyên %lld\n", name, (long long)change->added,
                (long long)change->changed, (long long)change->removed, (long long)change->same);
        return;
    }
    emit_key(e, str_of(name));
    emit_record(e, &kept_change_record, change);
}

static void put_approval(struct cli *cli, const struct approval *a)
{
    static const char *const vi[] = {
        "mục",      "nhiệm vụ, chương trình", "giai đoạn của nhiệm vụ", "cơ quan được nêu", "mục tiêu", "trách nhiệm",
        "phát hiện"};
    static const char *const en[] = {"clauses", "tasks", "phases", "bodies", "targets", "duties", "findings"};
    const struct kept_change *changes[] = {&a->clauses, &a->tasks,  &a->phases,  &a->bodies,
                                           &a->targets, &a->duties, &a->findings};
    struct emit e;
    bool text = cli->form == EMIT_TEXT;
    if (text && !a->position) {
        out_fmt(cli->out, "Kế hoạch \"%.*s\" không thay đổi.\n", ARGS(a->slug));
        return;
    }
    if (text) {
        out_fmt(cli->out, "Đã phê duyệt kế hoạch \"%.*s\" ở vị trí %lld của sổ cái.\n", ARGS(a->slug),
                (long long)a->position);
    } else {
        emit_init(&e, cli->out, cli->form);
        emit_map(&e);
        emit_key(&e, S("slug"));
        emit_text(&e, a->slug);
        emit_key(&e, S("position"));
        emit_i64(&e, a->position ? a->position : I64_NONE);
    }
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        put_change(cli, &e, text ? vi[i] : en[i], changes[i]);
    if (!text)
        emit_end(&e);
}

static enum err load(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct compiled made;
    struct str content, slug = cli_option(cli, "slug");
    struct approval approval = {.draft = &made.draft};
    struct file_ref file;
    struct writer *writer;
    /* Everything that can be refused is read before the store is made or touched. */
    cli->writes = true;
    enum err opened = cli_open(cli);
    if (opened && opened != E_NOTFOUND)
        return opened;
    TRY(compile(cli, &made));
    TRY(secrecy_refuse(c, &made.document));
    approval.catalogue = made.catalogue;
    TRY(cli_read_file(cli, cli->args.v[0], DOCUMENT_BYTES, &content));
    approval.slug = slug.p ? slug : plan_slug(c, &made.draft);
    approval.source_name = made.document.name;
    TRY(cli_writer(cli, &writer));
    TRY(file_put(writer, c, content, str_of(media_type(made.document.kind)), &file));
    approval.source = file.hash;
    TRY(cli_write(cli, run_approval, &approval, NULL));
    put_approval(cli, &approval);
    return OK;
}

/* Bring a document in for review: the operation draft.create, of a file. */
static enum err bring(struct cli *cli)
{
    struct ctx *c = cli->c;
    const struct op *op = op_find(S("draft.create"));
    void *args = args_new(c, op->args);
    struct out result;
    struct emit e;
    struct op_call call = {.args = args, .emit = &e, .store = cli->store};
    struct writer *writer;
    struct str content;
    int64_t position;
    cli->writes = true;
    TRY(cli_read_file(cli, cli->args.v[0], DOCUMENT_BYTES, &content));
    TRY(args_set(c, op->args, args, S("name"), cli->args.v[0]));
    *(struct str *)((char *)args + record_field(op->args, S("file"))->offset) = content;
    TRY(cli_writer(cli, &writer));
    out_init(&result, c->arena, 1 << 20);
    emit_init(&e, &result, cli->form);
    TRY(op_run(c, op, &call, writer, &position));
    out_put(cli->out, out_str(&result));
    return OK;
}

static void put_due(struct out *o, const struct due_item *d)
{
    char day[DAY_TEXT];
    out_fmt(o, "    %.*s  %-9.*s", ARGS(day_text_vi(d->due, day)), ARGS(d->path));
    if (d->days < 0)
        out_fmt(o, " đã qua %lld ngày: ", (long long)-d->days);
    else
        out_fmt(o, " còn %lld ngày: ", (long long)d->days);
    out_fmt(o, "%.*s (%.*s)\n", ARGS(d->title), ARGS(d->lead.n ? d->lead : S("chưa rõ ai chủ trì")));
}

static void put_status(struct out *o, const struct plan_status *s)
{
    out_fmt(o, "%.*s\n  %.*s\n", ARGS(s->slug), ARGS(s->title));
    out_fmt(o, "  %lld nhiệm vụ, %lld chương trình, %lld chỉ tiêu đo được, %lld mục tiêu mô tả, %lld trách nhiệm\n",
            (long long)s->tasks, (long long)s->programmes, (long long)s->targets, (long long)s->described,
            (long long)s->duties);
    out_fmt(o,
            "  thời hạn: %lld có ngày kết thúc (%lld đã qua, %lld trong 30 ngày tới), %lld theo kỳ, %lld thường xuyên, "
            "%lld chưa có hạn\n",
            (long long)s->dated, (long long)s->passed, (long long)s->soon, (long long)s->recurring,
            (long long)s->continuous, (long long)s->open);
    out_fmt(o, "  phát hiện: %lld phải xử lý, %lld cần xem xét, %lld ghi nhận\n", (long long)s->errors,
            (long long)s->warnings, (long long)s->infos);
    if (s->next.n)
        out_put(o, S("  đến hạn sớm nhất:\n"));
    for (size_t i = 0; i < s->next.n; i++)
        put_due(o, &s->next.v[i]);
}

static enum err status(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct plan_rows plans;
    struct emit e;
    int64_t at;
    int32_t today = day_of_moment(ctx_now(c));
    struct str as_of = cli_option(cli, "as-of");
    TRY(cli_open(cli));
    TRY(cli_position(cli, &at));
    if (as_of.p && !day_parse(as_of, &today))
        return cli_wrong_use(cli, "--as-of cần một ngày như 2026-12-31");
    TRY(plan_list(c, at, &plans));
    if (cli->form == EMIT_TEXT && !plans.n)
        out_put(cli->out, S("Kho chưa có kế hoạch nào.\n"));
    if (cli->form != EMIT_TEXT) {
        emit_init(&e, cli->out, cli->form);
        emit_list(&e);
    }
    for (size_t i = 0; i < plans.n; i++) {
        struct plan_status s;
        TRY(plan_status(c, &plans.v[i], at, today, &s));
        if (cli->form == EMIT_TEXT)
            put_status(cli->out, &s);
        else
            emit_record(&e, &plan_status_record, &s);
    }
    if (cli->form != EMIT_TEXT)
        emit_end(&e);
    return OK;
}

static const struct cli_option read_options[] = {CLI_FORMAT, {0}};
static const struct cli_option load_options[] = {CLI_STORE,
                                                 CLI_FORMAT,
                                                 {"slug", "TÊN", 0, NULL,
                                                  "tên kế hoạch trong địa chỉ (mặc định: lấy từ số hiệu hoặc tiêu đề)",
                                                  "name of the plan in addresses (default: from its number or title)"},
                                                 {0}};
static const struct cli_option draft_options[] = {CLI_STORE, CLI_FORMAT, {0}};
static const struct cli_option status_options[] = {CLI_STORE, CLI_FORMAT, CLI_AS_OF, {0}};

CLI_COMMANDS(cli_plan_commands,
             {.words = "plan read",
              .arguments = "FILE",
              .vi = "Đọc một văn bản kế hoạch (txt, md, docx, pdf) và in bản dựng; không cần kho",
              .en = "Compile a plan document (txt, md, docx, pdf) and print the draft; needs no store",
              .min = 1,
              .max = 1,
              .options = read_options,
              .run = read},
             {.words = "plan lint",
              .arguments = "FILE",
              .vi = "Đọc một văn bản kế hoạch và in những điểm còn bỏ ngỏ hoặc mâu thuẫn",
              .en = "Compile a plan document and print what it leaves open or contradicts",
              .min = 1,
              .max = 1,
              .options = read_options,
              .run = lint},
             {.words = "plan load",
              .arguments = "FILE",
              .vi = "Đọc một văn bản kế hoạch, phê duyệt và lưu vào kho",
              .en = "Compile a plan document, approve it and keep it in the store",
              .min = 1,
              .max = 1,
              .options = load_options,
              .run = load},
             {.words = "plan draft",
              .arguments = "FILE",
              .vi = "Đọc một văn bản kế hoạch thành bản dựng trong kho, để duyệt từng mục rồi mới phê duyệt",
              .en = "Read a plan document into a draft in the store, to be reviewed item by item before approval",
              .min = 1,
              .max = 1,
              .options = draft_options,
              .run = bring},
             {.words = "status",
              .arguments = "",
              .vi = "Các kế hoạch trong kho: có gì, việc gì sắp đến hạn, còn bao nhiêu điểm phải xử lý",
              .en = "The plans in the store: what is in them, what falls due, what has to be settled",
              .options = status_options,
              .run = status});
