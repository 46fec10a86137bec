/* geo.h - outlines of areas: real boundaries where they were loaded, cells around the centres where not.
 *
 * Boundaries come as GeoJSON (RFC 7946): a FeatureCollection of Polygon and MultiPolygon in degrees. A feature names
 * its area of the catalogue by a property `code` or `ma`, else by its name (`name`, `ten`, `full_name`, `fullName`,
 * `ten_day_du`). The file is checked as a whole: every problem names the feature by its number in the file (the first
 * is 1), and nothing is kept unless there is none. Areas that the file does not name keep what they had.
 *
 * Points are kept on a grid of 1e-5 degrees (about a metre), so that neighbours whose files differ in the last place
 * still meet. Outlines are thinned (Douglas-Peucker) arc by arc between the points where three borders meet: both
 * neighbours of an arc keep the same points of it. Outlines are not tested for crossing themselves.
 *
 * Rows of area_shape hold from one position of the ledger to another. Memory: c->arena. Threads: none shared. */
#ifndef HOALU_GEO_H
#define HOALU_GEO_H

#include "document/chart/shape.h"
#include "domain/org/org.h"

enum {
    GEO_FILE_MAX = 64 << 20,
    GEO_FEATURES_MAX = 20000,
    GEO_POINTS_MAX = 1000000,
    GEO_UNITS = 100000, /* of the grid in a degree */
};

/* A point of the grid. */
struct geo_point {
    int32_t x, y;
};
struct geo_ring {
    struct geo_point *v;
    size_t n; /* at least 3, the first not again at the end */
};
struct geo_feature {
    int64_t number;        /* in the file, from 1 */
    struct str code, name; /* as the file says; p == NULL: it does not */
    struct geo_ring *rings;
    size_t n_rings;
};
struct geo_features {
    struct geo_feature *v;
    size_t n, cap;
};
struct geo_problem {
    int64_t feature;
    struct str text;
};
struct geo_problems {
    struct geo_problem *v;
    size_t n, cap;
};

/* Read a file. What is wrong with single features is in `problems`, all of it; what keeps the file from being read
 * further (not JSON, too deep, too large, a number that is none) is E_INVALID or E_LIMIT with the line. Knows no
 * catalogue. */
MUST_USE enum err geo_read(struct ctx *c, struct str file, struct str content, struct geo_problems *problems,
                           struct geo_features *ret);

/* Thin all outlines together; `metres` is how far a border may move. Rings that vanish are left out, so a feature may
 * have none left. */
void geo_thin(struct arena *a, struct geo_features *f, double metres);

/* "x y dx dy dx dy …;…": as kept in the store. */
struct str geo_text(struct ctx *c, const struct geo_feature *f);
MUST_USE enum err geo_shape_of(struct ctx *c, struct str text, struct shape *ret);

/* ---- loading ---- */

struct geo_load {
    struct str name, content; /* of the file */
    double metres;            /* NaN: GEO_METRES */
    /* what it did */
    int64_t features, points, kept_points; /* in the file; after thinning */
    int64_t added, changed, unchanged;     /* areas */
    struct geo_row *rows;                  /* made by geo_load_prepare() */
};
#define GEO_METRES 30.0
extern const struct record geo_load_record;

/* Read, check against the catalogue of the store in c->db, and thin. On any problem E_INVALID with all of them in the
 * message (the first hundred, and how many more). */
MUST_USE enum err geo_load_prepare(struct ctx *c, struct geo_load *load);
/* Count what a load would do; after geo_load_prepare(). */
MUST_USE enum err geo_load_check(struct ctx *c, struct geo_load *load);
/* Do it: a command of the writer (`arg` is a struct geo_load that is prepared). One event, `geo.load`, about "areas"
 * and each area that changed; none if nothing did. */
MUST_USE enum err geo_load_run(struct ctx *c, void *arg);

/* ---- reading ---- */

struct geo_shapes {
    struct shape *v; /* in the order asked for; n == 0 where nothing is known */
    size_t n;
    bool real;      /* boundaries that were loaded; else cells around centres */
    size_t missing; /* of those asked for, without a shape */
};
/* Shapes of areas as known at position `at`. Boundaries, if at least half of those asked for have one; else cells
 * around the centres of the catalogue. */
MUST_USE enum err geo_shapes(struct ctx *c, const struct org_catalogue *catalogue, struct strs codes, int64_t at,
                             struct geo_shapes *ret);
/* The position of the last event that changed a boundary, 0 if none did. */
MUST_USE enum err geo_changed(struct ctx *c, int64_t *ret_position);

#endif
