/*
 * fuzz_build.c: a definition file that the compiler takes, through the system's C compiler and into
 * this process: what is emitted compiles without a complaint, links, and says of itself what the
 * manifest says. A hundred times slower than fuzz_definitions, whose findings are its seeds.
 */
#include "compiler/compile.h"
#include "fuzz.h"
#include "registry/program.h"

#include "nowthen/arena.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static void build_and_load(const struct ir_program *program)
{
    char directory[256];
    struct program *loaded;
    struct nt_error error;
    fuzz_directory_make(directory, sizeof directory);
    enum nt_status status = build_program(program, directory, NULL, &error);
    if (status == NT_OK) status = program_open(directory, &loaded, &error);
    fuzz_directory_remove(directory);
    if (status != NT_OK) fuzz_fail(__FILE__, __LINE__, error.text);
    FUZZ_CHECK(strlen(program_get(loaded)->fingerprint) == 32);
    program_close(loaded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nt_arena arena;
    struct buffer diagnostics = {0};
    struct ir_program *program;
    nt_arena_init(&arena);
    if (compile_definitions("input.sql", (struct bytes){data, size}, &arena, &program, &diagnostics,
                            NULL) == NT_OK)
        build_and_load(program);
    buffer_deinit(&diagnostics);
    nt_arena_deinit(&arena);
    return 0;
}
