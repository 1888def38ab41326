/* What PostgreSQL's grammar takes and a definition file may not have. */
#include "definitions_fixture.h"

static void a_syntax_error_is_shown_like_any_other(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT 1 FROM;\n", "d.sql:6:31: syntax error at end of input\n"
                                                        "CREATE VIEW s AS SELECT 1 FROM;\n"
                                                        "                              ^\n");
}

static void syntax_errors_of_every_statement_are_shown(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELEC 1;\n"
                   "GRANT SELECT ON e x;\n",
                   "d.sql:6:18: syntax error at or near \"SELEC\"\n"
                   "CREATE VIEW s AS SELEC 1;\n"
                   "                 ^\n"
                   "d.sql:7:19: syntax error at or near \"x\"\n"
                   "GRANT SELECT ON e x;\n"
                   "                  ^\n");
}

static void columns_are_counted_in_characters(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(t) = 'éé' AND nosuch AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:21: column \"nosuch\" does not exist\n"
                   "  max(t) = 'éé' AND nosuch AS a\n"
                   "                    ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void a_percentile_from_above_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  percentile_cont(0.9) WITHIN GROUP (ORDER BY i DESC) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: WITHIN GROUP of several columns or downwards is not part of the "
                   "definition language\n"
                   "  percentile_cont(0.9) WITHIN GROUP (ORDER BY i DESC) AS a\n"
                   "  ^\n"
                   "  write instead: WITHIN GROUP (ORDER BY column)\n");
}

static void order_by_in_an_aggregate_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  sum(i ORDER BY i) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: ORDER BY within sum is not part of the definition language\n"
                   "  sum(i ORDER BY i) AS a\n"
                   "  ^\n"
                   "  write instead: first(value, time), last(value, time) or (array_agg(value "
                   "ORDER BY time DESC))[1:100]\n");
}

static void a_subquery_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  (SELECT 1) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: a subquery is not part of the definition language\n"
                   "  (SELECT 1) AS a\n"
                   "  ^\n"
                   "  write instead: columns, literals, operators, CASE, functions, casts and "
                   "aggregates\n");
}

static void a_parameter_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  $1 AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: a parameter ($1) is not part of the definition language\n"
                   "  $1 AS a\n"
                   "  ^\n"
                   "  write instead: columns, literals, operators, CASE, functions, casts and "
                   "aggregates\n");
}

static void a_pattern_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(t) SIMILAR TO 'x' AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:10: SIMILAR TO is not part of the definition language\n"
                   "  max(t) SIMILAR TO 'x' AS a\n"
                   "         ^\n"
                   "  write instead: LIKE, or several joined by OR\n");
}

static void an_array_of_arrays_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(x::int[][]) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:10: arrays have one dimension, got 2\n"
                   "  max(x::int[][]) AS a\n"
                   "         ^\n"
                   "  write instead: int4[]\n");
}

static void a_fraction_of_an_interval_field_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  max(at) - interval '1.5' hour AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:13: an interval's fields or precision are not part of the definition language\n"
        "  max(at) - interval '1.5' hour AS a\n"
        "            ^\n"
        "  write instead: the unit within the quotes: interval '1 hour'\n");
}

static void a_precision_beyond_ours_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(i)::numeric(1001, 1) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:11: numeric has a precision of 1 to 1000 and a scale of -1000 to "
                   "1000, got (1001, 1)\n"
                   "  max(i)::numeric(1001, 1) AS a\n"
                   "          ^\n"
                   "  write instead: numeric, which keeps the scale of each value\n");
}

static void a_type_we_lack_is_refused_by_the_users_word(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(i)::money AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:11: type money is not part of the definition language\n"
                   "  max(i)::money AS a\n"
                   "          ^\n"
                   "  write instead: numeric\n");
}

static void an_inner_join_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "JOIN base USING (k);\n",
                   "d.sql:7:6: a service joins its views by LEFT JOIN only: a request always has "
                   "exactly one row\n"
                   "JOIN base USING (k);\n"
                   "     ^\n"
                   "  write instead: LEFT JOIN ... USING (key)\n");
}

static void a_star_of_no_table_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT x.* FROM req;\n",
                   "d.sql:6:25: missing FROM-clause entry for table \"x\"\n"
                   "CREATE VIEW s AS SELECT x.* FROM req;\n"
                   "                        ^\n"
                   "  write instead: the alias of the request or of a joined view\n");
}

static void a_default_of_a_request_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (i int DEFAULT 3) SERVER request;\n",
                   "d.sql:6:31: a request column has no DEFAULT: what is not given is NULL\n"
                   "CREATE FOREIGN TABLE x (i int DEFAULT 3) SERVER request;\n"
                   "                              ^\n"
                   "  write instead: coalesce(column, value) in the service\n");
}

static void another_statement_is_refused(void **state)
{
    (void)state;
    assert_refused("DROP TABLE e;\n",
                   "d.sql:6:1: this statement is not part of the definition language\n"
                   "DROP TABLE e;\n"
                   "^\n"
                   "  write instead: CREATE SERVER, CREATE FOREIGN TABLE, CREATE MATERIALIZED "
                   "VIEW, CREATE VIEW, CREATE TYPE ... AS ENUM, COMMENT ON or GRANT SELECT\n");
}

static void a_grant_of_more_than_select_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "GRANT ALL ON e TO x;\n",
        "d.sql:6:1: a GRANT or REVOKE of this form is not part of the definition language\n"
        "GRANT ALL ON e TO x;\n"
        "^\n"
        "  write instead: GRANT SELECT ON service TO role\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syntax_error_is_shown_like_any_other),
        cmocka_unit_test(syntax_errors_of_every_statement_are_shown),
        cmocka_unit_test(columns_are_counted_in_characters),
        cmocka_unit_test(a_percentile_from_above_is_refused),
        cmocka_unit_test(order_by_in_an_aggregate_is_refused),
        cmocka_unit_test(a_subquery_is_refused),
        cmocka_unit_test(a_parameter_is_refused),
        cmocka_unit_test(a_pattern_is_refused),
        cmocka_unit_test(an_array_of_arrays_is_refused),
        cmocka_unit_test(a_fraction_of_an_interval_field_is_refused),
        cmocka_unit_test(a_precision_beyond_ours_is_refused),
        cmocka_unit_test(a_type_we_lack_is_refused_by_the_users_word),
        cmocka_unit_test(an_inner_join_is_refused),
        cmocka_unit_test(a_star_of_no_table_is_refused),
        cmocka_unit_test(a_default_of_a_request_is_refused),
        cmocka_unit_test(another_statement_is_refused),
        cmocka_unit_test(a_grant_of_more_than_select_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
