/* Numbers: whatever is read is finite, reads back from what a program writes of it, and is the same with points and
 * commas swapped; what is ambiguous has two readings a thousand apart, and stays so in the mirror. */
#include "fuzz/fuzz.h"

#include "base/number.h"
#include "base/out.h"

#include <math.h>

#include "base/banned.h"

static const struct str pieces[] = {S0("0"),  S0("1"),          S0("234"),    S0("567"),    S0("."),   S0(","),
                                    S0(" "),  S0("'"),          S0("\u00a0"), S0("\u202f"), S0("e"),   S0("E"),
                                    S0("+"),  S0("-"),          S0("%"),      S0("\u2212"), S0("nan"), S0("inf"),
                                    S0("0x"), S0("9999999999"), S0("00"),     S0("5"),      S0("…"),   S0("\t")};

static enum number_marks mirror(enum number_marks marks)
{
    return marks == NUMBER_COMMA ? NUMBER_POINT : marks == NUMBER_POINT ? NUMBER_COMMA : NUMBER_EITHER;
}

static void check_again(const struct number *n)
{
    char room[64];
    struct out o;
    struct number again;
    out_init_in(&o, room, sizeof room);
    out_f64(&o, n->amount);
    number_read_plain(out_str(&o), &again);
    HOLDS(!o.failed && again.kind == NUMBER_GIVEN && again.amount == n->amount);
}

static void check_mirror(struct arena *a, struct str text, const struct number *n)
{
    struct number other;
    char *p = NEWN(a, char, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        p[i] = (char)(text.p[i] == '.' ? ',' : text.p[i] == ',' ? '.' : text.p[i]);
    number_read((struct str){p, text.n}, &other);
    HOLDS(other.kind == n->kind && other.wrong == n->wrong && other.marks == mirror(n->marks));
    HOLDS(other.amount == n->amount && other.fraction == n->fraction && other.percent == n->percent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct str text = {(const char *)data, n};
    struct number number, plain;
    if (n && data[0] == '!')
        text = fuzz_compose(c.arena, data + 1, n - 1, pieces, sizeof pieces / sizeof *pieces);
    number_read(text, &number);
    number_read_plain(text, &plain);
    HOLDS(isfinite(number.amount) && isfinite(number.fraction));
    HOLDS((number.kind == NUMBER_WRONG) == (number.wrong != NUMBER_IS_RIGHT));
    check_mirror(c.arena, text, &number);
    if (number.kind == NUMBER_GIVEN)
        check_again(&number);
    if (number.kind == NUMBER_AMBIGUOUS)
        HOLDS(fabs(number.amount - 1000 * number.fraction) <= 1e-9 * fabs(number.amount));
    if (plain.kind == NUMBER_GIVEN) /* what a program writes, a person's reading gives too, or cannot tell */
        HOLDS(number.kind == NUMBER_AMBIGUOUS ? number.fraction == plain.amount : number.amount == plain.amount);
    arena_reset(&arena);
    return 0;
}
