/* line.h - a chart over time while it is drawn. Of this folder alone. */
#ifndef HOALU_CHART_LINE_H
#define HOALU_CHART_LINE_H

#include "document/chart/svg.h"

struct line_plot {
    struct svg s;
    const struct chart_line *l;
    struct scale y;
    double x0, x1;                   /* of time */
    double left, right, top, bottom; /* of the picture */
    struct places places;
    bool wide; /* there is room for words beside the lines */
    bool many; /* several series */
    double dot;
};

double line_x(const struct line_plot *p, double x);
double line_y(const struct line_plot *p, double y);
bool line_at(const struct line_plot *p, const struct chart_point *v); /* is it drawn? */

double line_margin(const struct line_plot *p); /* what the words at the right edge take */
void line_labels(struct line_plot *p);

#endif
