#include "document/docx.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
    STYLES_MAX = 10000,
    SCHEMES_MAX = 10000,
    LISTS_MAX = 50000,
    CHAIN_MAX = 20,
    ID_MAX = 1 << 30,
    VALUE_MAX = 1 << 30
};

/* styles.xml */

struct style_reader {
    struct numbering *n;
    struct style style;
    bool open, run; /* inside w:style; inside its w:rPr */
    unsigned skip;  /* depth inside an element that tells of former properties */
};

static struct str keep(struct numbering *n, struct str s)
{
    return s.p ? str_dup(n->c->arena, s) : s;
}

static void style_property(struct style_reader *r, const struct xml_element *e)
{
    struct style *s = &r->style;
    if (str_eq(e->name, S("name")))
        s->name = keep(r->n, xml_attribute(e, "val"));
    else if (str_eq(e->name, S("basedOn")))
        s->based_on = keep(r->n, xml_attribute(e, "val"));
    else if (str_eq(e->name, S("outlineLvl")))
        s->outline = xml_number(e, "val", 9, NOT_SET);
    else if (str_eq(e->name, S("numId")))
        s->list = xml_number(e, "val", ID_MAX, NOT_SET);
    else if (str_eq(e->name, S("ilvl")))
        s->level = xml_number(e, "val", LEVELS - 1, NOT_SET);
    else if (r->run && str_eq(e->name, S("b")))
        s->bold = xml_is_on(e);
    else if (r->run && str_eq(e->name, S("i")))
        s->italic = xml_is_on(e);
}

static enum err style_start(void *arg, const struct xml_element *e)
{
    struct style_reader *r = arg;
    if (e->space != SPACE_WORD)
        return OK;
    /* Conditional formats of table styles and former properties are not the style's own. */
    if (r->skip || str_ends(e->name, S("PrChange")) || str_eq(e->name, S("tblStylePr"))) {
        r->skip++;
        return OK;
    }
    if (str_eq(e->name, S("style"))) {
        r->style = (struct style){.id = keep(r->n, xml_attribute(e, "styleId")),
                                  .outline = NOT_SET,
                                  .list = NOT_SET,
                                  .level = NOT_SET,
                                  .bold = NOT_SET,
                                  .italic = NOT_SET};
        r->open = true;
        if (str_eq(xml_attribute(e, "type"), S("paragraph")) && xml_attribute(e, "default").p &&
            !str_eq(xml_attribute(e, "default"), S("0")))
            r->n->default_style = r->style.id;
    } else if (str_eq(e->name, S("rPr"))) {
        r->run = true;
    } else if (r->open) {
        style_property(r, e);
    }
    return OK;
}

static enum err style_end(void *arg, const struct xml_element *e)
{
    struct style_reader *r = arg;
    if (e->space != SPACE_WORD)
        return OK;
    if (r->skip) {
        r->skip--;
    } else if (str_eq(e->name, S("rPr"))) {
        r->run = false;
    } else if (str_eq(e->name, S("style")) && r->open) {
        r->open = false;
        if (r->n->styles.n >= STYLES_MAX)
            return FAIL_AT(r->n->c, E_LIMIT, r->n->name, 0, "tệp Word có quá nhiều kiểu (too many styles)");
        *PUSH(r->n->c->arena, &r->n->styles) = r->style;
    }
    return OK;
}

static int compare_styles(const void *a, const void *b)
{
    return str_cmp(((const struct style *)a)->id, ((const struct style *)b)->id);
}

static const struct style *find_style(const struct numbering *n, struct str id)
{
    struct style key = {.id = id};
    return n->styles.n ? bsearch(&key, n->styles.v, n->styles.n, sizeof key, compare_styles) : NULL;
}

/* "heading 3", whatever the language of the program that wrote it: the built-in name is English in the file. */
static unsigned heading_by_name(struct str name)
{
    bool named = name.n == 9 && (str_starts(name, S("heading ")) || str_starts(name, S("Heading ")));
    return named && name.p[8] >= '1' && name.p[8] <= '9' ? (unsigned)(name.p[8] - '0') : 0;
}

struct style numbering_style(const struct numbering *n, struct str id, unsigned *ret_heading)
{
    struct style result = {.outline = NOT_SET, .list = NOT_SET, .level = NOT_SET, .bold = NOT_SET, .italic = NOT_SET};
    const struct style *s = find_style(n, id);
    unsigned heading = 0;
    if (s) {
        result.id = s->id;
        result.name = s->name;
    }
    for (unsigned hop = 0; s && hop < CHAIN_MAX; hop++, s = s->based_on.n ? find_style(n, s->based_on) : NULL) {
        if (!heading && result.outline == NOT_SET)
            heading = heading_by_name(s->name);
        result.outline = result.outline == NOT_SET ? s->outline : result.outline;
        if (result.list == NOT_SET && s->list != NOT_SET) {
            result.list = s->list;
            result.id = s->id; /* the level is tied to the style that brings the list */
        }
        result.level = result.level == NOT_SET ? s->level : result.level;
        result.bold = result.bold == NOT_SET ? s->bold : result.bold;
        result.italic = result.italic == NOT_SET ? s->italic : result.italic;
    }
    if (result.outline != NOT_SET)
        heading = result.outline < LEVELS ? (unsigned)result.outline + 1 : 0;
    *ret_heading = heading;
    return result;
}

/* numbering.xml */

struct list_reader {
    struct numbering *n;
    struct list_scheme *scheme;
    struct numbered_list *list;
    struct list_level *level;
    int at; /* the level of a w:lvlOverride */
};

static enum number_format format_of(struct str name)
{
    static const struct {
        struct str name;
        enum number_format format;
    } formats[] = {{S0("decimalZero"), NUMBER_ZERO},
                   {S0("upperRoman"), NUMBER_ROMAN},
                   {S0("lowerRoman"), NUMBER_ROMAN_SMALL},
                   {S0("upperLetter"), NUMBER_LETTER},
                   {S0("lowerLetter"), NUMBER_LETTER_SMALL},
                   {S0("bullet"), NUMBER_BULLET},
                   {S0("none"), NUMBER_NONE}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(formats[i].name, name))
            return formats[i].format;
    return NUMBER_DECIMAL;
}

static void begin_level(struct list_reader *r, const struct xml_element *e)
{
    int at = xml_number(e, "ilvl", LEVELS - 1, NOT_SET);
    r->level = NULL;
    if (at == NOT_SET)
        return;
    if (r->list)
        r->level = r->list->levels[at] = NEW(r->n->c->arena, struct list_level);
    else if (r->scheme)
        r->level = &r->scheme->levels[at];
    if (r->level)
        *r->level = (struct list_level){.defined = true, .start = 1, .restart = NOT_SET};
}

static void level_property(struct list_reader *r, const struct xml_element *e)
{
    struct list_level *level = r->level;
    if (str_eq(e->name, S("start")))
        level->start = xml_number(e, "val", VALUE_MAX, 1);
    else if (str_eq(e->name, S("numFmt")))
        level->format = format_of(xml_attribute(e, "val"));
    else if (str_eq(e->name, S("lvlText")))
        level->text = keep(r->n, str_slice(xml_attribute(e, "val"), 0, 200));
    else if (str_eq(e->name, S("lvlRestart")))
        level->restart = xml_number(e, "val", LEVELS, NOT_SET);
    else if (str_eq(e->name, S("isLgl")))
        level->legal = xml_is_on(e);
    else if (str_eq(e->name, S("pStyle")))
        level->style = keep(r->n, xml_attribute(e, "val"));
}

static enum err begin_list(struct list_reader *r, const struct xml_element *e)
{
    struct numbering *n = r->n;
    bool scheme = str_eq(e->name, S("abstractNum"));
    if (n->schemes.n >= SCHEMES_MAX || n->lists.n >= LISTS_MAX)
        return FAIL_AT(n->c, E_LIMIT, n->name, 0, "tệp Word có quá nhiều danh sách (too many lists)");
    r->level = NULL;
    r->scheme = NULL;
    r->list = NULL;
    if (scheme) {
        r->scheme = PUSH(n->c->arena, &n->schemes);
        *r->scheme = (struct list_scheme){.id = xml_number(e, "abstractNumId", ID_MAX, NOT_SET)};
    } else {
        r->list = PUSH(n->c->arena, &n->lists);
        *r->list = (struct numbered_list){.id = xml_number(e, "numId", ID_MAX, NOT_SET), .scheme = NOT_SET};
        for (int i = 0; i < LEVELS; i++)
            r->list->start[i] = NOT_SET;
    }
    return OK;
}

static enum err list_start(void *arg, const struct xml_element *e)
{
    struct list_reader *r = arg;
    if (e->space != SPACE_WORD)
        return OK;
    if (str_eq(e->name, S("abstractNum")) || str_eq(e->name, S("num")))
        return begin_list(r, e);
    if (str_eq(e->name, S("lvl")))
        begin_level(r, e);
    else if (str_eq(e->name, S("lvlOverride")))
        r->at = xml_number(e, "ilvl", LEVELS - 1, NOT_SET);
    else if (r->list && str_eq(e->name, S("abstractNumId")))
        r->list->scheme = xml_number(e, "val", ID_MAX, NOT_SET);
    else if (r->list && r->at != NOT_SET && str_eq(e->name, S("startOverride")))
        r->list->start[r->at] = xml_number(e, "val", VALUE_MAX, NOT_SET);
    else if (r->scheme && str_eq(e->name, S("numStyleLink")))
        r->scheme->style_link = keep(r->n, xml_attribute(e, "val"));
    else if (r->level)
        level_property(r, e);
    return OK;
}

static enum err list_end(void *arg, const struct xml_element *e)
{
    struct list_reader *r = arg;
    if (e->space != SPACE_WORD)
        return OK;
    if (str_eq(e->name, S("lvl")))
        r->level = NULL;
    else if (str_eq(e->name, S("lvlOverride")))
        r->at = NOT_SET;
    else if (str_eq(e->name, S("num")))
        r->list = NULL;
    else if (str_eq(e->name, S("abstractNum")))
        r->scheme = NULL;
    return OK;
}

static int compare_lists(const void *a, const void *b)
{
    int x = ((const struct numbered_list *)a)->id, y = ((const struct numbered_list *)b)->id;
    return (x > y) - (x < y);
}

static int compare_schemes(const void *a, const void *b)
{
    int x = ((const struct list_scheme *)a)->id, y = ((const struct list_scheme *)b)->id;
    return (x > y) - (x < y);
}

enum err numbering_read(struct package *p, struct numbering *ret)
{
    static const struct xml_handler of_styles = {style_start, style_end, NULL}, of_lists = {list_start, list_end, NULL};
    *ret = (struct numbering){.c = p->c, .name = p->name};
    out_init(&ret->label, p->c->arena, 4096);
    struct style_reader styles = {.n = ret};
    struct list_reader lists = {.n = ret, .at = NOT_SET};
    if (p->styles.n)
        TRY(package_read(p, p->styles, &of_styles, &styles));
    if (p->numbering.n)
        TRY(package_read(p, p->numbering, &of_lists, &lists));
    if (ret->styles.n)
        qsort(ret->styles.v, ret->styles.n, sizeof *ret->styles.v, compare_styles);
    if (ret->schemes.n)
        qsort(ret->schemes.v, ret->schemes.n, sizeof *ret->schemes.v, compare_schemes);
    if (ret->lists.n)
        qsort(ret->lists.v, ret->lists.n, sizeof *ret->lists.v, compare_lists);
    return OK;
}

/* Counting. */

static struct numbered_list *find_list(struct numbering *n, int id)
{
    struct numbered_list key = {.id = id};
    return n->lists.n ? bsearch(&key, n->lists.v, n->lists.n, sizeof key, compare_lists) : NULL;
}

static struct list_scheme *find_scheme(struct numbering *n, int id)
{
    struct list_scheme key = {.id = id};
    return n->schemes.n ? bsearch(&key, n->schemes.v, n->schemes.n, sizeof key, compare_schemes) : NULL;
}

static struct list_scheme *scheme_of(struct numbering *n, const struct numbered_list *list)
{
    struct list_scheme *scheme = find_scheme(n, list->scheme);
    if (!scheme || !scheme->style_link.n)
        return scheme;
    const struct style *style = find_style(n, scheme->style_link);
    const struct numbered_list *linked = style && style->list != NOT_SET ? find_list(n, style->list) : NULL;
    struct list_scheme *other = linked ? find_scheme(n, linked->scheme) : NULL;
    return other ? other : scheme;
}

static const struct list_level *level_of(const struct numbered_list *list, const struct list_scheme *scheme, int level)
{
    return list->levels[level] ? list->levels[level] : &scheme->levels[level];
}

static int start_of(const struct numbered_list *list, const struct list_scheme *scheme, int level)
{
    return list->start[level] != NOT_SET ? list->start[level] : level_of(list, scheme, level)->start;
}

static void put_roman(struct out *o, int value, bool small)
{
    static const struct {
        int value;
        struct str big, small;
    } digits[] = {{1000, S0("M"), S0("m")},  {900, S0("CM"), S0("cm")}, {500, S0("D"), S0("d")},
                  {400, S0("CD"), S0("cd")}, {100, S0("C"), S0("c")},   {90, S0("XC"), S0("xc")},
                  {50, S0("L"), S0("l")},    {40, S0("XL"), S0("xl")},  {10, S0("X"), S0("x")},
                  {9, S0("IX"), S0("ix")},   {5, S0("V"), S0("v")},     {4, S0("IV"), S0("iv")},
                  {1, S0("I"), S0("i")}};
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        for (; value >= digits[i].value; value -= digits[i].value)
            out_put(o, small ? digits[i].small : digits[i].big);
}

static void put_number(struct out *o, int value, enum number_format format)
{
    bool small = format == NUMBER_ROMAN_SMALL || format == NUMBER_LETTER_SMALL;
    if ((format == NUMBER_ROMAN || format == NUMBER_ROMAN_SMALL) && value > 0 && value < 4000) {
        put_roman(o, value, small);
    } else if ((format == NUMBER_LETTER || format == NUMBER_LETTER_SMALL) && value > 0 && value <= 26 * 30) {
        for (int i = 0; i <= (value - 1) / 26; i++)
            out_char(o, (char)((small ? 'a' : 'A') + (value - 1) % 26));
    } else if (format != NUMBER_NONE) {
        if (format == NUMBER_ZERO && value < 10)
            out_char(o, '0');
        out_i64(o, value);
    }
}

static struct str label(struct numbering *n, const struct numbered_list *list, const struct list_scheme *scheme,
                        int level)
{
    const struct list_level *own = level_of(list, scheme, level);
    if (own->format == NUMBER_BULLET)
        return str_eq(str_trim(own->text), S("+")) ? S("+") : S("-");
    struct out *o = &n->label;
    o->n = 0;
    for (size_t i = 0; i < own->text.n; i++) {
        char c = own->text.p[i], digit = i + 1 < own->text.n ? own->text.p[i + 1] : 0;
        if (c != '%' || digit < '1' || digit > '9') {
            out_char(o, c);
            continue;
        }
        int other = digit - '1';
        const struct list_level *of = level_of(list, scheme, other);
        int value = scheme->running[other] ? scheme->value[other] : start_of(list, scheme, other);
        put_number(o, value, own->legal && of->format != NUMBER_NONE ? NUMBER_DECIMAL : of->format);
        i++;
    }
    return str_dup(n->c->arena, str_trim(plain_text(n->c->arena, out_str(o))));
}

static int tied_level(const struct numbered_list *list, const struct list_scheme *scheme, struct str style)
{
    for (int i = 0; i < LEVELS && style.n; i++)
        if (str_eq(level_of(list, scheme, i)->style, style))
            return i;
    return 0;
}

struct str numbering_next(struct numbering *n, int id, int level, struct str style, unsigned *ret_level)
{
    struct numbered_list *list = find_list(n, id);
    struct list_scheme *scheme = list ? scheme_of(n, list) : NULL;
    *ret_level = 0;
    if (!scheme)
        return S("");
    if (level == NOT_SET)
        level = tied_level(list, scheme, style);
    if (!list->used) {
        list->used = true;
        for (int i = 0; i < LEVELS; i++)
            if (list->start[i] != NOT_SET)
                scheme->running[i] = false;
    }
    scheme->value[level] = scheme->running[level] ? scheme->value[level] + 1 : start_of(list, scheme, level);
    scheme->running[level] = true;
    for (int i = level + 1; i < LEVELS; i++) {
        int restart = level_of(list, scheme, i)->restart;
        if (level < (restart == NOT_SET ? i : restart))
            scheme->running[i] = false;
    }
    *ret_level = (unsigned)level;
    return label(n, list, scheme, level);
}
