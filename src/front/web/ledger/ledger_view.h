/* ledger_view.h - the ledger as its pages show it. Memory: c->arena. */
#ifndef HOALU_LEDGER_VIEW_H
#define HOALU_LEDGER_VIEW_H

#include "front/web/draft/compare_page.h"
#include "front/web/frame.h"
#include "ledger/ledger.h"

/* "Trần An, thay Sở Tài chính, đã phê duyệt kế hoạch 06-nq-tu": its parts, each with where it leads. */
struct event_view {
    const struct event *event;
    struct str who, behalf, did, about;
    const struct message *kind;    /* NULL: its own word says more */
    struct url who_url, about_url; /* about_url.s.n == 0: it has no page */
    struct url history;            /* of what it is about */
    bool with_changes;
    struct compare_items changes;
    bool more_changes;
};

struct event_views {
    struct event_view *v;
    size_t n, cap;
};

struct ledger_page {
    struct event_views rows;
    struct str of;       /* whose history, in words; n == 0: the whole ledger, or what fits */
    bool stopped, chain; /* chain: of one thing, with what each event changed */
};

/* A field of a payload, by its label or, where it has none, its name. */
struct payload_field {
    const struct message *label;
    struct str name, value;
};

struct event_page {
    struct event_view view;
    struct {
        struct payload_field *v;
        size_t n, cap;
    } fields;
    bool more_fields;
    int64_t covered; /* position of the seal that covers it; 0: none yet */
    int64_t erased_by;
    struct str erased_why;
    struct str payload_hash, chain; /* hex */
    bool has_next;
};

struct verify_page {
    struct ledger_sealed sealed;
    int64_t head;
    const struct verdict *verdict; /* NULL: not asked for */
    struct str root;               /* as it was given */
    struct str error;
};

struct seals_page {
    struct ledger_roots roots;
    bool begun, more;
    struct url next;
};

#endif
