/* Any bytes as an exported ledger: a verdict comes back, and a file accepted as whole, written again from its parsed
 * lines, is accepted with the same chain. Every other input (by its last bit) drives the making of a ledger instead,
 * which must be accepted, and refused once a byte of it is changed. */
#include "fuzz/fuzz.h"

#include "ledger/forge.h"

#include <string.h>

#include "base/banned.h"

static struct str write_again(struct ctx *c, struct str text, unsigned char chain[LEDGER_HASH])
{
    struct out o;
    out_init(&o, c->arena, 16 * text.n + 64);
    struct str part;
    memset(chain, 0, LEDGER_HASH);
    while (text.n && str_cut(&text, '\n', &part)) {
        struct line line;
        const char *why;
        HOLDS(ledger_line_read(c->arena, part, &line, &why));
        if (line.kind == LINE_EVENT)
            ledger_chain_next(chain, &line.event);
        ledger_line_write(&o, &line);
    }
    HOLDS(!o.failed);
    return out_str(&o);
}

static void read_any(struct ctx *c, struct str text)
{
    struct verdict r, again;
    HOLDS(ledger_verify_text(c, text, S(""), &r) == OK);
    HOLDS(r.reason.n > 0 && r.whole == (r.broken_at == I64_NONE) && r.whole == (r.broken_line == I64_NONE));
    if (!r.whole)
        return;
    unsigned char chain[LEDGER_HASH];
    HOLDS(ledger_verify_text(c, write_again(c, text, chain), S(""), &again) == OK);
    HOLDS(again.whole && str_eq(again.chain, r.chain) && again.events == r.events && again.seals == r.seals);
    HOLDS(str_eq(r.chain, ledger_hex(c->arena, ledger_bytes(chain, LEDGER_HASH))));
}

static void make_one(struct ctx *c, struct str script)
{
    struct forge f;
    forge_init(&f, c);
    struct str text = {"{}", 2};
    for (size_t i = 0; i + 1 < script.n && i < 64; i++) {
        unsigned char b = (unsigned char)script.p[i];
        if (b % 8 == 0 && f.head)
            forge_seal(&f);
        else if (b % 8 == 1 && f.head)
            forge_erase(&f, 1 + b % f.head);
        else if (str_is_utf8(str_slice(script, i, i + b), NULL))
            forge_event(&f, "any", str_slice(script, i, i + b), text);
    }
    struct str whole = forge_text(&f);
    struct verdict r;
    HOLDS(ledger_verify_text(c, whole, S(""), &r) == OK && r.whole && r.events == f.head);
    size_t at = ((unsigned char)script.p[0] | (size_t)(unsigned char)script.p[script.n / 2] << 8) % (whole.n - 1);
    ((char *)whole.p)[at] ^= (char)(1 << script.n % 7);
    HOLDS(ledger_verify_text(c, whole, S(""), &r) == OK && !r.whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str text = {(const char *)data, n};
    if (n && (data[n - 1] & 1))
        make_one(&c, text);
    else
        read_any(&c, text);
    arena_reset(&arena);
    return 0;
}
