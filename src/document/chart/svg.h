/* svg.h - what the charts of this folder are drawn with: elements with a look, text with its width, labels with a
 * place, round limits for axes. Of this folder alone. */
#ifndef HOALU_CHART_SVG_H
#define HOALU_CHART_SVG_H

#include "document/chart/chart.h"

/* How an element looks: a class of the style sheet, or the same as presentation attributes. */
enum look {
    LOOK_TEXT, /* of the chart: second ink, 12 units */
    LOOK_STRONG,
    LOOK_NAME, /* on a map: strong, with a rim that parts it from what it lies on */
    LOOK_GRID,
    LOOK_AXIS,
    LOOK_PATH,
    LOOK_TARGET,
    LOOK_TARGET_BAND,
    LOOK_VAL,
    LOOK_DOT,
    LOOK_DOT_SMALL, /* where dots stand close */
    LOOK_DOT_PROV,
    LOOK_TREND,
    LOOK_BAND,
    LOOK_BAND2,
    LOOK_LV,
    LOOK_LT,
    LOOK_LP,
    LOOK_LEAD,
    LOOK_HIT,
    LOOK_Q1,
    LOOK_Q5 = LOOK_Q1 + 4,
    LOOK_H0,
    LOOK_H4 = LOOK_H0 + 4,
    LOOK_ON,
    LOOK_INV,
    LOOK_MISSING,
    LOOK_AREA,
    LOOK_HATCH_B,
    LOOK_HATCH_L,
    LOOK_CHOSEN,
    LOOK_BAR,
    LOOK_BAR_SELF,
    LOOK_SWARM,
    LOOK_SWARM_LO,
    LOOK_SWARM_SELF,
    LOOK_PACE_BASE,
    LOOK_PACE_GOT,
    LOOK_PACE_NOW,
    LOOK_PACE_END,
    LOOK_S1, /* line of a series that is compared */
    LOOK_S6 = LOOK_S1 + 5,
    LOOK_M1, /* its marks and its name */
    LOOK_M6 = LOOK_M1 + 5,
    LOOK_P1, /* its marks where a figure is provisional */
    LOOK_P6 = LOOK_P1 + 5,
    LOOK_COUNT,
};

enum anchor {
    AT_START,
    AT_MIDDLE,
    AT_END,
};

struct svg {
    struct out *o;
    struct arena *a;
    const struct chart_frame *f;
    double w, h;
};

/* Opens the picture with its title. `links`: it holds links. */
void svg_open(struct svg *s, const char *classes, double x, double y, double w, double h, bool links);
/* One without ids, named by its title: for rows of a list. */
void svg_open_small(struct svg *s, const char *classes, const char *more);
void svg_close(struct svg *s);
void svg_look(const struct svg *s, enum look look); /* the attributes, with a blank before them */
void svg_esc(struct out *o, struct str text);       /* for content and for attributes in quotes */
void svg_n(struct out *o, double v);                /* a coordinate, to a tenth */
/* `<a …>` or `<g>` around what has a name or a link; the return says whether svg_end() has something to close. */
bool svg_begin(const struct svg *s, struct str label, struct str href, bool tab);
void svg_end(const struct svg *s, struct str href);
bool svg_links(const struct svg *s, struct str href); /* is it one that will be written? */
void svg_title(const struct svg *s, struct str label);
void svg_line(const struct svg *s, enum look look, double x1, double y1, double x2, double y2);
void svg_rect(const struct svg *s, enum look look, double x, double y, double w, double h);
void svg_circle(const struct svg *s, enum look look, double x, double y, double r);
void svg_text(const struct svg *s, enum look look, double x, double y, enum anchor anchor, struct str text);
void svg_hatch(const struct svg *s); /* the pattern that svg_hatched() fills with; once a picture */
void svg_hatched(const struct svg *s);

/* Width of a text of 12 units; `strong`: in the weight of headings. A little more than it takes. */
double svg_width(struct str text, bool strong);
/* The text, cut with "…" to what fits. */
struct str svg_fit(struct arena *a, struct str text, double width, bool strong);

/* ---- labels that do not run into each other ---- */
struct box {
    double x0, y0, x1, y1;
};
struct boxes {
    struct box *v;
    size_t n, cap;
};
struct spots {
    struct chart_at *v;
    size_t n, cap;
};
struct places {
    struct arena *a;
    struct box room;    /* no label leaves it */
    struct boxes taken; /* by labels */
    struct spots lines; /* points along what is drawn */
};
struct candidate {
    double x, y; /* baseline */
    enum anchor anchor;
};
void places_line(struct places *p, double x0, double y0, double x1, double y1);
void places_take(struct places *p, struct box b);
bool places_free(const struct places *p, struct box b);
/* The candidate that is free of labels and covers least of the lines, the earlier one if alike; -1 if there is none
 * that covers no more than `most` of their points. It is taken. `rows` lines of `width`, the further ones 14 units
 * below each other. */
int places_choose(struct places *p, const struct candidate *c, size_t n, double width, size_t rows, size_t most);
enum { ANYWHERE = 100000 };
/* Move `n` heights in [from, to] apart to at least `gap[i]` between i and i + 1, in their order, as little as may be.
 */
void places_apart(double *y, const double *gap, size_t n, double from, double to);

/* ---- axes ---- */
struct scale {
    double from, to, step;
    int ticks;    /* from, from + step, … to */
    int decimals; /* that its numbers need */
};
/* Round limits around lo..hi with at most `most` (2 or more) steps. `lo` <= `hi`, finite. */
struct scale scale_round(double lo, double hi, int most);
double scale_tick(const struct scale *s, int i);
struct str scale_text(struct arena *a, const struct chart_frame *f, double v, int decimals);
double clamp(double v, double lo, double hi); /* lo for NaN */
/* A figure that may be drawn: finite, and no larger than what can be reckoned with. */
bool drawable(double v);

#endif
