#include "front/cli/cli.h"
#include "front/cli/serve_oidc.h"
#include "front/events/events.h"
#include "front/served.h"
#include "front/upkeep/upkeep.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static const char LISTEN_DEFAULT[] = "127.0.0.1:8057";

static bool is_loopback(struct str address)
{
    return str_starts(address, S("127.")) || str_eq(address, S("::1"));
}

/* "127.0.0.1:8057", "[::1]:0". Beyond this machine the names that the server goes by must be known. */
static enum err read_listen(struct cli *cli, struct str text, struct http_options *ret)
{
    size_t colon = text.n;
    int64_t port;
    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    struct str address = str_slice(text, 0, colon ? colon - 1 : 0);
    if (address.n > 2 && address.p[0] == '[' && address.p[address.n - 1] == ']')
        address = str_slice(address, 1, address.n - 1);
    if (!address.n || !str_i64(str_skip(text, colon), &port) || port < 0 || port > 65535)
        return cli_wrong_use(cli, "--listen phải có dạng ĐỊA-CHỈ:CỔNG, như %s, không phải \"%.*s\" (not an address)",
                             LISTEN_DEFAULT, ARGS(text));
    if (!is_loopback(address) && cli_option(cli, "open").p)
        return cli_wrong_use(
            cli,
            "--open cho mọi người làm mọi việc không cần đăng nhập, nên chỉ được nghe ở 127.0.0.1 hoặc "
            "::1, không phải \"%.*s\" (--open is for this machine only)",
            ARGS(address));
    if (!is_loopback(address) && !cli_option(cli, "url").p)
        return cli_wrong_use(cli,
                             "để máy khác truy cập được cần --url https://TÊN-MÁY-CHỦ, là địa chỉ mà mọi người dùng, "
                             "không chỉ \"%.*s\" (beyond this machine, --url must name the address that people use)",
                             ARGS(address));
    ret->address = address;
    ret->loopback_names = true; /* and that of --url */
    ret->port = (unsigned)port;
    return OK;
}

/* "--kept 32": MiB of memory. */
static enum err read_memory(struct cli *cli, const char *option, int64_t mib, size_t *ret)
{
    struct str text = cli_option(cli, option);
    if (text.p && (!str_i64(text, &mib) || mib < 0 || mib > 1 << 20))
        return cli_wrong_use(cli, "--%s phải là số MiB, từ 0, không phải \"%.*s\" (not a number of MiB)", option,
                             ARGS(text));
    *ret = (size_t)mib << 20;
    return OK;
}

/* How many of something: a whole number from 1. What is not given stays 0, the server's own default. */
static enum err read_count(struct cli *cli, const char *name, unsigned *ret)
{
    struct str text = cli_option(cli, name);
    int64_t n;
    if (!text.p)
        return OK;
    if (!str_i64(text, &n) || n < 1 || n > 1000000)
        return cli_wrong_use(cli, "--%s phải là một số từ 1 đến 1000000, không phải \"%.*s\" (not a number)", name,
                             ARGS(text));
    *ret = (unsigned)n;
    return OK;
}

static enum err read_limits(struct cli *cli, struct http_options *ret)
{
    TRY(read_count(cli, "connections", &ret->connections));
    TRY(read_count(cli, "connections-of-peer", &ret->connections_of_peer));
    return read_count(cli, "listeners", &ret->streams);
}

static enum err read_tls(struct cli *cli, struct http_tls *ret)
{
    struct str certificate = cli_option(cli, "tls-certificate"), key = cli_option(cli, "tls-key");
    if (!certificate.p && !key.p)
        return OK;
    if (!certificate.p || !key.p)
        return cli_wrong_use(cli, "--tls-certificate và --tls-key phải đi cùng nhau (both or neither)");
    return http_tls_read(cli->c, certificate, key, ret);
}

/* "https://kehoach.ninhbinh.gov.vn": its host is the one name beside the machine's own. */
static enum err read_url(struct cli *cli, struct str *ret_url, struct http_options *ret)
{
    struct str url = cli_option(cli, "url"), rest = url, host;
    if (!url.p)
        return OK;
    while (url.n && url.p[url.n - 1] == '/')
        url.n--;
    rest = str_starts(url, S("https://"))  ? str_skip(url, strlen("https://"))
           : str_starts(url, S("http://")) ? str_skip(url, strlen("http://"))
                                           : S("");
    host = rest;
    if (!host.n || host.n > 255 || str_has(host, S("/")) || str_has(host, S("?")) || str_has(host, S("@")) ||
        str_has(host, S(" ")))
        return cli_wrong_use(cli, "--url phải có dạng https://TÊN-MÁY-CHỦ, không phải \"%.*s\" (not such an address)",
                             ARGS(cli_option(cli, "url")));
    ret->host = host;
    *ret_url = url;
    return OK;
}

struct first {
    int64_t accounts;
    char token[ACCESS_TOKEN + 1];
};

/* A store without accounts gets an administrator, whose password the holder of a link chooses. */
static enum err make_first(struct ctx *c, void *arg)
{
    struct first *f = arg;
    struct account account = {.name = S("admin"), .full_name = S("Quản trị hệ thống")};
    struct account_role role = {S("admin"), S("admin"), S(""), DAY_NONE, DAY_NONE};
    TRY(access_count(c, &f->accounts));
    if (f->accounts)
        return OK;
    TRY(access_add(c, &account, &role));
    return access_invite(c, account.name, f->token);
}

/* A link opens an account, so it is shown to a person and not to a log. */
static void say_first(struct cli *cli, const struct first *f, struct str url)
{
    if (f->accounts)
        return;
    if (getenv("JOURNAL_STREAM"))
        out_put(cli->out, S("Đã tạo tài khoản quản trị admin; lấy đường dẫn chọn mật khẩu bằng lệnh: hoalu user link "
                            "admin (an administrator was made; ask for a link)\n"));
    else
        out_fmt(
            cli->out,
            "Đã tạo tài khoản quản trị admin; hãy mở đường dẫn này để chọn mật khẩu, dùng được một lần trong %d ngày "
            "(an administrator was made; open this once to choose a password):\n%.*s/welcome/%s\n",
            LINK_DAYS, ARGS(url), f->token);
}

static void say_where(struct cli *cli, const struct http_options *options, const struct http_server *server)
{
    bool here = is_loopback(options->address), six = memchr(options->address.p, ':', options->address.n);
    out_fmt(cli->out, "Hoalu đang chạy ở %s://%s%.*s%s:%u, %s; Ctrl+C để dừng (%s; Ctrl+C to stop)\n",
            options->tls.certificate ? "https" : "http", six ? "[" : "", ARGS(options->address), six ? "]" : "",
            http_port(server), here ? "chỉ máy này truy cập được" : "máy khác truy cập được",
            here ? "this machine only" : "other machines may reach it");
    unsigned wanted = options->connections ? options->connections : HTTP_CONNECTIONS;
    if (http_connections(server) < wanted)
        out_fmt(cli->out,
                "Chỉ nhận được %u kết nối cùng lúc thay vì %u, vì hệ thống cho mở quá ít tệp; hãy nâng giới hạn đó "
                "(ulimit -n, LimitNOFILE) (too few open files are allowed)\n",
                http_connections(server), wanted);
}

static void say_failure(void *arg, const char *task, const struct error *why)
{
    (void)arg;
    fprintf(stderr,
            "hoalu: việc định kỳ %s chưa làm được, sẽ thử lại (upkeep failed, will be tried again): %.*s%s%.*s\n", task,
            ARGS(why->file), why->file.n ? ": " : "", ARGS(why->message));
}

static enum err serve(struct cli *cli)
{
    struct ctx *c = cli->c;
    struct served served;
    struct writer *writer;
    struct http_app app = {.arg = &served, .start = served_start, .lane = served_lane, .handle = served_handle};
    struct http_options options = {.source = c->source};
    struct http_server *server;
    struct upkeep *upkeep;
    struct upkeep_options keep = {.store = cli->store, .no_seal = cli_option(cli, "no-seal").p, .say = say_failure};
    struct str listen = cli_option(cli, "listen"), url = {0}, log = cli_option(cli, "security-log");
    struct first first = {.accounts = 1};
    sigset_t stops;
    int which;
    size_t kept = 0, rows = 0;
    TRY(read_memory(cli, "kept", KEPT_BYTES >> 20, &kept));
    TRY(read_memory(cli, "rows", ROWS_BYTES >> 20, &rows));
    TRY(read_url(cli, &url, &options));
    TRY(read_listen(cli, listen.p ? listen : str_of(LISTEN_DEFAULT), &options));
    TRY(read_limits(cli, &options));
    TRY(read_tls(cli, &options.tls));
    /* Blocked before any thread is made, so that the signal comes to sigwait() alone. */
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
    TRY(cli_writer(cli, &writer));
    served_init(&served, c->arena, c->source, cli->store, writer, cli_option(cli, "sample").p, kept, rows);
    served.gate.hasher = hasher_new(c->arena);
    served.gate.open = cli_option(cli, "open").p;
    served.gate.secure = options.tls.certificate || str_starts(url, S("https://"));
    served.gate.behind_proxy = cli_option(cli, "proxy").p;
    TRY(serve_oidc_open(cli, url, options.tls.certificate ? "https" : "http", options.address, options.port,
                        &served.pages.sso));
    TRY(security_open(c, c->arena, log.p ? log : S(""), &served.gate.security));
    if (!served.gate.open)
        TRY(cli_write(cli, make_first, &first, NULL));
    struct feed_options feed = {.store = cli->store, .writer = writer};
    TRY(feed_open(c, c->arena, &feed, &served.feed));
    TRY(http_start(c, c->arena, &options, &app, &server));
    enum err e = feed_start(c, served.feed, server);
    if (e) {
        http_stop(server);
        return e;
    }
    keep.writer = writer;
    keep.gate = &served.gate;
    upkeep_init(c, c->arena, &keep, &upkeep);
    e = upkeep_start(c, upkeep);
    if (e) {
        feed_stop(served.feed);
        http_stop(server);
        return e;
    }
    say_where(cli, &options, server);
    say_first(cli, &first, url.n ? url : str_fmt(c->arena, "http://127.0.0.1:%u", http_port(server)));
    out_flush(cli->out);
    sigwait(&stops, &which);
    upkeep_stop(upkeep);
    feed_stop(served.feed);
    http_stop(server);
    return OK;
}

static const struct cli_option serve_options[] = {
    CLI_STORE,
    {"listen", "ADDRESS:PORT", 0, NULL, "nghe ở địa chỉ này (mặc định 127.0.0.1:8057); cổng 0: một cổng còn trống",
     "listen at this address (default 127.0.0.1:8057); port 0: one that is free"},
    {"open", NULL, 0, NULL,
     "không hỏi đăng nhập: ai dùng được máy này cũng làm được mọi việc; chỉ để một người dùng thử trên máy mình",
     "ask nobody to sign in: whoever uses this machine may do everything; for one person trying it on their own"},
    {"url", "URL", 0, NULL, "địa chỉ mà mọi người dùng để truy cập, như https://kehoach.ninhbinh.gov.vn",
     "the address at which people reach it, such as https://kehoach.ninhbinh.gov.vn"},
    {"proxy", NULL, 0, NULL, "có máy chủ chuyển tiếp trên máy này: tin địa chỉ cuối trong X-Forwarded-For của nó",
     "a proxy on this machine passes requests on: believe the last address of its X-Forwarded-For"},
    {"security-log", "FILE", 0, NULL, "ghi sự kiện an ninh vào tệp này thay cho nhật ký hệ thống; -: ra lỗi chuẩn",
     "write security events to this file instead of the system's log; -: to standard error"},
    {"sample", NULL, 0, NULL, "ghi trên mọi trang rằng đây là bản trình diễn",
     "say on every page that this is a demonstration"},
    SERVE_OIDC,
    {"no-seal", NULL, 0, NULL, "không tự niêm phong sổ cái mỗi ngày, vì khóa ở nơi khác (xem hoalu ledger seal)",
     "do not seal the ledger each day, for the key is elsewhere (see hoalu ledger seal)"},
    {"kept", "MIB", 0, NULL, "bộ nhớ cho các trang giữ sẵn, MiB (mặc định 32; 0: không giữ trang nào)",
     "memory for kept pages in MiB (default 32; 0: none is kept)"},
    {"tls-certificate", "FILE", 0, NULL, "phục vụ qua TLS với chứng thư (và chuỗi của nó) trong tệp PEM này",
     "serve over TLS with the certificate (and its chain) in this PEM file"},
    {"tls-key", "FILE", 0, NULL, "khóa của chứng thư, tệp PEM mà người khác không đọc được",
     "the certificate's key, a PEM file that others may not read"},
    {"connections", "N", 0, NULL, "nhiều nhất chừng này kết nối cùng lúc (mặc định 12000)",
     "at most so many connections at once (default 12000)"},
    {"connections-of-peer", "N", 0, NULL, "nhiều nhất chừng này kết nối của một địa chỉ (mặc định 1000)",
     "at most so many of one address (default 1000)"},
    {"listeners", "N", 0, NULL, "nhiều nhất chừng này người theo dõi /events (mặc định: nửa số kết nối)",
     "at most so many listeners of /events (default: half of the connections)"},
    {"rows", "MIB", 0, NULL, "bộ nhớ cho các dòng đã đọc từ kho, MiB (mặc định 8; 0: lần nào cũng đọc kho)",
     "memory for rows read from the store in MiB (default 8; 0: the store is read each time)"},
    {0},
};

CLI_COMMANDS(cli_serve_commands, {.words = "serve",
                                  .arguments = "",
                                  .vi = "Chạy máy chủ web trên kho cho đến khi được bảo dừng",
                                  .en = "Serve the store over HTTP until told to stop",
                                  .options = serve_options,
                                  .run = serve});
