/* asset.h - style sheet, fonts, icons: files of the tree that pages fetch, compiled into the program by tools/assets.
 *
 * The name in an address carries the hash of the content, so an answer may be kept for ever. Files are named in
 * meson.build; ASSET_hoalu_css is the address of "hoalu.css", and an icon is
 *     <svg class="ic" viewBox="0 0 16 16" aria-hidden="true"><use href="{{ ASSET_icons_svg }}#s-done"/></svg>
 * Threads: constant data. */
#ifndef HOALU_ASSET_H
#define HOALU_ASSET_H

#include "front/web/asset_urls.h"

struct asset {
    struct str name; /* "hoalu.css" */
    struct str path; /* "/assets/hoalu.0123456789abcdef.css" */
    struct str type; /* for Content-Type */
    struct str content;
    struct str gzip, brotli; /* n == 0: not smaller */
};

extern const struct asset asset_table[];
extern const size_t asset_table_n;

/* The asset at an address; NULL if there is none, also for the address of another content. */
const struct asset *asset_find(struct str path);

#endif
