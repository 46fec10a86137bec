/* schema.h - the steps of the schema and its tables, as tools/sqlgen makes them of schema/NNNN_name.sql.
 *
 * Only store/ and its tests include this. All of it is constant. */
#ifndef HOALU_SCHEMA_H
#define HOALU_SCHEMA_H

#include "store/db.h"

struct schema_step {
    int number;
    const char *name;
    const char *canonical; /* the words of the step without comments: what the recorded hash is over */
    const char *text[2];   /* by engine */
};
extern const struct schema_step schema_steps[];
extern const size_t schema_n_steps;

/* The tables that both engines have; a table is after those it refers to. */
struct schema_table {
    const char *name;
    struct sql select, insert, count, clear;
};
extern const struct schema_table schema_tables[];
extern const size_t schema_n_tables;

#endif
