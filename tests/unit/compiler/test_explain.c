/* What --explain says. */
#include "definitions_fixture.h"

static void assert_explained(const char *definition, const char *expected)
{
    struct buffer text = {0}, diagnostics = {0}, out = {0};
    struct nt_arena arena;
    struct ir_program *program;
    struct nt_error error = {0};
    nt_arena_init(&arena);
    buffer_append_text(&text, before);
    buffer_append_text(&text, definition);
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, &error),
        NT_OK);
    explain_print(program, &out);
    const char *found = strstr(buffer_text(&out), "\n\n"); /* behind the view of the fixture */
    assert_non_null(found);
    assert_string_equal(found + 2, expected);
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
    buffer_deinit(&out);
}

static void a_view_says_what_it_keeps_and_for_how_long(void **state)
{
    (void)state;
    assert_explained(
        "CREATE MATERIALIZED VIEW v AS SELECT k, sum(i)\n"
        "  FILTER (WHERE at > now() - interval '36 hours') AS s, now() - max(at) AS idle\n"
        "FROM e WHERE ok GROUP BY k;\n",
        "view v: one row for each k\n"
        "  reads e where ok\n"
        "  keeps of each event its time and integer, timestamp with time zone\n"
        "  drops an event when it is 1 day 12:00:00 and store.past_reads_s older than the newest "
        "of its entity, or a bit later\n"
        "  keeps of each tile of time a partial, whatever the window, of\n"
        "    count(*)\n"
        "    sum(i) FILTER (WHERE at > now() - interval '36 hours')\n"
        "    max(at)\n"
        "  keeps for ever a partial of\n"
        "    count(*)\n"
        "    max(at)\n"
        "  a lookup makes 3 values over 2 windows: from one record of a small entity; of a large "
        "one\n"
        "    it merges some partials, their number the logarithm of its events, and reads the ends "
        "of each window\n"
        "  changes with the clock, without an event: idle\n");
}

static void a_service_says_what_it_reads(void **state)
{
    (void)state;
    assert_explained("CREATE VIEW s AS SELECT r.k, base.n FROM req r LEFT JOIN base USING (k);\n",
                     "service s: 2 outputs for a row of req\n"
                     "  reads an entity of base\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_says_what_it_keeps_and_for_how_long),
        cmocka_unit_test(a_service_says_what_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
