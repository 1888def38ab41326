/*
 * build.h: what build.c (which leads) and build_objects.c share: where a program is built, and runs
 * of the C compiler.
 */
#ifndef COMPILER_BUILD_H
#define COMPILER_BUILD_H

#include "compiler/compile.h"

#include <sys/types.h>

struct build {
    const char *directory;
    const char *work; /* below directory; removed with all that is in it */
    struct nt_arena *arena;
    const struct build_cache *cache; /* NULL: none */
    const char *include;             /* the directory that holds nowthen/ */
    char *const *compiler;           /* the words of CC, or cc */
    int compiler_words;
};

/* A run of the compiler: CC, program_flags but for is_object's -shared, words. */
struct build_run {
    const char *compiler;
    const char *said; /* the file that holds what it says */
    pid_t child;
};
/* words ends with NULL; said is a name in work. */
enum nt_status build_run_start(const struct build *build, const char *const *words, bool is_object,
                               const char *said, struct build_run *run, struct nt_error *error);
/* Waits. NT_IO: it failed, with what it said. */
enum nt_status build_run_end(const struct build *build, struct build_run *run,
                             struct nt_error *error);

/* build_objects.c: work/program.so from the pieces of the program, of which only those are compiled
 * that the cache does not have. */
enum nt_status build_objects(const struct build *build, const struct ir_program *program,
                             struct nt_error *error);

#endif
