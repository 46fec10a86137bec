/* draft_rows.h - what the files of the draft share. Nobody else includes this. */
#ifndef HOALU_DRAFT_ROWS_H
#define HOALU_DRAFT_ROWS_H

#include "domain/plan/draft.h"

/* The file that a reading is kept as. */
struct draft_reading {
    struct source_lines lines;
    struct draft plan;
};
/* A decision's mends as they are kept. */
struct draft_mends {
    struct strs set;
};
extern const struct record draft_reading_record, draft_mends_record;

/* The items of view->read, into view->items. */
void draft_items(struct ctx *c, struct draft_view *v);
MUST_USE enum err draft_catalogue(struct ctx *c, const struct org_catalogue **ret);

#endif
