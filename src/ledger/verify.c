#include "ledger/chain.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static bool parse_root(struct str root, int64_t *ret_position, unsigned char ret_chain[LEDGER_HASH])
{
    struct str rest = root, position;
    return str_cut(&rest, ':', &position) && str_i64(position, ret_position) && *ret_position > 0 &&
           ledger_hex_read(rest, ret_chain, LEDGER_HASH);
}

bool ledger_is_root(struct str text)
{
    int64_t position;
    unsigned char chain[LEDGER_HASH];
    return parse_root(text, &position, chain);
}

static enum err read_root(struct verifier *v, struct str root)
{
    if (root.n == 0 || parse_root(root, &v->root, v->root_chain))
        return OK;
    return FAIL(v->c, E_INVALID,
                "gốc phải có dạng VỊ-TRÍ:HEX với 64 chữ số hex thường (a root is POSITION:HEX, 64 lower-case digits)");
}

enum err verifier_init(struct verifier *v, struct ctx *c, struct str root, struct verdict *verdict)
{
    *v = (struct verifier){.c = c, .verdict = verdict, .line = I64_NONE};
    TRY(read_root(v, root));
    *verdict = (struct verdict){.broken_at = I64_NONE, .broken_line = I64_NONE};
    return sodium_init() < 0 ? FAIL(c, E_INTERNAL, "libsodium không khởi động được (libsodium cannot start)") : OK;
}

bool verifier_broken(struct verifier *v, int64_t position, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    v->verdict->reason = str_vfmt(v->c->arena, format, args);
    va_end(args);
    v->verdict->broken_at = position;
    v->verdict->broken_line = v->line;
    v->verdict->whole = false;
    return false;
}

void verifier_note(struct verifier *v, const struct event *e)
{
    int64_t position;
    if (str_eq(e->kind, S("ledger.erase")) && ledger_subject_number(e->subject, S("ledger/events/"), &position))
        *PUSH(v->c->arena, &v->erased) = (struct erasure){position, e->position};
}

static int by_position(const void *a, const void *b)
{
    const struct erasure *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

void verifier_start(struct verifier *v, int64_t announced)
{
    v->announced = announced;
    if (v->erased.n)
        qsort(v->erased.v, v->erased.n, sizeof *v->erased.v, by_position);
}

static bool was_erased(const struct verifier *v, int64_t position)
{
    struct erasure want = {position, 0};
    const struct erasure *hit = v->erased.n ? bsearch(&want, v->erased.v, v->erased.n, sizeof want, by_position) : NULL;
    return hit && hit->by > position;
}

/* The payload is there and hashes to what the header says, or an erasure says why it is not. */
static bool check_payload(struct verifier *v, const struct event *e, struct str salt)
{
    unsigned char hash[LEDGER_HASH];
    if (!e->payload.p)
        return was_erased(v, e->position) ||
               verifier_broken(v, e->position,
                               "sự kiện %" PRId64
                               " thiếu nội dung mà không có sự kiện xóa nào (payload missing without an erasure)",
                               e->position);
    ledger_payload_hash(salt, e->payload, hash);
    if (salt.n == LEDGER_SALT && e->payload_hash.n == LEDGER_HASH && !memcmp(hash, e->payload_hash.p, LEDGER_HASH))
        return true;
    return verifier_broken(v, e->position, "nội dung của sự kiện %" PRId64 " đã bị sửa (its payload was changed)",
                           e->position);
}

static bool check_order(struct verifier *v, const struct event *e)
{
    int64_t want = v->verdict->head + 1;
    if (e->position > want)
        return verifier_broken(
            v, want, "sự kiện %" PRId64 " đã bị bỏ đi hoặc đổi chỗ: ở đó là sự kiện %" PRId64 " (removed or reordered)",
            want, e->position);
    if (e->position == want - 1)
        return verifier_broken(v, e->position,
                               "có hai sự kiện cùng ở vị trí %" PRId64 ": một sự kiện bị thêm vào (an event was added)",
                               e->position);
    if (e->position < want)
        return verifier_broken(v, want,
                               "ở chỗ của sự kiện %" PRId64 " lại là sự kiện %" PRId64
                               ": bị thêm vào hoặc đổi chỗ (added or reordered)",
                               want, e->position);
    if (want > v->announced)
        return verifier_broken(
            v, want, "sự kiện %" PRId64 " nằm ngoài phần cuối đã công bố là %" PRId64 " (added after the stated head)",
            want, v->announced);
    return true;
}

/* What sealing itself left in the ledger. */
static bool check_own(struct verifier *v, const struct event *e)
{
    int64_t position;
    bool told = str_eq(e->kind, S("ledger.seal"));
    if (told && !ledger_subject_number(e->subject, S("ledger/seals/"), &position))
        position = 0;
    if (told && position == e->position - 1 && v->after_seal) {
        v->after_seal = false;
        return true;
    }
    if (told)
        return verifier_broken(v, e->position - 1, "niêm phong ở vị trí %" PRId64 " đã bị bỏ đi (the seal was removed)",
                               e->position - 1);
    if (v->after_seal)
        return verifier_broken(v, e->position - 1,
                               "niêm phong ở vị trí %" PRId64
                               " không được ghi trong sổ cái: bị thêm vào (the seal was added)",
                               e->position - 1);
    struct str hex = str_skip(e->subject, sizeof "ledger/keys/" - 1);
    if (str_eq(e->kind, S("ledger.key")) && str_starts(e->subject, S("ledger/keys/")))
        v->has_new_key = ledger_hex_read(hex, v->new_key, LEDGER_HASH);
    return true;
}

bool verifier_event(struct verifier *v, const struct event *e, struct str salt)
{
    if (!check_order(v, e) || !check_payload(v, e, salt))
        return false;
    if (e->payload_hash.n != LEDGER_HASH)
        return verifier_broken(v, e->position, "băm nội dung của sự kiện %" PRId64 " sai dạng (malformed hash)",
                               e->position);
    ledger_chain_next(v->chain, e);
    if (!str_eq(e->chain, ledger_bytes(v->chain, LEDGER_HASH)))
        return verifier_broken(
            v, e->position, "phần đầu của sự kiện %" PRId64 " đã bị sửa: chuỗi băm không khớp (its header was changed)",
            e->position);
    if (e->position == v->root && memcmp(v->chain, v->root_chain, LEDGER_HASH) != 0)
        return verifier_broken(
            v, e->position, "chuỗi băm ở vị trí %" PRId64 " khác với gốc đã công bố (differs from the published root)",
            e->position);
    if (!check_own(v, e))
        return false;
    v->verdict->head = e->position;
    v->verdict->events++;
    return true;
}

static bool check_key(struct verifier *v, const struct seal *s)
{
    if (v->has_key && !memcmp(s->public_key.p, v->key, LEDGER_HASH))
        return true;
    if (!v->has_new_key || memcmp(s->public_key.p, v->new_key, LEDGER_HASH) != 0)
        return verifier_broken(v, v->verdict->head,
                               "niêm phong ở vị trí %" PRId64
                               " dùng khóa chưa được ghi trong sổ cái (sealed with an unknown key)",
                               v->verdict->head);
    memcpy(v->key, v->new_key, LEDGER_HASH);
    v->has_key = true;
    return true;
}

static bool is_shaped(const struct seal *s)
{
    return s->chain.n == LEDGER_HASH && s->previous.n == LEDGER_HASH && s->public_key.n == LEDGER_HASH &&
           s->signature.n == LEDGER_SIGNATURE;
}

bool verifier_seal(struct verifier *v, const struct seal *s)
{
    int64_t at = v->verdict->head;
    unsigned char hash[LEDGER_HASH];
    if (s->to_pos > at && !str_eq(s->chain, ledger_bytes(v->chain, LEDGER_HASH)))
        return verifier_broken(v, at + 1,
                               "sự kiện %" PRId64 " đã bị bỏ đi: sau đó là niêm phong của vị trí %" PRId64 " (removed)",
                               at + 1, s->to_pos);
    if (s->to_pos != at || at == 0 || v->after_seal)
        return verifier_broken(
            v, at, "sau sự kiện %" PRId64 " lại là niêm phong của vị trí %" PRId64 " (the seal was changed or moved)",
            at, s->to_pos);
    if (!is_shaped(s) || !str_eq(s->chain, ledger_bytes(v->chain, LEDGER_HASH)))
        return verifier_broken(v, at,
                               "niêm phong ở vị trí %" PRId64
                               " không khớp chuỗi băm: niêm phong hoặc các sự kiện trước đó đã bị sửa "
                               "(the seal does not match the chain)",
                               at);
    if (!str_eq(s->previous, ledger_bytes(v->seal, LEDGER_HASH)) || s->from_pos != v->verdict->sealed + 1)
        return verifier_broken(
            v, at, "niêm phong ở vị trí %" PRId64 " không nối với niêm phong trước nó (not chained to the seal before)",
            at);
    ledger_seal_hash(s, hash);
    if (!check_key(v, s))
        return false;
    if (crypto_sign_verify_detached((const unsigned char *)s->signature.p, hash, LEDGER_HASH,
                                    (const unsigned char *)s->public_key.p))
        return verifier_broken(
            v, at, "chữ ký của niêm phong ở vị trí %" PRId64 " không đúng: niêm phong đã bị sửa (bad signature)", at);
    memcpy(v->seal, hash, LEDGER_HASH);
    v->verdict->seals++;
    v->verdict->sealed = at;
    v->after_seal = true;
    return true;
}

bool verifier_end(struct verifier *v, int64_t head, struct str chain)
{
    struct verdict *r = v->verdict;
    if (v->after_seal)
        return verifier_broken(
            v, r->head + 1, "phần đuôi sau niêm phong ở vị trí %" PRId64 " đã bị cắt (the tail after the seal was cut)",
            r->head);
    if (head > r->head)
        return verifier_broken(v, r->head + 1,
                               "phần đuôi đã bị cắt: sổ cái phải có đến vị trí %" PRId64 ", chỉ còn đến %" PRId64
                               " (the tail was cut)",
                               head, r->head);
    if (v->root > r->head)
        return verifier_broken(v, r->head + 1,
                               "phần đuôi đã bị cắt: gốc đã công bố ở vị trí %" PRId64 ", sổ cái chỉ còn đến %" PRId64
                               " (ends before the published root)",
                               v->root, r->head);
    if (head != r->head || !str_eq(chain, ledger_bytes(v->chain, LEDGER_HASH)))
        return verifier_broken(
            v, r->head, "vị trí cuối %" PRId64 " không khớp với phần cuối đã ghi (the stated head does not match)",
            r->head);
    r->whole = true;
    r->chain = ledger_hex(v->c->arena, ledger_bytes(v->chain, LEDGER_HASH));
    if (v->has_key)
        r->key = ledger_hex(v->c->arena, ledger_bytes(v->key, LEDGER_HASH));
    r->reason = str_fmt(v->c->arena,
                        "Sổ cái nguyên vẹn: %" PRId64 " sự kiện, %" PRId64
                        " niêm phong, đã niêm phong đến vị trí %" PRId64 " (whole)",
                        r->events, r->seals, r->sealed);
    return true;
}
