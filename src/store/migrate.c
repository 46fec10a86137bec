#include "store/migrate.h"

#include "store/engine.h"
#include "store/schema.h"
#include "store/store.sql.h"

#include <sodium.h>
#include <string.h>

#include "base/banned.h"

enum { STEP_HASH = 32 };

struct applied {
    int64_t number;
    struct str name, hash;
};
RECORD(applied_record, struct applied, "migration", "A step of the schema that this store has had",
       {"number", FIELD_I64, offsetof(struct applied, number)}, {"name", FIELD_TEXT, offsetof(struct applied, name)},
       {"hash", FIELD_BYTES, offsetof(struct applied, hash)});

static struct str step_hash(const struct schema_step *step, unsigned char hash[STEP_HASH])
{
    crypto_generichash(hash, STEP_HASH, (const unsigned char *)step->canonical, strlen(step->canonical), NULL, 0);
    return (struct str){(char *)hash, STEP_HASH};
}

static enum err check_step(struct ctx *c, const struct applied *a, size_t at)
{
    unsigned char hash[STEP_HASH];
    if (at >= schema_n_steps)
        return FAIL(c, E_CONFLICT,
                    "Kho dữ liệu do bản chương trình mới hơn tạo: có bước %lld (%.*s), bản này chỉ biết đến bước %zu "
                    "(the store was made "
                    "by a newer program)",
                    (long long)a->number, ARGS(a->name), schema_n_steps);
    const struct schema_step *step = &schema_steps[at];
    if (a->number != step->number || !str_eq(a->hash, step_hash(step, hash)))
        return FAIL(c, E_CONFLICT,
                    "Bước %04d_%s của chương trình khác với bước %lld (%.*s) đã chạy trong kho dữ liệu (the schema "
                    "step differs from the "
                    "one applied)",
                    step->number, step->name, (long long)a->number, ARGS(a->name));
    return OK;
}

enum err store_steps(struct ctx *c, size_t *ret)
{
    int64_t n;
    TRY(db_number(c, SQL_migration_table, &n));
    if (n == 0) {
        int64_t tables;
        TRY(db_number(c, SQL_foreign_tables, &tables));
        *ret = 0;
        if (tables == 0)
            return OK;
        TRY(db_number(c, SQL_migration_table, &n)); /* another node may have made them all between the two looks */
        if (n == 0)
            return FAIL(c, E_INVALID,
                        "đây là dữ liệu của chương trình khác, không phải kho của Hoalu; hãy chọn kho khác "
                        "(the store belongs to another program)");
    }
    struct rows rows = db_query(c, SQL_migration_all);
    struct applied a;
    enum err e = OK;
    size_t at = 0;
    while (!e && db_next(&rows, &applied_record, &a))
        e = check_step(c, &a, at++);
    enum err read = db_done(&rows);
    *ret = at;
    return e ? e : read;
}

/* One step in one transaction, unless another node was first. `*arg` is how many there are. */
static enum err apply_next(struct ctx *c, void *arg)
{
    size_t *n = arg;
    int64_t locked;
    TRY(db_exec(c, SQL_tx_begin));
    TRY(db_number(c, SQL_migration_lock, &locked));
    TRY(store_steps(c, n));
    if (*n < schema_n_steps) {
        const struct schema_step *step = &schema_steps[*n];
        unsigned char hash[STEP_HASH];
        TRY(db_script(c, step->text[db_engine(c->db)]));
        TRY(db_exec(c, SQL_migration_add, ARG((int64_t)step->number), ARG(str_of(step->name)),
                    db_arg_bytes(step_hash(step, hash)), ARG(ctx_now(c))));
        ++*n;
    }
    return db_exec(c, SQL_tx_commit);
}

enum err store_migrate(struct ctx *c)
{
    size_t n;
    TRY(store_steps(c, &n));
    while (n < schema_n_steps) {
        enum err e = ctx_run(c, apply_next, &n);
        if (e) {
            db_write_rollback(c->db);
            return e;
        }
    }
    return OK;
}

enum err store_is_current(struct ctx *c)
{
    size_t n;
    TRY(store_steps(c, &n));
    if (n == schema_n_steps)
        return OK;
    if (n == 0)
        return FAIL(c, E_NOTFOUND, "kho dữ liệu còn trống, chưa được lập (the store is empty)");
    return FAIL(c, E_CONFLICT,
                "kho dữ liệu do bản chương trình cũ hơn lập (bước %zu trên %zu); hãy sao lưu bằng bản cũ, rồi chạy "
                "hoalu doctor --mend để nâng cấp (the store is of an older program)",
                n, schema_n_steps);
}
