/* cells.h - cells around centres: a map of areas whose boundaries are not known.
 *
 * Each centre gets what lies nearer to it than to any other (Voronoi). Where the land ends is not known either: points
 * that belong to nobody are strewn around the centres, further off than centres commonly stand from each other, and cut
 * the outer cells off, so that the whole looks like a province and not like a rectangle. The same centres always give
 * the same cells.
 *
 * Neighbours share their corners exactly: a corner of three cells is worked out once and stands in all of them with the
 * same bits. Cells are convex and run against the clock. Distances are taken in a plane with x shrunk by the cosine of
 * the mean latitude; corners are rounded to 1e-7 degrees. Of centres on one spot the first has the cell, the others
 * have none; nor has one that is not finite or not on the earth. Memory: the arena. Time: 3,400 centres take some
 * hundredths of a second. Threads: no state. */
#ifndef HOALU_CHART_CELLS_H
#define HOALU_CHART_CELLS_H

#include "base/arena.h"
#include "document/chart/shape.h"

/* `n` shapes of one ring, or of none, in the order of the centres. */
struct shape *cells_around(struct arena *a, const struct shape_point *centres, size_t n);

#endif
