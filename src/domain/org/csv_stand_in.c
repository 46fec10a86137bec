/* A plain CSV reader until the document layer's is there. */
#include "domain/org/catalogue.h"

#include "document/document.h"

#include <string.h>

#include "base/banned.h"

struct texts {
    struct str *v;
    size_t n, cap;
};
struct rows {
    struct strs *v;
    size_t n, cap;
};
struct lines {
    unsigned *v;
    size_t n, cap;
};

enum err org_csv_read(struct ctx *c, struct str s, struct str name, struct csv *ret);
enum err org_csv_read(struct ctx *c, struct str s, struct str name, struct csv *ret)
{
    if (str_starts(s, S("\xef\xbb\xbf")))
        s = str_skip(s, 3);
    if (!str_is_utf8(s, NULL))
        return FAIL_AT(c, E_INVALID, name, 0, "tệp không phải UTF-8 (not UTF-8)");
    size_t first = str_find(s, S("\n"), 0);
    struct str head = str_slice(s, 0, first);
    char sep = str_has(head, S(";")) && !str_has(head, S(",")) ? ';' : str_has(head, S("\t")) ? '\t' : ',';
    struct rows rows = {0};
    struct lines lines = {0};
    unsigned line = 1;
    for (size_t i = 0; i < s.n;) {
        struct texts cells = {0};
        unsigned start = line;
        for (;;) {
            char *text = NEWN(c->arena, char, s.n - i + 1 < 4096 ? s.n - i + 1 : 4096);
            size_t n = 0;
            if (i < s.n && s.p[i] == '"') {
                for (i++; i < s.n; i++) {
                    if (s.p[i] == '"' && !(i + 1 < s.n && s.p[i + 1] == '"'))
                        break;
                    if (s.p[i] == '"')
                        i++;
                    line += s.p[i] == '\n';
                    text[n++] = s.p[i];
                }
                if (i++ >= s.n)
                    return FAIL_AT(c, E_INVALID, name, start, "dấu nháy kép không đóng (quote not closed)");
            }
            while (i < s.n && s.p[i] != sep && s.p[i] != '\n')
                text[n++] = s.p[i++];
            if (n && text[n - 1] == '\r')
                n--;
            *PUSH(c->arena, &cells) = str_dup(c->arena, (struct str){text, n});
            if (i >= s.n || s.p[i] == '\n')
                break;
            i++;
        }
        i++;
        line++;
        *PUSH(c->arena, &rows) = (struct strs){cells.v, cells.n};
        *PUSH(c->arena, &lines) = start;
    }
    *ret = (struct csv){rows.v, lines.v, rows.n};
    return OK;
}
