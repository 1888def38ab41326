/* command_compile.c: nowthen compile: a definition file to C, a program and its manifest. */
#include "base/bytes.h"
#include "cli/command.h"
#include "cli/load.h"
#include "compiler/compile.h"
#include "compiler/ir.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT, DUMP, EXPLAIN };

static const struct cli_option options_table[] = {
    {"output", "DIR", "where program.c, program.so and manifest.json go (also -o)", CLI_TEXT, NULL},
    {"dump", "PASS", "print a pass instead: ast, ir or c", CLI_TEXT, NULL},
    {"explain", NULL, "say in words what is kept per entity, and what a lookup reads", CLI_FLAG,
     NULL},
    {0},
};

#define PASS_EXPLAIN "explain" /* of dump: --explain */

static enum nt_status dump(const char *pass, const char *path, struct buffer *out,
                           struct buffer *diagnostics, struct nt_error *error)
{
    struct buffer definitions = {0};
    struct nt_arena arena = {0};
    enum nt_status status = file_read(path, &definitions, error);
    if (status == NT_OK && strcmp(pass, "ast") == 0) {
        status = parse_dump(path, buffer_bytes(&definitions), out, diagnostics, error);
    } else if (status == NT_OK) {
        struct ir_program *program;
        status = compile_definitions(path, buffer_bytes(&definitions), &arena, &program,
                                     diagnostics, error);
        if (status == NT_OK && strcmp(pass, "ir") == 0) ir_print(program, out);
        if (status == NT_OK && strcmp(pass, "c") == 0) emit_program(program, out);
        if (status == NT_OK && strcmp(pass, PASS_EXPLAIN) == 0) explain_print(program, out);
    }
    nt_arena_deinit(&arena);
    buffer_deinit(&definitions);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    const char *path = options->positional.items[0];
    const char *directory = options->texts[OUTPUT], *pass = options->texts[DUMP];
    if (pass && strcmp(pass, "ast") != 0 && strcmp(pass, "ir") != 0 && strcmp(pass, "c") != 0)
        return error_set(error, NT_INVALID, "--dump must be ast, ir or c, got \"%s\"", pass);
    if (options->flags[EXPLAIN]) pass = PASS_EXPLAIN;
    if (!pass && !directory)
        return error_set(error, NT_INVALID, "say where the program goes: nowthen compile %s -o DIR",
                         path);
    if (!pass) return load_compile(path, directory, config, error);
    struct buffer out = {0}, diagnostics = {0};
    enum nt_status status = dump(pass, path, &out, &diagnostics, error);
    bytes_print(buffer_bytes(&diagnostics), stderr);
    bytes_print(buffer_bytes(&out), stdout);
    buffer_deinit(&diagnostics);
    buffer_deinit(&out);
    return status;
}

const struct cli_command command_compile = {
    .name = "compile",
    .arguments = "DEFS.sql -o DIR",
    .summary = "compile a definition file to C and a program",
    .details =
        "Writes DIR/program.c, DIR/program.so and DIR/manifest.json, all or nothing. The same\n"
        "definitions give the same C. --dump=c shows what a feature became. Each view is compiled\n"
        "by itself and kept in compiler.cache_dir: one that did not change is not compiled again,\n"
        "here and by apply and eval. --set compiler.cache_mb=0 compiles all anew.\n\n"
        "  nowthen compile definitions.sql --dump=c | less",
    .options = options_table,
    .positional_min = 1,
    .positional_max = 1,
    .run = run,
};
