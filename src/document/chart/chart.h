/* chart.h - charts and maps as SVG, for a page, a file or a document.
 *
 * One function draws one picture into a `struct out` (base/out.h: look at `failed` at the end). The words in it, the
 * numbers in labels and the names of periods come from the caller in the reader's language; the module has no words of
 * its own and writes numbers on axes with the two signs in `chart_frame`. All text is escaped here. `href` is written
 * only if it is a path, a query, a fragment or http(s).
 *
 * On a page (standalone false) everything is styled by classes of hoalu.css, section 10, so that dark, print and the
 * wall work; there are no style attributes. With `standalone` the same picture carries presentation attributes in the
 * light colours, has its namespace and holds no links: for a file to take away, and for librsvg.
 *
 * NaN and infinity are "no figure": a gap in a line, a hatched area, an empty cell. No input divides by zero: one
 * point, equal values, none at all, huge and tiny ranges and negative ones all give a picture.
 *
 * Widths are units of the view box and, shown at full size, pixels: a page draws 1240, 640 and 358 and lets CSS choose.
 * Memory: scratch in the arena. Threads: no state. Errors: none besides those of the arena and the writer. */
#ifndef HOALU_CHART_H
#define HOALU_CHART_H

#include "base/arena.h"
#include "base/out.h"
#include "base/period.h"
#include "document/chart/shape.h"

struct chart_frame {
    struct str id;          /* begins every id in it: unique on the page, letters, digits and '-' */
    struct str title, desc; /* what is shown; what it says, in a sentence or two (may be empty) */
    int width;              /* held to 240..2000 */
    int height;             /* 0: what suits the width; else held to 60..4000 */
    bool standalone;
    char decimal, group; /* 0: ',' and '.', as Vietnamese writes them */
};

/* Where a day or the end of a period stands on the axis of time: 2027.0 is the end of 2026. */
double chart_time(int32_t day);
double chart_time_of(struct period p);

/* ---- values over time ---- */

struct chart_point {
    double x, y;      /* y NaN: a gap */
    bool provisional; /* hollow dot, dotted stretch before it */
    struct str label; /* "Quý I/2025: 43,8%"; empty: the dot has no name */
    struct str href;  /* empty: no link */
};
struct chart_series {
    struct str name; /* beside its line where there are several, and room for it */
    const struct chart_point *v;
    size_t n; /* by x, rising */
};
struct chart_at {
    double x, y;
};
/* One step of a forecast. A band whose bounds are NaN is not drawn. */
struct chart_ahead {
    double x, mid, low50, high50, low80, high80;
};
struct chart_tick {
    double x;
    struct str text;
};
struct chart_line {
    const struct chart_series *series; /* one: the line with dots; several: compared, each in its colour and mark */
    size_t n_series;
    struct str first_text;           /* "43,8%": at the first value of a single series; empty: none */
    struct str last_text, last_note; /* "54,6%", "quý IV/2026, tạm tính": at its last value */

    const struct chart_at *path; /* yearly path to the target */
    size_t n_path;
    struct str path_text; /* "Lộ trình: đều 7,4 điểm %/năm" */

    bool has_target;
    double target_low, target_high; /* equal: one line; else a band between two; one NaN: open to that side, one line */
    struct str target_text;         /* "Mục tiêu 2030: từ 85%" */

    const struct chart_ahead *ahead; /* the first stands on the last value */
    size_t n_ahead;
    struct str ahead_text, ahead_note; /* "79,3%"; "nếu giữ nhịp\n8 quý qua": short lines, left out on narrow ones */
    struct str ahead_low, ahead_high; /* "71,5", "87,0": the ends of the 80 % band */
    struct str band_text;             /* "Vùng nhạt: 80% khả năng\nvùng đậm: 50%"; left out on narrow ones */

    const struct chart_tick *ticks; /* 0: years, found from the range. Else the names under the axis */
    size_t n_ticks;
    double from, to;       /* of the axis of time; NaN: what the data covers (0 and 0 as well) */
    bool bounded;          /* the figure cannot leave floor..ceiling (a share: 0..100): bands are cut there */
    double floor, ceiling; /* either may be NaN */
    struct str y_unit;     /* after the topmost number of the axis: "%", " người"; short */
    struct str nothing;    /* said in the middle where there is no value at all */
};
struct chart_told {
    bool cut;    /* the axis does not begin at zero: the page says "trục bắt đầu từ …" */
    double from; /* where it begins and ends */
    double to;
    int height; /* of the picture */
};
/* `ret` may be NULL. */
void chart_line(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_line *l,
                struct chart_told *ret);

/* A line for a row of a list, without words or axes: values by x, rising; `target` NaN: none. The frame's title is its
 * name; width 0 is 120, height 0 is 28. */
void chart_spark(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_at *v, size_t n,
                 double target);

/* ---- classes of values ---- */

enum { CHART_CLASSES = 5 };
enum chart_split {
    CHART_QUANTILES, /* about as many in each class; equal values are never parted */
    CHART_EVEN,      /* round limits, equally far apart */
};
/* For the legend: class i holds limit[i] <= v < limit[i + 1], the last one its upper limit too. */
struct chart_classes {
    size_t n; /* 0 if there is no figure at all */
    double limit[CHART_CLASSES + 1];
    int shade[CHART_CLASSES]; /* 1..5: classes q1..q5 of the style sheet */
    size_t count[CHART_CLASSES];
    size_t missing; /* without a figure */
};
/* `breaks`: up to 4 rising limits that hold instead of `split` (n_breaks > 0); then empty classes are kept. */
void chart_classes(struct arena *a, const double *v, size_t n, enum chart_split split, const double *breaks,
                   size_t n_breaks, struct chart_classes *ret);
int chart_class_of(const struct chart_classes *classes, double v); /* 0..n-1; -1: no figure */

/* ---- maps ---- */

struct chart_area {
    struct str label; /* "Phường Phủ Lý: 75,5%" */
    struct str href;  /* empty: no link */
    struct str name;  /* written on the map where there is room; empty: not */
    double value;     /* NaN: hatched */
    const struct shape *shape;
    bool chosen; /* drawn with a strong border: the one that is looked at */
};
struct chart_map {
    const struct chart_area *v;
    size_t n;
    enum chart_split split;
    const double *breaks;
    size_t n_breaks;
    bool plain; /* no values: all areas alike, none hatched */
};
/* Areas are not in the tab order, as a table beside the map has the same links. `ret` (may be NULL): the classes as
 * drawn. Gives back how many areas have no shape and so are not on it. Height 0: what the shapes need, at most 1.5
 * times the width; the picture is narrower where they are tall. */
size_t chart_map(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_map *m,
                 struct chart_classes *ret);

/* ---- areas or bodies by period ---- */

struct chart_cell {
    double value;    /* NaN: hatched */
    struct str text; /* in the cell where it fits: "54,6" */
    struct str label, href;
};
struct chart_row {
    struct str name, href;
};
struct chart_heat {
    const struct chart_row *rows;
    size_t n_rows;
    const struct str *columns; /* names of the periods; some are left out where there is no room */
    size_t n_columns;
    const struct chart_cell *cells; /* n_rows * n_columns, row by row */
    enum chart_split split;
    const double *breaks;
    size_t n_breaks;
    bool alarm; /* the red scale (h0..h4 for shades 1..5), where more is worse */
};
/* Rows are 26 high unless the frame gives a height, which they then share. */
void chart_heat(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_heat *h,
                struct chart_classes *ret);

/* ---- bars and dots ---- */

struct chart_bar {
    struct str name, href;
    double value;    /* NaN: no bar, `text` alone */
    struct str text; /* "54,6%" at its end; for NaN "chưa có" */
    struct str label;
    bool chosen; /* stronger: the one that is compared with the rest */
};
struct chart_bars {
    const struct chart_bar *v;
    size_t n;
    bool has_target;
    double target;
    struct str target_text;
};
/* Lying bars from zero, as high as they need. Under 480 wide the name stands above its bar. */
void chart_bars(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_bars *b);

struct chart_swarm {
    const struct chart_bar *v; /* name and text are not used */
    size_t n;
    double below; /* dots under it are marked as behind; NaN: none */
    bool has_target;
    double target;
    struct str target_text;
    double middle; /* NaN: none */
    struct str middle_text;
    struct str unit; /* after the last number of the axis */
};
/* A dot for each area or body along one axis of values; their label is what they are called. Not in the tab order. */
void chart_swarm(struct out *o, struct arena *a, const struct chart_frame *f, const struct chart_swarm *s);

/* Share of the way from baseline to target (0..1, held to it) and the share the path asks for by today (NaN: none).
 * Its name is the title. */
void chart_pace(struct out *o, const struct chart_frame *f, double got, double due);

#endif
