/*
 * definitions_fixture.h: a source, a request and a view that tests add a definition to, and the
 * comparison of what then comes: the IR, or all that is printed (place, line, caret, reason, cure).
 */
#ifndef TESTS_DEFINITIONS_FIXTURE_H
#define TESTS_DEFINITIONS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/compile.h"
#include "compiler/ir.h"

#include <string.h>

/* Five lines before the definition that is tested. */
__attribute__((unused)) static const char before[] =
    "CREATE SERVER kafka1 FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');\n"
    "CREATE FOREIGN TABLE e (k text NOT NULL, i int, b bigint, f float8, t text, ok bool,\n"
    "  at timestamptz, seen timestamptz) SERVER kafka1 OPTIONS (topic 'e', format 'json', "
    "event_time 'at');\n"
    "CREATE FOREIGN TABLE req (k text, i int, big bigint, ts timestamptz) SERVER request;\n"
    "CREATE MATERIALIZED VIEW base AS SELECT k, count(*) AS n, max(i) AS most FROM e GROUP BY k;\n";

__attribute__((unused)) static void assert_refused(const char *definition, const char *expected)
{
    struct buffer text = {0}, diagnostics = {0};
    struct nt_arena arena;
    struct ir_program *program;
    struct nt_error error = {0};
    nt_arena_init(&arena);
    buffer_append_text(&text, before);
    buffer_append_text(&text, definition);
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, &error),
        NT_INVALID);
    assert_string_equal(buffer_text(&diagnostics), expected);
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
}

/* Compiles without a finding and compares the IR from the line that begins with start on. */
__attribute__((unused)) static void assert_ir(const char *first, const char *second,
                                              const char *start, const char *expected)
{
    struct buffer text = {0}, diagnostics = {0}, ir = {0};
    struct nt_arena arena;
    struct ir_program *program;
    struct nt_error error = {0};
    nt_arena_init(&arena);
    buffer_append_text(&text, first);
    buffer_append_text(&text, second);
    enum nt_status status =
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, &error);
    assert_string_equal(buffer_text(&diagnostics), "");
    assert_int_equal(status, NT_OK);
    ir_print(program, &ir);
    const char *from = strstr(buffer_text(&ir), start);
    assert_non_null(from);
    assert_string_equal(from, expected);
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
    buffer_deinit(&ir);
}

#endif
