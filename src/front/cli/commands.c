#include "front/cli/cli.h"

#include "base/banned.h"

/* One line for each file of commands, in the order of the help. */

const struct cli_table *const cli_tables[] = {
    NULL,
};
