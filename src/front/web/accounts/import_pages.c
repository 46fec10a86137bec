/* Accounts from a table: what it would do is shown first, and what was shown is what is done. */
#include "domain/access/import.h"
#include "front/web/account_import.html.h"
#include "front/web/accounts/accounts_view.h"
#include "front/web/site.h"

#include <sodium.h>

#include "base/banned.h"

enum { HASH = 32, CHANGES_SHOWN = 2000 };

static enum err put_import(struct site *s, struct account_import_view *vm)
{
    vm->links_days = LINK_DAYS;
    s->for_one = true;
    site_begin(s, url_fixed("/accounts/import"), site_text(s, &M_accimport_title), NAV_NONE);
    account_import_html(&s->page, &s->frame, vm);
    return OK;
}

static enum err get_import(struct site *s)
{
    struct account_import_view vm = {0};
    return put_import(s, &vm);
}

static const struct message *what_label(struct str what)
{
    static const struct {
        const char *word;
        const struct message *label;
    } all[] = {{"add", &M_accimport_add},     {"change", &M_accimport_change}, {"open", &M_accimport_open},
               {"close", &M_accimport_close}, {"grant", &M_accimport_grant},   {"days", &M_accimport_days},
               {"end", &M_accimport_end}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(what, str_of(all[i].word)))
            return all[i].label;
    return &M_accimport_change;
}

/* All that was shown, in a word. */
static struct str mark_of(struct ctx *c, const struct import *import)
{
    unsigned char hash[HASH];
    char *hex = NEWN(c->arena, char, HASH * 2 + 1);
    struct out o;
    struct emit e;
    out_init(&o, c->arena, SIZE_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    access_import_emit(&e, import);
    emit_end(&e);
    struct str said = out_str(&o);
    crypto_generichash(hash, HASH, (const unsigned char *)said.p, said.n, NULL, 0);
    sodium_bin2hex(hex, HASH * 2 + 1, hash, HASH);
    return str_of(hex);
}

static struct str as_text(struct ctx *c, struct str bytes)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = NEWN(c->arena, char, room);
    sodium_bin2base64(text, room, (const unsigned char *)bytes.p, bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(text);
}

static enum err from_text(struct ctx *c, struct str text, struct str *ret)
{
    char *bytes = NEWN(c->arena, char, text.n + 1);
    size_t n;
    if (sodium_base642bin((unsigned char *)bytes, text.n + 1, text.p, text.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING))
        return FAIL(c, E_INVALID, "nội dung gửi lại không đúng dạng (not what the page sent)");
    *ret = (struct str){bytes, n};
    return OK;
}

static struct str field_of(const struct http_parts *parts, const char *name)
{
    const struct http_part *part = http_part(parts, name);
    return part ? part->body : S("");
}

/* A file that was chosen, or the same sent again by the page that showed what it would do. */
static enum err read_sent(struct site *s, const struct http_parts *parts, struct import *ret)
{
    const struct http_part *file = http_part(parts, "file");
    if (file && file->filename.n) {
        *ret = (struct import){.content = file->body, .file = file->filename};
    } else {
        *ret = (struct import){.file = field_of(parts, "name")};
        if (!ret->file.n)
            return FAIL(s->c, E_INVALID, "%.*s", ARGS(site_text(s, &M_accimport_no_file)));
        TRY(from_text(s->c, field_of(parts, "content"), &ret->content));
    }
    ret->links = field_of(parts, "links").n > 0;
    return OK;
}

static enum err judge(struct site *s, const struct http_parts *parts, struct import *import)
{
    TRY(read_sent(s, parts, import));
    TRY(access_import_read(s->c, import));
    return access_import_check(s->c, import);
}

static enum err take_in(struct site *s, struct import *import)
{
    struct command command = {.run = access_import_run, .arg = import};
    if (!s->pages->writer)
        return FAIL(s->c, E_DENIED, "máy chủ này chỉ để đọc (this server only reads)");
    TRY(writer_run(s->pages->writer, s->c, &command));
    if (command.position > s->position)
        s->position = command.position;
    return OK;
}

static bool tell(struct site *s, enum err e, struct account_import_view *vm)
{
    static const unsigned status[] = {[E_INVALID] = 400, [E_CONFLICT] = 409, [E_LIMIT] = 413, [E_DENIED] = 403};
    if (e != E_INVALID && e != E_CONFLICT && e != E_LIMIT && e != E_DENIED)
        return false;
    s->answer->status = status[e];
    vm->error = s->c->error.message;
    return true;
}

static void fill(struct site *s, struct import *import, struct account_import_view *vm)
{
    struct ctx *c = s->c;
    vm->import = import;
    vm->more = import->changes.n > CHANGES_SHOWN ? import->changes.n - CHANGES_SHOWN : 0;
    for (size_t i = 0; i < import->changes.n && i < CHANGES_SHOWN; i++)
        *PUSH(c->arena, &vm->changes) =
            (struct import_shown){&import->changes.v[i], what_label(import->changes.v[i].what)};
    for (size_t i = 0; i < import->list.n && vm->done; i++)
        *PUSH(c->arena, &vm->links) =
            (struct link_shown){&import->list.v[i], URL(c->arena, "/welcome/{}", import->list.v[i].token)};
}

static enum err post_import(struct site *s)
{
    struct ctx *c = s->c;
    struct account_import_view vm = {0};
    struct http_parts parts;
    struct import *import = NEW(c->arena, struct import);
    struct str type = request_header(s->request, "Content-Type");
    TRY(http_read_multipart(c, type.p ? type : S(""), s->request->body, &parts));
    enum err e = judge(s, &parts, import);
    if (e)
        return tell(s, e, &vm) ? put_import(s, &vm) : e;
    struct str shown = field_of(&parts, "shown");
    vm.mark = mark_of(c, import);
    if (import->n_problems) {
        s->answer->status = 400;
    } else if (shown.n) {
        e = str_eq(shown, vm.mark) ? take_in(s, import)
                                   : FAIL(c, E_CONFLICT, "%.*s", ARGS(site_text(s, &M_accimport_stale)));
        if (e && !tell(s, e, &vm))
            return e;
        vm.done = !e;
    }
    if (!vm.done && !import->n_problems)
        vm.content = as_text(c, import->content);
    fill(s, import, &vm);
    return put_import(s, &vm);
}

const struct route account_import_routes[] = {
    ROUTE("/accounts/import", PERM_ADMIN | PERM_IN_BODY, get_import, post_import, .live = true),
    {0},
};
