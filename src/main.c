#include "document/document.h"
#include "domain/access/viewer.h"
#include "front/cli/cli.h"
#include "front/gate/hasher.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

int main(int argc, char **argv)
{
    /* The process of its own in which an untrusted document is read. */
    if (argc > 1 && strcmp(argv[1], "document-child") == 0)
        return document_child(argc, argv);
    if (argc > 1 && strcmp(argv[1], "password-child") == 0)
        return hasher_child();
    /* A reader that goes away ("hoalu … | head") is an error of the output, not a death in the middle of a write. */
    signal(SIGPIPE, SIG_IGN);
    struct arena arena;
    arena_init(&arena, (size_t)4 << 30);
    struct ctx c = {
        .arena = &arena, .source = source_system(), .actor = {S("cli"), S(""), S("")}, .viewer = &viewer_system};
    struct out out, errors;
    out_init_fd(&out, &arena, STDOUT_FILENO, SIZE_MAX);
    out_init_fd(&errors, &arena, STDERR_FILENO, SIZE_MAX);
    int status = cli_main(&c, &out, &errors, argc, argv);
    arena_reset(&arena);
    return status;
}
