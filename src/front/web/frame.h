/* frame.h - what stands around every page: head, navigation, the notice of the demonstration, foot. */
#ifndef HOALU_FRAME_H
#define HOALU_FRAME_H

#include "front/web/html.h"
#include "front/web/messages.h"

enum nav {
    NAV_NONE,
    NAV_PLANS,
    NAV_TASKS,
    NAV_PROGRAMMES,
    NAV_TARGETS,
    NAV_INDICATORS,
    NAV_DUTIES,
    NAV_FINDINGS,
    NAV_ORGS,
    NAV_AREAS,
};

struct frame {
    struct str title;
    enum nav nav;
    bool sample;           /* a demonstration, said on every page */
    struct str here;       /* its address, for paper */
    struct url other_lang; /* this page in the other language */
    bool has_data;         /* the page's figures as data: */
    struct url json, csv, xlsx;
    int64_t now_us, position; /* when the page was made, and at which position of the ledger */
    bool guest;               /* nobody has signed in: no navigation, for it leads nowhere */
    bool account;             /* somebody has */
    bool open;                /* nobody needs to */
    bool history;             /* whoever reads may see the ledger */
    struct str query;         /* what was searched for: it stays in the box */
};

#endif
