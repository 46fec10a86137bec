/* sqlgen - makes C constants of .sql files. tools/README.md says what the files look like.
 *
 *     sqlgen statements PARTS IN.sql OUT.h OUT.c    a constant SQL_name of each statement
 *     sqlgen registry PARTS OUT.c IN.sql…           all statements in one array, for the test that prepares them
 *     sqlgen migrations OUT.c NNNN_name.sql…        the steps of the schema, and the list of its tables
 *
 * It runs on the build machine, stops at the first mistake with file and line, and frees nothing. */
#define BASE_MAY_ALLOCATE /* it ends before memory matters */
#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { SQLITE, POSTGRES, N_ENGINES };

enum kind {
    END,
    WORD,    /* keyword or name */
    ARG,     /* $n */
    LITERAL, /* 'text', "name", number */
    COMMENT, /* to the end of the line, or between slash and star */
    MARK,    /* any other single character */
};

struct token {
    enum kind kind;
    const char *p;
    size_t n;
    unsigned line;
    bool blank_before;
    int number; /* ARG */
};

struct reader {
    const char *file, *at;
    unsigned line;
};

struct text {
    char *p;
    size_t n, cap;
};

static _Noreturn void refuse(const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static _Noreturn void refuse(const char *file, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%u: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void *grown(void *p, size_t size)
{
    p = realloc(p, size);
    if (!p)
        abort();
    return p;
}

static void put(struct text *t, const char *p, size_t n)
{
    if (t->cap - t->n <= n)
        t->p = grown(t->p, t->cap = (t->n + n + 1) * 2);
    memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = 0;
}

static void puts_to(struct text *t, const char *z)
{
    put(t, z, strlen(z));
}

static char *read_file(const char *file)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        refuse(file, 0, "cannot be opened");
    struct text t = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        put(&t, block, n);
    put(&t, "", 0);
    if (ferror(f) || strlen(t.p) != t.n)
        refuse(file, 0, "cannot be read, or holds a NUL byte");
    fclose(f);
    return t.p;
}

static FILE *open_output(const char *file)
{
    FILE *f = fopen(file, "wb");
    if (!f)
        refuse(file, 0, "cannot be written");
    return f;
}

static void close_output(FILE *f, const char *file)
{
    if (ferror(f) || fclose(f))
        refuse(file, 0, "cannot be written");
}

/* --- tokens ------------------------------------------------------------------------------------------------------ */

static size_t quoted(struct reader *r, const char *p)
{
    char quote = *p;
    size_t n = 1;
    for (;; n++) {
        if (!p[n])
            refuse(r->file, r->line, "a quote that nothing closes");
        if (p[n] == '\n')
            refuse(r->file, r->line, "a quoted text that goes over the end of the line");
        if (p[n] == quote && p[n + 1] == quote)
            n++;
        else if (p[n] == quote)
            return n + 1;
    }
}

static size_t block_comment(struct reader *r, const char *p)
{
    const char *end = strstr(p + 2, "*/");
    if (!end)
        refuse(r->file, r->line, "a comment that nothing closes");
    return (size_t)(end + 2 - p);
}

static struct token next(struct reader *r)
{
    const char *before = r->at;
    while (isspace((unsigned char)*r->at))
        r->line += *r->at++ == '\n';
    const char *p = r->at;
    struct token t = {.p = p, .line = r->line, .blank_before = p != before};
    if (!*p) {
        t.kind = END;
    } else if (p[0] == '-' && p[1] == '-') {
        t.kind = COMMENT;
        t.n = strcspn(p, "\n");
    } else if (p[0] == '/' && p[1] == '*') {
        t.kind = COMMENT;
        t.n = block_comment(r, p);
    } else if (*p == '\'' || *p == '"') {
        t.kind = LITERAL;
        t.n = quoted(r, p);
    } else if (*p == '$') {
        t.kind = ARG;
        t.n = 1 + strspn(p + 1, "0123456789");
        t.number = (int)strtol(p + 1, NULL, 10);
        if (t.n == 1 || t.number < 1 || t.number > 60)
            refuse(r->file, r->line, "'$' must be followed by a number from 1 to 60");
    } else if (*p == '?') {
        refuse(r->file, r->line, "'?' is not an argument: write $1, $2");
    } else if (isalpha((unsigned char)*p) || *p == '_') {
        t.kind = WORD;
        while (isalnum((unsigned char)p[t.n]) || p[t.n] == '_')
            t.n++;
        if (p[t.n] == '\'' && t.n == 1 && strchr("eEbBnNuU", *p))
            refuse(r->file, r->line, "%c'…' is read differently by the engines", *p);
    } else if (isdigit((unsigned char)*p)) {
        t.kind = LITERAL;
        while (isalnum((unsigned char)p[t.n]) || p[t.n] == '.')
            t.n++;
    } else {
        t.kind = MARK;
        t.n = 1;
    }
    for (size_t i = 0; i < t.n; i++)
        r->line += p[i] == '\n';
    r->at += t.n;
    return t;
}

static bool is(const struct token *t, const char *word)
{
    return t->kind != END && t->n == strlen(word) && strncasecmp(t->p, word, t->n) == 0;
}

/* --- statements -------------------------------------------------------------------------------------------------- */

struct list {
    struct token *v;
    size_t n, cap;
};

static void push(struct list *l, struct token t)
{
    if (l->n == l->cap)
        l->v = grown(l->v, (l->cap = l->cap ? l->cap * 2 : 64) * sizeof *l->v);
    l->v[l->n++] = t;
}

/* How a type of the schema is called by each engine; the first column is how it is written. "DOUBLE PRECISION" is two
 * words and handled where it stands. */
static const struct {
    const char *written, *sqlite;
} types[] = {{"BIGINT", "INTEGER"}, {"BYTEA", "BLOB"}, {"TEXT", NULL}, {"DOUBLE", "REAL"}};

/* In a schema PostgreSQL compares text bytewise, as SQLite does: lists come in one order on both. */
enum { SCHEMA = 1 };

/* Where REFERENCES … ends: the engine may be told there that the check can wait for the commit (store_copy needs it).
 */
static size_t reference_end(const struct list *l, size_t i)
{
    i += 2;
    if (i < l->n && is(&l->v[i], "("))
        while (i < l->n && !is(&l->v[i++], ")"))
            ;
    while (i + 2 < l->n && is(&l->v[i], "ON"))
        i += is(&l->v[i + 2], "SET") || is(&l->v[i + 2], "NO") ? 4 : 3;
    return i;
}

/* Is token `i` the type in "name TEXT", and not a column called text? */
static bool is_text_column(const struct list *l, size_t i)
{
    return i >= 2 && is(&l->v[i], "TEXT") && l->v[i - 1].kind == WORD &&
           (is(&l->v[i - 2], "(") || is(&l->v[i - 2], ",") || is(&l->v[i - 2], "COLUMN"));
}

static void write_tokens(struct text *out, const struct list *l, int engine, unsigned flags)
{
    size_t deferrable_at = SIZE_MAX;
    for (size_t i = 0; i < l->n; i++) {
        const struct token *t = &l->v[i];
        if (i == deferrable_at)
            puts_to(out, " DEFERRABLE");
        if (i && t->blank_before)
            puts_to(out, " ");
        if (flags & SCHEMA && is(t, "REFERENCES"))
            deferrable_at = reference_end(l, i);
        if (engine == SQLITE && t->kind == ARG) {
            puts_to(out, "?");
            put(out, t->p + 1, t->n - 1);
            continue;
        }
        const char *word = NULL;
        for (size_t k = 0; engine == SQLITE && t->kind == WORD && k < sizeof types / sizeof *types; k++)
            if (is(t, types[k].written))
                word = types[k].sqlite;
        if (word)
            puts_to(out, word);
        else
            put(out, t->p, t->n);
        if (word && is(t, "DOUBLE") && i + 1 < l->n && is(&l->v[i + 1], "PRECISION"))
            i++;
        if (engine == POSTGRES && flags & SCHEMA && is_text_column(l, i))
            puts_to(out, " COLLATE \"C\"");
    }
    if (deferrable_at == l->n)
        puts_to(out, " DEFERRABLE");
}

static unsigned count_args(const char *file, unsigned line, const char *name, const struct list *l)
{
    bool seen[64] = {false};
    unsigned n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].kind == ARG) {
            seen[l->v[i].number] = true;
            if ((unsigned)l->v[i].number > n)
                n = (unsigned)l->v[i].number;
        }
    for (unsigned i = 1; i <= n; i++)
        if (!seen[i])
            refuse(file, line, "statement %s has $%u but no $%u", name, n, i);
    return n;
}

struct statement {
    char *name;
    const char *file;
    unsigned line, n_args;
    char *text[N_ENGINES];
};

struct statements {
    struct statement *v;
    size_t n, cap;
};

/* Words that several statements of a file share: "-- part: x" gives them, {x} puts them in; {x a b} puts a and b where
 * {1} and {2} stand in them. PARTS holds those that all files share. */
enum { PART = N_ENGINES + 1 };

struct parts {
    struct part {
        char *name;
        struct list words;
    } * v;
    size_t n, cap;
};

static const struct part *find_part(const struct parts *parts, const char *name, size_t n)
{
    for (size_t i = 0; i < parts->n; i++)
        if (strlen(parts->v[i].name) == n && memcmp(parts->v[i].name, name, n) == 0)
            return &parts->v[i];
    return NULL;
}

static void add_part(struct parts *parts, const char *file, unsigned line, char *name, struct list words)
{
    if (find_part(parts, name, strlen(name)))
        refuse(file, line, "part %s is given twice", name);
    if (parts->n == parts->cap)
        parts->v = grown(parts->v, (parts->cap = parts->cap ? parts->cap * 2 : 16) * sizeof *parts->v);
    parts->v[parts->n++] = (struct part){name, words};
}

enum { PART_ARGS = 9 };

/* What stands in the braces behind the name: a blank parts two. */
static size_t read_part_args(struct reader *r, const struct token *brace, struct list args[PART_ARGS])
{
    size_t n = 0;
    for (struct token t = next(r); !is(&t, "}"); t = next(r)) {
        if (t.kind == END || is(&t, "{") || (t.blank_before && n == PART_ARGS))
            refuse(r->file, brace->line, "{ must be followed by the name of a part, up to 9 arguments, and }");
        if (t.blank_before || !n)
            n++;
        push(&args[n - 1], t);
    }
    return n;
}

static bool is_place(const struct list *l, size_t i)
{
    return i + 2 < l->n && is(&l->v[i], "{") && l->v[i + 1].kind == LITERAL && is(&l->v[i + 2], "}");
}

/* The reader stands behind the '{' of {x} or {x a b}. Inside a part, {1} stays as it is. */
static void put_part(struct reader *r, const struct parts *parts, const struct token *brace, bool inside,
                     struct list *to)
{
    struct token name = next(r);
    if (inside && name.kind == LITERAL) {
        struct token end = next(r);
        if (name.n != 1 || !is(&end, "}"))
            refuse(r->file, brace->line, "{ must be followed by one digit and }");
        push(to, *brace);
        push(to, name);
        push(to, end);
        return;
    }
    const struct part *part = name.kind == WORD ? find_part(parts, name.p, name.n) : NULL;
    if (!part)
        refuse(r->file, brace->line, "{ must be followed by the name of a part that stands above, and }");
    struct list args[PART_ARGS] = {{0}};
    size_t n = read_part_args(r, brace, args), used = 0;
    const struct list *words = &part->words;
    for (size_t i = 0; i < words->n; i++) {
        struct token t = words->v[i];
        t.blank_before |= i == 0 && brace->blank_before;
        if (!is_place(words, i)) {
            push(to, t);
            continue;
        }
        size_t nth = (size_t)(words->v[i + 1].p[0] - '0');
        if (nth < 1 || nth > n)
            refuse(r->file, brace->line, "part %s needs argument %zu", part->name, nth);
        used = nth > used ? nth : used;
        for (size_t k = 0; k < args[nth - 1].n; k++) {
            struct token put_in = args[nth - 1].v[k];
            put_in.blank_before = k ? put_in.blank_before : t.blank_before;
            push(to, put_in);
        }
        i += 2;
    }
    if (used != n)
        refuse(r->file, brace->line, "part %s takes %zu arguments, not %zu", part->name, used, n);
}

/* "-- name: x" or "-- name: x (engine)", or "-- part: x". `*ret_engine` is N_ENGINES for both, PART for a part. */
static bool is_name(const char *file, const struct token *t, char **ret_name, int *ret_engine)
{
    char name[80], engine[16], more;
    if (t->kind == COMMENT && strncmp(t->p, "-- part:", 8) == 0) {
        char *part = strndup(t->p, t->n);
        if (sscanf(part, "-- part: %79[a-z0-9_]%c", name, &more) != 1)
            refuse(file, t->line, "write '-- part: x', x of a-z, 0-9 and _");
        free(part);
        *ret_name = strdup(name);
        *ret_engine = PART;
        return true;
    }
    if (t->kind != COMMENT || strncmp(t->p, "-- name:", 8))
        return false;
    char *line = strndup(t->p, t->n);
    int n = sscanf(line, "-- name: %79[a-z0-9_] (%15[a-z]) %c", name, engine, &more);
    bool both = n == 1 && line[strcspn(line, "(")] == 0 && strlen(line) == strlen("-- name: ") + strlen(name);
    *ret_engine = both ? N_ENGINES : SQLITE;
    if (n == 2 && strcmp(engine, "postgres") == 0)
        *ret_engine = POSTGRES;
    else if (!both && !(n == 2 && strcmp(engine, "sqlite") == 0))
        refuse(file, t->line,
               "write '-- name: x', '-- name: x (sqlite)' or '-- name: x (postgres)', x of a-z, 0-9 and _");
    *ret_name = strdup(name);
    free(line);
    return true;
}

static struct statement *find(struct statements *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].name, name) == 0)
            return &all->v[i];
    return NULL;
}

static void add_statement(struct statements *all, const char *file, unsigned line, char *name, int engine,
                          const struct list *l)
{
    unsigned n_args = count_args(file, line, name, l);
    struct statement *s = find(all, name);
    if (s && s->file != file)
        refuse(file, line, "statement %s stands in %s:%u already", name, s->file, s->line);
    if (!s) {
        if (all->n == all->cap)
            all->v = grown(all->v, (all->cap = all->cap ? all->cap * 2 : 64) * sizeof *all->v);
        s = &all->v[all->n++];
        *s = (struct statement){.name = name, .file = file, .line = line, .n_args = n_args};
    }
    if (s->n_args != n_args)
        refuse(file, line, "statement %s has %u arguments here and %u at line %u", name, n_args, s->n_args, s->line);
    for (int e = 0; e < N_ENGINES; e++) {
        if (engine != N_ENGINES && engine != e)
            continue;
        if (s->text[e])
            refuse(file, line, "statement %s is given twice (first at line %u)", name, s->line);
        struct text t = {0};
        write_tokens(&t, l, e, 0);
        s->text[e] = t.p;
    }
}

static void read_statements(struct statements *all, const struct parts *shared, const char *file, struct parts *ret)
{
    struct reader r = {file, read_file(file), 1};
    struct token t = next(&r);
    struct parts parts = {0};
    for (size_t i = 0; shared && i < shared->n; i++)
        add_part(&parts, file, 0, shared->v[i].name, shared->v[i].words);
    char *name = NULL;
    int engine = N_ENGINES;
    while (t.kind != END) {
        if (!is_name(file, &t, &name, &engine)) {
            if (t.kind != COMMENT)
                refuse(file, t.line, "a statement must be named first: -- name: x");
            t = next(&r);
            continue;
        }
        unsigned line = t.line;
        struct list l = {0};
        bool ended = false;
        char *ignored;
        int ignored_engine;
        for (t = next(&r); t.kind != END && !is_name(file, &t, &ignored, &ignored_engine); t = next(&r)) {
            if (t.kind == COMMENT)
                continue;
            if (ended)
                refuse(file, t.line, "one statement to a name: this is a second one under %s", name);
            ended = is(&t, ";");
            if (is(&t, "{"))
                put_part(&r, &parts, &t, engine == PART, &l);
            else if (!ended)
                push(&l, t);
        }
        if (!l.n)
            refuse(file, line, "statement %s is empty", name);
        if (!ended)
            refuse(file, line, "statement %s does not end with ';'", name);
        if (engine == PART)
            add_part(&parts, file, line, name, l);
        else
            add_statement(all, file, line, name, engine, &l);
    }
    for (size_t i = 0; i < all->n; i++)
        for (int e = 0; e < N_ENGINES; e++)
            if (!all->v[i].text[e])
                refuse(all->v[i].file, all->v[i].line, "statement %s is missing for %s", all->v[i].name,
                       e == SQLITE ? "SQLite" : "PostgreSQL");
    if (ret)
        *ret = parts;
}

/* A file that holds parts alone. */
static struct parts read_parts(const char *file)
{
    struct statements none = {0};
    struct parts parts = {0};
    read_statements(&none, NULL, file, &parts);
    if (none.n)
        refuse(file, none.v[0].line, "only parts stand here");
    return parts;
}

static void write_literal(FILE *f, const char *z)
{
    fputc('"', f);
    for (; *z; z++)
        if (*z == '\n')
            fputs("\\n\"\n        \"", f);
        else if (*z == '"' || *z == '\\')
            fprintf(f, "\\%c", *z);
        else
            fputc(*z, f);
    fputc('"', f);
}

static void write_sql(FILE *f, const char *name, const char *sqlite, const char *postgres, unsigned n_args)
{
    fprintf(f, "{ \"%s\", { ", name);
    write_literal(f, sqlite);
    fputs(",\n        ", f);
    write_literal(f, postgres);
    fprintf(f, " }, %u }", n_args);
}

static void do_statements(const char *shared, const char *in, const char *header, const char *source)
{
    struct statements all = {0};
    struct parts parts = read_parts(shared);
    read_statements(&all, &parts, in, NULL);
    FILE *h = open_output(header), *c = open_output(source);
    fprintf(h, "/* Made by tools/sqlgen of the .sql file of this name. */\n#pragma once\n#include \"store/db.h\"\n\n");
    fprintf(c, "#include \"store/db.h\"\n\n");
    for (size_t i = 0; i < all.n; i++) {
        const struct statement *s = &all.v[i];
        fprintf(h, "extern const struct sql SQL_%s; /* %u argument%s */\n", s->name, s->n_args,
                s->n_args == 1 ? "" : "s");
        fprintf(c, "extern const struct sql SQL_%s;\nconst struct sql SQL_%s = ", s->name, s->name);
        write_sql(c, s->name, s->text[SQLITE], s->text[POSTGRES], s->n_args);
        fputs(";\n\n", c);
    }
    close_output(h, header);
    close_output(c, source);
}

static void do_registry(const char *shared, const char *source, char **files, int n_files)
{
    struct statements all = {0};
    struct parts parts = read_parts(shared);
    for (int i = 0; i < n_files; i++)
        read_statements(&all, &parts, files[i], NULL);
    FILE *c = open_output(source);
    fprintf(c, "#include \"store/migrate.h\"\n\nconst struct sql sql_registry[] = {\n");
    for (size_t i = 0; i < all.n; i++) {
        fputs("    ", c);
        write_sql(c, all.v[i].name, all.v[i].text[SQLITE], all.v[i].text[POSTGRES], all.v[i].n_args);
        fputs(",\n", c);
    }
    fprintf(c, "    { 0 },\n};\nconst char *const sql_registry_files[] = {\n");
    for (int i = 0; i < n_files; i++)
        fprintf(c, "    \"%s\",\n", files[i]);
    fprintf(c, "    0,\n};\n");
    close_output(c, source);
}

/* --- migrations -------------------------------------------------------------------------------------------------- */

struct table {
    char *name, *columns[100], *types[100];
    size_t n;
    bool on[N_ENGINES];
    const char *file;
    unsigned line;
};

struct tables {
    struct table v[500];
    size_t n;
};

static char *lower(const struct token *t)
{
    char *z = strndup(t->p, t->n);
    for (char *p = z; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return z;
}

static bool is_constraint(const struct token *t)
{
    static const char *const words[] = {"PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(t, words[i]))
            return true;
    return false;
}

static void add_column(struct table *table, const char *file, const struct token *name, const struct token *type)
{
    bool known = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        known = known || is(type, types[i].written);
    if (name->kind != WORD || !known)
        refuse(file, name->line, "a column is a name and one of BIGINT, DOUBLE PRECISION, TEXT, BYTEA");
    if (table->n == 100)
        refuse(file, name->line, "more than 100 columns");
    table->types[table->n] = lower(type);
    table->columns[table->n++] = lower(name);
}

static struct table *find_table(struct tables *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].name, name) == 0)
            return &all->v[i];
    return NULL;
}

static void merge_table(struct tables *all, const struct table *made, int engine)
{
    struct table *t = find_table(all, made->name);
    if (!t) {
        if (all->n == sizeof all->v / sizeof *all->v)
            refuse(made->file, made->line, "too many tables");
        t = &all->v[all->n++];
        *t = *made;
    } else if (t->n != made->n || t->on[engine == N_ENGINES ? SQLITE : engine]) {
        refuse(made->file, made->line, "table %s is made twice, or with other columns (%s:%u)", made->name, t->file,
               t->line);
    } else {
        for (size_t i = 0; i < t->n; i++)
            if (strcmp(t->columns[i], made->columns[i]) || strcmp(t->types[i], made->types[i]))
                refuse(made->file, made->line, "table %s has another column %s in %s:%u", made->name, made->columns[i],
                       t->file, t->line);
    }
    for (int e = 0; e < N_ENGINES; e++)
        t->on[e] = t->on[e] || engine == N_ENGINES || engine == e;
}

/* CREATE TABLE name ( … ): true if it is one whose columns are written out. */
static bool read_create(struct tables *all, const char *file, const struct list *l, int engine)
{
    if (l->n < 4 || !is(&l->v[0], "CREATE") || !is(&l->v[1], "TABLE"))
        return false;
    if (is(&l->v[2], "IF"))
        refuse(file, l->v[2].line, "IF NOT EXISTS hides a mistake: a step runs once");
    if (!is(&l->v[3], "("))
        return false;
    struct table t = {.name = lower(&l->v[2]), .file = file, .line = l->v[0].line};
    int depth = 1;
    bool first = true;
    for (size_t i = 4; i < l->n && depth; i++) {
        if (depth == 1 && first && !is_constraint(&l->v[i]))
            add_column(&t, file, &l->v[i], &l->v[i + 1 < l->n ? i + 1 : i]);
        first = depth == 1 && is(&l->v[i], ",");
        depth += is(&l->v[i], "(") - is(&l->v[i], ")");
    }
    merge_table(all, &t, engine);
    return true;
}

static bool has_word(const struct list *l, const char *word)
{
    for (size_t i = 0; i < l->n; i++)
        if (is(&l->v[i], word))
            return true;
    return false;
}

/* A column that one engine works out from the others: nothing that a copy would carry. */
static bool is_derived(const struct list *l)
{
    return has_word(l, "ADD") && has_word(l, "GENERATED") && has_word(l, "STORED");
}

/* ALTER TABLE t ADD COLUMN, DROP TABLE: what may change the list of tables. Other forms are refused, so that the list
 * is never wrong. */
static void read_change(struct tables *all, const char *file, const struct list *l, int engine)
{
    bool drop = l->n >= 3 && is(&l->v[0], "DROP") && is(&l->v[1], "TABLE");
    bool alter = l->n >= 3 && is(&l->v[0], "ALTER") && is(&l->v[1], "TABLE");
    if (!drop && !alter)
        return;
    struct table *t = find_table(all, lower(&l->v[2]));
    if (t && alter && engine != N_ENGINES && is_derived(l))
        return;
    if (!t || engine != N_ENGINES)
        refuse(file, l->v[0].line, "a table of both engines is altered or dropped on both at once");
    if (drop) {
        all->n--; /* the others stay in order: what is referred to comes first */
        memmove(t, t + 1, (size_t)(&all->v[all->n] - t) * sizeof *t);
        return;
    }
    if (l->n < 7 || !is(&l->v[3], "ADD") || !is(&l->v[4], "COLUMN"))
        refuse(file, l->v[0].line, "only ALTER TABLE … ADD COLUMN: make a new table and fill it for anything else");
    add_column(t, file, &l->v[5], &l->v[6]);
}

struct step {
    int number;
    char *name;
    struct text canonical, text[N_ENGINES];
};

static void add_to_step(struct step *s, struct tables *all, const char *file, const struct list *l, int engine,
                        bool keyed)
{
    bool table = read_create(all, file, l, engine);
    read_change(all, file, l, engine);
    if (keyed && !table)
        refuse(file, l->v[0].line, "-- keyed belongs to a table");
    for (int e = 0; e < N_ENGINES; e++) {
        if (engine != N_ENGINES && engine != e)
            continue;
        write_tokens(&s->text[e], l, e, table || is(&l->v[0], "ALTER") ? SCHEMA : 0);
        if (e == SQLITE && table)
            puts_to(&s->text[e], keyed ? " STRICT, WITHOUT ROWID" : " STRICT");
        puts_to(&s->text[e], ";\n");
    }
    /* What the recorded hash is over: the words, without comments and line breaks, so that a comment may be mended. */
    puts_to(&s->canonical, engine == SQLITE ? "(sqlite) " : engine == POSTGRES ? "(postgres) " : "");
    write_tokens(&s->canonical, l, POSTGRES, 0);
    puts_to(&s->canonical, keyed ? " -- keyed;\n" : ";\n");
}

static bool comment_is(const struct token *t, const char *z)
{
    return t->kind == COMMENT && t->n >= strlen(z) && strncmp(t->p, z, strlen(z)) == 0;
}

static void read_step(struct step *s, struct tables *all, const char *file)
{
    for (int e = 0; e < N_ENGINES; e++)
        puts_to(&s->text[e], "");
    struct reader r = {file, read_file(file), 1};
    struct list l = {0};
    int engine = N_ENGINES;
    struct token t = next(&r);
    while (t.kind != END) {
        if (comment_is(&t, "-- (sqlite)") || comment_is(&t, "-- (postgres)")) {
            if (l.n)
                refuse(file, t.line, "the engine is named before the statement");
            engine = comment_is(&t, "-- (sqlite)") ? SQLITE : POSTGRES;
        } else if (t.kind == ARG) {
            refuse(file, t.line, "a step has no arguments");
        } else if (is(&t, ";") && l.n) {
            unsigned line = t.line;
            t = next(&r);
            bool keyed = comment_is(&t, "-- keyed") && t.line == line;
            add_to_step(s, all, file, &l, engine, keyed);
            l.n = 0;
            engine = N_ENGINES;
            if (!keyed)
                continue;
        } else if (t.kind != COMMENT) {
            push(&l, t);
        }
        t = next(&r);
    }
    if (l.n)
        refuse(file, l.v[0].line, "a statement that does not end with ';'");
}

static void write_table(FILE *c, const struct table *t)
{
    struct text columns = {0}, args = {0}, select = {0}, insert = {0}, count = {0}, clear = {0};
    for (size_t i = 0; i < t->n; i++) {
        char arg[32];
        snprintf(arg, sizeof arg, "%s$%zu", i ? ", " : "", i + 1);
        puts_to(&args, arg);
        puts_to(&columns, i ? ", " : "");
        puts_to(&columns, t->columns[i]);
    }
    char *z = NULL;
    if (asprintf(&z, "SELECT %s FROM %s", columns.p, t->name) < 0)
        abort();
    puts_to(&select, z);
    if (asprintf(&z, "INSERT INTO %s (%s) VALUES (%s)", t->name, columns.p, args.p) < 0)
        abort();
    puts_to(&insert, z);
    if (asprintf(&z, "SELECT count(*) FROM %s", t->name) < 0)
        abort();
    puts_to(&count, z);
    if (asprintf(&z, "DELETE FROM %s", t->name) < 0)
        abort();
    puts_to(&clear, z);
    char *sqlite_insert = strdup(insert.p);
    for (char *p = sqlite_insert; *p; p++)
        if (*p == '$')
            *p = '?';
    fprintf(c, "    { \"%s\",\n        ", t->name);
    write_sql(c, t->name, select.p, select.p, 0);
    fputs(",\n        ", c);
    write_sql(c, t->name, sqlite_insert, insert.p, (unsigned)t->n);
    fputs(",\n        ", c);
    write_sql(c, t->name, count.p, count.p, 0);
    fputs(",\n        ", c);
    write_sql(c, t->name, clear.p, clear.p, 0);
    fputs(" },\n", c);
}

static void step_name(const char *file, int want, struct step *ret)
{
    const char *base = strrchr(file, '/');
    base = base ? base + 1 : file;
    size_t n = strlen(base);
    if (n < 10 || strspn(base, "0123456789") != 4 || base[4] != '_' || strcmp(base + n - 4, ".sql"))
        refuse(file, 0, "a step is called NNNN_name.sql");
    ret->number = (int)strtol(base, NULL, 10);
    ret->name = strndup(base + 5, n - 9);
    if (ret->number != want)
        refuse(file, 0, "steps are numbered without gaps: this one should be %04d", want);
}

static int by_name(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    const char *p = strrchr(x, '/'), *q = strrchr(y, '/');
    return strcmp(p ? p : x, q ? q : y);
}

static void do_migrations(const char *source, char **files, int n_files)
{
    struct step *steps = calloc((size_t)n_files, sizeof *steps);
    struct tables *all = calloc(1, sizeof *all);
    if (!steps || !all)
        abort();
    qsort(files, (size_t)n_files, sizeof *files, by_name);
    for (int i = 0; i < n_files; i++) {
        step_name(files[i], i + 1, &steps[i]);
        read_step(&steps[i], all, files[i]);
    }
    FILE *c = open_output(source);
    fprintf(c, "#include \"store/schema.h\"\n\nconst struct schema_step schema_steps[] = {\n");
    for (int i = 0; i < n_files; i++) {
        fprintf(c, "    { %d, \"%s\",\n        ", steps[i].number, steps[i].name);
        write_literal(c, steps[i].canonical.p);
        fputs(",\n        { ", c);
        write_literal(c, steps[i].text[SQLITE].p);
        fputs(",\n        ", c);
        write_literal(c, steps[i].text[POSTGRES].p);
        fputs(" } },\n", c);
    }
    fprintf(c, "};\nconst size_t schema_n_steps = %d;\n\nconst struct schema_table schema_tables[] = {\n", n_files);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].on[SQLITE] && all->v[i].on[POSTGRES]) {
            write_table(c, &all->v[i]);
            n++;
        }
    fprintf(c, "};\nconst size_t schema_n_tables = %zu;\n", n);
    close_output(c, source);
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "statements") == 0)
        do_statements(argv[2], argv[3], argv[4], argv[5]);
    else if (argc >= 4 && strcmp(argv[1], "registry") == 0)
        do_registry(argv[2], argv[3], argv + 4, argc - 4);
    else if (argc >= 4 && strcmp(argv[1], "migrations") == 0)
        do_migrations(argv[2], argv + 3, argc - 3);
    else {
        fputs("usage: sqlgen statements PARTS IN.sql OUT.h OUT.c | registry PARTS OUT.c IN.sql… | migrations OUT.c "
              "NNNN_name.sql…\n",
              stderr);
        return 2;
    }
    return 0;
}
