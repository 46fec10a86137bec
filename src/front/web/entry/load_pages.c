/* A file of figures: first what it would do and everything that is wrong, then loading what was shown. */
#include "front/ops.h"
#include "base/args.h"
#include "front/web/entry/entry_site.h"
#include "front/web/values_load.html.h"

#include <sodium.h>

#include "base/banned.h"

enum {
    HASH = 32,
    SHOWN = 200,
    FILE_BYTES = 4 << 20,
    CSV_BYTES = 1 << 20,
    BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};

static enum err put_load(struct site *s, struct load_view *vm)
{
    site_begin(s, url_fixed("/values/load"), site_text(s, &M_load_title), NAV_INDICATORS);
    s->for_one = true;
    values_load_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err show_load(struct site *s)
{
    struct load_view vm = {.official = true};
    return put_load(s, &vm);
}

static struct str base64(struct ctx *c, struct str bytes, int variant)
{
    size_t room = sodium_base64_encoded_len(bytes.n, variant);
    char *text = NEWN(c->arena, char, room);
    sodium_bin2base64(text, room, (const unsigned char *)bytes.p, bytes.n, variant);
    return str_of(text);
}

static enum err from_base64(struct ctx *c, struct str text, struct str *ret)
{
    char *bytes = NEWN(c->arena, char, text.n + 1);
    size_t n;
    if (sodium_base642bin((unsigned char *)bytes, text.n + 1, text.p, text.n, NULL, &n, NULL, BASE64))
        return FAIL(c, E_INVALID, "nội dung gửi lại không đúng dạng (not what the page sent)");
    *ret = (struct str){bytes, n};
    return OK;
}

static struct str part_of(const struct http_parts *parts, const char *name)
{
    const struct http_part *part = http_part(parts, name);
    return part ? str_trim(part->body) : S("");
}

/* All that the reader was shown a reading of. */
static struct str mark_of(struct ctx *c, const struct load_view *vm, struct str content)
{
    unsigned char hash[HASH];
    struct str all = str_fmt(c->arena, "%.*s\n%.*s\n%.*s\n%.*s\n%d\n", ARGS(vm->name), ARGS(vm->marks),
                             ARGS(vm->source), ARGS(vm->reason), vm->official);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH);
    crypto_generichash_update(&state, (const unsigned char *)all.p, all.n);
    crypto_generichash_update(&state, (const unsigned char *)content.p, content.n);
    crypto_generichash_final(&state, hash, HASH);
    return base64(c, (struct str){(const char *)hash, HASH}, BASE64);
}

/* A file that was chosen, or the same sent again by the page that showed what is in it. */
static enum err read_sent(struct site *s, const struct http_parts *parts, struct load_view *vm, struct str *content)
{
    const struct http_part *file = http_part(parts, "file");
    vm->marks = part_of(parts, "marks");
    vm->source = part_of(parts, "source");
    vm->reason = part_of(parts, "reason");
    vm->official = part_of(parts, "official").n > 0;
    if (file && file->filename.n) {
        vm->name = file->filename;
        *content = file->body;
    } else {
        vm->name = part_of(parts, "name");
        if (!vm->name.n)
            return FAIL(s->c, E_INVALID, "%.*s", ARGS(site_text(s, &M_load_no_file)));
        TRY(from_base64(s->c, part_of(parts, "content"), content));
    }
    if (content->n > FILE_BYTES)
        return FAIL(s->c, E_LIMIT, "%.*s", ARGS(site_text(s, &M_load_too_large)));
    return OK;
}

/* Everything that is kept of what is wrong, as a file in the page itself: no second reading of the upload. */
static struct url as_csv(struct site *s, const struct value_problems *problems)
{
    struct out o;
    out_init(&o, s->c->arena, CSV_BYTES);
    csv_header(&o, &value_problem_record);
    for (size_t i = 0; i < problems->n; i++)
        csv_row(&o, &value_problem_record, &problems->v[i]);
    struct str text = base64(s->c, out_str(&o), sodium_base64_VARIANT_ORIGINAL);
    return (struct url){str_fmt(s->c->arena, "data:text/csv;charset=utf-8;base64,%.*s", ARGS(text))};
}

static void show_problems(struct site *s, struct load_view *vm)
{
    const struct value_problems *all = &vm->load->problems;
    /* Errors first: they are what stops it. */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < all->n && vm->problems.n < SHOWN; i++) {
            const struct value_problem *p = &all->v[i];
            bool error = str_eq(p->severity, S("error"));
            if (error == !pass)
                *PUSH(s->c->arena, &vm->problems) =
                    (struct load_problem){p, in_lang(s->page.lang, p->message, p->message_en), error};
        }
    vm->more = all->errors + all->warnings - vm->problems.n;
    if (all->n)
        vm->all = as_csv(s, all);
}

/* What was shown is loaded by the operation, which reads and judges it again. */
static enum err load_it(struct site *s, const struct load_view *vm, struct str content)
{
    const struct op *op = op_find(S("value.load"));
    void *args = op ? args_new(s->c, op->args) : NULL;
    const struct field *file = op ? record_field(op->args, S("file")) : NULL;
    if (!file)
        return FAIL(s->c, E_INTERNAL, "không có thao tác value.load (no such operation)");
    *(struct str *)((char *)args + file->offset) = content;
    const struct entry_given given[] = {{"name", vm->name},
                                        {"numbers", vm->marks},
                                        {"source", vm->source},
                                        {"reason", vm->reason},
                                        {"official", vm->official ? S("true") : S("")}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].value.n)
            TRY(args_set(s->c, op->args, args, str_of(given[i].name), given[i].value));
    TRY(args_check(s->c, op->args, args));
    return site_run(s, op, args, NULL);
}

static enum err look(struct site *s, struct load_view *vm, struct str content)
{
    struct value_load *load = NEW(s->c->arena, struct value_load);
    *load = (struct value_load){.content = content,
                                .name = vm->name,
                                .source = vm->source,
                                .reason = vm->reason,
                                .official = vm->official,
                                .marks = value_load_marks(vm->marks)};
    TRY(value_load_check(s->c, load));
    vm->load = load;
    show_problems(s, vm);
    vm->mark = mark_of(s->c, vm, content);
    if (load->problems.errors)
        s->answer->status = 422;
    else if (load->cells)
        vm->content = base64(s->c, content, BASE64);
    return OK;
}

static enum err take(struct site *s, const struct http_parts *parts, struct load_view *vm, bool *ret_loaded)
{
    struct str content = {0}, shown = part_of(parts, "shown");
    TRY(read_sent(s, parts, vm, &content));
    if (!shown.n)
        return look(s, vm, content);
    if (!str_eq(shown, mark_of(s->c, vm, content)))
        return FAIL(s->c, E_CONFLICT, "%.*s", ARGS(site_text(s, &M_load_stale)));
    TRY(load_it(s, vm, content));
    *ret_loaded = true;
    return OK;
}

static enum err post_load(struct site *s)
{
    struct load_view vm = {0};
    struct http_parts parts;
    bool loaded = false;
    struct str type = request_header(s->request, "Content-Type");
    TRY(http_read_multipart(s->c, type.p ? type : S(""), s->request->body, &parts));
    enum err e = take(s, &parts, &vm, &loaded);
    if (e && !entry_tell(s, e, &vm.error))
        return e;
    if (e || !loaded)
        return put_load(s, &vm);
    if (!s->position)
        return site_go(s, url_fixed("/values/batches"));
    return site_go(
        s, url_with(s->c->arena, URL(s->c->arena, "/values/batches/{}", entry_int(s, s->position)), "loaded", S("1")));
}

const struct route values_load_routes[] = {
    ROUTE("/values/load", PERM_ENTER | PERM_IN_BODY, show_load, post_load),
    {0},
};
