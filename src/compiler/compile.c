/* compile.c: the passes, in order. */
#include "compiler/compile.h"

#include "compiler/fingerprint.h"
#include "compiler/lower.h"
#include "compiler/parse.h"
#include "compiler/verify.h"

#include <string.h>

/* The text outlives the file it was read from: the program keeps it. */
static struct ir_program *program_new(struct nt_arena *arena, struct bytes text)
{
    struct ir_program *program = nt_arena_zalloc(arena, sizeof *program);
    program->definitions = (const char *)text.data;
    return program;
}

enum nt_status compile_definitions(const char *path, struct bytes definitions,
                                   struct nt_arena *arena, struct ir_program **program,
                                   struct buffer *diagnostics, struct nt_error *error)
{
    struct diagnostics findings = {.arena = arena, .path = path};
    struct tokens tokens;
    struct ast_file *file = NULL;
    *program = NULL;
    if (parse_prepare(definitions, &findings, &tokens)) {
        *program = program_new(arena, findings.text);
        file = parse_file(findings.text, &tokens, arena, &findings);
    }
    if (file) lower_file(file, arena, &findings, *program);
    diagnostics_print(&findings, diagnostics);
    if (findings.error_count > 0)
        return error_set(error, NT_INVALID, "%s: %d error%s", path, findings.error_count,
                         findings.error_count == 1 ? "" : "s");
    enums_settle(*program, arena);
    enum nt_status status = program_verify(*program, error);
    if (status != NT_OK) return status;
    program_fingerprint(*program);
    return NT_OK;
}

enum nt_status compile_file(const char *path, const char *directory,
                            const struct build_cache *cache, struct buffer *diagnostics,
                            struct nt_error *error)
{
    struct buffer text = {0};
    struct nt_arena arena;
    struct ir_program *program;
    nt_arena_init(&arena);
    enum nt_status status = file_read(path, &text, error);
    if (status == NT_OK)
        status =
            compile_definitions(path, buffer_bytes(&text), &arena, &program, diagnostics, error);
    if (status == NT_OK) status = build_program(program, directory, cache, error);
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    return status;
}
