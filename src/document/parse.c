#include "document/reader.h"

#include "base/banned.h"

struct str document_base_name(struct str path)
{
    for (size_t i = path.n; i; i--)
        if (path.p[i - 1] == '/')
            return str_skip(path, i);
    return path;
}

static bool named(struct str name, struct str suffix)
{
    if (name.n < suffix.n)
        return false;
    struct str end = str_skip(name, name.n - suffix.n);
    for (size_t i = 0; i < end.n; i++)
        if ((end.p[i] | 32) != (suffix.p[i] | 32))
            return false;
    return true;
}

/* Files people hand in by mistake, known by their first bytes; the message says what to do instead. */
static const char *wrong_kind(struct str s)
{
    static const struct {
        struct str magic;
        const char *what;
    } kinds[] = {
        {S0("\xd0\xcf\x11\xe0"),
         "tệp Word đời cũ (.doc) hoặc tệp .docx có mật khẩu: hãy mở bằng Word, bỏ mật khẩu và lưu lại thành .docx"},
        {S0("{\\rtf"), "tệp RTF: hãy mở bằng Word và lưu lại thành .docx"},
        {S0("\x89PNG"), "tệp ảnh PNG, không có lớp chữ: hãy nộp bản Word hoặc PDF có chữ"},
        {S0("\xff\xd8\xff"), "tệp ảnh JPEG, không có lớp chữ: hãy nộp bản Word hoặc PDF có chữ"},
        {S0("II*"), "tệp ảnh quét TIFF, không có lớp chữ: hãy nộp bản Word hoặc PDF có chữ"},
        {S0("Rar!"), "tệp nén RAR: hãy giải nén và nộp tài liệu ở trong"},
        {S0("7z\xbc\xaf"), "tệp nén 7z: hãy giải nén và nộp tài liệu ở trong"},
        {S0("\x1f\x8b"), "tệp nén gzip: hãy giải nén và nộp tài liệu ở trong"},
        {S0("<!DOCTYPE html"), "trang web HTML: hãy lưu thành .docx hoặc văn bản thuần"},
        {S0("<html"), "trang web HTML: hãy lưu thành .docx hoặc văn bản thuần"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(s, kinds[i].magic))
            return kinds[i].what;
    return NULL;
}

static enum err read_lines(struct builder *b, struct str content, bool markdown)
{
    struct str text;
    TRY(decode_text(b->c, content, b->name, &text));
    if (text.n > DOCUMENT_TEXT_BYTES)
        return FAIL_AT(b->c, E_LIMIT, b->name, 1, "tài liệu có quá 4 MB chữ (document too large)");
    return markdown ? read_markdown(b, text) : read_text(b, text);
}

enum document_kind document_kind_of(struct str content, struct str name)
{
    if (str_starts(content, S("PK\3\4")) || str_starts(content, S("PK\5\6")))
        return DOCUMENT_DOCX;
    if (str_has(str_slice(content, 0, 1024), S("%PDF-")))
        return DOCUMENT_PDF;
    return named(name, S(".md")) || named(name, S(".markdown")) ? DOCUMENT_MARKDOWN : DOCUMENT_TEXT;
}

enum err document_parse_words(struct ctx *c, struct str content, struct str name, struct str words,
                              struct document *ret)
{
    struct builder b = {.c = c, .name = document_base_name(name)};
    if (content.n > DOCUMENT_BYTES)
        return FAIL_AT(c, E_LIMIT, b.name, 0, "tệp lớn hơn 64 MB (file too large)");
    const char *wrong = wrong_kind(content);
    if (wrong)
        return FAIL_AT(c, E_INVALID, b.name, 0, "%s (not a document this program reads)", wrong);
    enum document_kind kind = document_kind_of(content, name);
    if (kind == DOCUMENT_DOCX)
        TRY(read_docx(&b, content));
    else if (kind == DOCUMENT_PDF)
        TRY(read_pdf(&b, words));
    else
        TRY(read_lines(&b, content, kind == DOCUMENT_MARKDOWN));
    TRY(refuse_legacy(&b));
    bool any = false;
    for (size_t i = 0; i < b.n && !any; i++)
        any = b.v[i].kind != BLOCK_BLANK && b.v[i].kind != BLOCK_PAGE;
    if (!any)
        return FAIL_AT(c, E_INVALID, b.name, 0, "tài liệu không có chữ nào (the document is empty)");
    if (b.sheet)
        kind = DOCUMENT_SHEET;
    *ret = (struct document){.kind = kind, .name = str_dup(c->arena, b.name), .blocks = b.v, .n = b.n};
    return OK;
}

enum err document_parse(struct ctx *c, struct str content, struct str name, struct document *ret)
{
    struct str words = {NULL, 0};
    if (content.n <= DOCUMENT_BYTES && document_kind_of(content, name) == DOCUMENT_PDF)
        TRY(pdf_words(c, content, document_base_name(name), &words));
    TRY(document_parse_words(c, content, name, words, ret));
    return refuse_sheet(c, ret);
}

enum err refuse_sheet(struct ctx *c, const struct document *d)
{
    if (d->kind != DOCUMENT_SHEET)
        return OK;
    return FAIL_AT(c, E_INVALID, d->name, 0, "đây là bảng tính Excel, không phải tài liệu Word (a spreadsheet)");
}
