/* formula.h - indicators worked out from others, in a formula as a person in a statistics office writes it.
 *
 *   100 * [KTS-GTTT] / [GRDP]                         share of the digital economy, %
 *   [GRDP-G] - (0.4 * [VON-G] + 0.6 * [LD-G])         growth of TFP by growth accounting
 *   round(mean([VAO], [RA]), 2)                       a composite of two sub-indices
 *   100 * ([VON] - year_ago([VON])) / year_ago([VON]) growth over a year, %
 *
 * Language
 *   numbers      with a decimal point: 0.4, 1000, 1e6. A comma between two digits is refused (0.4 or "0, 4"?).
 *   signs        + - * / ^ and ( ); × ÷ − mean * / -. "-a^b" and "a^b^c" are refused without parentheses, because
 *                spreadsheets and mathematics read them differently.
 *   indicators   [CODE] or [CODE:category]; letters, digits, '-', '.', '_'. Bare (GRDP, GRDP:nu) if it begins with a
 *                letter and has no '-'.
 *   periods      prev(x) the period before of the same length, prev(x, n) n before; year_ago(x), year_ago(x, n);
 *                base(x) the baseline. They hold for every indicator inside, and add up; base() holds no other of them.
 *   places       children(x) the sum over the places right below that have a figure, count_children(x) how many have
 *                one (0 if none). x is one indicator, of another period if need be: a sum of ratios is no ratio of
 *                sums, so what is to be summed is an indicator of its own.
 *   functions    min max sum mean (one or more arguments), sum_known mean_known, abs sqrt ln exp (one), round(x) and
 *                round(x, places), coalesce(a, b, …), if(x < y, a, b) with < <= > >= = <> and ≤ ≥ ≠ ==  !=.
 *                Arguments are parted by ',' or ';'.
 *   count("…")   and register_count("…") are kept for registers and refused with a word about it.
 *
 * What is missing. A missing figure is NaN, and every operation on it is missing: also min, max, sum and mean, because
 * a total of which a part is unknown is unknown. Who wants the total of what there is writes sum_known or mean_known,
 * which are missing only if all their arguments are. coalesce gives the first argument that is there. An if() whose
 * condition is missing is missing; of its branches only the chosen one counts. Dividing by zero, the root or logarithm
 * of what has none, and a result out of range give a missing figure with a reason (enum formula_why).
 *
 * Units. A figure written by hand adapts to what it meets: a coefficient, or - a power of ten - a change of unit. The
 * rest is checked:
 *   - what is added, compared or chosen between has one unit; multiplying and dividing multiply and divide units, the
 *     same unit over itself is a pure number; ^ takes a whole number, or the base is a pure number; ln and exp take
 * one.
 *   - % is a hundredth of a pure number, so a share writes its own 100: 100 * [A] / [B] is %, [A] / [B] is a pure
 * number. ‰, nghìn, vạn, triệu, tỷ (and their ten and hundred times) before a unit are such multiples too, so that tỷ
 * đồng over triệu đồng wants its 1000, and "người/1 vạn dân" wants 10000 * [A] / [B].
 *   - words after % ("% GRDP") say of what: two that are added, and the formula's and the indicator's own, may not
 *     contradict each other. "/năm", "/quý", "/tháng" say how often and are no part of a unit. người, dân and lao động
 *     are one unit. No unit, "lần", "hệ số", "tỷ lệ", "chỉ số", "điểm" are a pure number, "điểm %" is %.
 *   - count_children() adapts like a figure.
 *
 * Bounds: FORMULA_TEXT bytes, FORMULA_NODES nodes, FORMULA_DEPTH deep; a set see formula_order(). Evaluation has no
 * loop and no recursion but over the nodes, so it costs nodes times cells and nothing else.
 *
 * Memory: c->arena. Threads: a parsed formula is constant and may be shared. */
#ifndef HOALU_FORMULA_H
#define HOALU_FORMULA_H

#include "base/ctx.h"
#include "base/lang.h"

enum { FORMULA_TEXT = 4096, FORMULA_NODES = 512, FORMULA_DEPTH = 64, FORMULA_BACK = 1200 };

struct formula;

enum formula_mode {
    FORMULA_OWN,            /* the place itself */
    FORMULA_CHILDREN,       /* the sum over the places right below that have a figure; missing if none has */
    FORMULA_COUNT_CHILDREN, /* how many of them have one */
};

/* One figure that a formula asks for, relative to the period and the place it is worked out for. */
struct formula_ref {
    struct str code;
    struct str category; /* disaggregation; n == 0: the whole */
    int periods_back;    /* of the same length */
    int years_back;      /* besides */
    bool base;           /* the baseline instead of a period */
    enum formula_mode mode;
};
struct formula_refs {
    const struct formula_ref *v;
    size_t n;
};

/* E_INVALID naming the column (1-based, in characters) and what is wrong there; E_LIMIT past the bounds. `text` is
 * UTF-8 and need not outlive the call. */
MUST_USE enum err formula_parse(struct ctx *c, struct str text, const struct formula **ret);

/* Every figure asked for, each once, in the order of first appearance. */
struct formula_refs formula_refs(const struct formula *f);

/* --- units ------------------------------------------------------------------------------------------------------- */

/* The unit of an indicator, S("") for a pure number; false if there is no such indicator. */
struct formula_units {
    bool (*unit)(void *arg, struct str code, struct str *ret);
    void *arg;
};
/* Is the formula sound in its units, and does it give `own`, the unit of the indicator it defines? E_INVALID saying
 * what does not fit, E_NOTFOUND naming an indicator that does not exist. */
MUST_USE enum err formula_check_unit(struct ctx *c, const struct formula *f, const struct formula_units *units,
                                     struct str own);
/* The unit that a formula gives, as text ("người/km²"; "%" for 100 * a / b); S("") for a pure number or where any fits.
 */
MUST_USE enum err formula_unit(struct ctx *c, const struct formula *f, const struct formula_units *units,
                               struct str *ret);

/* --- a set of formulas ------------------------------------------------------------------------------------------- */

struct formula_def {
    struct str code;
    const struct formula *formula;
};
enum { FORMULA_SET = 20000, FORMULA_CHAIN = 64, FORMULA_FIGURES = 4096 };
/* The order in which they may be worked out: indexes into `defs`, whatever is needed first comes first; among those
 * that may, the order given. A circle is refused with E_INVALID and its path ("A → B → A"); a period before or a place
 * below makes no difference to that. E_CONFLICT for a code defined twice.
 *
 * A bomb is stopped with E_LIMIT: more than FORMULA_CHAIN formulas one above the other, or one that needs more than
 * FORMULA_FIGURES different figures (indicator, category, period, place or places below) through all that it refers to.
 * Who keeps each of these once it is worked out (the cube does) therefore needs at most FORMULA_FIGURES evaluations for
 * a figure, however often the formulas name each other. */
MUST_USE enum err formula_order(struct ctx *c, const struct formula_def *defs, size_t n, size_t **ret);

/* --- evaluation -------------------------------------------------------------------------------------------------- */

/* Where figures come from: `n` cells from `at` on, of those that formula_eval() was asked for, into `ret`; NaN for one
 * that is missing. What a cell is (a period and a place) is the caller's. Called once for each of formula_refs() and
 * stretch of cells. formula_eval() takes back what was allocated in its c->arena meanwhile: what fetch() keeps, it
 * keeps elsewhere. */
struct formula_source {
    enum err (*fetch)(void *arg, const struct formula_ref *ref, size_t at, size_t n, double *ret);
    void *arg;
};
/* The figures of `n` cells. A failure of fetch() is handed on. */
MUST_USE enum err formula_eval(struct ctx *c, const struct formula *f, const struct formula_source *source, size_t n,
                               double *ret);

enum formula_why {
    FORMULA_KNOWN,
    FORMULA_MISSING,  /* a figure it needs is missing: trace.ref */
    FORMULA_BY_ZERO,  /* division by zero */
    FORMULA_NO_VALUE, /* the root or logarithm of what has none, a power that has none */
    FORMULA_RANGE,    /* larger than a number can be */
};
struct formula_trace {
    double result;
    enum formula_why why;
    size_t ref;          /* FORMULA_MISSING: which of formula_refs(), the first that decided it */
    size_t node;         /* otherwise: which operation, for formula_reason() */
    const double *value; /* of each of formula_refs() */
};
/* One cell, with what went into it. */
MUST_USE enum err formula_trace(struct ctx *c, const struct formula *f, const struct formula_source *source,
                                struct formula_trace *ret);

/* --- as text ----------------------------------------------------------------------------------------------------- */

enum formula_style {
    FORMULA_SOURCE, /* as it may be parsed again, to the same formula; periods stand at each indicator */
    FORMULA_NAMES,  /* for readers, with names: "100 × Kinh tế số ÷ GRDP (năm trước)" */
    FORMULA_VALUES, /* for readers, with figures: "64.668 ÷ 118.440 × 100" */
};
struct formula_how {
    enum formula_style style;
    enum lang lang;
    struct str (*name)(void *arg,
                       const struct formula_ref *ref);       /* FORMULA_NAMES: of the indicator and category alone */
    int (*places)(void *arg, const struct formula_ref *ref); /* FORMULA_VALUES: decimals to show; NULL: all there are */
    void *arg;
    const struct formula_trace *trace; /* FORMULA_VALUES */
};
struct str formula_text(struct ctx *c, const struct formula *f, const struct formula_how *how);
/* Why a figure is missing, in a sentence; names as above (NULL: codes). S("") for one that is known. */
struct str formula_reason(struct ctx *c, const struct formula *f, const struct formula_trace *trace,
                          const struct formula_how *how);

#endif
