/* Any bytes as CSV: the rows read, written again as RFC 4180 says and read once more, are the same rows. */
#include "fuzz/fuzz.h"

#include "base/out.h"
#include "document/document.h"

#include "base/banned.h"

static void put_rows(struct out *o, const struct csv *csv)
{
    for (size_t i = 0; i < csv->n; i++) {
        for (size_t k = 0; k < csv->rows[i].n; k++) {
            struct str cell = csv->rows[i].v[k];
            out_put(o, k ? S(",\"") : S("\""));
            for (size_t j = 0; j < cell.n; j++)
                out_put(o, cell.p[j] == '"' ? S("\"\"") : str_slice(cell, j, j + 1));
            out_char(o, '"');
        }
        out_put(o, S("\r\n"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct ctx c = fuzz_ctx(&arena);
    struct csv csv, again;
    if (csv_read(&c, (struct str){(const char *)data, n}, S("a.csv"), &csv) == OK) {
        struct out o;
        out_init(&o, &arena, SIZE_MAX);
        put_rows(&o, &csv);
        HOLDS(csv_read(&c, out_str(&o), S("a.csv"), &again) == OK && again.n == csv.n);
        for (size_t i = 0; i < csv.n; i++) {
            HOLDS(i == 0 || csv.lines[i] > csv.lines[i - 1]);
            HOLDS(csv.rows[i].n == again.rows[i].n && csv.rows[i].n > 0);
            for (size_t k = 0; k < csv.rows[i].n; k++)
                HOLDS(str_eq(csv.rows[i].v[k], again.rows[i].v[k]));
        }
    }
    arena_reset(&arena);
    return 0;
}
