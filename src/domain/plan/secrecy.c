#include "domain/plan/secrecy.h"

#include "base/banned.h"

enum { HEAD_BLOCKS = 60, MARK_BYTES = 80 };

/* As the stamp is cut, and as people type it; blanks between the letters do not count. */
static const char *const marks[] = {"MẬT",    "Mật",      "mật",      "TỐIMẬT",   "TốiMật",  "Tốimật",
                                    "tốimật", "TUYỆTMẬT", "TuyệtMật", "Tuyệtmật", "tuyệtmật"};
/* What may stand before it. */
static const char *const labels[] = {"ĐỘMẬT:",       "Độmật:", "MỨCĐỘMẬT:", "Mứcđộmật:", "DẤUCHỈĐỘMẬT:",
                                     "Dấuchỉđộmật:", "ĐỘMẬT",  "Độmật",     "MỨCĐỘMẬT",  "Mứcđộmật"};

/* Without what a stamp is set between. */
static struct str bare(struct ctx *c, struct str line)
{
    char *p = NEWN(c->arena, char, line.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) {
        char x = line.p[i];
        bool around = x == ' ' || x == '\t' || x == '*' || x == '_' || x == '[' || x == ']' || x == '(' || x == ')' ||
                      x == '|' || x == '"' || x == '.' || x == '-';
        if (!around)
            p[n++] = x;
    }
    return (struct str){p, n};
}

static bool is_mark(struct ctx *c, struct str line)
{
    line = str_trim(line);
    if (!line.n || line.n > MARK_BYTES)
        return false;
    struct str word = bare(c, line);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_starts(word, str_of(labels[i]))) {
            word = str_skip(word, str_of(labels[i]).n);
            break;
        }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_eq(word, str_of(marks[i])))
            return true;
    return false;
}

/* A cell or a paragraph may hold several lines, and a line of text several stretches with wide blanks between. */
static bool holds_mark(struct ctx *c, struct str text, struct str *ret)
{
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        size_t wide;
        while ((wide = str_find(line, S("  "), 0)) != SIZE_MAX) {
            *ret = str_trim(str_slice(line, 0, wide));
            if (is_mark(c, *ret))
                return true;
            line = str_trim(str_skip(line, wide));
        }
        *ret = str_trim(line);
        if (is_mark(c, line))
            return true;
    }
    return false;
}

static enum err refuse(struct ctx *c, const struct document *document, unsigned line, struct str mark)
{
    enum err e = FAIL(
        c, E_INVALID,
        "\"%.*s\", dòng %u: có dấu chỉ độ mật \"%.*s\". Không đưa tài liệu thuộc bí mật nhà nước lên hệ thống này; "
        "tệp không được lưu lại. Hãy xử lý văn bản theo quy định về bảo vệ bí mật nhà nước; nếu văn bản đã "
        "được giải mật, hãy đưa lên bản đã bỏ dấu (it is marked as a state secret: nothing was kept)",
        ARGS(document->name), line, ARGS(mark));
    c->error.field = S("file");
    return e;
}

enum err secrecy_refuse(struct ctx *c, const struct document *document)
{
    size_t seen = 0;
    struct str mark;
    for (size_t i = 0; i < document->n && seen < HEAD_BLOCKS; i++) {
        const struct block *b = &document->blocks[i];
        if (b->kind == BLOCK_BLANK || b->kind == BLOCK_PAGE)
            continue;
        seen++;
        if (b->kind != BLOCK_ROW && holds_mark(c, b->text, &mark))
            return refuse(c, document, b->line, mark);
        for (size_t k = 0; b->kind == BLOCK_ROW && k < b->n_cells; k++)
            if (holds_mark(c, b->cells[k].text, &mark))
                return refuse(c, document, b->cells[k].line ? b->cells[k].line : b->line, mark);
    }
    return OK;
}
