#include "document/chart/svg.h"

#include <math.h>
#include <stdlib.h>

#include "base/banned.h"

struct style {
    const char *class, *attributes;
};
#define FILL(colour)         "fill=\"" colour "\""
#define STROKE(colour, wide) "fill=\"none\" stroke=\"" colour "\" stroke-width=\"" wide "\""
#define SERIES(colour, dash) STROKE(colour, "2") " stroke-linejoin=\"round\" stroke-dasharray=\"" dash "\""
#define MARK(colour)         FILL(colour) " font-weight=\"600\""
#define OPEN(colour)         FILL("#ffffff") " stroke=\"" colour "\" stroke-width=\"1.5\" vector-effect=\"non-scaling-stroke\""

/* The attributes are the light colours of the style sheet; a document is printed on white. */
static const struct style styles[LOOK_COUNT] = {
    [LOOK_TEXT] = {NULL, NULL},
    [LOOK_STRONG] = {"strong", FILL("#17212b") " font-weight=\"600\""},
    [LOOK_NAME] = {"strong",
                   FILL("#17212b") " font-weight=\"600\" font-size=\"14\" stroke=\"#ffffff\" stroke-width=\"3\" "
                                   "stroke-linejoin=\"round\" paint-order=\"stroke\""},
    [LOOK_GRID] = {"grid", STROKE("#d5dbe1", "1")},
    [LOOK_AXIS] = {"axis", STROKE("#56636f", "1")},
    [LOOK_PATH] = {"path", STROKE("#56636f", "1.5") " stroke-dasharray=\"2 4\" stroke-linecap=\"round\""},
    [LOOK_TARGET] = {"target", STROKE("#17212b", "1.5")},
    [LOOK_TARGET_BAND] = {"target-band", FILL("#eceff2")},
    [LOOK_VAL] = {"val", STROKE("#0b3d7a", "2.5") " stroke-linejoin=\"round\" stroke-linecap=\"round\""},
    [LOOK_DOT] = {"dot", FILL("#0b3d7a") " stroke=\"#ffffff\" stroke-width=\"1.5\""},
    [LOOK_DOT_SMALL] = {"dot dot--s", FILL("#0b3d7a")},
    [LOOK_DOT_PROV] = {"dot dot--prov", FILL("#ffffff") " stroke=\"#0b3d7a\" stroke-width=\"2\""},
    [LOOK_TREND] = {"trend", STROKE("#3f76b5", "1.75") " stroke-dasharray=\"6 4\""},
    [LOOK_BAND] = {"band", FILL("#d5e2f2")},
    [LOOK_BAND2] = {"band2", FILL("#d5e2f2") " opacity=\"0.55\""},
    [LOOK_LV] = {"lv", FILL("#0b3d7a") " font-weight=\"600\""},
    [LOOK_LT] = {"lt", FILL("#3f76b5") " font-weight=\"600\""},
    [LOOK_LP] = {"lp", FILL("#56636f")},
    [LOOK_LEAD] = {"lead", STROKE("#56636f", "1")},
    [LOOK_HIT] = {"hit", FILL("none")},
    [LOOK_Q1] = {"q1", FILL("#e4edf7")},
    [LOOK_Q1 + 1] = {"q2", FILL("#b9d0ea")},
    [LOOK_Q1 + 2] = {"q3", FILL("#7fa8d6")},
    [LOOK_Q1 + 3] = {"q4", FILL("#3f76b5")},
    [LOOK_Q5] = {"q5", FILL("#0b3d7a")},
    [LOOK_H0] = {"h0", FILL("#f5f7f9")},
    [LOOK_H0 + 1] = {"h1", FILL("#fbe3de")},
    [LOOK_H0 + 2] = {"h2", FILL("#f3b5aa")},
    [LOOK_H0 + 3] = {"h3", FILL("#e27a6a")},
    [LOOK_H4] = {"h4", FILL("#9c1b14")},
    [LOOK_ON] = {"on", FILL("#17212b")},
    [LOOK_INV] = {"inv", FILL("#ffffff")},
    [LOOK_MISSING] = {"missing", "stroke=\"#75828f\""},
    [LOOK_AREA] = {"area", FILL("#f5f7f9") " stroke=\"#75828f\""},
    [LOOK_HATCH_B] = {"hatch-b", FILL("#ffffff")},
    [LOOK_HATCH_L] = {"hatch-l", STROKE("#75828f", "1.5")},
    [LOOK_CHOSEN] = {"picked", STROKE("#17212b", "2.2")},
    [LOOK_BAR] = {"beam", FILL("#3f76b5")},
    [LOOK_BAR_SELF] = {"beam beam--self", FILL("#0b3d7a")},
    [LOOK_SWARM] = {NULL, FILL("#3f76b5") " fill-opacity=\"0.75\" stroke=\"#ffffff\" stroke-width=\"0.75\""},
    [LOOK_SWARM_LO] = {"lo", FILL("#b42318") " stroke=\"#ffffff\" stroke-width=\"0.75\""},
    [LOOK_SWARM_SELF] = {"self", FILL("#0b3d7a") " stroke=\"#17212b\" stroke-width=\"2\""},
    [LOOK_PACE_BASE] = {"base", STROKE("#d8dee5", "6")},
    [LOOK_PACE_GOT] = {"got", STROKE("#0b3d7a", "6")},
    [LOOK_PACE_NOW] = {"now", STROKE("#17212b", "2")},
    [LOOK_PACE_END] = {"end", STROKE("#4b5a69", "1.5")},
    [LOOK_S1] = {"ser s1", SERIES("#0b3d7a", "none")},
    [LOOK_S1 + 1] = {"ser s2", SERIES("#7a4b9d", "7 3")},
    [LOOK_S1 + 2] = {"ser s3", SERIES("#0d7480", "none")},
    [LOOK_S1 + 3] = {"ser s4", SERIES("#56636f", "2 3")},
    [LOOK_S1 + 4] = {"ser s5", SERIES("#4a86c8", "9 3 2 3")},
    [LOOK_S6] = {"ser s6", SERIES("#a13d74", "4 3")},
    [LOOK_M1] = {"mk s1", MARK("#0b3d7a")},
    [LOOK_M1 + 1] = {"mk s2", MARK("#7a4b9d")},
    [LOOK_M1 + 2] = {"mk s3", MARK("#0d7480")},
    [LOOK_M1 + 3] = {"mk s4", MARK("#56636f")},
    [LOOK_M1 + 4] = {"mk s5", MARK("#4a86c8")},
    [LOOK_M6] = {"mk s6", MARK("#a13d74")},
    [LOOK_P1] = {"mk mk--prov s1", OPEN("#0b3d7a")},
    [LOOK_P1 + 1] = {"mk mk--prov s2", OPEN("#7a4b9d")},
    [LOOK_P1 + 2] = {"mk mk--prov s3", OPEN("#0d7480")},
    [LOOK_P1 + 3] = {"mk mk--prov s4", OPEN("#56636f")},
    [LOOK_P1 + 4] = {"mk mk--prov s5", OPEN("#4a86c8")},
    [LOOK_P6] = {"mk mk--prov s6", OPEN("#a13d74")},
};

void svg_look(const struct svg *s, enum look look)
{
    const struct style *style = &styles[look];
    if (s->f->standalone) {
        if (style->attributes)
            out_fmt(s->o, " %s", style->attributes);
    } else if (style->class) {
        out_fmt(s->o, " class=\"%s\"", style->class);
    }
}

/* What no XML may hold (control characters, U+FFFE and U+FFFF) becomes a blank. */
void svg_esc(struct out *o, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        struct str as;
        size_t took = 1;
        if (c == '&')
            as = S("&amp;");
        else if (c == '<')
            as = S("&lt;");
        else if (c == '>')
            as = S("&gt;");
        else if (c == '"')
            as = S("&quot;");
        else if (c == '\'')
            as = S("&#39;");
        else if (c < 0x20 || c == 0x7f)
            as = S(" ");
        else if (c == 0xef && i + 2 < text.n && (unsigned char)text.p[i + 1] == 0xbf &&
                 (unsigned char)text.p[i + 2] >= 0xbe) {
            as = S(" ");
            took = 3;
        } else
            continue;
        out_put(o, str_slice(text, from, i));
        out_put(o, as);
        i += took - 1;
        from = i + 1;
    }
    out_put(o, str_skip(text, from));
}

void svg_n(struct out *o, double v)
{
    int64_t tenths = (int64_t)llround(clamp(v, -1e9, 1e9) * 10);
    if (tenths < 0) {
        out_char(o, '-');
        tenths = -tenths;
    }
    out_i64(o, tenths / 10);
    if (tenths % 10) {
        out_char(o, '.');
        out_char(o, (char)('0' + tenths % 10));
    }
}

static void attribute(struct out *o, const char *name, double v)
{
    out_fmt(o, " %s=\"", name);
    svg_n(o, v);
    out_char(o, '"');
}

static void id_of(const struct svg *s, char part)
{
    svg_esc(s->o, s->f->id);
    out_char(s->o, '-');
    out_char(s->o, part);
}

/* Up to the view box, which the caller closes. */
static void open_tag(const struct svg *s, const char *classes, double x, double y, double w, double h)
{
    struct out *o = s->o;
    out_put(o, S("<svg"));
    if (s->f->standalone) {
        out_put(o, S(" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"'Be Vietnam Pro', 'Liberation Sans', Arial, "
                     "sans-serif\" font-size=\"12\" fill=\"#4b5a69\""));
        attribute(o, "width", w);
        attribute(o, "height", h);
    } else
        out_fmt(o, " class=\"%s\"", classes);
    out_put(o, S(" viewBox=\""));
    const double box[4] = {x, y, w, h};
    for (int i = 0; i < 4; i++) {
        if (i)
            out_char(o, ' ');
        svg_n(o, box[i]);
    }
    out_put(o, S("\""));
}

void svg_open(struct svg *s, const char *classes, double x, double y, double w, double h, bool links)
{
    struct out *o = s->o;
    const struct chart_frame *f = s->f;
    open_tag(s, classes, x, y, w, h);
    out_put(o,
            links && !f->standalone ? S(" role=\"group\" aria-labelledby=\"") : S(" role=\"img\" aria-labelledby=\""));
    id_of(s, 't');
    if (f->desc.n) {
        out_char(o, ' ');
        id_of(s, 'd');
    }
    out_put(o, S("\"><title id=\""));
    id_of(s, 't');
    out_put(o, S("\">"));
    svg_esc(o, f->title);
    out_put(o, S("</title>"));
    if (f->desc.n) {
        out_put(o, S("<desc id=\""));
        id_of(s, 'd');
        out_put(o, S("\">"));
        svg_esc(o, f->desc);
        out_put(o, S("</desc>"));
    }
}

void svg_open_small(struct svg *s, const char *classes, const char *more)
{
    open_tag(s, classes, 0, 0, s->w, s->h);
    out_fmt(s->o, "%s role=\"img\" aria-label=\"", more);
    svg_esc(s->o, s->f->title);
    out_put(s->o, S("\">"));
}

void svg_close(struct svg *s)
{
    out_put(s->o, S("</svg>"));
}

/* A path, a query, a fragment, http or https: nothing that a browser would run. */
bool svg_links(const struct svg *s, struct str href)
{
    if (s->f->standalone || !href.n)
        return false;
    if (str_starts(href, S("https://")) || str_starts(href, S("http://")))
        return true;
    for (size_t i = 0; i < href.n; i++) {
        unsigned char c = (unsigned char)href.p[i];
        if (c == '/' || c == '?' || c == '#')
            return true;
        if (c == ':' || c <= ' ')
            return false;
    }
    return true;
}

bool svg_begin(const struct svg *s, struct str label, struct str href, bool tab)
{
    struct out *o = s->o;
    if (svg_links(s, href)) {
        out_put(o, S("<a href=\""));
        svg_esc(o, href);
        out_put(o, S("\""));
        if (label.n) {
            out_put(o, S(" aria-label=\""));
            svg_esc(o, label);
            out_put(o, S("\""));
        }
        out_put(o, tab ? S(">") : S(" tabindex=\"-1\">"));
        return true;
    }
    if (!label.n)
        return false;
    out_put(o, S("<g>"));
    return true;
}

void svg_end(const struct svg *s, struct str href)
{
    out_put(s->o, svg_links(s, href) ? S("</a>") : S("</g>"));
}

void svg_title(const struct svg *s, struct str label)
{
    if (!label.n)
        return;
    out_put(s->o, S("<title>"));
    svg_esc(s->o, label);
    out_put(s->o, S("</title>"));
}

void svg_line(const struct svg *s, enum look look, double x1, double y1, double x2, double y2)
{
    struct out *o = s->o;
    out_put(o, S("<path"));
    svg_look(s, look);
    out_put(o, S(" d=\"M"));
    svg_n(o, x1);
    out_char(o, ' ');
    svg_n(o, y1);
    out_char(o, y1 == y2 ? 'H' : x1 == x2 ? 'V' : 'L');
    svg_n(o, y1 != y2 && x1 == x2 ? y2 : x2);
    if (y1 != y2 && x1 != x2) {
        out_char(o, ' ');
        svg_n(o, y2);
    }
    out_put(o, S("\"/>"));
}

void svg_rect(const struct svg *s, enum look look, double x, double y, double w, double h)
{
    out_put(s->o, S("<rect"));
    svg_look(s, look);
    if (look == LOOK_MISSING)
        svg_hatched(s);
    attribute(s->o, "x", x);
    attribute(s->o, "y", y);
    attribute(s->o, "width", w);
    attribute(s->o, "height", h);
    out_put(s->o, S("/>"));
}

void svg_circle(const struct svg *s, enum look look, double x, double y, double r)
{
    out_put(s->o, S("<circle"));
    svg_look(s, look);
    attribute(s->o, "cx", x);
    attribute(s->o, "cy", y);
    attribute(s->o, "r", r);
    out_put(s->o, S("/>"));
}

void svg_text(const struct svg *s, enum look look, double x, double y, enum anchor anchor, struct str text)
{
    struct out *o = s->o;
    out_put(o, S("<text"));
    svg_look(s, look);
    attribute(o, "x", x);
    attribute(o, "y", y);
    if (anchor)
        out_put(o, anchor == AT_MIDDLE ? S(" text-anchor=\"middle\"") : S(" text-anchor=\"end\""));
    out_put(o, S(">"));
    svg_esc(o, text);
    out_put(o, S("</text>"));
}

void svg_hatch(const struct svg *s)
{
    struct out *o = s->o;
    out_put(o, S("<defs><pattern id=\""));
    id_of(s, 'h');
    out_put(o, S("\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect"));
    svg_look(s, LOOK_HATCH_B);
    out_put(o, S(" width=\"6\" height=\"6\"/><path"));
    svg_look(s, LOOK_HATCH_L);
    out_put(o, S(" d=\"M0 0V6\"/></pattern></defs>"));
}

void svg_hatched(const struct svg *s)
{
    out_put(s->o, S(" fill=\"url(#"));
    id_of(s, 'h');
    out_put(s->o, S(")\""));
}

/* Advance widths of Be Vietnam Pro 400, in hundredths of the size, from the blank to '~'; figures at one width. */
static const unsigned char widths[] = {23, 28, 32, 81, 64, 85, 74, 18, 44, 44, 50, 61, 30, 61,  29, 50, 66, 66,  66,
                                       66, 66, 66, 66, 66, 66, 66, 29, 30, 56, 73, 56, 57, 100, 74, 67, 77, 73,  62,
                                       63, 78, 71, 26, 46, 68, 62, 85, 73, 83, 64, 82, 67, 63,  65, 72, 71, 100, 72,
                                       66, 66, 46, 48, 46, 56, 70, 20, 64, 65, 61, 65, 60, 39,  64, 58, 26, 27,  55,
                                       25, 89, 57, 64, 65, 65, 39, 51, 43, 57, 58, 87, 56, 58,  50, 43, 41, 43,  47};

static double rune_width(uint32_t rune)
{
    if (rune >= ' ' && rune <= '~')
        return widths[rune - ' '];
    if (rune == 0x128 || rune == 0x129 || rune == 0x1ec8 || rune == 0x1ec9 || rune == 0x1eca || rune == 0x1ecb)
        return 30;
    /* Vietnamese letters: capitals and small ones take turns in their blocks. */
    if ((rune >= 0x1ea0 && rune <= 0x1ef9) || (rune >= 0x100 && rune <= 0x1b0))
        return rune % 2 ? 64 : 78;
    return rune >= 0x2e80 ? 105 : 70;
}

double svg_width(struct str text, bool strong)
{
    double sum = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t rune = str_rune(text, &at);
        if (!rune)
            break;
        sum += rune_width(rune);
    }
    return sum * 0.12 * (strong ? 1.05 : 1.01);
}

struct str svg_fit(struct arena *a, struct str text, double width, bool strong)
{
    if (svg_width(text, strong) <= width)
        return text;
    double room = width / (strong ? 1.05 : 1.01) / 0.12 - 85, sum = 0;
    size_t keep = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t rune = str_rune(text, &at);
        if (!rune)
            break;
        sum += rune_width(rune);
        if (sum > room)
            break;
        keep = at;
    }
    return keep ? str_fmt(a, "%.*s…", ARGS(str_trim(str_slice(text, 0, keep)))) : S("");
}
