/* shape.h - the outline of an area: rings of points.
 *
 * A point is in degrees, x to the east and y to the north. A ring is closed by itself: its first point does not stand
 * again at its end. Several rings are several parts and holes, told apart by even and odd. Memory: the maker's. */
#ifndef HOALU_CHART_SHAPE_H
#define HOALU_CHART_SHAPE_H

#include <stddef.h>

struct shape_point {
    double x, y;
};
struct shape_ring {
    const struct shape_point *v;
    size_t n;
};
struct shape {
    const struct shape_ring *v;
    size_t n; /* 0: no outline is known */
};

#endif
