#include "document/pdf.h"

#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum { WORDS_BYTES = 64 << 20, PAGES_MAX = 5000 };

/* pdftotext. */

struct extraction {
    pid_t pid;
    int in, out[2]; /* -1 when closed */
};

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int end_extraction(struct extraction *e)
{
    int status = -1;
    close_one(&e->in);
    close_one(&e->out[0]);
    close_one(&e->out[1]);
    while (e->pid > 0 && waitpid(e->pid, &status, 0) < 0 && errno == EINTR)
        ;
    e->pid = 0;
    return status;
}

static void end_at_last(void *arg)
{
    end_extraction(arg);
}

static int start(struct extraction *e, struct str content)
{
    char *const argv[] = {(char *)"pdftotext", (char *)"-q", (char *)"-tsv", (char *)"-", (char *)"-", NULL};
    char *const env[] = {(char *)"PATH=/usr/local/bin:/usr/bin:/bin", (char *)"LC_ALL=C.UTF-8", NULL};
    e->in = memfd_create("pdf", MFD_CLOEXEC);
    for (size_t at = 0; e->in >= 0 && at < content.n;) {
        ssize_t n = pwrite(e->in, content.p + at, content.n - at, (off_t)at);
        if (n < 0)
            return errno;
        at += (size_t)n;
    }
    if (e->in < 0 || pipe2(e->out, O_CLOEXEC) < 0)
        return errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, e->in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, e->out[1], STDOUT_FILENO);
    int why = posix_spawnp(&e->pid, "pdftotext", &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    if (why)
        e->pid = 0;
    close_one(&e->out[1]);
    return why;
}

static enum err fail_exit(struct ctx *c, struct str name, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
        return FAIL_AT(c, E_INVALID, name, 0, "tệp PDF không cho phép sao chép chữ (copying is not allowed)");
    if (WIFEXITED(status))
        return FAIL_AT(c, E_INVALID, name, 0, "tệp PDF bị hỏng hoặc có mật khẩu (damaged or encrypted PDF)");
    return FAIL_AT(c, E_LIMIT, name, 0, "đọc tệp PDF quá lâu hoặc tốn quá nhiều bộ nhớ (too slow or too large)");
}

enum err pdf_words(struct ctx *c, struct str content, struct str name, struct str *ret)
{
    struct extraction *e = NEW(c->arena, struct extraction);
    *e = (struct extraction){.in = -1, .out = {-1, -1}};
    arena_defer(c->arena, end_at_last)->arg = e;
    struct out words;
    out_init(&words, c->arena, WORDS_BYTES);
    int why = start(e, content);
    if (why) {
        end_extraction(e);
        return FAIL_AT(c, E_IO, name, 0, "không chạy được pdftotext của gói poppler-utils (cannot be started): %s",
                       os_reason(why));
    }
    char *buffer = NEWN(c->arena, char, 64 << 10);
    for (ssize_t n = 1; n > 0 && !words.failed;) {
        n = read(e->out[0], buffer, 64 << 10);
        if (n > 0)
            out_put(&words, (struct str){buffer, (size_t)n});
        else if (n < 0 && errno == EINTR)
            n = 1;
    }
    if (words.failed)
        kill(e->pid, SIGKILL);
    int status = end_extraction(e);
    if (words.failed)
        return FAIL_AT(c, E_LIMIT, name, 0, "tệp PDF có quá nhiều chữ (too much text)");
    if (status != 0)
        return fail_exit(c, name, status);
    *ret = str_dup(c->arena, out_str(&words));
    return OK;
}

/* Lines. */

struct pdf {
    struct builder *b;
    struct pdf_text text;
    struct {
        struct pdf_word *v;
        size_t n, cap;
    } words; /* of the page at hand */
};

float pdf_middle(float from, float to)
{
    return (from + to) / 2;
}

static int by_height(const void *a, const void *b)
{
    const struct pdf_word *x = a, *y = b;
    float p = pdf_middle(x->y0, x->y1), q = pdf_middle(y->y0, y->y1);
    return p != q ? (p > q) - (p < q) : (x->x0 > y->x0) - (x->x0 < y->x0);
}

static int by_place(const void *a, const void *b)
{
    const struct pdf_word *x = a, *y = b;
    return (x->x0 > y->x0) - (x->x0 < y->x0);
}

static void add_line(struct pdf *p, struct pdf_word *words, size_t n)
{
    qsort(words, n, sizeof *words, by_place);
    struct pdf_line line = {.words = words, .n = n, .page = p->text.pages, .line = (unsigned)p->text.n + 1};
    line.x0 = words[0].x0;
    line.x1 = words[0].x1;
    line.y0 = words[0].y0;
    line.y1 = words[0].y1;
    for (size_t i = 1; i < n; i++) {
        line.x1 = fmaxf(line.x1, words[i].x1);
        line.y0 = fminf(line.y0, words[i].y0);
        line.y1 = fmaxf(line.y1, words[i].y1);
    }
    *PUSH(p->b->c->arena, &p->text) = line;
}

/* Words whose middles are at one height are a line, in reading order from the top. */
static void end_page(struct pdf *p)
{
    struct pdf_word *v = p->words.v;
    size_t n = p->words.n, from = 0;
    if (n)
        qsort(v, n, sizeof *v, by_height);
    for (size_t i = 1; i <= n; i++) {
        float step = i < n ? pdf_middle(v[i].y0, v[i].y1) - pdf_middle(v[from].y0, v[from].y1) : INFINITY;
        if (step > 0.35f * fmaxf(v[from].y1 - v[from].y0, 4)) {
            add_line(p, v + from, i - from);
            from = i;
        }
    }
    p->words.v = NULL;
    p->words.n = p->words.cap = 0;
}

static float number(struct str s)
{
    char text[32] = "";
    memcpy(text, s.p, s.n < sizeof text - 1 ? s.n : sizeof text - 1);
    float v = strtof(text, NULL);
    return v > -1e5f && v < 1e5f ? v : 0;
}

/* One row of pdftotext -tsv: level, page, three ordinals and a word's, left, top, width, height, confidence, text. */
static enum err take_row(struct pdf *p, struct str row)
{
    struct str field[12] = {0};
    size_t n = 0;
    while (n < 11 && str_cut(&row, '\t', &field[n]))
        n++;
    field[11] = row;
    if (n < 11 || !row.p)
        return OK;
    if (str_eq(field[0], S("1"))) {
        end_page(p);
        if (p->text.pages == PAGES_MAX)
            return FAIL_AT(p->b->c, E_LIMIT, p->b->name, 0, "tệp PDF có quá %d trang (too many pages)", PAGES_MAX);
        p->text.page_height[++p->text.pages] = number(field[9]);
        return OK;
    }
    if (!str_eq(field[0], S("5")) || p->text.pages == 0)
        return OK;
    struct pdf_word w = {.x0 = number(field[6]), .y0 = number(field[7])};
    w.x1 = w.x0 + fmaxf(number(field[8]), 0);
    w.y1 = w.y0 + fmaxf(number(field[9]), 0.1f);
    w.text = str_trim(plain_text(p->b->c->arena, row));
    if (w.text.n)
        *PUSH(p->b->c->arena, &p->words) = w;
    return OK;
}

struct str pdf_join(struct arena *a, const struct pdf_word *words, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += words[i].text.n + 1;
    char *text = NEWN(a, char, bytes + 1), *to = text;
    for (size_t i = 0; i < n; i++) {
        if (i)
            *to++ = ' ';
        to = mempcpy(to, words[i].text.p, words[i].text.n);
    }
    return (struct str){text, (size_t)(to - text)};
}

/* Running headers, footers and page numbers. */

static struct str without_figures(struct arena *a, const struct pdf_line *line)
{
    struct str s = pdf_join(a, line->words, line->n);
    char *text = NEWN(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != ' ')
            text[n++] = s.p[i];
    return (struct str){text, n};
}

static bool is_page_number(struct str text)
{
    static const struct str forms[] = {S0(""),  S0("-"),     S0("--"),     S0("–"), S0("––"),
                                       S0("/"), S0("Trang"), S0("Trang/"), S0("|")};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_eq(text, forms[i]))
            return true;
    return false;
}

struct edge {
    struct str text;
    size_t line;
    float y;
};

static int by_text(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    int order = str_cmp(x->text, y->text);
    return order ? order : (x->y > y->y) - (x->y < y->y);
}

/* The first and the last two lines of a page, in its outer eighths, are dropped if they are a page number, or stand at
 * one height on half of all pages (three at least). */
static void drop_running(struct pdf *p)
{
    struct arena *a = p->b->c->arena;
    struct edge *edges = NEWN(a, struct edge, (size_t)p->text.pages * 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < p->text.n; i++) {
        struct pdf_line *line = &p->text.v[i];
        bool first = i < 2 || p->text.v[i - 2].page != line->page;
        bool last = i + 2 >= p->text.n || p->text.v[i + 2].page != line->page;
        float height = p->text.page_height[line->page];
        if ((!first && !last) || (line->y0 > height / 8 && line->y1 < height * 7 / 8))
            continue;
        edges[n] = (struct edge){without_figures(a, line), i, line->y0};
        line->drop = is_page_number(edges[n].text) && (first ? line->y0 < height / 8 : true);
        n++;
    }
    qsort(edges, n, sizeof *edges, by_text);
    for (size_t from = 0, i = 1; i <= n; i++) {
        if (i < n && str_eq(edges[i].text, edges[from].text) && edges[i].y - edges[i - 1].y < 1)
            continue;
        if (i - from >= 3 && (i - from) * 2 >= p->text.pages)
            for (size_t k = from; k < i; k++)
                p->text.v[edges[k].line].drop = true;
        from = i;
    }
}

/* Blocks. */

static float left_margin(const struct pdf_text *text, unsigned page)
{
    float left = INFINITY;
    for (size_t i = 0; i < text->n; i++)
        if (text->v[i].page == page && !text->v[i].drop)
            left = fminf(left, text->v[i].x0);
    return isfinite(left) ? left : 0;
}

static enum err add_text_line(struct pdf *p, const struct pdf_line *line, float left)
{
    struct arena *a = p->b->c->arena;
    struct str text = plain_text(a, pdf_join(a, line->words, line->n));
    float letter = fmaxf((line->y1 - line->y0) / 4, 1); /* a blank is about a quarter of the height */
    struct block block = {
        .kind = BLOCK_LINE, .line = line->line, .indent = (unsigned)fmaxf((line->x0 - left) / letter, 0)};
    size_t bullet = bullet_length(text, &block.marker);
    if (bullet)
        block.kind = BLOCK_ITEM;
    struct inline_text resolved = resolve_inline(a, str_trim(str_skip(text, bullet)), true);
    block.text = resolved.text;
    return block.text.n ? builder_add(p->b, block) : OK;
}

static enum err add_blocks(struct pdf *p)
{
    const struct pdf_text *text = &p->text;
    unsigned page = 0;
    float left = 0, bottom = 0;
    for (size_t i = 0; i < text->n;) {
        const struct pdf_line *line = &text->v[i];
        if (line->drop) {
            i++;
            continue;
        }
        if (line->page != page) {
            if (page)
                TRY(builder_add(p->b, (struct block){.kind = BLOCK_PAGE, .line = line->line}));
            page = line->page;
            left = left_margin(text, page);
        } else if (line->y0 - bottom > 0.75f * (line->y1 - line->y0)) {
            TRY(builder_add(p->b, (struct block){.kind = BLOCK_BLANK, .line = line->line}));
        }
        bottom = line->y1;
        size_t next;
        TRY(pdf_table(p->b, text, i, &next));
        if (next > i) {
            page = text->v[next - 1].page;
            bottom = text->v[next - 1].y1;
            left = left_margin(text, page);
            i = next;
            continue;
        }
        TRY(add_text_line(p, line, left));
        i++;
    }
    return OK;
}

enum err read_pdf(struct builder *b, struct str words)
{
    if (!str_is_utf8(words, NULL))
        return FAIL_AT(b->c, E_INVALID, b->name, 0, "chữ trong tệp PDF không phải Unicode (text is not Unicode)");
    struct pdf p = {.b = b};
    p.text.page_height = NEWN(b->c->arena, float, PAGES_MAX + 2);
    struct str row;
    while (str_cut(&words, '\n', &row))
        TRY(take_row(&p, row));
    end_page(&p);
    if (p.text.n == 0)
        return FAIL_AT(b->c, E_INVALID, b->name, 0,
                       "tệp quét ảnh, không có lớp chữ; hãy nộp bản Word, hoặc PDF xuất từ Word (a scan without text)");
    drop_running(&p);
    return add_blocks(&p);
}
