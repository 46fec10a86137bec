/* What the benchmark of figures works on, made from a fixed seed: the same on every machine.
 *
 *     build/bench/values-data FOLDER INDICATORS MONTHS [COMMUNES | UNITS.csv]
 *
 * Writes into FOLDER
 *   areas.csv       places, for `hoalu org load`: one country, its provinces, their communes
 *   indicators.csv  B0001 … for `hoalu indicator load`: reported each month by the communes, added up
 *   values-N.csv    indicator,place,period,value: for `hoalu value load`, whole indicators and up to a million rows
 * each rows.csv        series,period,place,source,amount,state,from_pos: the same figures as numbers, in order of the
 * key, for loading straight into a table places.csv      place,code,province: the numbers of rows.csv
 *
 * The tree is that of UNITS.csv (code,parent_code,full_name,kind; the 34 provinces and 3,321 communes of shared/geo)
 * or, where there is none, of its shape; a number of communes below 200 makes one province. Two in a hundred figures
 * are missing. A figure is a level of its place times a growth of its indicator with noise, with two decimals. */
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { PLACES = 5000, FIRST_YEAR = 2021, PER_FILE = 1050000 };

struct place {
    char code[16];
    int above; /* number of its province; 0: it is one; -1: the country */
};
static struct place places[PLACES]; /* by number, from 1 */
static int n_places;

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* In hundredths, or -1 where there is none. */
static int64_t figure(int indicator, int place, int month)
{
    uint64_t level = mix(0x486f616c75u ^ (uint64_t)place << 20 ^ (uint64_t)indicator << 40);
    uint64_t noise = mix(level ^ (uint64_t)month);
    if (noise % 50 == 0)
        return -1;
    double growth = 1 + (double)(indicator % 17) * 0.001 * month;
    return (int64_t)((double)(level % 100000 + 5000) * growth *
                     (0.9 + (double)(noise >> 40) / (double)(1 << 24) * 0.2));
}

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(1);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f)
        fail(path);
    return f;
}

static void close_whole(FILE *f, const char *name)
{
    if (ferror(f) || fclose(f))
        fail(name);
}

static int add(const char *code, int above)
{
    if (++n_places >= PLACES) {
        fprintf(stderr, "more than %d places\n", PLACES);
        exit(1);
    }
    snprintf(places[n_places].code, sizeof places->code, "%s", code);
    places[n_places].above = above;
    return n_places;
}

/* Provinces stand before their communes in the file. */
static void read_units(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path);
    char line[512];
    for (bool heading = true; fgets(line, sizeof line, f); heading = false) {
        char code[64], parent[64] = "";
        if (heading || (sscanf(line, "%63[^,],%63[^,],", code, parent) < 1))
            continue;
        int above = 0;
        for (int i = 2; i <= n_places && parent[0]; i++)
            if (!places[i].above && !strcmp(places[i].code + 1, parent))
                above = i;
        char own[80];
        snprintf(own, sizeof own, above ? "U%s" : "P%s", code);
        add(own, above);
    }
    fclose(f);
}

static void make_units(int communes)
{
    int provinces = communes < 200 ? 1 : 34;
    char code[16];
    for (int p = 0, made = 0; p < provinces; p++) {
        snprintf(code, sizeof code, "P%02d", p + 1);
        int above = add(code, 0);
        for (; made < (int64_t)communes * (p + 1) / provinces; made++) {
            snprintf(code, sizeof code, "U%05d", made + 1);
            add(code, above);
        }
    }
}

static void write_places(const char *folder)
{
    FILE *areas = create(folder, "areas.csv"), *numbers = create(folder, "places.csv");
    fputs("area,name,kind,parent,confirmed\n", areas);
    fputs("place,code,province\n", numbers);
    for (int i = 1; i <= n_places; i++) {
        const struct place *p = &places[i];
        fprintf(areas, "%s,%s,%s,%s,no\n", p->code, p->code,
                p->above < 0 ? "country"
                : p->above   ? "commune"
                             : "province",
                p->above < 0 ? "" : places[p->above ? p->above : 1].code);
        if (p->above > 0)
            fprintf(numbers, "%d,%s,%s\n", i, p->code, places[p->above].code);
    }
    close_whole(areas, "areas.csv");
    close_whole(numbers, "places.csv");
}

static FILE *create_values(const char *folder, int number)
{
    char name[40];
    snprintf(name, sizeof name, "values-%d.csv", number);
    FILE *f = create(folder, name);
    fputs("indicator,place,period,value\n", f);
    return f;
}

static void write_figures(const char *folder, int indicators, int months)
{
    FILE *names = create(folder, "indicators.csv"), *rows = create(folder, "rows.csv"), *values = NULL;
    fputs("code,name,unit,places,direction,frequency,tree,over_places,over_time,confirmed\n", names);
    int in_file = PER_FILE / (n_places * months) ? PER_FILE / (n_places * months) : 1, file = 0;
    for (int i = 1; i <= indicators; i++) {
        fprintf(names, "B%04d,B%04d,hồ sơ,2,up,month,area,sum,sum,no\n", i, i);
        if ((i - 1) % in_file == 0) {
            if (values)
                close_whole(values, "values");
            values = create_values(folder, ++file);
        }
        for (int m = 0; m < months; m++) {
            int year = FIRST_YEAR + m / 12, month = m % 12 + 1;
            int code = (year * 12 + month - 1) * 1024 + 1; /* period_code() */
            for (int p = 1; p <= n_places; p++) {
                int64_t v = places[p].above > 0 ? figure(i, p, m) : -1;
                if (v < 0)
                    continue;
                fprintf(values, "B%04d,%s,%04d-%02d,%" PRId64 ".%02d\n", i, places[p].code, year, month, v / 100,
                        (int)(v % 100));
                fprintf(rows, "%d,%d,%d,0,%" PRId64 ".%02d,0,1\n", i, code, p, v / 100, (int)(v % 100));
            }
        }
    }
    close_whole(names, "indicators.csv");
    close_whole(rows, "rows.csv");
    if (values)
        close_whole(values, "values");
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("values-data FOLDER INDICATORS MONTHS [COMMUNES | UNITS.csv]\n", stderr);
        return 2;
    }
    const char *units = argc > 4 ? argv[4] : "3321";
    add("VN", -1);
    if (strspn(units, "0123456789") == strlen(units))
        make_units((int)strtol(units, NULL, 10));
    else
        read_units(units);
    write_places(argv[1]);
    write_figures(argv[1], (int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10));
    return 0;
}
