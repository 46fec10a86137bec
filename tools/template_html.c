/* Where in the HTML a template stands. The grammar is narrower than HTML's: what a browser would mend is refused. */
#include "tools/template.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { DEPTH_MAX = 200 };

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == '\f';
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static bool is_name_char(char ch)
{
    return is_letter(ch) || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == ':' || ch == '.';
}

static char at(const struct maker *m, size_t i)
{
    return i < m->text.n ? m->text.p[i] : 0;
}

static bool same(struct str s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static bool ends(struct str s, const char *word)
{
    size_t n = strlen(word);
    return s.n >= n && same(str_skip(s, s.n - n), word);
}

static bool is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (same(s, *words))
            return true;
    return false;
}

static const char *const void_elements[] = {"area", "br",   "col",   "hr",  "img", "input",
                                            "link", "meta", "track", "wbr", NULL};
/* Their content is another language, another page, or changes attributes behind our back. */
static const char *const refused_elements[] = {
    "style", "iframe",    "object",   "embed",         "applet",        "frame",       "frameset", "base",   "xmp",
    "set",   "plaintext", "noframes", "animate",       "animatemotion", "listing",     "noembed",  "portal", "math",
    "param", "basefont",  "marquee",  "foreignobject", "noscript",      "fencedframe", "template", NULL};
/* Closed by "/>" in SVG, where they have no content. */
static const char *const svg_elements[] = {"path", "circle",  "rect",     "line",    "g",
                                           "use",  "ellipse", "polyline", "polygon", "stop",
                                           "text", "tspan",   "image",    "symbol",  NULL};
static const char *const refused_attributes[] = {"style", "srcdoc", "http-equiv", NULL};
static const char *const fixed_attributes[] = {"srcset", "imagesrcset",   "sandbox", "is",
                                               "nonce",  "attributename", NULL};
static const char *const address_endings[] = {"href", "src", "action", "-url", NULL};
static const char *const address_attributes[] = {"cite",      "poster",      "ping",    "background", "manifest",
                                                 "data",      "hx-get",      "hx-post", "hx-put",     "hx-patch",
                                                 "hx-delete", "sse-connect", NULL};

static void put(struct maker *m, size_t from, size_t to)
{
    out_put(&m->fixed, str_slice(m->text, from, to));
}

static struct str innermost(const struct maker *m)
{
    return m->open.n ? m->open.v[m->open.n - 1].name : S("");
}

static bool is_inside(const struct maker *m, const char *name)
{
    for (size_t i = m->open.n; i-- > 0;)
        if (same(m->open.v[i].name, name))
            return true;
    return false;
}

/* --- text -------------------------------------------------------------------------------------------------------- */

/* A run of blanks is one; the indentation of a line that holds nothing but a {% %} or {# #} is none. */
static void take_blanks(struct maker *m, bool keep)
{
    size_t from = m->at, to = from;
    while (to < m->text.n && is_blank(at(m, to)))
        to++;
    m->at = to;
    size_t kept = to;
    if (template_is_own_line(m, to))
        while (kept > from && at(m, kept - 1) != '\n')
            kept--;
    if (keep) {
        put(m, from, kept);
        return;
    }
    if (kept == from || (m->fixed.n && is_blank(m->fixed.p[m->fixed.n - 1])))
        return;
    if (!m->has_output && !m->fixed.n && !m->blocks.n)
        return;
    out_char(&m->fixed, memchr(m->text.p + from, '\n', kept - from) ? '\n' : ' ');
}

static enum err push_element(struct maker *m)
{
    if (m->open.n == DEPTH_MAX)
        return REFUSE(m, m->at, "elements nested more than %d deep", DEPTH_MAX);
    *PUSH(m->c->arena, &m->open) = (struct element){m->place.tag, template_line(m, m->at)};
    return OK;
}

/* "</name>", and what may not be ended here. */
static enum err take_end_tag(struct maker *m)
{
    size_t from = m->at, to = from + 2;
    while (is_name_char(at(m, to)))
        to++;
    struct str name = str_slice(m->text, from + 2, to);
    while (is_blank(at(m, to)))
        to++;
    if (!name.n || at(m, to) != '>')
        return REFUSE(m, from, "write an end tag as </name>");
    if (is_one_of(name, void_elements))
        return REFUSE(m, from, "<%.*s> has no end tag", ARGS(name));
    if (m->open.n == 0)
        return REFUSE(m, from, "</%.*s> ends what was not begun", ARGS(name));
    const struct element *e = &m->open.v[m->open.n - 1];
    if (!str_eq(e->name, name))
        return REFUSE(m, from, "</%.*s> where <%.*s> of line %u is open", ARGS(name), ARGS(e->name), e->line);
    if (m->blocks.n && m->open.n <= m->blocks.v[m->blocks.n - 1].depth)
        return REFUSE(m, from, "</%.*s> ends what was begun before the { of line %u", ARGS(name),
                      m->blocks.v[m->blocks.n - 1].line);
    out_put(&m->fixed, S("</"));
    out_put(&m->fixed, name);
    out_char(&m->fixed, '>');
    m->open.n--;
    m->at = to + 1;
    m->place = (struct place){.kind = IN_TEXT};
    return OK;
}

static enum err take_declaration(struct maker *m)
{
    struct str rest = str_skip(m->text, m->at);
    if (str_starts(rest, S("<!--")))
        return REFUSE(m, m->at, "this comment would be sent to readers: write {# … #}");
    static const char doctype[] = "<!doctype html>";
    if (!same(str_slice(rest, 0, sizeof doctype - 1), doctype))
        return REFUSE(m, m->at, "'<!' begins nothing but <!doctype html>");
    out_put(&m->fixed, S("<!doctype html>"));
    m->at += sizeof doctype - 1;
    return OK;
}

static enum err take_tag(struct maker *m)
{
    size_t from = m->at, to = from + 1;
    if (at(m, to) == '/')
        return take_end_tag(m);
    if (at(m, to) == '!')
        return take_declaration(m);
    if (!is_letter(at(m, to)))
        return REFUSE(m, from, "'<' in text is written &lt;%s",
                      template_is_piece(m, to) ? "; the name of a tag cannot be a value" : "");
    while (is_name_char(at(m, to)))
        to++;
    struct str name = str_slice(m->text, from + 1, to);
    if (is_one_of(name, refused_elements))
        return REFUSE(m, from, "<%.*s> has no place in a template", ARGS(name));
    put(m, from, to);
    m->at = to;
    m->place = (struct place){.kind = AFTER_IT, .tag = name};
    return OK;
}

static enum err take_text(struct maker *m)
{
    bool keep = is_inside(m, "pre");
    char ch = at(m, m->at);
    if (is_blank(ch)) {
        take_blanks(m, keep);
        return OK;
    }
    if (ch == '<')
        return take_tag(m);
    size_t from = m->at++;
    while (m->at < m->text.n && !is_blank(at(m, m->at)) && at(m, m->at) != '<' && !template_is_piece(m, m->at))
        m->at++;
    put(m, from, m->at);
    return OK;
}

static enum err take_raw(struct maker *m)
{
    if (is_blank(at(m, m->at))) {
        take_blanks(m, same(innermost(m), "textarea"));
        return OK;
    }
    if (at(m, m->at) == '<')
        return at(m, m->at + 1) == '/' ? take_end_tag(m)
                                       : REFUSE(m, m->at, "'<' in <%.*s> is written &lt;", ARGS(innermost(m)));
    put(m, m->at, m->at + 1);
    m->at++;
    return OK;
}

/* --- tags -------------------------------------------------------------------------------------------------------- */

/* A script comes from a file of ours: the content security policy lets no other run. */
static enum err take_script(struct maker *m)
{
    size_t to = m->at;
    while (is_blank(at(m, to)))
        to++;
    static const char end[] = "</script>";
    if (!same(str_slice(m->text, to, to + sizeof end - 1), end))
        return REFUSE(m, m->at, "nothing may stand in <script>: name a file with src=\"…\"");
    out_put(&m->fixed, S("</script>"));
    m->at = to + sizeof end - 1;
    m->place = (struct place){.kind = IN_TEXT};
    return OK;
}

/* A form that changes something carries the mark of the reader's session, so no template can leave it out. */
static bool is_sent(struct str tag)
{
    static const char method[] = "method=\"post\"";
    for (size_t i = 0; i + sizeof method - 1 <= tag.n; i++)
        if (same(str_slice(tag, i, i + sizeof method - 1), method))
            return true;
    return false;
}

static enum err end_of_tag(struct maker *m, bool closed)
{
    struct str tag = m->place.tag;
    out_put(&m->fixed, closed ? S("/>") : S(">"));
    m->at += closed ? 2 : 1;
    if (same(tag, "script"))
        return closed ? REFUSE(m, m->at - 2, "<script> is ended by </script>") : take_script(m);
    if (is_one_of(tag, void_elements) || closed) {
        m->place = (struct place){.kind = IN_TEXT};
        return OK;
    }
    TRY(push_element(m));
    if (same(tag, "form") && is_sent(str_slice(m->text, (size_t)(tag.p - m->text.p), m->at)))
        template_put_call(m, "html_form_mark");
    bool raw = same(tag, "title") || same(tag, "textarea");
    m->place = (struct place){.kind = raw ? IN_RAW : IN_TEXT};
    /* A browser drops a newline that follows these; one of ours saves that of a value. */
    if ((same(tag, "textarea") || same(tag, "pre")) && at(m, m->at) != '\n')
        out_char(&m->fixed, '\n');
    return OK;
}

static bool is_address(struct str attribute)
{
    for (const char *const *ending = address_endings; *ending; ending++)
        if (ends(attribute, *ending))
            return true;
    return is_one_of(attribute, address_attributes);
}

static enum err take_fixed_value(struct maker *m)
{
    size_t from = m->at, to = from;
    bool quoted = at(m, to) == '\'';
    to += quoted;
    while (to < m->text.n && (quoted ? at(m, to) != '\'' : !is_blank(at(m, to)) && at(m, to) != '>')) {
        if (template_is_piece(m, to))
            return REFUSE(m, to, "a value needs double quotes around the attribute: %.*s=\"…\"",
                          ARGS(m->place.attribute));
        if (!quoted && strchr("\"'<=`", at(m, to)))
            return REFUSE(m, to, "'%c' in a value without quotes", at(m, to));
        to++;
    }
    if (quoted && to == m->text.n)
        return REFUSE(m, from, "a quote that nothing closes");
    to += quoted;
    if (to == from)
        return REFUSE(m, from, "%.*s= without a value", ARGS(m->place.attribute));
    put(m, from, to);
    m->at = to;
    m->place.kind = AFTER_IT;
    return OK;
}

static enum err take_attribute(struct maker *m)
{
    size_t from = m->at, to = from;
    while (is_name_char(at(m, to)))
        to++;
    struct str name = str_slice(m->text, from, to);
    if (!name.n)
        return REFUSE(m, from, "'%c' cannot stand in a tag", at(m, from));
    if (name.n > 2 && strncasecmp(name.p, "on", 2) == 0)
        return REFUSE(m, from, "%.*s: what happens on an event is written in a script's file", ARGS(name));
    if (is_one_of(name, refused_attributes))
        return REFUSE(m, from, "%.*s=: the content security policy forbids it, use a class or a header", ARGS(name));
    put(m, from, to);
    m->at = to;
    m->place.attribute = name;
    m->place.fixed_only = is_one_of(name, fixed_attributes) || (name.n > 5 && !strncasecmp(name.p, "hx-on", 5)) ||
                          same(name, "hx-vals") || same(name, "hx-headers") || same(name, "hx-vars");
    m->place.kind = AFTER_IT;
    if (at(m, to) != '=')
        return OK;
    out_char(&m->fixed, '=');
    m->at = ++to;
    if (at(m, to) != '"')
        return take_fixed_value(m);
    out_char(&m->fixed, '"');
    m->at = m->place.value_at = to + 1;
    m->place.kind = IN_VALUE;
    m->place.address = is_address(name) ? ADDRESS_START : NO_ADDRESS;
    m->place.after_value = false;
    return OK;
}

static enum err take_in_tag(struct maker *m)
{
    char ch = at(m, m->at);
    if (is_blank(ch)) {
        while (is_blank(at(m, m->at)))
            m->at++;
        if (m->place.kind == AFTER_IT)
            out_char(&m->fixed, ' ');
        m->place.kind = IN_TAG;
        return OK;
    }
    if (ch == '>')
        return end_of_tag(m, false);
    if (ch == '/' && at(m, m->at + 1) == '>') {
        struct str tag = m->place.tag;
        if (!is_one_of(tag, void_elements) && !is_one_of(tag, svg_elements) && !is_inside(m, "svg"))
            return REFUSE(m, m->at, "<%.*s> is ended by </%.*s>", ARGS(tag), ARGS(tag));
        return end_of_tag(m, true);
    }
    if (m->place.kind == AFTER_IT)
        return REFUSE(m, m->at, "in a tag a blank must stand before '%c'", ch);
    return take_attribute(m);
}

/* --- attribute values -------------------------------------------------------------------------------------------- */

static enum err take_value(struct maker *m)
{
    char ch = at(m, m->at);
    struct place *place = &m->place;
    put(m, m->at, m->at + 1);
    m->at++;
    if (ch == '"') {
        place->kind = AFTER_IT;
        return OK;
    }
    switch (place->address) {
    case NO_ADDRESS:
    case ADDRESS_FIXED:
    case ADDRESS_FRAGMENT:
        break;
    case ADDRESS_START:
        place->address = ch == '/'   ? ADDRESS_PATH
                         : ch == '?' ? ADDRESS_QUERY
                         : ch == '#' ? ADDRESS_FRAGMENT
                                     : ADDRESS_FIXED;
        break;
    case ADDRESS_WHOLE:
        if (ch != '#')
            return REFUSE(m, m->at - 1, "nothing but '#' may follow a whole address: build it with url_with()");
        place->address = ADDRESS_FRAGMENT;
        break;
    case ADDRESS_PATH:
    case ADDRESS_QUERY:
        if (ch == '#')
            place->address = ADDRESS_FRAGMENT;
        else if (ch == '?')
            place->address = ADDRESS_QUERY;
        break;
    }
    place->after_value = false;
    return OK;
}

enum err html_step(struct maker *m)
{
    switch (m->place.kind) {
    case IN_TEXT:
        return take_text(m);
    case IN_RAW:
        return take_raw(m);
    case IN_TAG:
    case AFTER_IT:
        return take_in_tag(m);
    case IN_VALUE:
        break;
    }
    return take_value(m);
}

/* Could what a value adds to this path make it another host's or climb out of it ("//x", "/a/..")? */
static enum err check_path(struct maker *m)
{
    char second = at(m, m->place.value_at + 1), before = at(m, m->at - 1);
    if (!is_letter(second) && !(second >= '0' && second <= '9') && second != '-' && second != '_')
        return REFUSE(m, m->at, "an address must begin with a fixed part: /name/{{ … }}");
    if (m->place.after_value || !(before == '/' || (is_name_char(before) && before != '.' && before != ':')))
        return REFUSE(m, m->at, "in the path of an address a value stands behind '/' or a letter");
    return OK;
}

enum err html_value(struct maker *m, bool is_message, const char **ret_rules)
{
    struct place *place = &m->place;
    *ret_rules = "HTML_ATTR";
    if (place->kind == IN_TAG || place->kind == AFTER_IT)
        return REFUSE(m, m->at, "in a tag a value stands in double quotes only: name=\"{{ … }}\"");
    if (place->kind == IN_TEXT || place->kind == IN_RAW)
        *ret_rules = place->kind == IN_TEXT ? "HTML_TEXT" : "HTML_RAW";
    if (place->kind != IN_VALUE)
        return OK;
    if (place->fixed_only)
        return REFUSE(m, m->at, "%.*s takes no value", ARGS(place->attribute));
    if (place->address == NO_ADDRESS)
        return OK;
    if (is_message)
        return REFUSE(m, m->at, "a message is no address");
    *ret_rules = "HTML_URL_PART";
    switch (place->address) {
    case ADDRESS_START:
        *ret_rules = "HTML_URL";
        place->address = ADDRESS_WHOLE;
        break;
    case ADDRESS_WHOLE:
        return REFUSE(m, m->at, "a second value in an address: build it with URL() or url_with()");
    case ADDRESS_PATH:
        TRY(check_path(m));
        break;
    case ADDRESS_FIXED:
        return REFUSE(m, m->at, "an address with a value in it begins with '/', '?' or '#'");
    default:
        break;
    }
    place->after_value = true;
    return OK;
}

enum err html_statement(struct maker *m)
{
    if (m->place.kind == IN_VALUE && m->place.address != NO_ADDRESS)
        return REFUSE(m, m->at, "an address stands whole: build it with URL() or url_with()");
    if (m->place.kind == IN_VALUE && m->place.fixed_only)
        return REFUSE(m, m->at, "%.*s takes no value", ARGS(m->place.attribute));
    return OK;
}
