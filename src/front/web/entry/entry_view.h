/* entry_view.h - figures as they come in: what is to be entered, the grid, files, batches, sources that differ, and
 * figures side by side, as their pages show them. Memory: c->arena. */
#ifndef HOALU_ENTRY_VIEW_H
#define HOALU_ENTRY_VIEW_H

#include "domain/indicator/entry.h"
#include "domain/indicator/value_load.h"
#include "domain/org/org.h"
#include "front/web/frame.h"

/* --- /entry --- */

enum { ENTRY_FREQUENCIES = 4 };

/* The figures of a frequency that a body (or all that gather) owes: of the period that ended last, and the one that
 * runs. */
struct entry_cell {
    size_t due, filled, now_filled; /* due == 0: none of that frequency */
    struct url url, now_url;
};
struct entry_body {
    struct str code, name;
    struct entry_cell cells[ENTRY_FREQUENCIES];
};
struct entry_gathered {
    const struct indicator *indicator;
    size_t due, filled;
    struct str period;
    struct url url;
};
struct entry_index {
    const struct message *frequencies[ENTRY_FREQUENCIES];
    struct str periods[ENTRY_FREQUENCIES], now[ENTRY_FREQUENCIES]; /* in words */
    bool used[ENTRY_FREQUENCIES];
    struct {
        struct entry_body *v;
        size_t n, cap;
    } bodies;
    struct {
        struct entry_gathered *v;
        size_t n, cap;
    } gathered; /* over areas, one indicator each */
    size_t due, filled, total;
    struct str words;
    bool missing, office;
};

/* --- the grid --- */

/* A line as the form shows it: what is there, or what was typed and is wrong. */
struct grid_row {
    const struct entry_line *line;
    struct str key, name, place;    /* of its fields; what it is called; where (n == 0: as the page) */
    struct str before, before_says; /* the figure before, and whether it was provisional */
    struct str unit;
    struct str value, evidence, reason; /* as it stands in the form */
    struct str was;                     /* the value that the form showed first */
    bool provisional, was_provisional;
    bool official;             /* there is an official figure: a correction needs a reason */
    bool saved;                /* by what was sent just now */
    bool open;                 /* its notes are unfolded */
    struct str error, warning; /* n == 0: none */
    bool confirmed;            /* the warning is, by a tick */
    struct str theirs, by;     /* somebody changed it meanwhile: to this; who, when */
    int64_t theirs_us;
    bool changed;      /* what was typed differs from what was shown */
    struct strs steps; /* of a described target */
    int64_t step;      /* the one that is chosen, or -1 */
};
struct grid_view {
    struct url here, back, template_url, load_url;
    struct url before, after; /* the same for the period before and after; n == 0: none */
    struct str before_words, after_words, period, period_code, title, org;
    const struct entry_grid *grid;
    struct {
        struct grid_row *v;
        size_t n, cap;
    } rows;
    size_t errors, warnings, conflicts;
    struct str problem; /* that belongs to no row */
    int64_t version;
    bool told;    /* a save just ended: */
    size_t saved; /* so many figures */
    bool by_place;
    bool for_other; /* recorded as entered for that body */
};

/* --- files --- */

struct load_problem {
    const struct value_problem *problem;
    struct str said;
    bool error;
};
struct load_view {
    const struct value_load *load; /* NULL: no file yet */
    struct {
        struct load_problem *v;
        size_t n, cap;
    } problems;               /* those shown */
    size_t more;              /* beyond them */
    struct url all;           /* all that are kept, as a file */
    struct str error;         /* it is no table at all */
    struct str content, mark; /* to be sent again */
    struct str name, marks, source, reason;
    bool official;
};

/* --- batches --- */

struct batch_line {
    const struct value_batch_row *row;
    const struct message *kind;
    struct str who;
    struct url url;
};
struct batches_view {
    struct {
        struct batch_line *v;
        size_t n, cap;
    } lines;
    struct url next; /* n == 0: these are all */
    bool own;        /* one's own alone */
};
struct batch_figure {
    struct str name, code, place, period, source, value, was, evidence, reason;
    struct url url;
    bool provisional, there_was, gone;
};
struct batch_view {
    struct batch_line line;
    struct {
        struct batch_figure *v;
        size_t n, cap;
    } figures;
    bool more, may_undo, done;
    struct str error, reason;
    struct url here;
};

/* --- sources that differ --- */

struct differing_source {
    struct str source, name, value, actor;
    int64_t at_us;
    bool provisional, checked;
};
struct differing_figure {
    struct str indicator, category, name, place, place_name, period, period_words;
    struct url url;
    struct {
        struct differing_source *v;
        size_t n, cap;
    } sources;
    struct str error, reason;
    bool may; /* decide */
};
struct differing_view {
    struct {
        struct differing_figure *v;
        size_t n, cap;
    } figures;
    bool more, decided;
    struct str name; /* of the one indicator; n == 0: all */
};

/* --- figures side by side --- */

enum { COMPARE_INDICATORS = 3, COMPARE_PLACES = 4, COMPARE_SERIES = 6, COMPARE_PERIODS = 60 };

struct compare_choice {
    struct str code, name;
};
struct compare_choices {
    struct compare_choice *v;
    size_t n, cap;
};
/* An indicator at a place, over the periods of the table. */
struct compare_series {
    const struct indicator *indicator;
    struct str place, name; /* name: what tells it from the others */
    double *v;              /* one for each period, as it is; NaN: none */
    bool *provisional;
    double base; /* what is 100, if indexed */
    struct str base_words;
    struct url url;
};
struct compare_row {
    struct str period;
    struct str *cells; /* one for each series, with its unit */
};
struct figures_compare {
    struct compare_choices indicators, places;
    struct str chosen[COMPARE_INDICATORS], where[COMPARE_PLACES];
    bool index, indexed, must_index; /* asked for; done; because units differ */
    struct {
        struct compare_series *v;
        size_t n, cap;
    } series;
    int32_t *periods;
    size_t n_periods;
    struct {
        struct compare_row *v;
        size_t n, cap;
    } rows;          /* the newest first */
    size_t left_out; /* pairs beyond what one chart shows */
    bool sample, any;
    struct str title;
    struct html wide, mid, narrow;                /* the chart in three widths */
    struct str axis;                              /* where the axis begins, if it is cut */
    struct html heat_wide, heat_mid, heat_narrow; /* n == 0: none */
    struct str heat_name;
    size_t heat_places;
};

#endif
