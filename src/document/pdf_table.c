#include "document/pdf.h"

#include "base/viet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { COLUMNS_MAX = 24, HEADER_LINES = 8, STRANGERS_MAX = 3 };

struct column {
    float x0, x1; /* of its header */
    float to;     /* where the next begins */
};

struct table {
    struct builder *b;
    const struct pdf_text *text;
    size_t first, header_end, end; /* lines */
    struct column columns[COLUMNS_MAX];
    size_t n;
    float height;       /* of a line of the header */
    bool centred;       /* numbers stand in the middle of their rows */
    struct cell *cells; /* of the row being made, `n` of them; NULL if none is */
    struct out *texts;  /* one a column */
    unsigned row_line;
};

/* The header. */

static bool in_list(struct str word, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i], word))
            return true;
    return false;
}

/* Every word of a header row is one of these, a figure, or a unit in brackets. */
static bool is_header_word(struct arena *a, struct str text)
{
    static const struct str words[] = {
        S0("tt"),    S0("stt"),   S0("so"),   S0("ten"),   S0("nhiem"), S0("vu"),     S0("noi"),   S0("dung"),
        S0("cong"),  S0("viec"),  S0("co"),   S0("quan"),  S0("don"),   S0("vi"),     S0("chu"),   S0("tri"),
        S0("phoi"),  S0("hop"),   S0("thoi"), S0("gian"),  S0("han"),   S0("thuc"),   S0("hien"),  S0("hoan"),
        S0("thanh"), S0("tien"),  S0("do"),   S0("san"),   S0("pham"),  S0("ket"),    S0("qua"),   S0("chi"),
        S0("tieu"),  S0("muc"),   S0("tinh"), S0("du"),    S0("kien"),  S0("dau"),    S0("ra"),    S0("theo"),
        S0("doi"),   S0("ghi"),   S0("giai"), S0("phap"),  S0("nam"),   S0("ke"),     S0("hoach"), S0("giao"),
        S0("nay"),   S0("trach"), S0("chiu"), S0("nguoi"), S0("va"),    S0("cac"),    S0("den"),   S0("dat"),
        S0("duoc"),  S0("can"),   S0("dvt"),  S0("bat"),   S0("moc"),   S0("yeu"),    S0("cau"),   S0("kinh"),
        S0("phi"),   S0("nguon"), S0("von"),  S0("de"),    S0("an"),    S0("chuong"), S0("trinh"), S0("giai"),
        S0("doan")};
    struct str folded = viet_fold_text(a, text);
    bool letters = false;
    char plain[64];
    size_t n = 0;
    for (size_t i = 0; i < folded.n && n < sizeof plain; i++) {
        char c = folded.p[i];
        letters |= c >= 'a' && c <= 'z';
        if ((c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80)
            plain[n++] = c;
        else if (c == '/' || c == '-')
            return folded.n < 12;
    }
    return !letters || in_list((struct str){plain, n}, words, sizeof words / sizeof *words);
}

static bool is_header_line(struct arena *a, const struct pdf_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (!is_header_word(a, line->words[i].text))
            return false;
    return true;
}

static unsigned count_concepts(struct str folded)
{
    static const struct str concepts[] = {S0("chu tri"),   S0("phoi hop"), S0("nhiem vu"), S0("noi dung"),
                                          S0("thoi gian"), S0("san pham"), S0("ket qua"),  S0("chi tieu"),
                                          S0("don vi"),    S0("tien do"),  S0("thoi han"), S0("hoan thanh"),
                                          S0("cong viec"), S0("theo doi")};
    unsigned n = 0;
    for (size_t i = 0; i < sizeof concepts / sizeof *concepts; i++)
        n += str_has(folded, concepts[i]);
    return n;
}

/* Words of the header with no column's gap between them are one column's. */
static void add_header_word(struct table *t, const struct pdf_word *w)
{
    float gap = 0.45f * t->height;
    struct column c = {.x0 = w->x0, .x1 = w->x1};
    for (size_t i = 0; i < t->n;) {
        if (t->columns[i].x0 > c.x1 + gap || t->columns[i].x1 < c.x0 - gap) {
            i++;
            continue;
        }
        c.x0 = fminf(c.x0, t->columns[i].x0);
        c.x1 = fmaxf(c.x1, t->columns[i].x1);
        t->columns[i] = t->columns[--t->n];
    }
    if (t->n < COLUMNS_MAX)
        t->columns[t->n++] = c;
}

static int by_left(const void *a, const void *b)
{
    const struct column *x = a, *y = b;
    return (x->x0 > y->x0) - (x->x0 < y->x0);
}

static bool find_header(struct table *t)
{
    struct arena *a = t->b->c->arena;
    const struct pdf_line *v = t->text->v;
    t->height = v[t->first].y1 - v[t->first].y0;
    struct out words;
    size_t end = t->first;
    for (; end < t->text->n && end - t->first < HEADER_LINES && v[end].page == v[t->first].page; end++) {
        bool near = end == t->first || v[end].y0 - v[end - 1].y1 < 0.8f * t->height;
        /* "1 2 3 4" below a header may be its last line or the first row; a number alone is a row. */
        if (!near || !is_header_line(a, &v[end]) ||
            (v[end].n == 1 && end > t->first && v[end].words[0].text.p[0] <= '9'))
            break;
        for (size_t i = 0; i < v[end].n; i++)
            add_header_word(t, &v[end].words[i]);
    }
    if (t->n < 3 || end == t->first)
        return false;
    qsort(t->columns, t->n, sizeof *t->columns, by_left);
    out_init(&words, a, 1 << 16);
    for (size_t k = 0; k < t->n; k++) {
        for (size_t i = t->first; i < end; i++)
            for (size_t j = 0; j < v[i].n; j++)
                if (v[i].words[j].x0 >= t->columns[k].x0 - 0.1f && v[i].words[j].x1 <= t->columns[k].x1 + 0.1f) {
                    out_put(&words, v[i].words[j].text);
                    out_char(&words, ' ');
                }
        out_put(&words, S("| "));
    }
    t->header_end = end;
    return count_concepts(viet_fold_text(a, out_str(&words))) >= 2;
}

/* The columns. */

static size_t column_of(const struct table *t, const struct pdf_word *w)
{
    float middle = pdf_middle(w->x0, w->x1);
    size_t i = 0;
    while (i + 1 < t->n && middle >= t->columns[i].to)
        i++;
    return i;
}

static bool straddles(const struct table *t, const struct pdf_line *line)
{
    for (size_t i = 0; i < line->n; i++) {
        const struct pdf_word *w = &line->words[i];
        for (size_t k = 0; k + 1 < t->n; k++) {
            float edge = t->columns[k].to;
            bool across = w->x0 < edge - 1 && w->x1 > edge + 1;
            bool runs_over = i + 1 < line->n && w->x1 <= edge + 1 && line->words[i + 1].x0 >= edge - 1 &&
                             line->words[i + 1].x0 - w->x1 < 0.3f * t->height;
            if (across || runs_over)
                return true;
        }
    }
    return false;
}

/* Where between two headers' middles the fewest words of the lines [from, to) stand, and of such places the widest. */
static float best_edge(const struct table *t, size_t k, size_t from, size_t to)
{
    float left = pdf_middle(t->columns[k].x0, t->columns[k].x1),
          right = pdf_middle(t->columns[k + 1].x0, t->columns[k + 1].x1);
    enum { STEPS = 200 };
    unsigned crossed[STEPS + 1] = {0};
    float step = (right - left) / STEPS;
    for (size_t i = t->first; i < to; i++) {
        const struct pdf_line *line = &t->text->v[i];
        if (line->drop || (i >= t->header_end && i < from))
            continue;
        unsigned weight = i < t->header_end ? 1000 : 1;
        for (size_t j = 0; j < line->n; j++) {
            int a = (int)floorf((line->words[j].x0 - 1 - left) / step),
                b = (int)ceilf((line->words[j].x1 + 1 - left) / step);
            for (int s = a < 0 ? 0 : a; s <= b && s <= STEPS; s++)
                crossed[s] += weight;
        }
    }
    unsigned least = ~0u;
    for (int s = 0; s <= STEPS; s++)
        least = crossed[s] < least ? crossed[s] : least;
    int best = 0, width = 0;
    for (int s = 0, run = 0; s <= STEPS; s++) {
        run = crossed[s] == least ? run + 1 : 0;
        if (run > width) {
            width = run;
            best = s - run / 2;
        }
    }
    return left + step * (float)best;
}

static bool is_tabular(const struct table *t, const struct pdf_line *line)
{
    if (straddles(t, line))
        return false;
    size_t first = column_of(t, &line->words[0]);
    for (size_t i = 1; i < line->n; i++)
        if (column_of(t, &line->words[i]) != first)
            return true;
    return false;
}

static bool repeats_header(const struct table *t, size_t at)
{
    const struct pdf_line *line = &t->text->v[at];
    for (size_t i = t->first; i < t->header_end; i++) {
        const struct pdf_line *h = &t->text->v[i];
        bool same = h->n == line->n;
        for (size_t j = 0; j < h->n && same; j++)
            same = str_eq(h->words[j].text, line->words[j].text) && fabsf(h->words[j].x0 - line->words[j].x0) < 3;
        if (same)
            return true;
    }
    return false;
}

static void set_edges(struct table *t, size_t to)
{
    for (size_t k = 0; k + 1 < t->n; k++)
        t->columns[k].to = best_edge(t, k, t->header_end, to);
}

/* The table goes on as long as lines in columns come back; text across the columns may be a group's title between. */
static void find_end(struct table *t)
{
    const struct pdf_text *text = t->text;
    size_t strangers = 0, end = t->header_end;
    for (size_t i = t->header_end; i < text->n && strangers < STRANGERS_MAX; i++) {
        const struct pdf_line *line = &text->v[i];
        if (line->drop)
            continue;
        if (is_tabular(t, line) || repeats_header(t, i)) {
            end = i + 1;
            strangers = 0;
        } else if (straddles(t, line) || line->x0 < t->columns[0].x0 - 3 * t->height) {
            strangers++;
        }
    }
    /* The last row's longest cell may go on alone. */
    while (end < text->n && end > t->header_end && text->v[end].page == text->v[end - 1].page &&
           text->v[end].y0 - text->v[end - 1].y1 < 0.35f * t->height && !straddles(t, &text->v[end]) &&
           column_of(t, &text->v[end].words[0]) > 0)
        end++;
    t->end = end;
}

/* The rows. */

static enum err end_row(struct table *t)
{
    if (!t->cells)
        return OK;
    struct arena *a = t->b->c->arena;
    for (size_t i = 0; i < t->n; i++) {
        struct str text = plain_text(a, str_dup(a, out_str(&t->texts[i])));
        t->cells[i] = (struct cell){.text = resolve_inline(a, text, true).text, .line = t->row_line, .columns = 1};
    }
    struct block block = {
        .kind = BLOCK_ROW, .line = t->row_line, .table = t->b->tables, .cells = t->cells, .n_cells = t->n};
    t->cells = NULL;
    return builder_add(t->b, block);
}

static enum err begin_row(struct table *t, unsigned line)
{
    TRY(end_row(t));
    t->cells = NEWN(t->b->c->arena, struct cell, t->n);
    t->row_line = line;
    for (size_t i = 0; i < t->n; i++)
        t->texts[i].n = 0;
    return OK;
}

static enum err put_words(struct table *t, const struct pdf_line *line)
{
    size_t before = SIZE_MAX;
    if (!t->cells)
        TRY(begin_row(t, line->line));
    for (size_t i = 0; i < line->n; i++) {
        size_t k = column_of(t, &line->words[i]);
        struct str text = line->words[i].text;
        bool bullet = k != before && (str_eq(text, S("-")) || str_eq(text, S("+")) || str_eq(text, S("•")));
        if (t->texts[k].n)
            out_char(&t->texts[k], bullet ? '\n' : ' ');
        out_put(&t->texts[k], text);
        before = k;
    }
    return OK;
}

/* The title of a group of rows: its number, if it has one, and its words across the other columns. */
static enum err add_group(struct table *t, const struct pdf_line *line)
{
    TRY(end_row(t));
    struct arena *a = t->b->c->arena;
    bool numbered = line->n > 1 && line->words[0].x1 <= t->columns[0].to &&
                    line->words[1].x0 - line->words[0].x1 > 0.3f * t->height;
    struct cell *cells = NEWN(a, struct cell, 2);
    cells[0] = (struct cell){.text = plain_text(a, pdf_join(a, line->words, numbered ? 1 : line->n)),
                             .line = line->line,
                             .columns = numbered ? 1 : (unsigned)t->n};
    cells[1] = (struct cell){.text = plain_text(a, pdf_join(a, line->words + 1, numbered ? line->n - 1 : 0)),
                             .line = line->line,
                             .columns = (unsigned)t->n - 1};
    return builder_add(
        t->b,
        (struct block){
            .kind = BLOCK_ROW, .line = line->line, .table = t->b->tables, .cells = cells, .n_cells = numbered ? 2 : 1});
}

static bool has_number(const struct table *t, const struct pdf_line *line)
{
    if (column_of(t, &line->words[0]) != 0)
        return false;
    char c = line->words[0].text.p[0];
    return (c >= '0' && c <= '9') || outline_length(line->words[0].text) || (c && strchr("IVX", c)) ||
           (line->words[0].text.n <= 2 && c >= 'a' && c <= 'z');
}

static bool plain_row_line(const struct table *t, size_t i)
{
    const struct pdf_line *line = &t->text->v[i];
    return !line->drop && !straddles(t, line) && !repeats_header(t, i);
}

/* The number of the row that line `i` belongs to, if numbers stand in the middle: the first row from `i` reaches as far
 * below its number as above it. Gives the line after the row. */
static size_t centred_end(const struct table *t, size_t i)
{
    const struct pdf_line *v = t->text->v;
    float top = v[i].y0;
    size_t number = i;
    while (number < t->end && v[number].page == v[i].page && plain_row_line(t, number) && !has_number(t, &v[number]))
        number++;
    if (number == t->end || v[number].page != v[i].page || !plain_row_line(t, number))
        return number;
    float bottom = pdf_middle(v[number].words[0].y0, v[number].words[0].y1) * 2 - top;
    size_t end = number + 1;
    while (end < t->end && v[end].page == v[i].page && plain_row_line(t, end) && !has_number(t, &v[end]) &&
           v[end].y1 <= bottom + 0.3f * t->height)
        end++;
    return end;
}

/* At the top of a page the end of a row may stand, before the next number: its lines are those above the widest gap.
 * Gives the line after them, `i` if there are none. */
static size_t carried_end(const struct table *t, size_t i)
{
    const struct pdf_line *v = t->text->v;
    float widest = -INFINITY, narrowest = INFINITY;
    size_t end = i;
    for (size_t k = i;
         k + 1 < t->end && v[k + 1].page == v[i].page && plain_row_line(t, k + 1) && !has_number(t, &v[k]); k++) {
        float gap = v[k + 1].y0 - v[k].y1;
        narrowest = fminf(narrowest, gap);
        if (gap > widest) {
            widest = gap;
            end = k + 1;
        }
    }
    return widest > narrowest + 0.08f * t->height ? end : i;
}

static enum err add_rows(struct table *t)
{
    const struct pdf_line *v = t->text->v;
    for (size_t i = t->header_end; i < t->end;) {
        if (v[i].drop || repeats_header(t, i)) {
            i++;
            continue;
        }
        if (straddles(t, &v[i])) {
            TRY(add_group(t, &v[i++]));
            continue;
        }
        if (!t->centred) {
            if (has_number(t, &v[i]))
                TRY(begin_row(t, v[i].line));
            TRY(put_words(t, &v[i++]));
            continue;
        }
        bool page_top = i > t->header_end && v[i - 1].page != v[i].page;
        for (size_t carried = page_top && t->cells ? carried_end(t, i) : i; i < carried; i++)
            TRY(put_words(t, &v[i]));
        size_t end = centred_end(t, i);
        bool numbered = false;
        for (size_t k = i; k < end; k++)
            numbered |= has_number(t, &v[k]);
        if (numbered)
            TRY(begin_row(t, v[i].line));
        for (; i < end; i++)
            TRY(put_words(t, &v[i]));
    }
    return end_row(t);
}

/* Text above the first number, under the header: so numbers stand in the middle. */
static bool judge_centred(const struct table *t)
{
    for (size_t i = t->header_end; i < t->end; i++) {
        if (!plain_row_line(t, i))
            continue;
        if (has_number(t, &t->text->v[i]))
            return false;
        size_t next = i + 1;
        while (next < t->end && plain_row_line(t, next) && !has_number(t, &t->text->v[next]))
            next++;
        return next < t->end && plain_row_line(t, next);
    }
    return false;
}

enum err pdf_table(struct builder *b, const struct pdf_text *text, size_t at, size_t *ret_next)
{
    struct arena *a = b->c->arena;
    *ret_next = at;
    if (text->v[at].drop || !is_header_line(a, &text->v[at]))
        return OK;
    struct table t = {.b = b, .text = text, .first = at};
    if (!find_header(&t))
        return OK;
    /* First from the lines just below, then, once the end is known, from all of them. */
    set_edges(&t, t.header_end + 12 < text->n ? t.header_end + 12 : text->n);
    find_end(&t);
    if (t.end == t.header_end)
        return OK;
    set_edges(&t, t.end);
    t.centred = judge_centred(&t);
    t.texts = NEWN(a, struct out, t.n);
    for (size_t i = 0; i < t.n; i++)
        out_init(&t.texts[i], a, DOCUMENT_TEXT_BYTES);
    b->tables++;
    TRY(begin_row(&t, text->v[at].line));
    for (size_t i = t.first; i < t.header_end; i++)
        TRY(put_words(&t, &text->v[i]));
    TRY(end_row(&t));
    TRY(add_rows(&t));
    *ret_next = t.end;
    return OK;
}
