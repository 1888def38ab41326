/* Names that are refused, and traps. */
#include "definitions_fixture.h"

static void an_alias_that_looks_like_a_keyword_is_a_warning(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k, nosuch AS a FROM e asof GROUP BY k;\n",
        "d.sql:6:41: column \"nosuch\" does not exist\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k, nosuch AS a FROM e asof GROUP BY k;\n"
        "                                        ^\n"
        "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n"
        "d.sql:6:60: warning: \"asof\" is no keyword here: PostgreSQL reads it as an alias of e\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k, nosuch AS a FROM e asof GROUP BY k;\n"
        "                                                           ^\n"
        "  write instead: e AS asof, where an alias is meant\n");
}

static void an_expression_needs_a_name(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k, max(i) + 1 FROM e GROUP BY k;\n",
                   "d.sql:6:41: this expression needs a name\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k, max(i) + 1 FROM e GROUP BY k;\n"
                   "                                        ^\n"
                   "  write instead: max(i) + 1 AS name\n");
}

static void a_name_given_twice_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k, max(i), max(b) FROM e GROUP BY k;\n",
                   "d.sql:6:49: column \"max\" specified more than once\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k, max(i), max(b) FROM e GROUP BY k;\n"
                   "                                                ^\n"
                   "  write instead: max(b) AS another_name\n");
}

static void a_reserved_name_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k, max(i) AS valid_from FROM e GROUP BY k;\n",
        "d.sql:6:51: \"valid_from\" is a column of every offline table and cannot be a feature\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k, max(i) AS valid_from FROM e GROUP BY k;\n"
        "                                                  ^\n"
        "  write instead: AS valid_from_feature\n");
}

static void our_prefix_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW nowthen_v AS SELECT k FROM e GROUP BY k;\n",
        "d.sql:6:26: names that begin with nowthen_ are the project's own, got view \"nowthen_v\"\n"
        "CREATE MATERIALIZED VIEW nowthen_v AS SELECT k FROM e GROUP BY k;\n"
        "                         ^\n"
        "  write instead: v\n");
}

static void a_relation_defined_twice_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW e AS SELECT k FROM e GROUP BY k;\n",
                   "d.sql:6:26: relation \"e\" already exists\n"
                   "CREATE MATERIALIZED VIEW e AS SELECT k FROM e GROUP BY k;\n"
                   "                         ^\n"
                   "  write instead: another name\n");
}

/* Soon, too: what is quadratic in the features is not begun. */
static void ten_thousand_features_are_refused(void **state)
{
    (void)state;
    struct buffer text = {0}, diagnostics = {0};
    struct nt_arena arena;
    struct ir_program *program;
    struct nt_error error = {0};
    nt_arena_init(&arena);
    buffer_append_text(&text, before);
    buffer_append_text(&text, "CREATE MATERIALIZED VIEW v AS SELECT k");
    for (int i = 1; i <= 10000; i++)
        buffer_printf(&text, ", count(*) FILTER (WHERE at > now() - interval '%d s') AS n%d", i, i);
    buffer_append_text(&text, " FROM e GROUP BY k;\n");
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, &error),
        NT_INVALID);
    assert_non_null(strstr(buffer_text(&diagnostics),
                           "view \"v\" has 10001 columns; a view has at most 1600\n"));
    assert_string_equal(error.text, "d.sql: 1 error");
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alias_that_looks_like_a_keyword_is_a_warning),
        cmocka_unit_test(an_expression_needs_a_name),
        cmocka_unit_test(a_name_given_twice_is_refused),
        cmocka_unit_test(a_reserved_name_is_refused),
        cmocka_unit_test(our_prefix_is_refused),
        cmocka_unit_test(ten_thousand_features_are_refused),
        cmocka_unit_test(a_relation_defined_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
