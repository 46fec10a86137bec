#include "base/err.h"

#include "base/banned.h"

int err_exit_status(enum err e)
{
    return e == OK ? 0 : 1;
}

struct str err_name(enum err e)
{
    switch (e) {
    case OK:
        return S("ok");
    case E_INVALID:
        return S("invalid");
    case E_DENIED:
        return S("denied");
    case E_SIGN_IN:
        return S("sign_in");
    case E_NOTFOUND:
        return S("not_found");
    case E_CONFLICT:
        return S("conflict");
    case E_LIMIT:
        return S("limit");
    case E_BUSY:
        return S("busy");
    case E_IO:
        return S("io");
    case E_INTERNAL:
        break;
    }
    return S("internal");
}
