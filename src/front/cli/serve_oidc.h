/* serve_oidc.h - `hoalu serve --oidc-…`: where people may sign in instead of with a password of this system. */
#ifndef HOALU_SERVE_OIDC_H
#define HOALU_SERVE_OIDC_H

#include "front/cli/cli.h"
#include "front/web/access/sso.h"

#define SERVE_OIDC                                                                                                                              \
    {"oidc-issuer",                                                                                                                             \
     "URL",                                                                                                                                     \
     0,                                                                                                                                         \
     NULL,                                                                                                                                      \
     "cho đăng nhập cả ở nhà cung cấp danh tính OpenID Connect này, đúng như nó tự xưng",                                                       \
     "let people sign in at this provider of OpenID Connect, too; exactly as it calls itself"},                                                 \
        {"oidc-client", "ID", 0, NULL, "mã khách của hệ thống này ở đó", "this system's client id there"},                                      \
        {"oidc-secret-file",                                                                                                                    \
         "FILE",                                                                                                                                \
         0,                                                                                                                                     \
         NULL,                                                                                                                                  \
         "tệp chứa bí mật của khách, mà người khác không đọc được (không có: khách công khai)",                                                 \
         "a file with the client's secret, which others may not read (none: a public client)"},                                                 \
        {"oidc-claim",                                                                                                                          \
         "NAME",                                                                                                                                \
         0,                                                                                                                                     \
         NULL,                                                                                                                                  \
         "lần đầu đăng nhập, gắn danh tính với tài khoản mang tên mà claim này cho biết, như preferred_username; chỉ " \
         "khi người dùng không tự đổi được nó ở đó",                                                                                            \
         "at a first sign-in, link the account whose name this claim says, such as preferred_username; only if "                                \
         "people "                                                                                                                              \
         "cannot change it there themselves"},                                                                                                  \
        {"oidc-name",                                                                                                                           \
         "TEXT",                                                                                                                                \
         0,                                                                                                                                     \
         NULL,                                                                                                                                  \
         "tên của nơi đăng nhập đó trên nút đăng nhập",                                                                                         \
         "what the button calls that provider"},                                                                                                \
    {                                                                                                                                           \
        "oidc-ca", "FILE", 0, NULL, "tin các chứng thư gốc trong tệp PEM này thay cho của hệ thống khi hỏi nơi đó",                             \
            "trust the roots in this PEM file instead of the system's when asking it"                                                           \
    }

/* `url` is where people reach this server, n == 0 if that was not said: then `listen` and `port` are. NULL in `*ret`
 * without --oidc-issuer. It stands until the program ends. */
MUST_USE enum err serve_oidc_open(struct cli *cli, struct str url, const char *scheme, struct str listen, unsigned port,
                                  const struct sso **ret);

#endif
