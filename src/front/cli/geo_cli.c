#include "domain/geo/geo.h"
#include "front/cli/cli.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static enum err read_tolerance(struct cli *cli, double *ret)
{
    struct str text = cli_option(cli, "tolerance");
    char *end;
    *ret = NAN;
    if (!text.p)
        return OK;
    *ret = strtod(str_z(cli->c->arena, text), &end);
    if (!text.n || *end || !(*ret >= 0 && *ret <= 5000))
        return cli_wrong_use(cli, "--tolerance phải là số mét từ 0 đến 5000 (0 to 5000 metres)");
    return OK;
}

static void put_load(struct out *o, const struct geo_load *load, bool dry, int64_t position)
{
    if (dry)
        out_put(o, S("Chỉ kiểm tra, chưa ghi gì (nothing was written). "));
    else if (load->added + load->changed)
        out_fmt(o, "Đã nạp ranh giới ở vị trí %" PRId64 " của sổ cái. ", position);
    else
        out_put(o, S("Ranh giới không thay đổi. "));
    out_fmt(o,
            "Địa bàn: thêm %" PRId64 ", sửa %" PRId64 ", giữ nguyên %" PRId64
            " (added, changed, unchanged); điểm: giữ %" PRId64 " trong %" PRId64 " (points kept).\n",
            load->added, load->changed, load->unchanged, load->kept_points, load->points);
}

static enum err load(struct cli *cli)
{
    struct geo_load load = {0};
    int64_t position = 0;
    bool dry = cli_option(cli, "dry-run").p != NULL;
    struct str path = cli->args.v[0];
    const char *slash = memrchr(path.p, '/', path.n);
    load.name = slash ? str_skip(path, (size_t)(slash - path.p) + 1) : path;
    TRY(read_tolerance(cli, &load.metres));
    TRY(cli_read_file(cli, path, GEO_FILE_MAX, &load.content));
    cli->writes = !dry;
    TRY(cli_open(cli));
    TRY(geo_load_prepare(cli->c, &load));
    TRY(dry ? geo_load_check(cli->c, &load) : cli_write(cli, geo_load_run, &load, &position));
    if (cli->form == EMIT_TEXT) {
        put_load(cli->out, &load, dry, position);
        return OK;
    }
    struct emit e;
    emit_init(&e, cli->out, cli->form);
    emit_map(&e);
    emit_fields(&e, &geo_load_record, &load);
    emit_key(&e, S("position"));
    emit_i64(&e, position && load.added + load.changed ? position : I64_NONE);
    emit_key(&e, S("dry_run"));
    emit_bool(&e, dry);
    emit_end(&e);
    return OK;
}

static const struct cli_option load_options[] = {
    CLI_STORE,
    CLI_FORMAT,
    {"dry-run", NULL, 0, NULL, "chỉ kiểm tra và đếm, không ghi gì", "check and count only, write nothing"},
    {"tolerance", "METRES", 0, NULL, "ranh giới được lệch chừng này mét khi giản lược (mặc định 30; 0: giữ nguyên)",
     "how many metres a border may move when it is thinned (default 30; 0: kept as it is)"},
    {0},
};

CLI_COMMANDS(cli_geo_commands, {.words = "geo load",
                                .arguments = "TỆP.geojson",
                                .vi = "Nạp ranh giới địa bàn từ tệp GeoJSON (kinh độ, vĩ độ WGS 84)",
                                .en = "Load boundaries of areas from a GeoJSON file (WGS 84 longitude and latitude)",
                                .min = 1,
                                .max = 1,
                                .options = load_options,
                                .run = load});
