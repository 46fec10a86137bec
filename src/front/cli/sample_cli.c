#include "domain/indicator/dictionary_store.h"
#include "domain/indicator/sample.h"
#include "front/cli/cli.h"

#include <inttypes.h>

#include "base/banned.h"

static enum err make(struct cli *cli)
{
    struct sample_args args = {.seed = I64_NONE};
    struct str seed = cli_option(cli, "seed");
    if (seed.p && !str_i64(seed, &args.seed))
        return FAIL(cli->c, E_INVALID, "--seed phải là một số nguyên (must be a whole number)");
    struct org_file goals;
    struct indicator_load load = {.files = &goals, .n_files = 1};
    TRY(cli_write(cli, sample_run, &args, NULL));
    TRY(sample_goals(cli->c, &goals));
    TRY(cli_write(cli, indicator_load_run, &load, NULL));
    out_fmt(cli->out, "Đã ghi %" PRId64 " số liệu mẫu (sample figures, each marked as such).\n", args.figures);
    return OK;
}

static const struct cli_option options[] = {
    CLI_STORE,
    {"seed", "SỐ", 0, NULL, "số khởi đầu (mặc định: 57)", "where chance begins (default: 57)"},
    {0},
};

CLI_COMMANDS(cli_sample_commands,
             {.words = "value sample",
              .arguments = "",
              .vi = "Ghi số liệu mẫu của hai năm để xem thử; từ chối nếu kho đã có số liệu thật",
              .en = "Write two years of made-up figures to try the program with; refused where real "
                    "ones are",
              .options = options,
              .run = make});
