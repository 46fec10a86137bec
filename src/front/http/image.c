#include "front/http/image.h"

#include <string.h>

#include "base/banned.h"

static size_t past_blanks(struct str block, size_t at)
{
    while (at < block.n && (block.p[at] == ' ' || block.p[at] == '\t'))
        at++;
    return at;
}

/* CR and LF, each made a NUL. */
static bool line_ends(struct str block, size_t at)
{
    return at + 2 <= block.n && block.p[at] == 0 && block.p[at + 1] == 0;
}

bool image_is_plain(struct str block, const char *target, size_t target_n, const char *version,
                    const struct http_pairs *headers)
{
    size_t at = strnlen(block.p, block.n) + 1; /* the method */
    if (at >= block.n || block.p + at != target || target_n >= block.n - at)
        return false;
    at += target_n + 1;
    if (block.p + at != version)
        return false;
    at += strnlen(version, block.n - at);
    for (size_t i = 0; i < headers->n; i++) {
        struct http_pair h = headers->v[i];
        if (!line_ends(block, at) || block.p + at + 2 != h.name.p || h.name.n >= block.n - at - 2)
            return false;
        at = past_blanks(block, at + 2 + h.name.n + 1);
        if (h.value.n && (block.p + at != h.value.p || h.value.n >= block.n - at))
            return false;
        at = past_blanks(block, at + h.value.n);
    }
    return line_ends(block, at) && line_ends(block, at + 2) && at + 4 == block.n;
}
