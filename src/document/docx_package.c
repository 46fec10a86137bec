#include "document/docx.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/banned.h"

enum {
    ENTRIES_MAX = 20000,
    PART_BYTES = 192 << 20,
    RATIO_FROM = 4 << 20, /* a small part may be packed as well as it likes */
    RATIO_MAX = 200,
    DEPTH_MAX = 256,
    TOKEN_MAX = 8 << 20, /* one tag or one stretch of text: expat reads it again with every chunk */
    CHUNK = 64 << 10,
};

static enum err damaged(struct package *p, struct str part, const char *why)
{
    return FAIL_AT(p->c, E_INVALID, p->name, 0, "phần %.*s của %s: %s (damaged document)", ARGS(part),
                   p->sheets ? "bảng tính Excel" : "tệp Word", why);
}

struct reading {
    struct package *package;
    struct str part;
    const struct xml_handler *handler;
    void *arg;
    XML_Parser parser;
    unsigned depth;
    enum err failed;
};

static void stop(struct reading *r, enum err failed)
{
    if (failed && !r->failed) {
        r->failed = failed;
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static bool is_space_uri(struct str uri, const char *transitional, const char *strict)
{
    return str_eq(uri, str_of(transitional)) || str_eq(uri, str_of(strict));
}

static struct xml_element element(const char *name, const char **attributes)
{
    const char *bar = strrchr(name, '|');
    struct xml_element e = {SPACE_OTHER, str_of(bar ? bar + 1 : name), attributes};
    struct str uri = {name, bar ? (size_t)(bar - name) : 0};
    if (is_space_uri(uri, "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                     "http://purl.oclc.org/ooxml/wordprocessingml/main"))
        e.space = SPACE_WORD;
    else if (str_eq(uri, S("http://schemas.openxmlformats.org/markup-compatibility/2006")))
        e.space = SPACE_COMPATIBILITY;
    else if (is_space_uri(uri, "http://schemas.openxmlformats.org/officeDocument/2006/math",
                          "http://purl.oclc.org/ooxml/officeDocument/math"))
        e.space = SPACE_MATH;
    return e;
}

static void on_start(void *arg, const char *name, const char **attributes)
{
    struct reading *r = arg;
    if (r->failed)
        return;
    if (++r->depth > DEPTH_MAX) {
        stop(r, FAIL_AT(r->package->c, E_LIMIT, r->package->name, 0, "phần %.*s lồng nhau quá sâu (nested too deeply)",
                        ARGS(r->part)));
        return;
    }
    struct xml_element e = element(name, attributes);
    stop(r, r->handler->start(r->arg, &e));
}

static void on_end(void *arg, const char *name)
{
    struct reading *r = arg;
    if (r->failed)
        return;
    r->depth--;
    struct xml_element e = element(name, NULL);
    stop(r, r->handler->end(r->arg, &e));
}

static void on_text(void *arg, const char *p, int n)
{
    struct reading *r = arg;
    if (!r->failed && r->handler->text)
        stop(r, r->handler->text(r->arg, (struct str){p, (size_t)n}));
}

static void on_doctype(void *arg, const char *name, const char *where, const char *who, int internal)
{
    (void)name, (void)where, (void)who, (void)internal;
    struct reading *r = arg;
    stop(r, damaged(r->package, r->part, "có khai báo DTD, không được phép"));
}

static void free_parser(void *arg)
{
    XML_ParserFree(arg);
}

static void close_file(void *arg)
{
    zip_fclose(arg);
}

static void discard(void *arg)
{
    zip_discard(arg);
}

static enum err feed(struct reading *r, zip_file_t *file, uint64_t packed)
{
    struct package *p = r->package;
    uint64_t total = 0;
    for (;;) {
        void *buffer = XML_GetBuffer(r->parser, CHUNK);
        if (!buffer)
            return FAIL_AT(p->c, E_LIMIT, p->name, 0, "không đủ bộ nhớ cho phần %.*s (not enough memory)",
                           ARGS(r->part));
        int64_t n = zip_fread(file, buffer, CHUNK);
        if (n < 0)
            return damaged(p, r->part, "dữ liệu nén bị hỏng");
        total += (uint64_t)n;
        if (total > PART_BYTES || (total > RATIO_FROM && total / RATIO_MAX > packed))
            return FAIL_AT(p->c, E_LIMIT, p->name, 0, "phần %.*s của tệp giải nén ra quá lớn (part too large)",
                           ARGS(r->part));
        if (XML_ParseBuffer(r->parser, (int)n, n == 0) != XML_STATUS_OK) {
            if (r->failed)
                return r->failed;
            return damaged(p, r->part, XML_ErrorString(XML_GetErrorCode(r->parser)));
        }
        int64_t at = XML_GetCurrentByteIndex(r->parser);
        if (at >= 0 && total - (uint64_t)at > TOKEN_MAX)
            return damaged(p, r->part, "có một thẻ dài bất thường");
        if (n == 0)
            return OK;
    }
}

enum err package_read(struct package *p, struct str part, const struct xml_handler *handler, void *arg)
{
    struct arena *a = p->c->arena;
    zip_stat_t stat;
    if (zip_stat(p->zip, str_z(a, part), 0, &stat) < 0 || !(stat.valid & ZIP_STAT_INDEX))
        return damaged(p, part, "không có trong tệp");
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
        return damaged(p, part, "được đặt mật khẩu; hãy bỏ mật khẩu rồi nộp lại");
    struct reading r = {.package = p, .part = part, .handler = handler, .arg = arg};
    struct arena_defer *file_owner = arena_defer(a, close_file), *parser_owner = arena_defer(a, free_parser);
    zip_file_t *file = file_owner->arg = zip_fopen_index(p->zip, stat.index, 0);
    if (!file)
        return damaged(p, part, "không mở được");
    r.parser = parser_owner->arg = XML_ParserCreateNS(NULL, '|');
    if (!r.parser)
        return FAIL(p->c, E_LIMIT, "không đủ bộ nhớ (not enough memory)");
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    enum err result = feed(&r, file, (stat.valid & ZIP_STAT_COMP_SIZE) ? stat.comp_size : 0);
    XML_ParserFree(r.parser);
    parser_owner->arg = NULL;
    zip_fclose(file);
    file_owner->arg = NULL;
    return result;
}

struct str xml_attribute(const struct xml_element *e, const char *name)
{
    for (const char **at = e->attributes; at && at[0]; at += 2) {
        const char *bar = strrchr(at[0], '|');
        if (strcmp(bar ? bar + 1 : at[0], name) == 0)
            return str_of(at[1]);
    }
    return (struct str){NULL, 0};
}

int xml_number(const struct xml_element *e, const char *name, int max, int otherwise)
{
    int64_t value;
    return str_i64(xml_attribute(e, name), &value) && value >= 0 && value <= max ? (int)value : otherwise;
}

bool xml_is_on(const struct xml_element *e)
{
    struct str value = xml_attribute(e, "val");
    return !value.p ||
           !(str_eq(value, S("0")) || str_eq(value, S("false")) || str_eq(value, S("off")) || str_eq(value, S("none")));
}

/* Relationships. */

struct relations {
    struct arena *a;
    struct str folder; /* with its slash */
    struct str document, styles, numbering;
};

static enum err relation_start(void *arg, const struct xml_element *e)
{
    struct relations *r = arg;
    struct str type = xml_attribute(e, "Type"), target = xml_attribute(e, "Target");
    if (!str_eq(e->name, S("Relationship")) || !target.p || str_eq(xml_attribute(e, "TargetMode"), S("External")))
        return OK;
    struct str full = target.n && target.p[0] == '/' ? str_dup(r->a, str_skip(target, 1))
                                                     : str_fmt(r->a, "%.*s%.*s", ARGS(r->folder), ARGS(target));
    if (str_ends(type, S("/officeDocument")))
        r->document = full;
    else if (str_ends(type, S("/styles")))
        r->styles = full;
    else if (str_ends(type, S("/numbering")))
        r->numbering = full;
    return OK;
}

static enum err relation_end(void *arg, const struct xml_element *e)
{
    (void)arg, (void)e;
    return OK;
}

bool package_has(const struct package *p, struct str part)
{
    return part.n && zip_name_locate(p->zip, str_z(p->c->arena, part), 0) >= 0;
}

static enum err read_relations(struct package *p, struct str part, struct relations *r)
{
    static const struct xml_handler handler = {relation_start, relation_end, NULL};
    return package_has(p, part) ? package_read(p, part, &handler, r) : OK;
}

static enum err find_parts(struct package *p)
{
    struct arena *a = p->c->arena;
    struct relations top = {.a = a, .folder = S("")};
    TRY(read_relations(p, S("_rels/.rels"), &top));
    p->sheets = package_has(p, S("xl/workbook.xml"));
    if (p->sheets) {
        p->document = S("xl/workbook.xml");
        return OK;
    }
    p->document = package_has(p, top.document) ? top.document : S("word/document.xml");
    if (!package_has(p, p->document)) {
        return damaged(p, p->document, "không có trong tệp; đây không phải tài liệu Word (.docx)");
    }
    size_t slash = p->document.n;
    while (slash && p->document.p[slash - 1] != '/')
        slash--;
    struct str folder = str_slice(p->document, 0, slash), base = str_skip(p->document, slash);
    struct relations r = {.a = a, .folder = folder};
    TRY(read_relations(p, str_fmt(a, "%.*s_rels/%.*s.rels", ARGS(folder), ARGS(base)), &r));
    struct str styles = r.styles.n ? r.styles : str_fmt(a, "%.*sstyles.xml", ARGS(folder));
    struct str numbering = r.numbering.n ? r.numbering : str_fmt(a, "%.*snumbering.xml", ARGS(folder));
    p->styles = package_has(p, styles) ? styles : S("");
    p->numbering = package_has(p, numbering) ? numbering : S("");
    return OK;
}

static size_t count_entries(struct str s)
{
    size_t n = 0;
    for (size_t at = 0; (at = str_find(s, S("PK\1\2"), at)) != SIZE_MAX; at += 4)
        n++;
    return n;
}

enum err package_open(struct ctx *c, struct str content, struct str name, struct package *ret)
{
    struct package p = {.c = c, .name = name};
    if (count_entries(content) > ENTRIES_MAX)
        return FAIL_AT(c, E_LIMIT, name, 0, "tệp nén có quá nhiều phần (too many parts)");
    zip_error_t error;
    zip_error_init(&error);
    struct arena_defer *owner = arena_defer(c->arena, discard);
    zip_source_t *source = zip_source_buffer_create(content.p, content.n, 0, &error);
    p.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    zip_error_fini(&error);
    if (!p.zip) {
        zip_source_free(source);
        return FAIL_AT(
            c, E_INVALID, name, 0,
            "tệp Word (.docx) hoặc Excel (.xlsx) bị hỏng hoặc bị cắt: không đọc được mục lục nén (damaged file)");
    }
    owner->arg = p.zip;
    TRY(find_parts(&p));
    *ret = p;
    return OK;
}
