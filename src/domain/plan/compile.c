#include "domain/plan/compile.h"

#include "base/viet.h"
#include "domain/plan/bodies.h"

#include <string.h>

#include "base/banned.h"

/* --- labels --- */

static void set_once(struct compiler *k, struct str *field, struct str value)
{
    enum { LONGEST = 32 << 10 }; /* of what stands under one label, in all */
    if (!value.n || field->n > LONGEST)
        return;
    *field = field->n ? str_fmt(k->c->arena, "%.*s; %.*s", ARGS(*field), ARGS(value)) : value;
}

/* The names of a label's value. A plan gives the same few values again and again, so what was read last is kept. */
static void take_names(struct compiler *k, struct str value, struct strs *ret)
{
    struct read_names *slot = NULL;
    for (size_t i = 0; i < NAMES_KEPT && !slot; i++)
        if (k->names[i].value.p && str_eq(k->names[i].value, value))
            slot = &k->names[i];
    if (!slot) {
        slot = &k->names[k->next_names++ % NAMES_KEPT];
        *slot = (struct read_names){.value = value};
        bodies_read(k->c, k->catalogue, value, &slot->names);
    }
    if (!ret->n)
        *ret = slot->names;
    else
        bodies_add(k->c, &slot->names, ret);
}

bool facts_take(struct compiler *k, struct facts *facts, const struct labelled *value)
{
    switch (value->label) {
    case LABEL_LEAD:
        facts->has_lead = true;
        take_names(k, value->text, &facts->lead);
        return true;
    case LABEL_COORDINATING:
        facts->has_coordinating = true;
        take_names(k, value->text, &facts->coordinating);
        return true;
    case LABEL_MONITOR:
        take_names(k, value->text, &facts->monitor);
        return true;
    case LABEL_TIME:
        facts->has_time = true;
        set_once(k, &facts->time, value->text);
        return true;
    case LABEL_PRODUCT:
        facts->has_product = true;
        set_once(k, &facts->product, value->text);
        return true;
    case LABEL_OBJECTIVE:
        facts->has_programme = true;
        set_once(k, &facts->objective, value->text);
        return true;
    case LABEL_DIRECTIONS:
        facts->has_programme = true;
        set_once(k, &facts->directions, value->text);
        return true;
    case LABEL_RESULTS:
        facts->has_programme = true;
        set_once(k, &facts->results, value->text);
        return true;
    case LABEL_NOTE:
    case LABEL_STATUS:
        set_once(k, &facts->note, value->text);
        return true;
    default:
        return false;
    }
}

static bool is_work_label(enum label label)
{
    return label == LABEL_LEAD || label == LABEL_COORDINATING || label == LABEL_TIME || label == LABEL_MONITOR;
}

static struct item *item_of(const struct node *n)
{
    return n->item;
}

static struct node *owner_of_label(struct node *n)
{
    while (n->parent && (n->marker.kind == MARKER_DASH || n->is_label))
        n = n->parent;
    return n;
}

/* Split every paragraph at its labels. Work labels always count; "Mục tiêu:", "Kết quả:" and the like only beside them,
 * which the second round knows. */
static void read_labels(struct compiler *k, bool second)
{
    for (size_t i = 0; i < k->outline.n; i++) {
        struct node *n = k->outline.nodes[i];
        struct node *owner = owner_of_label(n);
        for (size_t p = 0; p < n->paragraphs.n; p++) {
            struct labelled_list parts;
            label_split(k->c, n->paragraphs.v[p].text, &parts);
            for (size_t q = 0; q < parts.n; q++) {
                enum label label = parts.v[q].label;
                if (label == LABEL_NONE)
                    continue;
                bool work = is_work_label(label);
                if (work != !second || (second && !item_of(owner)->labelled))
                    continue;
                struct item *item = item_of(owner->parent ? owner : n);
                facts_take(k, &item->facts, &parts.v[q]);
                if (work && !item->labelled) {
                    item->labelled = true;
                    k->labelled++;
                }
                if (q == 0 && n->marker.kind == MARKER_DASH)
                    n->is_label = true;
            }
        }
    }
}

/* Labels that follow the letters of a clause belong to the clause that the letters detail, not to the last letter. */
static void lift_labels(struct compiler *k)
{
    for (size_t i = 0; i < k->outline.n; i++) {
        struct node *n = k->outline.nodes[i], *up = n->parent;
        if (n->marker.kind != MARKER_LETTER || n->next || !item_of(n)->labelled || !up->parent ||
            item_of(up)->labelled || up->child == n)
            continue;
        bool alone = true;
        for (struct node *s = up->child; s != n; s = s->next)
            alone &= !item_of(s)->labelled;
        if (!alone)
            continue;
        item_of(up)->facts = item_of(n)->facts;
        item_of(up)->labelled = true;
        item_of(n)->facts = (struct facts){0};
        item_of(n)->labelled = false;
    }
}

/* The clause's own words: what stands before the labels of each paragraph. */
static void read_body(struct compiler *k, struct node *n)
{
    struct item *item = item_of(n);
    struct {
        struct str *v;
        size_t n, cap;
    } parts = {0};
    for (size_t p = 0; p < n->paragraphs.n; p++) {
        struct str text = n->paragraphs.v[p].text;
        if (item->labelled) {
            struct labelled_list split;
            label_split(k->c, text, &split);
            bool taken = false;
            for (size_t q = 0; q < split.n; q++)
                taken |= split.v[q].label != LABEL_NONE;
            if (taken)
                text = split.n && split.v[0].label == LABEL_NONE ? split.v[0].text : S("");
        }
        if (text.n)
            *PUSH(k->c->arena, &parts) = text;
    }
    item->body = parts.n == 1 ? parts.v[0] : str_join(k->c->arena, parts.v, parts.n, S("\n"));
}

/* --- sections --- */

static bool has_any(struct str f, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(f, str_of(words[i])))
            return true;
    return false;
}
#define HAS(f, ...)                                                                                                    \
    has_any((f), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool starts_any(struct str f, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(f, str_of(words[i])))
            return true;
    return false;
}
#define STARTS(f, ...)                                                                                                 \
    starts_any((f), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static enum section section_of_heading(struct str f, bool top)
{
    if (STARTS(f, "cac chuong trinh", "chuong trinh trong diem", "nhung chuong trinh") ||
        HAS(f, "chuong trinh trong diem"))
        return SECTION_PROGRAMME;
    if (STARTS(f, "to chuc thuc hien", "trach nhiem", "phan cong trach nhiem", "kinh phi", "che do bao cao",
               "che do thong tin", "kiem tra, giam sat", "co che thong tin", "thong tin, bao cao",
               "cong tac thong tin, bao cao"))
        return SECTION_DUTY;
    if (STARTS(f, "muc dich", "quan diem", "yeu cau", "phuong cham", "nguyen tac", "pham vi", "doi tuong", "can cu",
               "boi canh", "thuc trang", "danh gia", "ket qua dat duoc", "ton tai", "han che", "dac diem", "tinh hinh",
               "su can thiet")) {
        if (STARTS(f, "quan diem") && HAS(f, "muc tieu"))
            return SECTION_TARGET;
        return SECTION_PURPOSE;
    }
    if (STARTS(f, "muc tieu", "chi tieu", "tam nhin", "cac chi tieu", "he thong chi tieu", "cac muc tieu",
               "bieu chi tieu", "bo chi tieu", "danh muc chi tieu"))
        return HAS(f, "nhiem vu") && top ? SECTION_TASK : SECTION_TARGET;
    if (STARTS(f, "nhiem vu", "cac nhiem vu", "giai phap", "noi dung", "danh muc nhiem vu", "nhom nhiem vu",
               "phan cong nhiem vu", "phan cong thuc hien", "ke hoach hanh dong", "bang phan cong", "mot so nhiem vu",
               "tien do"))
        return SECTION_TASK;
    if (!top)
        return SECTION_NONE;
    if (HAS(f, "to chuc thuc hien", "trach nhiem"))
        return SECTION_DUTY;
    if (HAS(f, "nhiem vu", "giai phap", "noi dung thuc hien", "noi dung cong viec", "cong viec trong tam", "hoat dong"))
        return SECTION_TASK;
    if (HAS(f, "muc tieu", "chi tieu"))
        return SECTION_TARGET;
    if (HAS(f, "muc dich", "yeu cau", "quan diem"))
        return SECTION_PURPOSE;
    return SECTION_NONE;
}

static bool is_top(const struct node *n)
{
    return n->marker.kind < MARKER_NUMBER || !n->parent->parent;
}

static bool names_holder(struct compiler *k, const struct node *n, struct str *ret)
{
    struct str title = n->title.n ? n->title : S("");
    if (!title.n || title.n > 200)
        return false;
    struct folded f = viet_fold(k->c->arena, title);
    static const char *const openers[] = {
        "trach nhiem cua ", "nhiem vu cua ", "nhiem vu giao ",          "giao ",
        "doi voi ",         "de nghi ",      "phan cong nhiem vu cho ", "cac nhiem vu giao "};
    size_t from = 0;
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (str_starts(f.s, str_of(openers[i]))) {
            from = strlen(openers[i]);
            break;
        }
    struct str name = folded_original(&f, from, f.s.n);
    bool opener = from > 0;
    struct str lower = viet_fold_text(k->c->arena, name);
    if (!(opener && n->marker.kind >= MARKER_NUMBER && !HAS(lower, "thuc hien", "xay dung")) &&
        !bodies_is_name(k->c, k->catalogue, name))
        return false;
    *ret = name;
    return true;
}

static void read_sections(struct compiler *k)
{
    for (size_t i = 0; i < k->outline.n; i++) {
        struct node *n = k->outline.nodes[i];
        struct item *item = item_of(n), *above = n->parent->parent ? item_of(n->parent) : NULL;
        item->section = above ? above->section : SECTION_NONE;
        item->holder = above ? above->holder : (struct str){NULL, 0};
        struct str own;
        if (n->is_heading && names_holder(k, n, &own))
            item->holder = own;
        struct str title = n->title.n ? n->title : n->child && n->paragraphs.n ? n->paragraphs.v[0].text : S("");
        if (!title.n || (!n->is_heading && !n->child) || n->marker.kind == MARKER_DASH)
            continue;
        struct str f = viet_fold_text(k->c->arena, title);
        bool top = is_top(n);
        enum section found = section_of_heading(f, top);
        bool inside_work = item->section == SECTION_TASK || item->section == SECTION_PROGRAMME;
        if (found == SECTION_NONE || (item->section == SECTION_DUTY && !top) ||
            (inside_work && !top && found != SECTION_TARGET))
            continue;
        if (inside_work && item->labelled)
            continue;
        item->section = found;
    }
    for (size_t i = 0; i < k->outline.n; i++)
        k->has_task_section |= item_of(k->outline.nodes[i])->section == SECTION_TASK;
}

struct str heading_year(struct compiler *k, const struct node *n)
{
    for (; n && n->parent; n = n->parent) {
        struct str words = n->title.n ? n->title : S("");
        struct folded f = viet_fold(k->c->arena, words);
        for (size_t at = 0; (at = str_find(f.s, S("nam "), at)) != SIZE_MAX; at += 4) {
            size_t year = at + 4;
            bool digits = year + 4 <= f.s.n;
            for (size_t i = 0; digits && i < 4; i++)
                digits = f.s.p[year + i] >= '0' && f.s.p[year + i] <= '9';
            if (digits && f.s.p[year] == '2')
                return folded_original(&f, year, year + 4);
        }
        for (size_t at = 0; (at = str_find(f.s, S("giai doan 20"), at)) != SIZE_MAX; at++) {
            size_t dash = str_find(f.s, S("-"), at);
            size_t year = dash == SIZE_MAX ? SIZE_MAX : str_find(f.s, S("20"), dash);
            if (year != SIZE_MAX && year - dash < 3 && year + 4 <= f.s.n)
                return folded_original(&f, year, year + 4);
        }
    }
    return (struct str){NULL, 0};
}

/* --- tasks --- */

struct str short_title(struct ctx *c, struct str text)
{
    enum { TITLE_MAX = 200 };
    size_t end = text.n;
    for (size_t i = 0; i + 1 < text.n; i++)
        if ((text.p[i] == '.' && text.p[i + 1] == ' ') || text.p[i] == '\n' || text.p[i] == ';') {
            end = i;
            break;
        }
    struct str s = str_trim(str_slice(text, 0, end));
    while (s.n && strchr(".;:,", s.p[s.n - 1]))
        s.n--;
    if (s.n <= TITLE_MAX)
        return s;
    size_t cut = TITLE_MAX;
    while (cut > TITLE_MAX / 2 && s.p[cut] != ',')
        cut--;
    if (cut <= TITLE_MAX / 2)
        for (cut = TITLE_MAX; cut > 0 && s.p[cut] != ' ';)
            cut--;
    return str_fmt(c->arena, "%.*s …", ARGS(str_trim(str_slice(s, 0, cut))));
}

/* A named document that a task is to bring out: "Đề án phát triển …", "danh mục các bài toán …". */
static struct str product_in(struct compiler *k, struct str text, struct str time)
{
    struct str sources[] = {time, text};
    static const char *const nouns[] = {"danh muc", "de an",    "ke hoach",  "chuong trinh", "nghi quyet", "quyet dinh",
                                        "quy che",  "quy dinh", "bo chi so", "bao cao",      "quy hoach"};
    for (size_t s = 0; s < 2; s++) {
        struct folded f = viet_fold(k->c->arena, sources[s]);
        size_t end = str_find(f.s, S(". "), 0);
        if (end == SIZE_MAX)
            end = f.s.n;
        static const char *const verbs[] = {"ban hanh ",
                                            "xay dung ",
                                            "xay dung va trien khai hieu qua ",
                                            "xay dung, trien khai ",
                                            "xay dung va trien khai ",
                                            "xay dung, ban hanh ",
                                            "trinh ban hanh ",
                                            "hoan thanh ban hanh ",
                                            "tham muu ban hanh ",
                                            "lap "};
        struct str best = {NULL, 0};
        for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++) {
            size_t at = str_find(f.s, str_of(verbs[v]), 0);
            if (at == SIZE_MAX || at > 60 || at >= end)
                continue;
            at += strlen(verbs[v]);
            for (size_t w = 0; w < sizeof nouns / sizeof *nouns; w++) {
                if (!str_starts(str_skip(f.s, at), str_of(nouns[w])))
                    continue;
                size_t stop = end;
                static const char *const stops[] = {
                    ";",          " va to chuc trien khai", " truoc thang",  " truoc ngay", " nham ", ", nham",
                    ", gop phan", " de dat hang",           " theo quy dinh"};
                for (size_t q = 0; q < sizeof stops / sizeof *stops; q++) {
                    size_t hit = str_find(f.s, str_of(stops[q]), at);
                    if (hit != SIZE_MAX && hit < stop)
                        stop = hit;
                }
                best = str_trim(folded_original(&f, at, stop));
            }
        }
        while (best.n && strchr(".,", best.p[best.n - 1]))
            best.n--;
        /* "Đề án" alone, in the line on time, is named in full by the task's own words. */
        if (best.n > 12)
            return viet_capital(k->c->arena, best);
    }
    return (struct str){NULL, 0};
}

static struct str with_details(struct compiler *k, const struct node *n)
{
    struct item *item = item_of(n);
    struct {
        struct str *v;
        size_t n, cap;
    } parts = {0};
    if (item->body.n)
        *PUSH(k->c->arena, &parts) = item->body;
    else if (n->title.n)
        *PUSH(k->c->arena, &parts) = n->title;
    for (const struct node *child = n->child; child; child = child->next)
        if (!child->is_label && child->paragraphs.n)
            *PUSH(k->c->arena, &parts) = item_of(child)->body;
    return parts.n == 1 ? parts.v[0] : str_join(k->c->arena, parts.v, parts.n, S("\n"));
}

static struct str due_year(struct compiler *k, const struct schedule *s)
{
    if (s->due == DAY_NONE || str_eq(s->kind, S("yearly")))
        return k->draft->period.to;
    char text[DAY_TEXT];
    bool last_only = s->phases.n > 1;
    struct str day = day_text(s->due, text);
    return last_only ? k->draft->period.to : str_dup(k->c->arena, str_slice(day, 0, 4));
}

static void make_task(struct compiler *k, struct node *n, bool programme)
{
    struct ctx *c = k->c;
    struct item *item = item_of(n);
    struct facts *facts = &item->facts;
    struct task t = {.path = n->path, .line = n->line};
    t.text = with_details(k, n);
    t.title = n->title.n ? n->title : short_title(c, t.text);
    t.lead = facts->lead;
    t.coordinating = facts->coordinating;
    t.monitor = facts->monitor;
    if (!facts->has_lead) {
        bodies_in_sentence(c, k->catalogue, t.text, &t.lead, &t.coordinating);
        if (!t.lead.n && item->holder.p)
            bodies_read(c, k->catalogue, item->holder, &t.lead);
        struct str subject = t.lead.n ? (struct str){NULL, 0} : bodies_subject(c, k->catalogue, t.text);
        if (subject.p)
            bodies_read(c, k->catalogue, subject, &t.lead);
    }
    if (t.lead.n == BODIES_MAX || t.coordinating.n == BODIES_MAX)
        add_finding(c, k->draft, "too_many_bodies", n->path, "error", n->line,
                    "Kể từ %d cơ quan trở lên; những tên sau đó không được đọc",
                    "%d bodies or more are listed; the names after these were not read", BODIES_MAX);
    struct str time = facts->time;
    if (!facts->has_time)
        schedule_find(c, t.text, &time);
    schedule_read(c, time, k->year, &t.schedule);
    if (facts->product.n)
        t.product = facts->product;
    else if (facts->results.n && !programme)
        t.product = facts->results;
    else if (!programme)
        t.product = product_in(k, t.text, time);
    if (programme) {
        t.objective = facts->objective;
        t.directions = facts->directions;
        t.results = facts->results.n ? facts->results : facts->product;
        t.product = (struct str){NULL, 0};
    }
    *PUSH(c->arena, &k->draft->tasks) = t;
    if (programme) {
        k->draft->tasks.n--;
        *PUSH(c->arena, &k->draft->programmes) = t;
    }
    struct str by = due_year(k, &t.schedule);
    const struct str texts[] = {t.text, time, t.objective, t.directions, t.results, programme ? S("") : facts->product};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].n)
            compile_targets(k, n->path, texts[i], QUANTITY_TASK, by, n->line, false);
}

/* --- clauses --- */

static bool has_clause_child(const struct node *n)
{
    for (const struct node *child = n->child; child; child = child->next)
        if (!child->is_label && child->marker.kind != MARKER_DASH)
            return true;
    return false;
}

static bool has_dash_child(const struct node *n)
{
    for (const struct node *child = n->child; child; child = child->next)
        if (!child->is_label && child->marker.kind == MARKER_DASH)
            return true;
    return false;
}

static bool inside_item(const struct node *n)
{
    for (n = n->parent; n->parent; n = n->parent)
        if (item_of(n)->clause &&
            (str_eq(item_of(n)->clause->kind, S("task")) || str_eq(item_of(n)->clause->kind, S("programme"))))
            return true;
    return false;
}

static bool sibling_labelled(const struct node *n)
{
    for (const struct node *s = n->parent->child; s; s = s->next)
        if (item_of(s)->labelled && s->marker.kind == n->marker.kind)
            return true;
    return false;
}

static bool has_read_table(struct compiler *k, const struct node *n)
{
    for (size_t i = 0; i < n->tables.n; i++)
        if (compile_table_is_read(k, n->tables.v[i]))
            return true;
    return false;
}

/* A clause of the part on tasks that states no lead or time by label: is it a task of its own? */
static bool is_bare_task(struct compiler *k, const struct node *n)
{
    if (has_clause_child(n) || n->is_label || inside_item(n))
        return false;
    bool dash = n->marker.kind == MARKER_DASH;
    if (k->labelled >= 3)
        return !dash && sibling_labelled(n);
    if (dash)
        return n->parent->parent && (n->parent->is_heading || n->parent->title.n);
    /* A heading over dashes or a table is no task; its dashes or rows are. */
    if ((n->is_heading && (has_dash_child(n) || n->tables.n)) || has_read_table(k, n))
        return false;
    return n->paragraphs.n || n->title.n;
}

static const char *kind_of(struct compiler *k, struct node *n)
{
    struct item *item = item_of(n);
    bool programme =
        item->section == SECTION_PROGRAMME || (item->facts.has_programme && item->labelled &&
                                               str_starts(viet_fold_text(k->c->arena, n->title), S("chuong trinh")));
    if (item->labelled && !item->labelled_below && !n->is_label && !inside_item(n))
        return programme ? "programme" : "task";
    if (item->section == SECTION_TASK && is_bare_task(k, n))
        return "task";
    if (item->section == SECTION_NONE && !k->has_task_section && k->labelled < 3 && !has_clause_child(n) &&
        n->paragraphs.n && !inside_item(n)) {
        struct strs lead = {0}, helpers = {0};
        bodies_in_sentence(k->c, k->catalogue, item->body, &lead, &helpers);
        if (lead.n || item->holder.p)
            return "task";
    }
    bool leaf = !has_clause_child(n) && (!has_dash_child(n) || !n->is_heading);
    if (n->is_heading && !item->body.n && (has_clause_child(n) || has_dash_child(n) || n->tables.n))
        return "heading";
    if (item->section == SECTION_TARGET)
        return leaf || item->body.n ? "target" : "heading";
    if (item->section == SECTION_PURPOSE)
        return "purpose";
    if (item->section == SECTION_DUTY && !inside_item(n)) {
        bool detail = n->marker.kind == MARKER_DASH && !n->parent->is_heading && n->parent->parent;
        return detail ? "text" : leaf ? "duty" : "heading";
    }
    return n->is_heading && has_clause_child(n) ? "heading" : "text";
}

static void compile_clause(struct compiler *k, struct node *n)
{
    struct ctx *c = k->c;
    struct item *item = item_of(n);
    if (n->is_label)
        return;
    const char *kind = kind_of(k, n);
    struct clause *clause = PUSH(c->arena, &k->draft->clauses);
    *clause =
        (struct clause){n->path, str_of(kind), n->title.n ? n->title : short_title(c, item->body), item->body, n->line};
    /* The list may move as it grows: the item keeps a copy of its own. */
    item->clause = NEW(c->arena, struct clause);
    *item->clause = *clause;
    if (n->repeated)
        add_finding(c, k->draft, "repeated_number", n->path, "warning", n->line,
                    "Số thứ tự bị lặp lại; mục này tạm mang địa chỉ %.*s",
                    "The number comes twice; this clause goes by %.*s for now", ARGS(n->path));
    if (strcmp(kind, "task") == 0 || strcmp(kind, "programme") == 0) {
        make_task(k, n, kind[0] == 'p');
    } else if (strcmp(kind, "target") == 0) {
        struct str by = heading_year(k, n), title = viet_fold_text(c->arena, n->title);
        bool general = HAS(title, "tong quat", "muc tieu chung", "quan diem");
        compile_targets(k, n->path, item->body.n ? item->body : n->title, QUANTITY_TARGET,
                        by.p ? by : k->draft->period.to, n->line, !general);
    } else if (strcmp(kind, "duty") == 0) {
        compile_duty(k, n, with_details(k, n), item->holder);
    }
    for (size_t i = 0; i < n->tables.n; i++)
        compile_table(k, n->tables.v[i], n);
}

struct unknown_names {
    struct strs seen;
    size_t cap;
    struct str last; /* the name told or found last: clauses in a row share theirs */
};

/* A name that the catalogue does not know is told once, with the clause where it stands first. */
static void tell_unknown(struct ctx *c, struct draft *draft, const struct org_catalogue *catalogue,
                         struct unknown_names *u, struct str name, struct str path, int64_t line)
{
    enum { UNKNOWN_MAX = 500 };
    if (!name.n || u->seen.n >= UNKNOWN_MAX || name.p == u->last.p ||
        org_resolve(catalogue, c, name).kind != ORG_UNKNOWN) {
        u->last = name;
        return;
    }
    struct str folded = viet_fold_text(c->arena, name);
    if (STARTS(folded, "cac ", "toan the ", "tat ca ", "mot so "))
        return; /* a group in the document's own words */
    for (size_t i = 0; i < u->seen.n; i++)
        if (str_eq(u->seen.v[i], folded))
            return;
    struct {
        struct str *v;
        size_t n, cap;
    } list = {u->seen.v, u->seen.n, u->cap};
    *PUSH(c->arena, &list) = folded;
    u->seen = (struct strs){list.v, list.n};
    u->cap = list.cap;
    add_finding(c, draft, "unknown_body", path, "info", line,
                "\"%.*s\" không có trong danh mục cơ quan, đơn vị; cần bổ sung vào danh mục hoặc sửa tên",
                "\"%.*s\" is not in the list of bodies; add it there or mend the name", ARGS(name));
}

void tell_unknown_bodies(struct ctx *c, struct draft *d, const struct org_catalogue *catalogue)
{
    if (!catalogue)
        return;
    struct unknown_names u = {0};
    for (size_t i = 0; i < d->tasks.n + d->programmes.n; i++) {
        const struct task *t = i < d->tasks.n ? &d->tasks.v[i] : &d->programmes.v[i - d->tasks.n];
        const struct strs *lists[] = {&t->lead, &t->coordinating, &t->monitor};
        for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
            for (size_t n = 0; n < lists[l]->n; n++)
                tell_unknown(c, d, catalogue, &u, lists[l]->v[n], t->path, t->line);
    }
    for (size_t i = 0; i < d->targets.n; i++)
        for (size_t n = 0; n < d->targets.v[i].monitor.n; n++)
            tell_unknown(c, d, catalogue, &u, d->targets.v[i].monitor.v[n], d->targets.v[i].path, d->targets.v[i].line);
}

/* A plan without a stated first year starts with its earliest schedule; without a last year it ends with the latest. */
static void complete_period(struct compiler *k)
{
    struct plan_period *p = &k->draft->period;
    int32_t first = DAY_NONE, last = DAY_NONE;
    for (size_t i = 0; i < k->draft->tasks.n + k->draft->programmes.n; i++) {
        const struct task *t =
            i < k->draft->tasks.n ? &k->draft->tasks.v[i] : &k->draft->programmes.v[i - k->draft->tasks.n];
        int32_t start = t->schedule.start != DAY_NONE ? t->schedule.start : t->schedule.due, due = t->schedule.due;
        if (start != DAY_NONE && (first == DAY_NONE || start < first))
            first = start;
        if (due != DAY_NONE && (last == DAY_NONE || due > last))
            last = due;
    }
    char text[DAY_TEXT];
    if (!p->from.p && first != DAY_NONE)
        p->from = str_dup(k->c->arena, str_slice(day_text(first, text), 0, 4));
    if (!p->from.p && k->year)
        p->from = str_fmt(k->c->arena, "%d", k->year);
    if (!p->to.p && last != DAY_NONE)
        p->to = str_dup(k->c->arena, str_slice(day_text(last, text), 0, 4));
    for (size_t i = 0; i < k->draft->targets.n; i++)
        if (!k->draft->targets.v[i].by.p)
            k->draft->targets.v[i].by = p->to;
}

static uint64_t hash_of(struct str s)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h ^ (h >> 29);
}

static size_t slot_of(const struct path_set *set, struct str path)
{
    size_t i = hash_of(path) & (set->size - 1);
    while (set->slots[i].p && !str_eq(set->slots[i], path))
        i = (i + 1) & (set->size - 1);
    return i;
}

bool path_is_taken(const struct compiler *k, struct str path)
{
    return k->paths.size && k->paths.slots[slot_of(&k->paths, path)].p;
}

bool path_take(struct compiler *k, struct str path)
{
    struct path_set *set = &k->paths;
    if (set->n * 2 >= set->size) {
        struct path_set grown = {.size = set->size ? set->size * 2 : 1024, .n = set->n};
        grown.slots = NEWN(k->c->arena, struct str, grown.size);
        for (size_t i = 0; i < set->size; i++)
            if (set->slots[i].p)
                grown.slots[slot_of(&grown, set->slots[i])] = set->slots[i];
        *set = grown;
    }
    size_t slot = slot_of(set, path);
    if (set->slots[slot].p)
        return false;
    set->slots[slot] = path;
    set->n++;
    return true;
}

/* Every clause and row in the order of the document: tables that hang on no clause stand before the first or after the
 * signature. */
static void compile_clauses(struct compiler *k)
{
    struct node *root = k->outline.root;
    size_t table = 0;
    for (size_t i = 0; i <= k->outline.n; i++) {
        for (; table < root->tables.n; table++) {
            const struct table_rows *rows = &k->tables[root->tables.v[table]];
            if (i < k->outline.n && rows->v[0]->line > k->outline.nodes[i]->line)
                break;
            compile_table(k, root->tables.v[table], root);
        }
        if (i < k->outline.n)
            compile_clause(k, k->outline.nodes[i]);
    }
}

enum err plan_compile(struct ctx *c, const struct document *document, const struct org_catalogue *catalogue,
                      struct draft *ret)
{
    struct draft draft = {0};
    struct compiler k = {.c = c, .document = document, .catalogue = catalogue, .draft = &draft};
    TRY(outline_read(c, document, &k.outline));
    if (!k.outline.n && !k.outline.root->tables.n)
        return FAIL_AT(c, E_INVALID, document->name, 1,
                       "không thấy mục hay bảng nào trong văn bản; đây có phải là kế hoạch không? (no numbered clause "
                       "and no table found)");
    k.outline.root->item = NEW(c->arena, struct item);
    for (size_t i = 0; i < k.outline.n; i++) {
        k.outline.nodes[i]->item = NEW(c->arena, struct item);
        path_take(&k, k.outline.nodes[i]->path);
    }
    compile_tables_index(&k);
    compile_head(&k);
    read_labels(&k, false);
    read_labels(&k, true);
    lift_labels(&k);
    for (size_t i = k.outline.n; i-- > 0;) {
        struct node *n = k.outline.nodes[i];
        read_body(&k, n);
        for (struct node *up = n->parent; item_of(n)->labelled && up->parent && !item_of(up)->labelled_below;
             up = up->parent)
            item_of(up)->labelled_below = true;
    }
    read_sections(&k);
    compile_clauses(&k);
    complete_period(&k);
    compile_target_keys(&k);
    tell_unknown_bodies(c, &draft, catalogue);
    if (!draft.title.n && !draft.tasks.n && !draft.targets.n && !draft.duties.n)
        return FAIL_AT(c, E_INVALID, document->name, 1,
                       "không nhận ra tiêu đề, nhiệm vụ hay chỉ tiêu nào (no title, task or target recognised)");
    *ret = draft;
    plan_lint(c, ret);
    return OK;
}
