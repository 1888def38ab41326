/*
 * fuzz_definitions.c: a definition file, to emitted C. Whatever the bytes, the compiler gives a
 * program, and the same C for it a second time, or findings. That lowering broke a rule of the IR
 * (program_verify) is a finding too.
 */
#include "compiler/compile.h"
#include "fuzz.h"

#include "nowthen/arena.h"

#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

static enum nt_status run(struct bytes definitions, struct buffer *c, struct buffer *diagnostics)
{
    struct nt_arena arena;
    struct ir_program *program;
    nt_arena_init(&arena);
    enum nt_status status =
        compile_definitions("input.sql", definitions, &arena, &program, diagnostics, NULL);
    if (status == NT_OK) emit_program(program, c);
    nt_arena_deinit(&arena);
    return status;
}

static bool is_same(const struct buffer *a, const struct buffer *b)
{
    return bytes_compare(buffer_bytes(a), buffer_bytes(b)) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer c[2] = {{0}}, diagnostics[2] = {{0}};
    struct bytes definitions = {data, size};
    enum nt_status status = run(definitions, &c[0], &diagnostics[0]);
    FUZZ_CHECK(status == NT_OK || status == NT_INVALID);
    FUZZ_CHECK(status == NT_OK || diagnostics[0].size > 0);
    FUZZ_CHECK(run(definitions, &c[1], &diagnostics[1]) == status);
    FUZZ_CHECK(is_same(&c[0], &c[1]) && is_same(&diagnostics[0], &diagnostics[1]));
    for (int i = 0; i < 2; i++) {
        buffer_deinit(&c[i]);
        buffer_deinit(&diagnostics[i]);
    }
    return 0;
}
