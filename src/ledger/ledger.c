#include "ledger/chain.h"
#include "ledger/ledger.sql.h"

#include "base/emit.h"
#include "base/period.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/banned.h"

static enum err check_text(struct ctx *c, const char *name, struct str text)
{
    if (text.n > LEDGER_TEXT_MAX)
        return FAIL(c, E_LIMIT, "%s của sự kiện dài quá %d byte (too long)", name, LEDGER_TEXT_MAX);
    if (!str_is_utf8(text, NULL))
        return FAIL(c, E_INVALID, "%s của sự kiện không phải UTF-8 (not UTF-8)", name);
    return OK;
}

static enum err check(struct ctx *c, const struct event *e)
{
    TRY(check_text(c, "actor", e->actor));
    TRY(check_text(c, "behalf", e->behalf));
    TRY(check_text(c, "request", e->request));
    TRY(check_text(c, "kind", e->kind));
    TRY(check_text(c, "subject", e->subject));
    if (e->payload.n > LEDGER_PAYLOAD_MAX)
        return FAIL(c, E_LIMIT, "nội dung của sự kiện lớn quá %d MiB (payload too large)", LEDGER_PAYLOAD_MAX >> 20);
    if (!str_is_utf8(e->payload, NULL))
        return FAIL(c, E_INVALID, "nội dung của sự kiện không phải UTF-8 (payload not UTF-8)");
    return OK;
}

/* Moments of events never fall, even if the clock does or nodes differ, so that "as of" a moment is one position. */
static enum err moment(struct ctx *c, struct db_head *head, int64_t *ret)
{
    if (head->at_us == I64_NONE)
        TRY(db_number(c, SQL_ledger_last_moment, &head->at_us));
    int64_t now = ctx_now(c);
    *ret = now > head->at_us ? now : head->at_us;
    return OK;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

enum err ledger_append(struct ctx *c, struct str kind, struct str subject, struct str payload, int64_t *ret_position)
{
    struct db_head *head = db_head(c->db);
    if (!head)
        return FAIL(c, E_INTERNAL, "ghi sổ cái ngoài một lệnh ghi (ledger_append outside a command)");
    unsigned char salt[LEDGER_SALT], payload_hash[LEDGER_HASH], chain[LEDGER_HASH];
    struct event e = {
        .position = head->position + 1,
        .actor = or_empty(c->actor.name),
        .behalf = or_empty(c->actor.behalf),
        .request = or_empty(c->actor.request),
        .kind = or_empty(kind),
        .subject = or_empty(subject),
        .payload = payload.p ? payload : S("{}"),
        .payload_hash = ledger_bytes(payload_hash, LEDGER_HASH),
        .chain = ledger_bytes(chain, LEDGER_HASH),
    };
    TRY(check(c, &e));
    TRY(moment(c, head, &e.at_us));
    c->source.random(c->source.arg, salt, sizeof salt);
    ledger_payload_hash(ledger_bytes(salt, sizeof salt), e.payload, payload_hash);
    memcpy(chain, head->chain, LEDGER_HASH);
    ledger_chain_next(chain, &e);
    TRY(db_exec(c, SQL_ledger_event_add, ARG(e.position), ARG(e.at_us), ARG(e.actor), ARG(e.behalf), ARG(e.request),
                ARG(e.kind), ARG(e.subject), db_arg_bytes(e.payload_hash), db_arg_bytes(e.chain)));
    TRY(db_exec(c, SQL_ledger_payload_add, ARG(e.position), db_arg_bytes(ledger_bytes(salt, sizeof salt)),
                ARG(e.payload)));
    TRY(ledger_about_parents(c, e.position, e.subject));
    head->position = e.position;
    head->at_us = e.at_us;
    memcpy(head->chain, chain, LEDGER_HASH);
    if (ret_position)
        *ret_position = e.position;
    return OK;
}

enum err ledger_position_at(struct ctx *c, int64_t us, int64_t *ret)
{
    int64_t position;
    enum err e = db_number(c, SQL_ledger_at, &position, ARG(us));
    if (e == E_NOTFOUND) {
        position = 0;
        e = OK;
    }
    if (!e)
        *ret = position;
    return e;
}

enum err ledger_list(struct ctx *c, int64_t after, int64_t limit, struct events *ret)
{
    struct events list = {0};
    struct rows rows = db_query(c, SQL_ledger_events_after, ARG(after), ARG(limit));
    struct event e;
    while (db_next(&rows, &event_record, &e))
        *PUSH(c->arena, &list) = e;
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}

enum err ledger_about(struct ctx *c, struct str subject, struct str kind, int64_t limit, struct events *ret)
{
    struct events list = {0};
    struct rows rows = db_query(c, SQL_ledger_events_about, ARG(subject), ARG(kind), ARG(limit));
    struct event e = {0};
    while (db_next(&rows, &event_record, &e))
        *PUSH(c->arena, &list) = e;
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}

static enum err erase_payload(struct ctx *c, int64_t position)
{
    int64_t n, changed;
    TRY(db_number(c, SQL_ledger_event_exists, &n, ARG(position)));
    if (n == 0)
        return FAIL(c, E_NOTFOUND, "không có sự kiện ở vị trí %" PRId64 " (no such event)", position);
    struct db_arg at = ARG(position);
    TRY(db_exec_args(c, &SQL_ledger_payload_erase, &changed, &at, 1));
    if (changed == 0)
        return FAIL(c, E_CONFLICT, "nội dung của sự kiện %" PRId64 " đã bị xóa từ trước (erased before)", position);
    return OK;
}

enum err ledger_erase(struct ctx *c, int64_t position, struct str reason)
{
    if (str_trim(reason).n == 0)
        return FAIL(c, E_INVALID, "xóa nội dung của một sự kiện thì phải nêu lý do (a reason is needed)");
    TRY(check_text(c, "reason", reason));
    TRY(erase_payload(c, position));
    struct out o;
    out_init(&o, c->arena, 8 * LEDGER_TEXT_MAX);
    struct emit e;
    emit_init(&e, &o, EMIT_JSON);
    emit_map(&e);
    emit_key(&e, S("position"));
    emit_i64(&e, position);
    emit_key(&e, S("reason"));
    emit_text(&e, reason);
    emit_end(&e);
    struct str subject = str_fmt(c->arena, "ledger/events/%" PRId64, position);
    return ledger_append(c, S("ledger.erase"), subject, str_trim(out_str(&o)), NULL);
}

static enum err last_seal(struct ctx *c, struct seal *ret)
{
    struct seal none = {0};
    enum err e = db_one(c, SQL_ledger_seal_last, &seal_record, ret);
    if (e == E_NOTFOUND)
        *ret = none;
    return e == E_NOTFOUND ? OK : e;
}

RECORD(ledger_root_record, struct ledger_root, "root", "Gốc của một ngày: niêm phong cuối ngày (the root of a day)",
       {"day", FIELD_DAY, offsetof(struct ledger_root, day), .doc = "ngày niêm phong, giờ Việt Nam"},
       {"position", FIELD_I64, offsetof(struct ledger_root, position), .doc = "vị trí cuối được niêm phong"},
       {"at_us", FIELD_I64, offsetof(struct ledger_root, at_us), .unit = "µs", .doc = "thời điểm niêm phong"},
       {"root", FIELD_TEXT, offsetof(struct ledger_root, root), .doc = "gốc: VỊ-TRÍ:HEX"},
       {"key", FIELD_TEXT, offsetof(struct ledger_root, key), .doc = "khóa công khai, dạng hex"});

static struct str root_text(struct ctx *c, const struct seal *s)
{
    return str_fmt(c->arena, "%" PRId64 ":%.*s", s->to_pos, ARGS(ledger_hex(c->arena, s->chain)));
}

enum err ledger_roots(struct ctx *c, int64_t before, int64_t limit, struct ledger_roots *ret)
{
    struct ledger_roots list = {0};
    struct rows rows = db_query(c, SQL_ledger_seals_of_days, ARG(before == I64_NONE ? INT64_MAX : before), ARG(limit));
    struct seal s;
    while (db_next(&rows, &seal_record, &s))
        *PUSH(c->arena, &list) = (struct ledger_root){.day = day_of_moment(s.at_us),
                                                      .position = s.to_pos,
                                                      .at_us = s.at_us,
                                                      .root = root_text(c, &s),
                                                      .key = ledger_hex(c->arena, s.public_key),
                                                      .seq = s.seq};
    TRY(db_done(&rows));
    *ret = list;
    return OK;
}

enum err ledger_covering(struct ctx *c, int64_t position, int64_t *ret)
{
    enum err e = db_number(c, SQL_ledger_seal_covering, ret, ARG(position));
    if (e == E_NOTFOUND)
        *ret = 0;
    return e == E_NOTFOUND ? OK : e;
}

enum err ledger_seal_is_due(struct ctx *c, bool *ret)
{
    const struct db_head *head = db_head(c->db);
    struct seal last;
    int64_t position = head ? head->position : 0;
    TRY(last_seal(c, &last));
    if (!head)
        TRY(db_number(c, SQL_ledger_head_position, &position));
    /* The event that tells of a seal is not something that happened. */
    bool anything = position > (last.seq ? last.to_pos + 1 : 0);
    *ret = anything && (!last.seq || day_of_moment(last.at_us) < day_of_moment(ctx_now(c)));
    return OK;
}

RECORD(ledger_sealed_record, struct ledger_sealed, "sealed", "Niêm phong mới nhất (the latest seal)",
       {"position", FIELD_I64, offsetof(struct ledger_sealed, position), .doc = "vị trí; 0: chưa có niêm phong",
        .required = true},
       {"at_us", FIELD_I64, offsetof(struct ledger_sealed, at_us), .unit = "µs", .doc = "thời điểm niêm phong"},
       {"root", FIELD_TEXT, offsetof(struct ledger_sealed, root), .doc = "gốc để công bố: VỊ-TRÍ:HEX"},
       {"key", FIELD_TEXT, offsetof(struct ledger_sealed, key), .doc = "khóa công khai, dạng hex"});

enum err ledger_last_seal(struct ctx *c, struct ledger_sealed *ret)
{
    struct seal s;
    TRY(last_seal(c, &s));
    *ret = (struct ledger_sealed){.at_us = I64_NONE};
    if (!s.seq)
        return OK;
    *ret = (struct ledger_sealed){
        .position = s.to_pos, .at_us = s.at_us, .root = root_text(c, &s), .key = ledger_hex(c->arena, s.public_key)};
    return OK;
}

/* A key that sealed nothing right before is made known first: see chain.h. */
static enum err announce_key(struct ctx *c, const struct ledger_key *key, const struct seal *last)
{
    struct str public = ledger_bytes(key->public_key, LEDGER_HASH);
    if (last->seq && str_eq(last->public_key, public))
        return OK;
    struct str hex = ledger_hex(c->arena, public);
    return ledger_append(c, S("ledger.key"), str_fmt(c->arena, "ledger/keys/%.*s", ARGS(hex)), (struct str){NULL, 0},
                         NULL);
}

enum err ledger_seal(struct ctx *c, const struct ledger_key *key)
{
    static const unsigned char zero[LEDGER_HASH];
    struct db_head *head = db_head(c->db);
    if (!head)
        return FAIL(c, E_INTERNAL, "niêm phong ngoài một lệnh ghi (ledger_seal outside a command)");
    struct seal last;
    TRY(last_seal(c, &last));
    /* After a seal the event that tells of it always stands unsealed. */
    if (head->position == 0 || (last.seq && head->position == last.to_pos + 1))
        return OK;
    TRY(announce_key(c, key, &last));
    unsigned char previous[LEDGER_HASH], signature[LEDGER_SIGNATURE];
    if (last.seq)
        ledger_seal_hash(&last, previous);
    else
        memcpy(previous, zero, LEDGER_HASH);
    struct seal s = {
        .seq = last.seq + 1,
        .from_pos = last.to_pos + 1,
        .to_pos = head->position,
        .chain = ledger_bytes(head->chain, LEDGER_HASH),
        .previous = ledger_bytes(previous, LEDGER_HASH),
        .public_key = ledger_bytes(key->public_key, LEDGER_HASH),
    };
    TRY(moment(c, head, &s.at_us));
    ledger_seal_sign(key, &s, signature);
    TRY(db_exec(c, SQL_ledger_seal_add, ARG(s.seq), ARG(s.from_pos), ARG(s.to_pos), ARG(s.at_us), db_arg_bytes(s.chain),
                db_arg_bytes(s.previous), db_arg_bytes(s.public_key),
                db_arg_bytes(ledger_bytes(signature, LEDGER_SIGNATURE))));
    struct str subject = str_fmt(c->arena, "ledger/seals/%" PRId64, s.to_pos);
    return ledger_append(c, S("ledger.seal"), subject, (struct str){NULL, 0}, NULL);
}
