/* value_load.h - figures from a file: CSV or XLSX in the long form, in the form of our own templates, or as a table.
 *
 * A file is a table with a row of headings. Above it may stand rows of two cells that hold for the whole table ("Địa
 * bàn", "37"; "Kỳ", "2026-Q3") and rows of anything else, which are passed over. Headings, in Vietnamese or English:
 *   Mã chỉ tiêu indicator · Phân tổ category · Địa bàn, Đơn vị place · Kỳ period · Giá trị value · Nguồn source ·
 *   Tạm tính provisional · Cách tính method · Căn cứ evidence · Lý do reason · Báo cáo report
 * and, read over: TT, Tên chỉ tiêu, Đơn vị tính, Kỳ trước, Ghi chú, Tên địa bàn. Instead of a column of values there
 * may be one column for each indicator ("KTS-GRDP", or "LD:female"), each period or each place, headed by its code. Any
 * other heading is refused. Names stand for codes where they are known ("xã Gia Viễn", "Quý III/2026"); a day that a
 * spreadsheet made of "5/2026" is that month.
 *
 * Numbers are read as base/number.h says. What may be read in two ways is settled by the other numbers of the file
 * written as text, by an indicator that counts whole things, or by its bounds; otherwise it is an error. How many were
 * settled, and as what, is a warning (read_as). Cells of a workbook that are numbers are taken as they are. A cell with
 * "-", "…", "x", "chưa có" and the like has no figure, as an empty one.
 *
 * Everything that is wrong is in ->problems, with sheet and cell; rows with something wrong are not in ->batch, so it
 * is whole only where problems.errors is 0. CSV is read in one pass, without a copy of its cells.
 *
 * Memory: c->arena; the batch has views into ->content. Threads: none shared. */
#ifndef HOALU_VALUE_LOAD_H
#define HOALU_VALUE_LOAD_H

#include "base/emit.h"
#include "base/number.h"
#include "document/document.h"
#include "domain/indicator/value.h"
#include "domain/org/org.h"
#include "store/file.h"

enum { VALUE_LOAD_BYTES = 256 << 20, VALUE_LOAD_ROWS = 8 << 20 };

struct value_load {
    /* in */
    struct str content, name;
    struct str source;       /* of rows that do not say; n == 0: the indicator's own */
    struct str reason;       /* of rows that do not say; n == 0: none */
    bool official;           /* so are rows that do not say */
    enum number_marks marks; /* how numbers are written, where somebody knows */
    /* out */
    struct value_batch batch;
    struct value_problems problems;
    int64_t cells; /* with a figure */
    int64_t empty; /* without one */
    struct file_ref file;
    struct value_outcome outcome; /* of a file that was checked alone: what writing it would do */
};
extern const struct record value_load_record; /* the counts */

/* Read the content into ->batch and ->problems. An XLSX is read in a child process. OK even where there are problems;
 * E_INVALID, E_LIMIT where it is no table at all. Needs no store. */
MUST_USE enum err value_load_read(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                                  struct value_load *load);
/* The same of a grid that was read already. */
MUST_USE enum err value_load_grid(struct ctx *c, const struct dictionary *d, const struct org_catalogue *catalogue,
                                  const struct grid *grid, struct value_load *load);
/* Read and check, on a reading connection: ->problems has everything. */
MUST_USE enum err value_load_check(struct ctx *c, struct value_load *load);
/* The file itself goes into the store, before the command that names it. */
MUST_USE enum err value_load_stage(struct ctx *c, struct writer *w, struct value_load *load);
/* A command of the writer; `arg` is a struct value_load that was checked and staged. All of it or nothing: E_INVALID as
 * value_refuse() says it, and as value_write(). The file is kept if anything was written. */
MUST_USE enum err value_load_run(struct ctx *c, void *arg);
/* E_INVALID with the first errors, if there are any. */
MUST_USE enum err value_refuse(struct ctx *c, struct str file, const struct value_problems *problems);
/* "dòng 12, ô C12 (trang Mẫu): … (…)", in c->arena. */
struct str value_problem_text(struct ctx *c, const struct value_problem *problem);

/* The number of a period as a person writes it, "2026-Q3", "Quý III/2026", "tháng 5/2026", "05/2026", "6 tháng đầu năm
 * 2026", "2026-05-01"; 0 if it is none. */
int32_t value_period_typed(struct ctx *c, struct str s);

/* The counts and "errors", "warnings", "problems": inside a map that the caller has opened. */
/* "comma", "point", or anything else. */
enum number_marks value_load_marks(struct str word);
void value_load_emit(struct emit *e, const struct value_load *load);

#endif
