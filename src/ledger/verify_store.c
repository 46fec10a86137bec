#include "ledger/chain.h"
#include "ledger/ledger.sql.h"

#include <inttypes.h>

#include "base/banned.h"

static enum err note_erasures(struct verifier *v)
{
    struct rows rows = db_query(v->c, SQL_ledger_erasures);
    struct event e;
    while (db_next(&rows, &event_record, &e))
        verifier_note(v, &e);
    return db_done(&rows);
}

/* A payload that no event asks for could only have been put there from outside. */
static enum err check_stray(struct verifier *v)
{
    int64_t position;
    TRY(db_number(v->c, SQL_ledger_stray_payload, &position));
    if (position != I64_NONE)
        verifier_broken(v, position,
                        "có nội dung cho vị trí %" PRId64 " mà không có sự kiện (a payload without its event)",
                        position);
    return OK;
}

static enum err verify(struct verifier *v)
{
    struct ledger_walk w;
    struct line line;
    bool good = true;
    int64_t seq = 0;
    TRY(note_erasures(v));
    TRY(ledger_walk_start(v->c, &w));
    verifier_start(v, w.head);
    while (good && ledger_walk_next(&w, &line)) {
        if (line.kind == LINE_EVENT)
            good = verifier_event(v, &line.event, line.salt);
        else if (line.seal.seq != ++seq)
            good = verifier_broken(v, v->verdict->head, "thiếu niêm phong số %" PRId64 " (a seal is missing)", seq);
        else
            good = verifier_seal(v, &line.seal);
    }
    TRY(ledger_walk_done(&w));
    if (good && verifier_end(v, w.head, w.chain))
        return check_stray(v);
    return OK;
}

enum err ledger_verify_store(struct ctx *c, struct str root, struct verdict *ret)
{
    struct verifier v;
    struct verdict verdict;
    TRY(verifier_init(&v, c, root, &verdict));
    TRY(db_snapshot(c));
    enum err e = verify(&v);
    db_snapshot_end(c);
    if (!e)
        *ret = verdict;
    return e;
}
