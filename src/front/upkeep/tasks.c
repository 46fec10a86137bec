/* What is done by itself. One function and one row each. */
#include "front/upkeep/upkeep.h"

#include "ledger/ledger.h"

#include "base/banned.h"

#define MINUTE_US ((int64_t)60 * 1000000)

static enum err seal_in_writer(struct ctx *c, void *key)
{
    bool due;
    TRY(ledger_seal_is_due(c, &due)); /* another node may have been quicker */
    return due ? ledger_seal(c, key) : OK;
}

/* The root of a day: what happened until the first minute after it. A quiet day has none. */
static enum err seal(struct ctx *c, const struct upkeep_options *with)
{
    struct ledger_key key;
    struct command command = {.run = seal_in_writer, .arg = &key};
    bool due = false;
    if (!with->no_seal)
        TRY(ledger_seal_is_due(c, &due));
    if (!due)
        return OK;
    TRY(ledger_key_load(c, ledger_key_path(c, with->store), true, &key));
    return writer_run(with->writer, c, &command);
}

static enum err sessions(struct ctx *c, const struct upkeep_options *with)
{
    return with->gate ? gate_upkeep(c, with->gate) : OK;
}

const struct upkeep_task upkeep_tasks[] = {
    {"seal", MINUTE_US, seal},
    {"sessions", MINUTE_US, sessions},
    {0},
};
