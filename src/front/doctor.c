#include "front/doctor.h"

#include "front/doctor.sql.h"
#include "base/period.h"
#include "domain/plan/draft.h"
#include "front/finding.h"
#include "ledger/ledger.h"
#include "store/file.h"
#include "store/migrate.h"

#include <inttypes.h>

#include "base/banned.h"

RECORD(doctor_check_record, struct doctor_check, "check", "Một phép kiểm tra (one check)",
       {"name", FIELD_TEXT, offsetof(struct doctor_check, name), .doc = "tên", .required = true},
       {"state", FIELD_TEXT, offsetof(struct doctor_check, state), .one_of = "ok|problem", .doc = "kết quả",
        .required = true},
       {"found", FIELD_TEXT, offsetof(struct doctor_check, found), .doc = "thấy gì", .required = true},
       {"mend", FIELD_TEXT, offsetof(struct doctor_check, mend), .doc = "cách khắc phục"});

static const struct str NOTHING = {NULL, 0};

static void found(struct ctx *c, struct doctor *d, const char *name, bool good, struct str what, struct str mend)
{
    *PUSH(c->arena, d) =
        (struct doctor_check){str_of(name), good ? S("ok") : S("problem"), what, good ? NOTHING : mend};
    d->problems += !good;
}

/* The one text of a statement of one row. */
struct text {
    struct str text;
};
RECORD(text_record, struct text, "text", "Một câu", {"text", FIELD_TEXT, offsetof(struct text, text), .doc = "câu"});

static enum err check_engine(struct ctx *c, struct doctor *d)
{
    struct text said;
    int64_t broken;
    TRY(db_one(c, SQL_doctor_integrity, &text_record, &said));
    bool good = str_eq(said.text, S("ok"));
    found(c, d, "integrity", good, good ? S("Tệp dữ liệu không hỏng (the engine finds no damage)") : said.text,
          S("Dừng ghi, giữ lại kho này, và khôi phục bản sao lưu gần nhất: hoalu restore FILE (restore the last "
            "backup)"));
    TRY(db_number(c, SQL_doctor_references, &broken));
    found(c, d, "references", broken == 0,
          str_fmt(c->arena, "%" PRId64 " dòng trỏ đến dữ liệu không có (rows that refer to nothing)", broken),
          S("Có người đã sửa kho từ bên ngoài; khôi phục bản sao lưu gần nhất (restore the last backup)"));
    return OK;
}

static enum err check_ledger(struct ctx *c, struct doctor *d)
{
    struct verdict verdict;
    int64_t apart, unsealed;
    TRY(ledger_verify_store(c, S(""), &verdict));
    found(c, d, "ledger", verdict.whole, verdict.reason,
          S("Sổ cái đã bị can thiệp từ bên ngoài: giữ nguyên kho để điều tra, khôi phục bản sao lưu trước đó (keep the "
            "store as evidence, restore an earlier backup)"));
    TRY(db_number(c, SQL_doctor_head, &apart));
    found(c, d, "head", apart == 0,
          str_fmt(c->arena, "Phần cuối của sổ cái lệch %" PRId64 " vị trí (head against last event)", apart),
          S("Khôi phục bản sao lưu gần nhất (restore the last backup)"));
    TRY(db_number(c, SQL_doctor_unsealed, &unsealed));
    found(c, d, "seal", true,
          str_fmt(c->arena, "%" PRId64 " sự kiện chưa niêm phong (events not yet sealed)", unsealed), NOTHING);
    return OK;
}

static enum err check_plans(struct ctx *c, struct doctor *d)
{
    struct plan_rows plans;
    size_t bad = 0, first = 0;
    TRY(plan_list(c, POS_NOW, &plans));
    for (size_t i = 0; i < plans.n; i++) {
        bool same = false;
        enum err e = plan_check(c, &plans.v[i], &same);
        if (e == E_IO || e == E_BUSY || e == E_LIMIT)
            return e;
        /* Rows that cannot be read any more were not written by us either. */
        if ((e || !same) && bad++ == 0)
            first = i;
    }
    found(c, d, "plans", bad == 0,
          bad ? str_fmt(
                    c->arena,
                    "%zu trong %zu kế hoạch không còn đúng như khi phê duyệt, trước hết là \"%.*s\" (plans whose rows "
                    "differ from what the ledger says was approved)",
                    bad, plans.n, ARGS(plans.v[first].slug))
              : str_fmt(c->arena, "%zu kế hoạch đúng như khi phê duyệt (plans are as approved)", plans.n),
          S("Có người đã sửa kho từ bên ngoài: giữ nguyên kho để điều tra, khôi phục bản sao lưu trước đó (keep the "
            "store "
            "as evidence, restore an earlier backup)"));
    return OK;
}

static enum err check_search(struct ctx *c, struct doctor *d)
{
    struct finding_state state;
    TRY(finding_look(c, &state));
    found(c, d, "search", !state.wrong && !state.old,
          state.old ? S("Chỉ mục tìm kiếm do bản chương trình khác lập (the search index is of another program)")
                    : str_fmt(c->arena,
                              "Chỉ mục tìm kiếm: %" PRId64 " trong %" PRId64
                              " mục sai hoặc thiếu (wrong or missing in the search index)",
                              state.wrong, state.docs),
          S("hoalu doctor --mend"));
    return OK;
}

/* A draft is a file and decisions over it: both must still be readable, and meet. */
static enum err check_drafts(struct ctx *c, struct doctor *d)
{
    struct draft_rows drafts;
    size_t bad = 0;
    int64_t first = 0;
    TRY(draft_list(c, POS_NOW, &drafts));
    for (size_t i = 0; i < drafts.n; i++) {
        struct arena_mark mark = arena_mark(c->arena);
        struct draft_view view;
        enum err e = draft_open(c, drafts.v[i].id, POS_NOW, false, &view);
        arena_rewind(c->arena, mark);
        if (e == E_BUSY || e == E_LIMIT)
            return e;
        if (e && bad++ == 0)
            first = drafts.v[i].id;
    }
    found(c, d, "drafts", bad == 0,
          bad ? str_fmt(c->arena,
                        "%zu trong %zu bản dựng không đọc lại được, trước hết là số %" PRId64
                        " (drafts that cannot be read any more)",
                        bad, drafts.n, first)
              : str_fmt(c->arena, "%zu bản dựng đọc lại được (drafts can be read)", drafts.n),
          S("Khôi phục bản sao lưu gần nhất (restore the last backup)"));
    return OK;
}

static enum err check_files(struct ctx *c, struct doctor *d)
{
    struct {
        struct file_ref *v;
        size_t n, cap;
    } files = {0};
    struct rows rows = db_query(c, SQL_doctor_files);
    struct file_ref file;
    while (db_next(&rows, &file_ref_record, &file))
        *PUSH(c->arena, &files) = file;
    TRY(db_done(&rows));
    size_t bad = 0, first = 0;
    for (size_t i = 0; i < files.n; i++) {
        struct arena_mark mark = arena_mark(c->arena);
        struct str content;
        if (file_get(c, files.v[i].hash, &content) && bad++ == 0)
            first = i;
        arena_rewind(c->arena, mark);
    }
    struct str name = bad ? str_slice(files.v[first].hash, 0, 8) : S("");
    uint64_t tag = 0;
    for (size_t i = 0; i < name.n; i++)
        tag = tag << 8 | (unsigned char)name.p[i];
    found(c, d, "files", bad == 0,
          bad ? str_fmt(c->arena,
                        "%zu trong %zu tệp không khớp băm của nó, trước hết là tệp %016" PRIx64
                        "… (files do not match their hash)",
                        bad, files.n, tag)
              : str_fmt(c->arena, "%zu tệp khớp băm của chúng (files match their hash)", files.n),
          S("Lấy lại tệp từ bản sao lưu, hoặc nộp lại đúng tệp đó (restore it, or hand in the same file again)"));
    return OK;
}

static enum err check_parts(struct ctx *c, struct doctor *d)
{
    int64_t parts, day_ago = ctx_now(c) - DAY_US;
    TRY(db_number(c, SQL_doctor_orphans, &parts, ARG(day_ago)));
    found(c, d, "parts", parts == 0,
          str_fmt(c->arena, "%" PRId64 " phần tệp bỏ dở quá một ngày (parts of files never finished)", parts),
          S("hoalu doctor --mend"));
    return OK;
}

static enum err check_key(struct ctx *c, struct str store, struct doctor *d)
{
    struct ledger_sealed sealed;
    struct ledger_key key;
    struct str path = ledger_key_path(c, store);
    TRY(ledger_last_seal(c, &sealed));
    enum err e = ledger_key_load(c, path, false, &key);
    if (e == E_NOTFOUND && sealed.position == 0) {
        found(c, d, "key", true, S("Chưa có khóa niêm phong; khóa được tạo ở lần niêm phong đầu tiên (no key yet)"),
              NOTHING);
    } else if (e == E_NOTFOUND) {
        found(c, d, "key", false, str_fmt(c->arena, "Không thấy khóa niêm phong %.*s (the key is missing)", ARGS(path)),
              S("Chép lại khóa từ nơi cất giữ; nếu đã mất, lần niêm phong sau sẽ dùng và công bố khóa mới (put the key "
                "back; "
                "a new one would be made known in the ledger)"));
    } else {
        found(c, d, "key", e == OK,
              e ? c->error.message
                : str_fmt(c->arena, "Khóa niêm phong %.*s chỉ chủ của nó đọc được (private)", ARGS(path)),
              str_fmt(c->arena,
                      "chmod 600 '%.*s'; và thay khóa nếu người khác có thể đã đọc (and replace it if others may have "
                      "read it)",
                      ARGS(path)));
    }
    return OK;
}

enum err doctor_examine(struct ctx *c, struct str store, struct doctor *ret)
{
    struct doctor d = {0};
    enum err current = store_is_current(c);
    if (current == E_INVALID || current == E_NOTFOUND)
        return current; /* not a store of ours, or not one yet */
    found(c, &d, "schema", current == OK,
          current ? c->error.message : S("Cấu trúc kho đúng với bản chương trình này (the schema is this program's)"),
          S("Kho cũ hơn chương trình: sao lưu bằng bản cũ rồi chạy hoalu doctor --mend; kho mới hơn: dùng bản chương "
            "trình mới (back up, then use the newest program)"));
    TRY(check_engine(c, &d));
    if (current == OK) {
        TRY(check_ledger(c, &d));
        TRY(check_plans(c, &d));
        TRY(check_search(c, &d));
        TRY(check_drafts(c, &d));
        TRY(check_files(c, &d));
        TRY(check_parts(c, &d));
        TRY(check_key(c, store, &d));
    }
    *ret = d;
    return OK;
}
