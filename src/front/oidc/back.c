/* The back channel: one question over HTTP, by libcurl, which is loaded when the first is asked. */
#include "front/oidc/oidc.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>

#include "base/banned.h"

enum { HEADERS_MAX = 64 << 10, CONNECT_MS = 3000 };

static const char LIBRARY[] = "libcurl-gnutls.so.4";

struct curl {
    pthread_mutex_t lock;
    bool loaded;
    struct str ca;
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *init;
    __typeof__(curl_easy_setopt) *setopt;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_getinfo) *getinfo;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_slist_append) *append;
    __typeof__(curl_slist_free_all) *free_all;
};

static bool find(void *library, const char *name, void *ret)
{
    void *at = dlsym(library, name);
    memcpy(ret, &at, sizeof at);
    return at;
}

/* With the lock held. It stays loaded: its own libraries cannot all be unloaded. */
static bool load(struct curl *curl)
{
    if (curl->loaded)
        return true;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    curl->loaded =
        library && find(library, "curl_global_init", &curl->global_init) &&
        find(library, "curl_easy_init", &curl->init) && find(library, "curl_easy_setopt", &curl->setopt) &&
        find(library, "curl_easy_perform", &curl->perform) && find(library, "curl_easy_getinfo", &curl->getinfo) &&
        find(library, "curl_easy_cleanup", &curl->cleanup) && find(library, "curl_slist_append", &curl->append) &&
        find(library, "curl_slist_free_all", &curl->free_all) && !curl->global_init(CURL_GLOBAL_DEFAULT);
    return curl->loaded;
}

/* What is held of one question: given back with the arena it was asked in. */
struct asking {
    const struct curl *curl;
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    size_t n, headers_n;
    bool too_much;
};

static void release(void *arg)
{
    struct asking *a = arg;
    if (a->easy)
        a->curl->cleanup(a->easy);
    a->curl->free_all(a->headers);
}

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
    struct asking *a = arg;
    a->too_much |= n * size > OIDC_ANSWER_MAX - a->n;
    if (a->too_much)
        return 0;
    memcpy(a->body + a->n, p, n * size);
    a->n += n * size;
    return n * size;
}

static size_t take_header(char *p, size_t size, size_t n, void *arg)
{
    struct asking *a = arg;
    (void)p;
    a->headers_n += n * size;
    a->too_much |= a->headers_n > HEADERS_MAX;
    return a->too_much ? 0 : n * size;
}

static bool add_header(struct asking *a, const char *line)
{
    struct curl_slist *longer = a->curl->append(a->headers, line);
    if (longer)
        a->headers = longer;
    return longer;
}

static bool set_body(struct asking *a, const struct oidc_ask *ask)
{
    if (!ask->form.p)
        return true;
    return !a->curl->setopt(a->easy, CURLOPT_POSTFIELDSIZE, (long)ask->form.n) &&
           !a->curl->setopt(a->easy, CURLOPT_POSTFIELDS, ask->form.p);
}

static bool set_headers(struct ctx *c, struct asking *a, const struct oidc_ask *ask)
{
    struct str line = str_fmt(c->arena, "Authorization: %.*s", ARGS(ask->authorization));
    return add_header(a, "Accept: application/json") && (!ask->authorization.n || add_header(a, line.p)) &&
           !a->curl->setopt(a->easy, CURLOPT_HTTPHEADER, a->headers);
}

/* Every one must be taken: a libcurl that does not know one is none to trust with the rest. */
static bool set(struct ctx *c, struct asking *a, const struct oidc_ask *ask)
{
    const struct curl *curl = a->curl;
    bool https = str_starts(ask->url, S("https://"));
    CURL *e = a->easy;
    return !curl->setopt(e, CURLOPT_URL, str_z(c->arena, ask->url)) &&
           !curl->setopt(e, CURLOPT_PROTOCOLS_STR, https ? "https" : "http") &&
           !curl->setopt(e, CURLOPT_FOLLOWLOCATION, 0L) && !curl->setopt(e, CURLOPT_NOSIGNAL, 1L) &&
           !curl->setopt(e, CURLOPT_TIMEOUT_MS, (long)OIDC_DEADLINE_MS) &&
           !curl->setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) &&
           !curl->setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) && !curl->setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) &&
           !curl->setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           (!curl->ca.n || !curl->setopt(e, CURLOPT_CAINFO, curl->ca.p)) &&
           /* The loopback is reached through no proxy, whatever the environment says. */
           (https || !curl->setopt(e, CURLOPT_PROXY, "")) && !curl->setopt(e, CURLOPT_WRITEFUNCTION, take_body) &&
           !curl->setopt(e, CURLOPT_WRITEDATA, a) && !curl->setopt(e, CURLOPT_HEADERFUNCTION, take_header) &&
           !curl->setopt(e, CURLOPT_HEADERDATA, a) && set_body(a, ask) && set_headers(c, a, ask);
}

static enum err ask_curl(struct ctx *c, void *arg, const struct oidc_ask *ask, struct oidc_reply *ret)
{
    struct curl *curl = arg;
    struct arena_defer *d = arena_defer(c->arena, release);
    struct asking *a = NEW(c->arena, struct asking);
    a->body = NEWN(c->arena, char, OIDC_ANSWER_MAX);
    pthread_mutex_lock(&curl->lock);
    bool loaded = load(curl);
    pthread_mutex_unlock(&curl->lock);
    if (!loaded)
        return FAIL(c, E_IO, "không nạp được thư viện %s (cannot load it)", LIBRARY);
    a->curl = curl;
    d->arg = a;
    a->easy = curl->init();
    if (!a->easy || !set(c, a, ask))
        return FAIL(c, E_IO, "không chuẩn bị được kết nối tới nhà cung cấp danh tính (cannot set the connection up)");
    CURLcode code = curl->perform(a->easy);
    long status = 0;
    if (a->too_much)
        return FAIL(c, E_IO, "nhà cung cấp danh tính trả lời quá dài (too long an answer)");
    if (code || curl->getinfo(a->easy, CURLINFO_RESPONSE_CODE, &status))
        return FAIL(c, E_IO, "không hỏi được nhà cung cấp danh tính (cannot ask the provider): libcurl %d", (int)code);
    *ret = (struct oidc_reply){(unsigned)status, {a->body, a->n}};
    return OK;
}

enum err oidc_back_curl(struct ctx *c, struct arena *owner, struct str ca, struct oidc_back *ret)
{
    struct curl *curl = NEW(owner, struct curl);
    if (pthread_mutex_init(&curl->lock, NULL))
        return FAIL(c, E_IO, "không có đủ bộ nhớ (out of memory)");
    curl->ca = str_dup(owner, ca);
    *ret = (struct oidc_back){ask_curl, curl};
    return OK;
}
