/* embed.h - files of the source tree compiled into the program.
 *
 * tools/embed.c writes a C file that defines `const struct embedded NAME[]` and `const size_t NAME_n` from the files it
 * is given, in that order; whoever uses it declares both. A NUL follows each content and is not counted. */
#ifndef HOALU_EMBED_H
#define HOALU_EMBED_H

#include "base/str.h"

struct embedded {
    struct str name; /* without its folder */
    struct str content;
};

#endif
