/* Erasing what an account says of a person. */
#include "domain/access/access.h"

#include "base/emit.h"
#include "base/out.h"
#include "base/viet.h"
#include "domain/access/access.sql.h"
#include "domain/access/secret.h"
#include "ledger/ledger.h"

#include "base/banned.h"

enum { REASON_MAX = 1000, WORD_MAX = 64 << 10 };

struct person {
    struct str full_name, email;
};
RECORD(person_record, struct person, "person", "What an account says of a person",
       {"full_name", FIELD_TEXT, offsetof(struct person, full_name), .doc = ""},
       {"email", FIELD_TEXT, offsetof(struct person, email), .doc = ""});

struct told {
    int64_t position;
    struct str kind, payload;
};
RECORD(account_told_record, struct told, "told", "An event that may tell of a person",
       {"position", FIELD_I64, offsetof(struct told, position), .doc = ""},
       {"kind", FIELD_TEXT, offsetof(struct told, kind), .doc = ""},
       {"payload", FIELD_TEXT, offsetof(struct told, payload), .doc = ""});

RECORD(account_erased_record, struct account_erased, "erased", "Dữ liệu cá nhân đã xóa của một tài khoản",
       {"name", FIELD_TEXT, offsetof(struct account_erased, name), .doc = "tên đăng nhập, vẫn giữ", .required = true},
       {"reason", FIELD_TEXT, offsetof(struct account_erased, reason), .doc = "lý do"},
       {"events", FIELD_I64, offsetof(struct account_erased, events), .doc = "số sự kiện đã xóa nội dung"},
       {"identities", FIELD_I64, offsetof(struct account_erased, identities), .doc = "số danh tính ngoài đã gỡ"});

struct words {
    struct str *v;
    size_t n, cap;
};

/* As it stands in JSON, without its quotes. */
static struct str in_json(struct ctx *c, struct str word)
{
    struct out o;
    out_init(&o, c->arena, WORD_MAX);
    out_json_string(&o, word);
    return str_slice(out_str(&o), 1, o.n - 1);
}

static void add_word(struct ctx *c, struct words *list, struct str word, struct str account)
{
    if (word.n && !str_eq(word, account)) /* the account's name is not the person's */
        *PUSH(c->arena, list) = word;
}

static bool holds(struct ctx *c, struct str json, const struct words *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_has(json, in_json(c, list->v[i])))
            return true;
    return false;
}

/* However it is written: "nguyen van an" is Nguyễn Văn An. */
static bool repeats(struct ctx *c, struct str reason, const struct words *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_has(viet_fold_text(c->arena, reason), viet_fold_text(c->arena, list->v[i])))
            return true;
    return false;
}

static enum err read_words(struct ctx *c, struct str account, struct words *ret)
{
    struct person person = {{0}};
    struct rows rows = db_query(c, SQL_account_person, ARG(account));
    while (db_next(&rows, &person_record, &person)) {
        add_word(c, ret, person.full_name, account);
        add_word(c, ret, person.email, account);
    }
    return db_done(&rows);
}

static enum err refuse(struct ctx *c, const char *field, enum err code, const char *why)
{
    enum err e = FAIL(c, code, "%s", why);
    c->error.field = str_of(field);
    return e;
}

/* Whoever follows an account at a provider is a person as well, by whatever name they go there. */
static bool is_identity(struct str kind)
{
    return str_starts(kind, S("user.identity"));
}

struct positions {
    int64_t *v;
    size_t n, cap;
};

static enum err find_events(struct ctx *c, struct str account, const struct words *words, struct positions *ret)
{
    struct told told;
    struct rows rows = db_query(c, SQL_account_told, ARG(str_fmt(c->arena, "users/%.*s", ARGS(account))));
    while (db_next(&rows, &account_told_record, &told))
        if (is_identity(told.kind) || holds(c, told.payload, words))
            *PUSH(c->arena, ret) = told.position;
    return db_done(&rows);
}

static enum err tell(struct ctx *c, const struct account_erased *erased)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, WORD_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &account_erased_record, erased);
    return ledger_append(c, S("user.erase"), str_fmt(c->arena, "users/%.*s", ARGS(erased->name)), str_trim(out_str(&o)),
                         NULL);
}

enum err access_erase(struct ctx *c, struct str name, struct str reason, struct account_erased *ret)
{
    struct account account;
    struct words words = {0};
    struct positions events = {0};
    struct account_erased erased = {.name = name, .reason = str_trim(viet_nfc(c->arena, reason.p ? reason : S("")))};
    const struct db_arg of = ARG(name);
    TRY(access_account(c, name, &account));
    TRY(read_words(c, name, &words));
    if (!erased.reason.n || erased.reason.n > REASON_MAX)
        return refuse(c, "reason", E_INVALID,
                      "cần lý do, không quá 1000 byte (a reason is needed, at most 1000 bytes)");
    if (repeats(c, erased.reason, &words))
        return refuse(
            c, "reason", E_INVALID,
            "lý do không được nhắc lại tên hay thư điện tử cần xóa (the reason repeats what is to be erased)");
    TRY(find_events(c, name, &words, &events));
    TRY(db_exec_args(c, &SQL_identity_forget, &erased.identities, &of, 1));
    if (!words.n && !events.n && !erased.identities)
        return refuse(c, "name", E_CONFLICT,
                      "tài khoản không còn dữ liệu cá nhân nào (there is no personal data left)");
    TRY(db_exec(c, SQL_account_forget, ARG(name)));
    TRY(access_end_all(c, name));
    erased.events = (int64_t)events.n;
    TRY(tell(c, &erased));
    for (size_t i = 0; i < events.n; i++)
        TRY(ledger_erase(c, events.v[i], erased.reason));
    *ret = erased;
    return OK;
}
