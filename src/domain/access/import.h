/* import.h - the list of accounts as a table: written for spreadsheets, and read back.
 *
 * One row is one role of one account (account_row_record): name, full_name, email, role, org, valid_from, valid_to,
 * disabled, headed so or in Vietnamese ("Tên đăng nhập", "Họ và tên", "Thư điện tử", "Vai trò", "Mã cơ quan", "Từ
 * ngày", "Đến ngày", "Đã khóa"), in any order. name, role and org must be there; an unknown heading is refused by its
 * name.
 *
 * What a table says of an account is all that holds of it: an account it names is added, or changed to be as it says; a
 * role that such an account still holds and the table does not name ends with yesterday. Accounts it does not name stay
 * as they are. What a column says that is not there stays too; new accounts then have no e-mail, no days and are open.
 * An account without a role is a row without a role. Whatever is wrong is told at once, each with its place, and then
 * nothing is changed at all. What access_rows() gives, read back, changes nothing. What
 * whoever asks may not do, by access.h, is wrong as well.
 *
 * Text that a spreadsheet takes for a formula stands in our CSV with an apostrophe before it (base/emit.h), which is
 * taken away again here. In XLSX it is text as it is. */
#ifndef HOALU_ACCESS_IMPORT_H
#define HOALU_ACCESS_IMPORT_H

#include "document/document.h"
#include "domain/access/access.h"
#include "domain/org/org.h"

enum {
    IMPORT_BYTES = 4 << 20,
    IMPORT_ROWS = 10000,
    IMPORT_PROBLEMS = 1000, /* told at most; that there were more is told as well */
};

struct account_row {
    struct str name, full_name, email, role, org;
    int32_t valid_from, valid_to;
    bool disabled;
};
extern const struct record account_row_record;

struct account_rows {
    struct account_row *v;
    size_t n, cap;
};
/* Each role of each account; an account without one as a row without a role. */
void access_rows(struct ctx *c, const struct accounts *accounts, struct account_rows *ret);

/* What is wrong, and where. */
struct import_problem {
    int64_t line;
    struct str sheet;  /* empty for CSV */
    struct str column; /* as our heading is; empty if it is of the whole row */
    struct str text;
};
extern const struct record import_problem_record;

#define IMPORT_WHAT "add|change|open|close|grant|days|end"
/* What is changed, in the order of the table. `add` is an account with its first role, `grant` one more role, `days` a
 * role that holds for other days, `end` a role that the table does not name. */
struct import_change {
    int64_t line;
    struct str what; /* one of IMPORT_WHAT */
    struct account_row row;
    struct str was; /* for people: what it was */
};
extern const struct record import_change_record;

struct import_link {
    struct str name, full_name, email, org;
    struct str token; /* of access_invite(); p == NULL until it was made */
    char *room;       /* for it */
};
extern const struct record import_link_record;

struct import {
    struct str content, file; /* in: the table, CSV or XLSX, and what it is called */
    bool links;       /* in: hand out a link to each account of the table that is open and has no password yet */
    struct grid grid; /* access_import_read() */
    /* out: accounts, and roles of accounts that were there */
    int64_t added, changed, unchanged, granted, ended;
    struct {
        struct import_change *v;
        size_t n, cap;
    } changes;
    struct {
        struct import_problem *v;
        size_t n, cap;
    } problems;
    int64_t n_problems; /* all of them */
    struct {
        struct import_link *v;
        size_t n, cap;
    } list; /* of links */
};
extern const struct record import_record; /* the counts */

/* Read the file into ->grid; needs no store. An XLSX is read in a child process. E_INVALID, E_LIMIT. */
MUST_USE enum err access_import_read(struct ctx *c, struct import *import);
/* What it would do, and what is wrong with it: OK even if something is. c->db is the store. */
MUST_USE enum err access_import_check(struct ctx *c, struct import *import);
/* E_INVALID with all that is wrong, if anything is. */
MUST_USE enum err access_import_refuse(struct ctx *c, const struct import *import);
/* A command of the writer; `arg` is a struct import that was checked. All of it or nothing: E_INVALID as
 * access_import_refuse() says it, E_CONFLICT if something else would be changed by now than was shown. One event
 * "user.import" on "users" with the name and hash of the file and the counts, then an event for each change as the
 * functions of access.h tell it; without a change there is none. The links get their tokens. */
MUST_USE enum err access_import_run(struct ctx *c, void *arg);

/* The same judgement of a grid against what is given: needs no store. `accounts` are in any order. */
void access_import_judge(struct ctx *c, const struct accounts *accounts, const struct org_catalogue *catalogue,
                         int32_t today, struct import *import);

/* The counts, "changes", "problems" and "links", inside a map that the caller has opened. */
void access_import_emit(struct emit *e, const struct import *import);
/* Where a problem is and what it is, as a line for people: "dòng 12, cột role: …". */
struct str import_problem_text(struct ctx *c, const struct import_problem *problem);

#endif
