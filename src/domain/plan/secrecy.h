/* secrecy.h - documents that say of themselves that they are a state secret are not taken.
 *
 * The mark stands in the head of a document, under its number, alone on its line or in its cell: "MẬT", "TỐI MẬT",
 * "TUYỆT MẬT", or after words such as "Độ mật:". Words in a sentence ("bảo mật", "bí mật nhà nước") are none, and so is
 * what stands further below. A document without its mark is not found out: every form says what does not belong here.
 */
#ifndef HOALU_SECRECY_H
#define HOALU_SECRECY_H

#include "document/document.h"

/* E_INVALID with the field "file", naming the document, the line and what to do, if it carries a mark. */
MUST_USE enum err secrecy_refuse(struct ctx *c, const struct document *document);

#endif
