/* What is too large, or no text at all: definition files that nobody would keep as a case. */
#include "definitions_fixture.h"

static void assert_says(struct buffer *text, const char *reason)
{
    struct buffer diagnostics = {0};
    struct nt_arena arena;
    struct ir_program *program;
    struct nt_error error = {0};
    nt_arena_init(&arena);
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(text), &arena, &program, &diagnostics, &error),
        NT_INVALID);
    assert_non_null(strstr(buffer_text(&diagnostics), reason));
    nt_arena_deinit(&arena);
    buffer_deinit(text);
    buffer_deinit(&diagnostics);
}

static void repeat(struct buffer *text, const char *part, int count)
{
    for (int i = 0; i < count; i++) buffer_append_text(text, part);
}

static void sixteen_mebibytes_are_the_most(void **state)
{
    (void)state;
    struct buffer text = {0};
    repeat(&text, "-- a line of sixty-four bytes, which says nothing of interest...\n", 1 << 18);
    assert_says(&text, "a definition file has at most 16777216 bytes, got 17039360\n");
}

static void what_is_no_utf_8_is_shown(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE VIEW caf\xe9 AS SELECT k FROM req;\n");
    assert_says(&text, "d.sql:6:16: byte 0xe9 is not a character of UTF-8 text\n");
}

static void parentheses_nest_so_deep(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE VIEW s AS SELECT ");
    repeat(&text, "(", 5000);
    buffer_append_text(&text, "1");
    repeat(&text, ")", 5000);
    buffer_append_text(&text, " AS one FROM req;\n");
    assert_says(&text, "this nests too deeply to be read\n");
}

static void expressions_nest_so_deep(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE VIEW s AS SELECT i");
    repeat(&text, " + 1", 600);
    buffer_append_text(&text, " AS much FROM req;\n");
    assert_says(&text, "expression nests more than 500 levels deep\n");
}

/* Each CASE writes its subject out twice. */
static void expressions_have_so_many_parts(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE VIEW s AS SELECT ");
    repeat(&text, "CASE ", 20);
    buffer_append_text(&text, "i");
    repeat(&text, " WHEN 1 THEN 2 WHEN 3 THEN 4 END", 20);
    buffer_append_text(&text, " AS much FROM req;\n");
    assert_says(&text, "expression has more than 20000 parts once BETWEEN, IN and CASE are written "
                       "out\n");
}

static void a_select_list_has_so_many_columns(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE VIEW s AS SELECT k");
    for (int i = 0; i < 1600; i++) buffer_printf(&text, ", i AS i%d", i);
    buffer_append_text(&text, " FROM e;\n");
    assert_says(&text, "a select list has at most 1600 columns\n");
}

static void a_view_has_so_many_aggregates(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE MATERIALIZED VIEW v AS SELECT k");
    for (int i = 0; i < 1500; i++) {
        buffer_append_text(&text, ", 0");
        for (int j = 0; j < 22; j++)
            buffer_printf(&text, " + sum(i + %d) FILTER (WHERE at > now() - interval '%d s')",
                          (i * 22 + j) / 200, (i * 22 + j) % 200 + 1);
        buffer_printf(&text, " AS s%d", i);
    }
    buffer_append_text(&text, " FROM e GROUP BY k;\n");
    assert_says(&text, "view \"v\" has more than 32767 different aggregates\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixteen_mebibytes_are_the_most),
        cmocka_unit_test(what_is_no_utf_8_is_shown),
        cmocka_unit_test(parentheses_nest_so_deep),
        cmocka_unit_test(expressions_nest_so_deep),
        cmocka_unit_test(expressions_have_so_many_parts),
        cmocka_unit_test(a_select_list_has_so_many_columns),
        cmocka_unit_test(a_view_has_so_many_aggregates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
