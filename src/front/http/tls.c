/* The certificate and the key of the server, looked at before it starts: the library would only say that it cannot. */
#include "front/http/server.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { PEM_MAX = 256 << 10 };

/* A whole file with a NUL after it; a secret one only if others may not read it. */
static enum err read_open(struct ctx *c, struct str file, int fd, bool secret, struct str *ret)
{
    struct stat st;
    size_t n = 0;
    ssize_t got = 0;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return FAIL_AT(c, E_IO, file, 0, "không phải tệp thường (not a regular file)");
    if (secret && st.st_mode & 037)
        return FAIL_AT(c, E_DENIED, file, 0,
                       "tệp khóa đang cho người khác đọc (quyền %03o); hãy đặt lại: chmod 600 (readable by others)",
                       (unsigned)(st.st_mode & 0777));
    char *text = NEWN(c->arena, char, PEM_MAX + 1);
    while (n < PEM_MAX && (got = read(fd, text + n, PEM_MAX - n)) > 0)
        n += (size_t)got;
    if (got < 0)
        return FAIL_AT(c, E_IO, file, 0, "không đọc được tệp: %s", os_reason(errno));
    if (n == PEM_MAX)
        return FAIL_AT(c, E_LIMIT, file, 0, "tệp quá lớn (too large: at most 256 KiB)");
    *ret = (struct str){text, n};
    return OK;
}

static enum err read_pem(struct ctx *c, struct str file, bool secret, struct str *ret)
{
    int fd = open(str_z(c->arena, file), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return FAIL_AT(c, errno == ENOENT ? E_NOTFOUND : E_IO, file, 0, "không mở được tệp: %s", os_reason(errno));
    enum err e = read_open(c, file, fd, secret, ret);
    close(fd);
    return e;
}

enum err http_tls_read(struct ctx *c, struct str certificate, struct str key, struct http_tls *ret)
{
    struct str chain, secret;
    TRY(read_pem(c, certificate, false, &chain));
    TRY(read_pem(c, key, true, &secret));
    gnutls_datum_t cert = {(unsigned char *)chain.p, (unsigned)chain.n},
                   private = {(unsigned char *)secret.p, (unsigned)secret.n};
    gnutls_certificate_credentials_t both;
    if (gnutls_certificate_allocate_credentials(&both))
        return FAIL(c, E_LIMIT, "Không đủ bộ nhớ (not enough memory)");
    int rc = gnutls_certificate_set_x509_key_mem(both, &cert, &private, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(both);
    if (rc < 0)
        return FAIL_AT(c, E_INVALID, certificate, 0,
                       "không phải chứng thư PEM đi cùng khóa %.*s (no certificate that fits the key: %s)", ARGS(key),
                       gnutls_strerror(rc));
    *ret = (struct http_tls){chain.p, secret.p};
    return OK;
}

/* Past the library, on a connection that it is about to close. */
void tls_send(struct MHD_Connection *mhd, const char *text, size_t n)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info && info->tls_session)
        (void)!gnutls_record_send(info->tls_session, text, n);
}
