/* fuzz.c: see fuzz.h. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

void fuzz_directory_make(char *path, size_t size)
{
    const char *parent = getenv("TMPDIR");
    snprintf(path, size, "%s/nowthen-fuzz-XXXXXX", parent && *parent ? parent : "/tmp");
    FUZZ_CHECK(mkdtemp(path));
}

void fuzz_directory_remove(const char *path)
{
    static const char *const names[] = {"program.c", "program.so", "manifest.json", "input"};
    struct buffer name = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        buffer_clear(&name);
        buffer_printf(&name, "%s/%s", path, names[i]);
        unlink(buffer_text(&name));
    }
    buffer_deinit(&name);
    rmdir(path);
}
