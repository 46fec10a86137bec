/* The catalogue compiled into the program: the files of data/orgs/. */
#include "domain/org/catalogue.h"

#include "base/embed.h"

#include "base/banned.h"

extern const struct embedded org_data[];
extern const size_t org_data_n;

struct org_files org_files_builtin(struct ctx *c)
{
    struct org_file *files = NEWN(c->arena, struct org_file, org_data_n);
    for (size_t i = 0; i < org_data_n; i++)
        files[i] = (struct org_file){org_data[i].name, org_data[i].content};
    return (struct org_files){files, org_data_n};
}
