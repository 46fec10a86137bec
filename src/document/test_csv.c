#include "document/reader.h"
#include "test/test.h"

#include <string.h>

#include "base/banned.h"

static struct csv read(struct ctx *c, const char *text)
{
    struct csv csv;
    CHECK_OK(csv_read(c, str_of(text), S("don-vi.csv"), &csv));
    return csv;
}

static void check_row(const struct csv *csv, size_t i, unsigned line, const char *joined)
{
    char text[200] = "";
    for (size_t k = 0; k < csv->rows[i].n; k++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "[%.*s]", ARGS(csv->rows[i].v[k]));
    CHECK_STR(str_of(text), str_of(joined));
    CHECK_INT(csv->lines[i], line);
}

TEST(rows_of_cells_with_their_lines)
{
    struct csv csv = read(c, "\xef\xbb\xbfmã,tên\r\n1,Sở A\r\n\r\n2,\"Sở \"\"B\"\"\r\ndòng hai, x\"\r\n3,\n\"\"\n");
    CHECK_INT(csv.n, 5);
    check_row(&csv, 0, 1, "[mã][tên]");
    check_row(&csv, 1, 2, "[1][Sở A]");
    check_row(&csv, 2, 4, "[2][Sở \"B\"\ndòng hai, x]");
    check_row(&csv, 3, 6, "[3][]");
    check_row(&csv, 4, 7, "[]");
}

TEST(the_separator_is_judged_by_the_first_line)
{
    struct csv csv = read(c, "mã;tên, đầy đủ;x\n1;a,b;c");
    check_row(&csv, 1, 2, "[1][a,b][c]");
    csv = read(c, "mã\ttên\n1\ta,b");
    check_row(&csv, 1, 2, "[1][a,b]");
    csv = read(c, "sep=;\nmột,hai,ba;bốn");
    check_row(&csv, 0, 2, "[một,hai,ba][bốn]");
    csv = read(c, "\"a;b;c\",d\n1,2");
    check_row(&csv, 0, 1, "[a;b;c][d]");
    CHECK_INT(read(c, "").n, 0);
}

TEST(a_bad_quote_is_refused_with_its_line)
{
    struct csv csv;
    CHECK_ERR(csv_read(c, S("a,b\n1,\"x\ny\n"), S("d.csv"), &csv), E_INVALID);
    CHECK_INT(c->error.line, 2);
    CHECK_ERR(csv_read(c, S("a,b\n1,\"x\ny\"z\n"), S("d.csv"), &csv), E_INVALID);
    CHECK_INT(c->error.line, 3);
    CHECK_ERR(csv_read(c, S("a,b\n1,\xff\n"), S("d.csv"), &csv), E_INVALID);
    CHECK_INT(c->error.line, 2);
}

TEST(a_row_with_too_many_columns_is_refused)
{
    char text[2000];
    memset(text, ',', sizeof text);
    struct csv csv;
    CHECK_ERR(csv_read(c, (struct str){text, sizeof text}, S("d.csv"), &csv), E_LIMIT);
}
