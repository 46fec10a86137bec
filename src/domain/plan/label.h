/* label.h - the words that say what a line or a column holds: "Cơ quan chủ trì: …", a column "Thời gian hoàn thành".
 *
 * One dictionary serves both. A new wording is one line in label.c. */
#ifndef HOALU_LABEL_H
#define HOALU_LABEL_H

#include "base/ctx.h"

enum label {
    LABEL_NONE,
    LABEL_ORDINAL,      /* TT, STT */
    LABEL_NAME,         /* nhiệm vụ, nội dung */
    LABEL_LEAD,         /* cơ quan chủ trì */
    LABEL_COORDINATING, /* cơ quan phối hợp */
    LABEL_MONITOR,      /* cơ quan theo dõi, lãnh đạo phụ trách */
    LABEL_TIME,         /* thời gian thực hiện */
    LABEL_PRODUCT,      /* sản phẩm, kết quả */
    LABEL_OBJECTIVE,    /* mục tiêu */
    LABEL_DIRECTIONS,   /* định hướng nhóm nhiệm vụ */
    LABEL_RESULTS,      /* kết quả cần đạt được */
    LABEL_TARGET,       /* chỉ tiêu */
    LABEL_UNIT,         /* đơn vị tính */
    LABEL_VALUE,        /* giá trị, mục tiêu: value of a target without a year */
    LABEL_YEAR,         /* a column for one year: "Năm 2027", "Mục tiêu đến năm 2030" */
    LABEL_BASELINE,     /* hiện trạng, thực hiện năm 2025 */
    LABEL_STATUS,       /* kết quả hiện nay: what has been done so far, not what is owed */
    LABEL_NOTE,         /* ghi chú, căn cứ, kinh phí: known, and left in the text */
};

/* A stretch of a paragraph under one label. label LABEL_NONE: what stands before the first. */
struct labelled {
    enum label label;
    struct str text; /* the value, trimmed, without its closing full stop */
};
struct labelled_list {
    struct labelled *v;
    size_t n, cap;
};

/* Part a paragraph at the labels in it: "…; cơ quan chủ trì: Sở X; thời gian: quý II". A label counts at the start or
 * after . ; ( – and must be followed by a colon. */
void label_split(struct ctx *c, struct str paragraph, struct labelled_list *ret);

/* What the header cell of a column says. For LABEL_YEAR `*ret_year` is the year. */
enum label label_of_column(struct ctx *c, struct str header, int *ret_year);

#endif
