#include "ledger/chain.h"

#include <assert.h>
#include <sodium.h>

#include "base/banned.h"

RECORD(event_record, struct event, "event", "Một thay đổi trong sổ cái (one change in the ledger)",
       {"position", FIELD_I64, offsetof(struct event, position), .doc = "vị trí, 1 2 3 … theo thứ tự ghi",
        .required = true},
       {"at_us", FIELD_I64, offsetof(struct event, at_us), .unit = "µs", .doc = "thời điểm, tính từ 1970-01-01 UTC",
        .required = true},
       {"actor", FIELD_TEXT, offsetof(struct event, actor), .doc = "ai làm", .required = true},
       {"behalf", FIELD_TEXT, offsetof(struct event, behalf), .doc = "thay cho ai"},
       {"request", FIELD_TEXT, offsetof(struct event, request), .doc = "từ yêu cầu nào"},
       {"kind", FIELD_TEXT, offsetof(struct event, kind), .doc = "việc gì", .required = true},
       {"subject", FIELD_TEXT, offsetof(struct event, subject), .doc = "về cái gì", .required = true},
       {"payload", FIELD_TEXT, offsetof(struct event, payload), .doc = "nội dung, JSON; không có nếu đã xóa"},
       {"payload_hash", FIELD_BYTES, offsetof(struct event, payload_hash), .doc = "BLAKE2b-256 của nội dung",
        .required = true},
       {"chain", FIELD_BYTES, offsetof(struct event, chain), .doc = "chuỗi băm đến vị trí này", .required = true});

RECORD(seal_record, struct seal, "seal", "Một niêm phong của sổ cái (a seal over the ledger)",
       {"seq", FIELD_I64, offsetof(struct seal, seq), .doc = "số thứ tự", .required = true},
       {"from_pos", FIELD_I64, offsetof(struct seal, from_pos), .doc = "niêm phong từ vị trí này", .required = true},
       {"to_pos", FIELD_I64, offsetof(struct seal, to_pos), .doc = "đến hết vị trí này", .required = true},
       {"at_us", FIELD_I64, offsetof(struct seal, at_us), .unit = "µs", .doc = "thời điểm niêm phong",
        .required = true},
       {"chain", FIELD_BYTES, offsetof(struct seal, chain), .doc = "chuỗi băm ở vị trí đó", .required = true},
       {"previous", FIELD_BYTES, offsetof(struct seal, previous), .doc = "băm của niêm phong trước", .required = true},
       {"public_key", FIELD_BYTES, offsetof(struct seal, public_key), .doc = "khóa công khai Ed25519",
        .required = true},
       {"signature", FIELD_BYTES, offsetof(struct seal, signature), .doc = "chữ ký Ed25519", .required = true});

RECORD(verdict_record, struct verdict, "verdict", "Kết quả kiểm tra sổ cái (what a verification of the ledger found)",
       {"whole", FIELD_BOOL, offsetof(struct verdict, whole), .doc = "sổ cái nguyên vẹn"},
       {"events", FIELD_I64, offsetof(struct verdict, events), .doc = "số sự kiện đã kiểm"},
       {"seals", FIELD_I64, offsetof(struct verdict, seals), .doc = "số niêm phong hợp lệ"},
       {"head", FIELD_I64, offsetof(struct verdict, head), .doc = "vị trí cuối cùng đã thấy"},
       {"sealed", FIELD_I64, offsetof(struct verdict, sealed),
        .doc = "vị trí cuối cùng có niêm phong hợp lệ; 0: không có"},
       {"broken_at", FIELD_I64, offsetof(struct verdict, broken_at), .doc = "vị trí sai đầu tiên"},
       {"broken_line", FIELD_I64, offsetof(struct verdict, broken_line), .doc = "dòng sai đầu tiên của tệp"},
       {"reason", FIELD_TEXT, offsetof(struct verdict, reason), .doc = "kết luận, một câu"},
       {"chain", FIELD_TEXT, offsetof(struct verdict, chain), .doc = "chuỗi băm ở vị trí cuối cùng, dạng hex"},
       {"key", FIELD_TEXT, offsetof(struct verdict, key), .doc = "khóa công khai của niêm phong cuối cùng, dạng hex"});

static void put_bytes(crypto_generichash_state *h, struct str s)
{
    crypto_generichash_update(h, (const unsigned char *)s.p, s.n);
}

static void put_number(crypto_generichash_state *h, uint64_t v)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(v >> 8 * i);
    crypto_generichash_update(h, bytes, sizeof bytes);
}

static void put_field(crypto_generichash_state *h, struct str s)
{
    put_number(h, s.n);
    if (s.n)
        put_bytes(h, s);
}

static void put_number_field(crypto_generichash_state *h, int64_t v)
{
    put_number(h, 8);
    put_number(h, (uint64_t)v);
}

void ledger_payload_hash(struct str salt, struct str payload, unsigned char ret[LEDGER_HASH])
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, LEDGER_HASH);
    put_bytes(&h, salt);
    put_bytes(&h, payload);
    crypto_generichash_final(&h, ret, LEDGER_HASH);
}

void ledger_chain_next(unsigned char chain[LEDGER_HASH], const struct event *e)
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, LEDGER_HASH);
    crypto_generichash_update(&h, chain, LEDGER_HASH);
    put_number_field(&h, e->position);
    put_number_field(&h, e->at_us);
    put_field(&h, e->actor);
    put_field(&h, e->behalf);
    put_field(&h, e->request);
    put_field(&h, e->kind);
    put_field(&h, e->subject);
    put_bytes(&h, e->payload_hash);
    crypto_generichash_final(&h, chain, LEDGER_HASH);
}

void ledger_seal_hash(const struct seal *s, unsigned char ret[LEDGER_HASH])
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, LEDGER_HASH);
    put_bytes(&h, s->previous);
    put_number_field(&h, s->from_pos);
    put_number_field(&h, s->to_pos);
    put_number_field(&h, s->at_us);
    put_field(&h, s->chain);
    put_field(&h, s->public_key);
    crypto_generichash_final(&h, ret, LEDGER_HASH);
}

static int hex_digit(char b)
{
    return b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
}

bool ledger_hex_read(struct str hex, unsigned char *ret, size_t n)
{
    if (hex.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

struct str ledger_hex(struct arena *a, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = NEWN(a, char, 2 * bytes.n + 1);
    for (size_t i = 0; i < bytes.n; i++) {
        text[2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
        text[2 * i + 1] = digits[bytes.p[i] & 15];
    }
    return (struct str){text, 2 * bytes.n};
}

bool ledger_subject_number(struct str subject, struct str prefix, int64_t *ret)
{
    struct str digits = str_skip(subject, prefix.n);
    return str_starts(subject, prefix) && digits.n && digits.p[0] != '0' && digits.p[0] != '-' && str_i64(digits, ret);
}
