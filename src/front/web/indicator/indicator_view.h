/* indicator_view.h - indicators as their pages show them.
 *
 * Memory: everything in c->arena. */
#ifndef HOALU_INDICATOR_VIEW_H
#define HOALU_INDICATOR_VIEW_H

#include "domain/indicator/standing.h"
#include "domain/indicator/value.h"
#include "domain/org/org.h"
#include "front/web/html.h"
#include "front/web/messages.h"

/* What is marked at a figure wherever it stands. */
struct figure_view {
    struct str text;        /* "54,6%", "1.250 doanh nghiệp"; "–" without a figure */
    struct str number;      /* the same for a table, without a unit but "%" */
    struct str period;      /* "quý IV/2026" */
    struct str period_head; /* "Quý IV/2026", to begin with */
    bool there, provisional, sample, partial, differs, added, derived;
    int64_t have, of;
    struct url there_url; /* the page of the figure */
};

/* --- the list --- */

struct indicator_line {
    const struct standing_row *row;
    const struct indicator *i;
    struct figure_view figure;
    struct str name, target, why, path, target_id; /* path: clause of the target; n == 0: none */
    struct html spark;                             /* n == 0: fewer than two figures */
    struct html pace;                              /* n == 0: no baseline or no goal */
    struct url page;
};
struct indicator_group {
    struct str key, title; /* title: n == 0: no plan names them */
    struct str set;        /* a set: its parts stand on a page of their own; n == 0: none */
    size_t folded;         /* parts that are not shown */
    bool aside;            /* no target: opened on demand */
    struct {
        struct indicator_line *v;
        size_t n, cap;
    } lines;
};
struct indicators_view {
    const struct standing_list *list;
    struct {
        struct indicator_group *v;
        size_t n, cap;
    } groups;
    int64_t risk, off, none, stale, met, on_track, no_goal;
    bool sample;
    struct str place, place_name;
};

/* --- one indicator --- */

struct goal_view {
    const struct standing_goal *goal;
    struct str status, text, why, by;   /* status: one of STANDING_WORDS */
    struct str path, target_id, quote;  /* the clause; quote: its words */
    struct str baseline, baseline_from; /* n == 0: none */
    struct str needed, pace;            /* "+10,8" a year; n == 0: not known */
    bool over;                          /* its last day has passed */
};

struct period_line {
    struct figure_view figure;
    struct str id, path, difference, parts; /* parts: "64.668 / 118.440" */
    struct str after;                       /* beside the figure: what the year has come to */
};

/* Where a figure comes from. */
struct origin_input {
    struct str name, text;
    struct url there;
};
struct origin_view {
    struct figure_view figure;
    struct str formula, worked; /* of one that is worked out */
    struct {
        struct origin_input *v;
        size_t n, cap;
    } inputs;
    const struct value_history *said; /* of one that was reported, newest first */
};

struct place_line {
    struct str code, name, id;
    struct figure_view figure;
    double value;
    struct str change; /* since the period before; n == 0: not known */
    struct str status; /* n == 0: nothing is judged */
    struct url there;  /* this page for the place */
};
struct legend_item {
    struct str text;
    int shade;
    size_t n;
};
struct places_view {
    struct {
        struct place_line *v;
        size_t n, cap;
    } lines;
    size_t have;            /* of them with a figure */
    struct str period_head; /* of the figures */
    struct html map_wide, swarm_wide, swarm_narrow;
    struct html heat_wide, heat_mid, heat_narrow; /* only where it was asked for */
    struct url heat;                              /* where it is */
    struct legend_item legend[5];
    size_t n_legend, missing, unplaced;
    bool cells; /* drawn from centres */
    struct place_line *worst[5];
    size_t n_worst;
    bool judged, bodies;
};

struct link_view {
    struct str name, code;
    struct url there;
};
struct links_view {
    struct link_view *v;
    size_t n, cap;
};

struct indicator_view {
    const struct indicator *i;
    const struct standing *st;
    struct str name, definition, place_name, category_name, as_of; /* as_of: as asked */
    int32_t day;
    struct figure_view latest;
    bool sample;
    const struct goal_view *first; /* NULL: nothing is wanted */
    struct {
        struct goal_view *v;
        size_t n, cap;
    } goals;
    struct str status, responsible, provider, unit;
    struct str ahead;     /* difference to the path at the latest figure, "1,0"; n == 0: no path */
    bool behind;          /* on the wrong side of it */
    struct html chart[3]; /* 1240, 640, 358 */
    bool has_chart, cut, year_so_far, has_bands, has_parts, has_path;
    struct str cut_from;
    struct {
        struct period_line *v;
        size_t n, cap;
    } periods; /* the latest first */
    struct origin_view origin;
    struct places_view places;
    struct links_view tasks, users, parts_above, above; /* above: from the root to the place above this one */
    struct {
        struct indicator_line *v;
        size_t n, cap;
    } parts; /* of a composite */
    struct {
        struct link_view *v;
        size_t n, cap;
    } categories;
    const struct value_said *other; /* another source of the latest figure that differs */
    struct str other_text;
    const struct indicator_set *set;
    const struct strs *steps;
    size_t step; /* of a described target, the step reached; 0: none */
    struct url here, now;
};

/* --- one figure --- */

struct figure_page {
    const struct indicator *i;
    struct str name, place_name, period, as_of;
    struct origin_view origin;
    struct links_view above;
    struct url indicator, ledger;
    bool history; /* whoever reads may see the ledger */
    struct str unit;
    int places;
    struct strs below; /* of one that is added up */
    struct {
        struct place_line *v;
        size_t n, cap;
    } parts;
};

#endif
