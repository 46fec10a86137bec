#include "ledger/chain.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { SEED = 32 };

struct str ledger_key_path(struct ctx *c, struct str store)
{
    const char *named = getenv("HOALU_KEY"), *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (named && *named)
        return str_of(named);
    if (!str_starts(store, S("postgresql://")) && !str_starts(store, S("postgres://")))
        return str_fmt(c->arena, "%.*s.key", ARGS(store));
    if (config && *config)
        return str_fmt(c->arena, "%s/hoalu.key", config);
    return str_fmt(c->arena, "%s/.config/hoalu.key", home && *home ? home : ".");
}

static enum err cannot(struct ctx *c, struct str file, const char *vi, const char *en)
{
    return FAIL_AT(c, errno == ENOENT ? E_NOTFOUND : E_IO, file, 0, "%s (%s): %s", vi, en, os_reason(errno));
}

/* Only the owner may read a key; a key that others could have read is not trusted any more. */
static enum err check_mode(struct ctx *c, struct str file, int fd)
{
    struct stat st;
    if (fstat(fd, &st))
        return cannot(c, file, "không xem được tệp khóa", "the key cannot be examined");
    if (!S_ISREG(st.st_mode) || st.st_size != SEED)
        return FAIL_AT(c, E_INVALID, file, 0, "không phải tệp khóa của Hoalu (not a key file: 32 bytes)");
    if (st.st_mode & 077)
        return FAIL_AT(c, E_DENIED, file, 0,
                       "tệp khóa đang cho người khác đọc (quyền %03o); hãy đặt lại: chmod 600 (readable by others)",
                       (unsigned)(st.st_mode & 0777));
    return OK;
}

static enum err read_seed(struct ctx *c, struct str file, unsigned char seed[SEED])
{
    int fd = open(str_z(c->arena, file), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot(c, file, "không mở được tệp khóa", "the key cannot be opened");
    enum err e = check_mode(c, file, fd);
    if (!e && read(fd, seed, SEED) != SEED)
        e = cannot(c, file, "không đọc được tệp khóa", "the key cannot be read");
    close(fd);
    return e;
}

/* The folder of the user's configuration may not be there yet. */
static void make_folder(struct ctx *c, struct str file)
{
    size_t n = file.n;
    while (n && file.p[n - 1] != '/')
        n--;
    if (n > 1)
        (void)mkdir(str_z(c->arena, str_slice(file, 0, n - 1)), 0700);
}

static bool write_seed(const char *path, const unsigned char seed[SEED])
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write(fd, seed, SEED) == SEED && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

/* Written under another name and then linked, so that a key file is whole or not there, and two programs that start at
 * once end with one key. */
static enum err make_key(struct ctx *c, struct str file)
{
    unsigned char seed[SEED], tag[8];
    c->source.random(c->source.arg, seed, sizeof seed);
    c->source.random(c->source.arg, tag, sizeof tag);
    make_folder(c, file);
    struct str hex = ledger_hex(c->arena, ledger_bytes(tag, sizeof tag));
    char *final = str_z(c->arena, file), *part = str_z(c->arena, str_fmt(c->arena, "%.*s.%.*s", ARGS(file), ARGS(hex)));
    bool written = write_seed(part, seed);
    sodium_memzero(seed, sizeof seed);
    bool linked = written && (link(part, final) == 0 || errno == EEXIST);
    enum err e = linked ? OK : cannot(c, file, "không tạo được tệp khóa", "the key cannot be made");
    unlink(part);
    return e;
}

enum err ledger_key_load(struct ctx *c, struct str file, bool create, struct ledger_key *ret)
{
    unsigned char seed[SEED];
    if (sodium_init() < 0)
        return FAIL(c, E_INTERNAL, "libsodium không khởi động được (libsodium cannot start)");
    if (create && access(str_z(c->arena, file), F_OK) != 0 && errno == ENOENT)
        TRY(make_key(c, file));
    TRY(read_seed(c, file, seed));
    crypto_sign_seed_keypair(ret->public_key, ret->secret, seed);
    sodium_memzero(seed, sizeof seed);
    return OK;
}

void ledger_seal_sign(const struct ledger_key *key, const struct seal *s, unsigned char ret[LEDGER_SIGNATURE])
{
    unsigned char hash[LEDGER_HASH];
    ledger_seal_hash(s, hash);
    crypto_sign_detached(ret, NULL, hash, LEDGER_HASH, key->secret);
}
