#include "ledger/chain.h"

#include <jansson.h>
#include <string.h>

#include "base/emit.h"

#include "base/banned.h"

/* One key of a line: what it must hold and where it goes. */
enum value_type {
    VALUE_NUMBER, /* a whole number, 0 or more, into int64_t; `at_us` may be negative */
    VALUE_TEXT,
    VALUE_HASH,
    VALUE_SALT_OR_NULL,
    VALUE_TEXT_OR_NULL,
    VALUE_SIGNATURE,
};
struct key {
    const char *name;
    enum value_type type;
    size_t offset; /* in struct line */
};

#define AT(member) offsetof(struct line, member)
static const struct key header_keys[] = {
    {"hoalu", VALUE_TEXT, 0}, {"version", VALUE_NUMBER, 0}, {"head", VALUE_NUMBER, AT(head)}};
static const struct key event_keys[] = {{"event", VALUE_NUMBER, AT(event.position)},
                                        {"at", VALUE_NUMBER, AT(event.at_us)},
                                        {"actor", VALUE_TEXT, AT(event.actor)},
                                        {"behalf", VALUE_TEXT, AT(event.behalf)},
                                        {"request", VALUE_TEXT, AT(event.request)},
                                        {"kind", VALUE_TEXT, AT(event.kind)},
                                        {"subject", VALUE_TEXT, AT(event.subject)},
                                        {"salt", VALUE_SALT_OR_NULL, AT(salt)},
                                        {"payload", VALUE_TEXT_OR_NULL, AT(event.payload)},
                                        {"payload_hash", VALUE_HASH, AT(event.payload_hash)},
                                        {"chain", VALUE_HASH, AT(event.chain)}};
static const struct key seal_keys[] = {{"seal", VALUE_NUMBER, AT(seal.to_pos)},
                                       {"from", VALUE_NUMBER, AT(seal.from_pos)},
                                       {"at", VALUE_NUMBER, AT(seal.at_us)},
                                       {"chain", VALUE_HASH, AT(seal.chain)},
                                       {"previous", VALUE_HASH, AT(seal.previous)},
                                       {"key", VALUE_HASH, AT(seal.public_key)},
                                       {"signature", VALUE_SIGNATURE, AT(seal.signature)}};
static const struct key end_keys[] = {
    {"end", VALUE_NUMBER, AT(head)}, {"seals", VALUE_NUMBER, AT(seals)}, {"chain", VALUE_HASH, AT(chain)}};
#undef AT

/* By enum line_kind; the first key names the kind. */
static const struct {
    const struct key *keys;
    size_t n;
} kinds[] = {
    {header_keys, sizeof header_keys / sizeof *header_keys},
    {event_keys, sizeof event_keys / sizeof *event_keys},
    {seal_keys, sizeof seal_keys / sizeof *seal_keys},
    {end_keys, sizeof end_keys / sizeof *end_keys},
};

static struct str text_of(struct arena *a, const json_t *value)
{
    return str_dup(a, (struct str){json_string_value(value), json_string_length(value)});
}

static bool bytes_of(struct arena *a, const json_t *value, size_t n, struct str *ret)
{
    unsigned char *bytes = NEWN(a, unsigned char, n);
    struct str hex = {json_string_value(value), json_string_length(value)};
    if (!json_is_string(value) || !ledger_hex_read(hex, bytes, n))
        return false;
    *ret = ledger_bytes(bytes, n);
    return true;
}

static bool read_value(struct arena *a, const json_t *value, const struct key *key, void *to)
{
    int64_t number = 0;
    switch (key->type) {
    case VALUE_NUMBER:
        if (!json_is_integer(value))
            return false;
        number = json_integer_value(value);
        if (number == I64_NONE || (number < 0 && strcmp(key->name, "at") != 0))
            return false;
        *(int64_t *)to = number;
        return true;
    case VALUE_TEXT_OR_NULL:
        if (json_is_null(value))
            return true;
        /* fall through */
    case VALUE_TEXT:
        if (!json_is_string(value))
            return false;
        *(struct str *)to = text_of(a, value);
        return true;
    case VALUE_SALT_OR_NULL:
        return json_is_null(value) || bytes_of(a, value, LEDGER_SALT, to);
    case VALUE_HASH:
        return bytes_of(a, value, LEDGER_HASH, to);
    case VALUE_SIGNATURE:
        break;
    }
    return bytes_of(a, value, LEDGER_SIGNATURE, to);
}

static void release(void *arg)
{
    json_decref(arg);
}

static bool read_object(struct arena *a, const json_t *object, struct line *ret, const char **ret_why)
{
    size_t kind = 0;
    while (kind < 4 && !json_object_get(object, kinds[kind].keys[0].name))
        kind++;
    *ret_why = "không phải dòng của sổ cái (not a line of a ledger)";
    if (kind == 4)
        return false;
    ret->kind = (enum line_kind)kind;
    *ret_why = "thừa hoặc thiếu trường (fields missing or unknown)";
    if (json_object_size(object) != kinds[kind].n)
        return false;
    for (size_t i = 0; i < kinds[kind].n; i++) {
        const struct key *key = &kinds[kind].keys[i];
        const json_t *value = json_object_get(object, key->name);
        *ret_why = "thừa hoặc thiếu trường (fields missing or unknown)";
        if (!value)
            return false;
        *ret_why = "giá trị của một trường sai dạng (a field is malformed)";
        int64_t number;
        struct str text;
        bool plain = key->offset == 0; /* the two of the header that are only compared */
        if (!read_value(a, value, key,
                        !plain                      ? (char *)ret + key->offset
                        : key->type == VALUE_NUMBER ? (void *)&number
                                                    : &text))
            return false;
        if (plain && !(key->type == VALUE_NUMBER ? number == 1 : str_eq(text, S("ledger")))) {
            *ret_why = "không phải sổ cái, hoặc của bản khác (another format or version)";
            return false;
        }
    }
    *ret_why = "nội dung và muối phải cùng có hoặc cùng không (payload without salt)";
    return ret->kind != LINE_EVENT || !ret->event.payload.p == !ret->salt.p;
}

static void write_value(struct emit *e, const struct key *key, const void *from)
{
    const struct str *text = from;
    emit_key(e, str_of(key->name));
    if (key->type == VALUE_NUMBER)
        emit_i64(e, *(const int64_t *)from);
    else if (key->type == VALUE_TEXT || (key->type == VALUE_TEXT_OR_NULL && text->p))
        emit_text(e, text->p ? *text : S(""));
    else if (!text->p)
        emit_null(e);
    else
        emit_bytes(e, *text);
}

void ledger_line_write(struct out *o, const struct line *line)
{
    struct emit e;
    emit_init(&e, o, EMIT_JSON);
    emit_map(&e);
    for (size_t i = 0; i < kinds[line->kind].n; i++) {
        const struct key *key = &kinds[line->kind].keys[i];
        static const struct str format = S0("ledger");
        static const int64_t version = 1;
        const void *plain = key->type == VALUE_NUMBER ? (const void *)&version : &format;
        write_value(&e, key, key->offset ? (const char *)line + key->offset : plain);
    }
    emit_end(&e);
}

bool ledger_line_read(struct arena *a, struct str text, struct line *ret, const char **ret_why)
{
    struct arena_defer *d = arena_defer(a, release);
    json_error_t error;
    json_t *object = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &error);
    d->arg = object;
    *ret = (struct line){.kind = LINE_HEADER};
    *ret_why = "không phải JSON đúng dạng (not well-formed JSON)";
    if (!json_is_object(object) || !read_object(a, object, ret, ret_why))
        return false;
    /* One event has one line: what reads the same but is written otherwise has been changed. */
    struct out o;
    out_init(&o, a, text.n + 2);
    ledger_line_write(&o, ret);
    *ret_why = "dòng không viết đúng như khi xuất ra (not as it was exported)";
    return str_eq(str_trim(out_str(&o)), text);
}
