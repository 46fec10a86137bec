/* Any bytes as a document, and texts made of the pieces of plans, compiled with the catalogue of bodies: every address
 * of a task, target, duty or finding names a clause, and clauses stand in the order of the document; what has a list of
 * words says one of them; dates stand in order, figures fit their comparator, keys are unique, no body is named twice;
 * the same document gives the same JSON, in UTF-8. max_len=320 */
#include "fuzz/fuzz.h"

#include "base/emit.h"
#include "document/reader.h"
#include "domain/plan/plan.h"

#include "base/banned.h"

enum { PIECES_MAX = 100 }; /* a longer plan finds no more, and takes longer */

static struct str compose(struct arena *a, const uint8_t *data, size_t n)
{
    static const struct str pieces[] = {
        S0("\n"),
        S0("\n\n"),
        S0("\nI. MỤC TIÊU\n"),
        S0("\nII. NHIỆM VỤ, GIẢI PHÁP\n"),
        S0("\nIII. TỔ CHỨC THỰC HIỆN\n"),
        S0("\nIV. CÁC CHƯƠNG TRÌNH TRỌNG ĐIỂM\n"),
        S0("\nA. "),
        S0("\n1. "),
        S0("\n2. "),
        S0("\n3. "),
        S0("\n1.1. "),
        S0("\n1.2. "),
        S0("\n2.1. "),
        S0("\na) "),
        S0("\nb) "),
        S0("\n- "),
        S0("\n+ "),
        S0("\n* "),
        S0("\n# "),
        S0("\n## "),
        S0("\nĐiều 3. "),
        S0("\nPhụ lục I\n"),
        S0("\n(Kèm theo Kế hoạch)\n"),
        S0("\nKẾ HOẠCH\n"),
        S0("\nSố 05-KH/TU\n"),
        S0("\nNơi nhận:\n"),
        S0("\nTM. ỦY BAN NHÂN DÂN\n"),
        S0("\n- *Cơ quan chủ trì:* "),
        S0("\n- Cơ quan phối hợp: "),
        S0("\n- Thời gian thực hiện: "),
        S0("\nSản phẩm: "),
        S0("; thời gian: "),
        S0(" Chủ trì: "),
        S0("Kết quả: "),
        S0("Sở Tài chính"),
        S0("Sở Khoa học và Công nghệ"),
        S0("các sở, ban, ngành"),
        S0("Đảng ủy UBND tỉnh"),
        S0("Văn phòng Tỉnh ủy"),
        S0("UBND các xã, phường"),
        S0("Sở Không Có"),
        S0(", "),
        S0("; "),
        S0(" và "),
        S0(". "),
        S0(": "),
        S0(" chủ trì, phối hợp với "),
        S0("Giao "),
        S0("định kỳ 6 tháng, hằng năm báo cáo "),
        S0("thường xuyên"),
        S0("trước ngày 30/6/2026"),
        S0("quý II/2026"),
        S0("2026-2030"),
        S0("2030-2026"),
        S0("từ năm 2027"),
        S0("hằng năm"),
        S0("Đến năm 2030, "),
        S0("đạt trên 80%"),
        S0("ít nhất 5 doanh nghiệp"),
        S0("tăng 12%/năm"),
        S0("từ 30% lên 50%"),
        S0("xây dựng và đưa vào vận hành Quỹ đầu tư mạo hiểm"),
        S0("hoàn thành ban hành Đề án "),
        S0("Phấn đấu "),
        S0("phủ sóng 5G "),
        S0("giai đoạn 2026 - 2030, tầm nhìn đến năm 2045"),
        S0("Nghị quyết số 57-NQ/TW"),
        S0("\n\n| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian | Sản phẩm |\n|---|---|---|---|---|---|\n"),
        S0("\n\n| STT | Chỉ tiêu | Đơn vị | Năm 2027 | Năm 2030 |\n|---|---|---|---|---|\n"),
        S0("| I | Nhóm một | | | | |\n"),
        S0("| | Nhóm không số | | | | |\n"),
        S0("| 1 | Lập cổng | Sở Tài chính, Sở Nội vụ | nt | Quý II/2026 | Cổng |\n"),
        S0("| 2 | Hồ sơ trực tuyến | % | 80 | 90 |\n"),
        S0("| 1.1 | Chi tiết | | | | |\n"),
        S0("| a | Ý nhỏ | nt | | 2027 | |\n"),
        S0("| | tiếp theo | | | | |\n"),
        S0("| "),
        S0(" |"),
        S0("5"),
        S0("2027"),
        S0(" "),
        S0("nâng cao nhận thức ")};
    return fuzz_compose(a, data, n, pieces, sizeof pieces / sizeof *pieces);
}

/* --- what the description of a record promises --- */

static bool one_of(struct str s, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_cut(&rest, '|', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

static void check_record(const struct record *r, const void *row)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        const void *at = field_get(r, f, row);
        if (f->type == FIELD_TEXT) {
            const struct str *s = at;
            HOLDS(!s->p || str_is_utf8(*s, NULL));
            HOLDS(!f->required || s->n);
            HOLDS(!f->one_of || !s->p || one_of(*s, f->one_of));
        } else if (f->type == FIELD_TEXTS) {
            const struct strs *list = at;
            for (size_t k = 0; k < list->n; k++) {
                HOLDS(list->v[k].n && str_is_utf8(list->v[k], NULL));
                for (size_t other = 0; other < k; other++)
                    HOLDS(!str_eq(list->v[k], list->v[other]));
            }
        } else if (f->type == FIELD_RECORD) {
            check_record(f->of, at);
        } else if (f->type == FIELD_LIST) {
            const struct list *list = at;
            for (size_t k = 0; k < list->n; k++)
                check_record(f->of, (const char *)list->v + k * f->of->size);
        }
    }
}

/* --- addresses --- */

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct strs sorted_unique(struct str *v, size_t n)
{
    if (n)
        qsort(v, n, sizeof *v, by_text);
    for (size_t i = 1; i < n; i++)
        HOLDS(!str_eq(v[i - 1], v[i]));
    return (struct strs){v, n};
}

static bool named(struct strs paths, struct str path)
{
    return paths.n && bsearch(&path, paths.v, paths.n, sizeof path, by_text);
}

static void check_paths(struct ctx *c, const struct draft *d)
{
    struct str *v = NEWN(c->arena, struct str, d->clauses.n + 1);
    for (size_t i = 0; i < d->clauses.n; i++) {
        v[i] = d->clauses.v[i].path;
        HOLDS(d->clauses.v[i].line > 0 && (i == 0 || d->clauses.v[i].line >= d->clauses.v[i - 1].line));
    }
    struct strs paths = sorted_unique(v, d->clauses.n);
    for (size_t i = 0; i < d->tasks.n; i++)
        HOLDS(named(paths, d->tasks.v[i].path));
    for (size_t i = 0; i < d->programmes.n; i++)
        HOLDS(named(paths, d->programmes.v[i].path));
    for (size_t i = 0; i < d->duties.n; i++)
        HOLDS(named(paths, d->duties.v[i].path));
    for (size_t i = 0; i < d->findings.n; i++) {
        const struct finding *f = &d->findings.v[i];
        HOLDS(!f->path.n || named(paths, f->path));
        HOLDS(!f->other.n || named(paths, f->other));
    }
    struct str *keys = NEWN(c->arena, struct str, d->targets.n + 1);
    for (size_t i = 0; i < d->targets.n; i++) {
        HOLDS(named(paths, d->targets.v[i].path) && str_starts(d->targets.v[i].key, d->targets.v[i].path));
        keys[i] = d->targets.v[i].key;
    }
    sorted_unique(keys, d->targets.n);
}

/* --- dates and figures --- */

static bool in_order(int32_t start, int32_t due)
{
    return start == DAY_NONE || due == DAY_NONE || start <= due;
}

static void check_schedule(const struct schedule *s)
{
    HOLDS(s->kind.n && in_order(s->start, s->due));
    for (size_t i = 0; i < s->phases.n; i++)
        HOLDS(s->phases.v[i].kind.n && in_order(s->phases.v[i].start, s->phases.v[i].due));
}

static void check_target(const struct target *t)
{
    bool low = !isnan(t->low), high = !isnan(t->high);
    if (str_eq(t->measure, S("state")))
        HOLDS(!t->comparator.p && !low && !high);
    else if (one_of(t->comparator, "ge|gt|eq"))
        HOLDS(low && !high);
    else if (one_of(t->comparator, "le|lt"))
        HOLDS(!low && high);
    else
        HOLDS(str_eq(t->comparator, S("range")) && low && high && t->low <= t->high);
    HOLDS(!str_eq(t->measure, S("rank")) || str_eq(t->comparator, S("le")));
    HOLDS(!t->by.p || (t->by.n == 4 && (t->by.p[0] == '1' || t->by.p[0] == '2')));
    HOLDS(t->text.n > 0 && t->line > 0);
}

static void check_draft(struct ctx *c, const struct draft *d)
{
    check_record(&draft_record, d);
    check_paths(c, d);
    for (size_t i = 0; i < d->tasks.n; i++)
        check_schedule(&d->tasks.v[i].schedule);
    for (size_t i = 0; i < d->programmes.n; i++)
        check_schedule(&d->programmes.v[i].schedule);
    for (size_t i = 0; i < d->duties.n; i++)
        check_schedule(&d->duties.v[i].schedule);
    for (size_t i = 0; i < d->targets.n; i++)
        check_target(&d->targets.v[i]);
    const struct plan_period *p = &d->period;
    HOLDS(!p->from.p || p->from.n == 4);
    HOLDS(!p->to.p || p->to.n == 4);
}

static struct str json_of(struct ctx *c, const struct draft *d)
{
    struct out o;
    struct emit e;
    out_init(&o, c->arena, SIZE_MAX);
    emit_init(&e, &o, EMIT_JSON);
    emit_record(&e, &draft_record, d);
    HOLDS(!o.failed && str_is_utf8(out_str(&o), NULL));
    return out_str(&o);
}

/* The catalogue that ships with the program, read once. */
static struct arena catalogue_arena;
static const struct org_catalogue *builtin(void)
{
    static const struct org_catalogue *catalogue;
    if (!catalogue) {
        struct ctx c = fuzz_ctx(&catalogue_arena);
        HOLDS(org_catalogue_builtin(&c, &catalogue) == OK);
    }
    return catalogue;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    uint8_t how = data[0];
    struct str content = {(const char *)data + 1, n - 1};
    if (how & 1)
        content = compose(&arena, data + 1, n - 1 < PIECES_MAX ? n - 1 : PIECES_MAX);
    struct document document;
    struct draft draft, again;
    if (document_parse_words(&c, content, how & 2 ? S("a.txt") : S("a.md"), S(""), &document) == OK &&
        plan_compile(&c, &document, how & 4 ? NULL : builtin(), &draft) == OK) {
        check_draft(&c, &draft);
        HOLDS(plan_compile(&c, &document, how & 4 ? NULL : builtin(), &again) == OK);
        HOLDS(str_eq(json_of(&c, &draft), json_of(&c, &again)));
    }
    arena_reset(&arena);
    return 0;
}
