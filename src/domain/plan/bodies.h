/* bodies.h - the names in a cell or a sentence: who leads, who helps.
 *
 * Names are parted at ; , . line ends and "và", but only where a name can end: "Sở Khoa học và Công nghệ" and "Sở Lao
 * động, Thương binh và Xã hội" stay whole; a group ("các cấp ủy, tổ chức đảng, cơ quan, đơn vị, địa phương") is one
 * name. A name the catalogue knows is given as the catalogue writes it; any other is kept as it stands. */
#ifndef HOALU_BODIES_H
#define HOALU_BODIES_H

#include "domain/org/org.h"

enum { BODIES_MAX = 200 }; /* names in one list: what comes after is left out */

/* Append the names in `cell` to `ret` (in c->arena), each once. */
void bodies_read(struct ctx *c, const struct org_catalogue *catalogue, struct str cell, struct strs *ret);

/* Append a list of names to another, each once. */
void bodies_add(struct ctx *c, const struct strs *names, struct strs *ret);

/* Is this text, whole, the name of a body or group, as far as words can tell? */
bool bodies_is_name(struct ctx *c, const struct org_catalogue *catalogue, struct str text);

/* Leads and helpers named inside a sentence: "Sở X chủ trì, phối hợp với Sở Y và các đơn vị … xây dựng …",
 * "Giao Sở X …", "(Sở X chủ trì)". Appends what it finds in the first 8 KB. */
void bodies_in_sentence(struct ctx *c, const struct org_catalogue *catalogue, struct str sentence, struct strs *lead,
                        struct strs *coordinating);

/* The names of a cell that may say beside them who leads and who helps: "Sở X (chủ trì), Sở Y (phối hợp)". Where it
 * does not, all of them lead. */
void bodies_in_cell(struct ctx *c, const struct org_catalogue *catalogue, struct str cell, struct strs *lead,
                    struct strs *coordinating);

/* The body at the start of a sentence ("Văn phòng Tỉnh ủy: …", "Ban Tổ chức Tỉnh ủy chủ trì …"); p == NULL if none. */
struct str bodies_subject(struct ctx *c, const struct org_catalogue *catalogue, struct str sentence);

#endif
