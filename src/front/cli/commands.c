#include "front/cli/cli.h"

#include "base/banned.h"

/* One line for each file of commands, in the order of the help. */
extern const struct cli_table cli_plan_commands, cli_org_commands, cli_geo_commands, cli_indicator_commands,
    cli_call_commands, cli_ledger_commands, cli_store_commands, cli_serve_commands, cli_user_commands,
    cli_identity_commands, cli_sample_commands, cli_token_commands, cli_value_commands;

const struct cli_table *const cli_tables[] = {
    &cli_plan_commands,  &cli_org_commands,
    &cli_geo_commands,   &cli_indicator_commands,
    &cli_value_commands, &cli_sample_commands,
    &cli_call_commands,  &cli_ledger_commands,
    &cli_store_commands, &cli_serve_commands,
    &cli_user_commands,  &cli_identity_commands,
    &cli_token_commands, NULL,
};
