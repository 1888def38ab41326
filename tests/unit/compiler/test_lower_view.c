/* Feature views that are refused. */
#include "definitions_fixture.h"

static void a_column_outside_group_by_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  f AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: column \"e.f\" must appear in the GROUP BY clause or be used in an "
                   "aggregate function\n"
                   "  f AS a\n"
                   "  ^\n"
                   "  write instead: last(f, at)\n");
}

static void a_sum_of_text_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  sum(t) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function sum(text) does not exist\n"
                   "  sum(t) AS a\n"
                   "  ^\n"
                   "  write instead: an argument of another type, by CAST(... AS ...)\n");
}

static void a_max_of_bool_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(ok) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function max(boolean) does not exist\n"
                   "  max(ok) AS a\n"
                   "  ^\n"
                   "  write instead: an argument of another type, by CAST(... AS ...)\n");
}

static void last_without_a_time_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  last(f) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function last(double precision) does not exist\n"
                   "  last(f) AS a\n"
                   "  ^\n"
                   "  write instead: last(column, at)\n");
}

static void a_nested_aggregate_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  sum(max(i)) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:7: aggregate function calls cannot be nested\n"
        "  sum(max(i)) AS a\n"
        "      ^\n"
        "  write instead: an aggregate of the event's columns; combine aggregates outside of it\n");
}

static void a_view_without_group_by_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e;\n",
        "d.sql:6:26: feature view \"v\" has no GROUP BY: its columns are the entity key\n"
        "CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e;\n"
        "                         ^\n"
        "  write instead: GROUP BY the key at the end of the SELECT\n");
}

static void a_key_that_is_not_selected_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e GROUP BY k;\n",
                   "d.sql:6:38: key column \"k\" of GROUP BY is not in the select list\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e GROUP BY k;\n"
                   "                                     ^\n"
                   "  write instead: SELECT k, ...\n");
}

static void a_key_expression_that_is_not_selected_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k, i  +  1;\n",
                   "d.sql:6:38: key i  +  1 of GROUP BY is not in the select list\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k, i  +  1;\n"
                   "                                     ^\n"
                   "  write instead: SELECT i  +  1 AS name, ...\n");
}

static void a_part_of_a_key_expression_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT i + 1 AS j, i FROM e GROUP BY j;\n",
                   "d.sql:6:50: column \"e.i\" must appear in the GROUP BY clause or be used in an "
                   "aggregate function\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT i + 1 AS j, i FROM e GROUP BY j;\n"
                   "                                                 ^\n"
                   "  write instead: last(i, at)\n");
}

static void a_constant_key_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k, 'x';\n",
                   "d.sql:6:59: non-integer constant in GROUP BY\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k, 'x';\n"
                   "                                                          ^\n"
                   "  write instead: GROUP BY column, ...\n");
}

static void a_key_that_reads_the_clock_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT now() - at AS j FROM e GROUP BY j;\n",
                   "d.sql:6:38: now() in GROUP BY cannot be evaluated incrementally\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT now() - at AS j FROM e GROUP BY j;\n"
                   "                                     ^\n"
                   "  write instead: a column of the event: an entity's key cannot change with "
                   "time\n");
}

static void an_aggregate_in_where_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e\n"
                   "WHERE count(*) > 1\n"
                   "GROUP BY k;\n",
                   "d.sql:7:7: aggregate functions are not allowed in WHERE\n"
                   "WHERE count(*) > 1\n"
                   "      ^\n"
                   "  write instead: the aggregate as a feature of a materialized view\n");
}

static void a_view_of_a_view_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM base GROUP BY k;\n",
                   "d.sql:6:45: a feature view reads an event source, and \"base\" is none\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k FROM base GROUP BY k;\n"
                   "                                            ^\n"
                   "  write instead: the name of a foreign table with a topic\n");
}

static void an_unknown_source_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM nosuch GROUP BY k;\n",
                   "d.sql:6:45: relation \"nosuch\" does not exist before this statement\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k FROM nosuch GROUP BY k;\n"
                   "                                            ^\n"
                   "  write instead: CREATE FOREIGN TABLE nosuch above it\n");
}

static void having_that_is_no_condition_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k\n"
                   "HAVING count(*);\n",
                   "d.sql:7:8: argument of HAVING must be type boolean, not type bigint\n"
                   "HAVING count(*);\n"
                   "       ^\n");
}

static void a_column_in_having_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k\n"
                   "HAVING i > 1;\n",
                   "d.sql:7:8: column \"e.i\" must appear in the GROUP BY clause or be used in an "
                   "aggregate function\n"
                   "HAVING i > 1;\n"
                   "       ^\n"
                   "  write instead: last(i, at)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_outside_group_by_is_refused),
        cmocka_unit_test(a_sum_of_text_is_refused),
        cmocka_unit_test(a_max_of_bool_is_refused),
        cmocka_unit_test(last_without_a_time_is_refused),
        cmocka_unit_test(a_nested_aggregate_is_refused),
        cmocka_unit_test(a_view_without_group_by_is_refused),
        cmocka_unit_test(a_key_that_is_not_selected_is_refused),
        cmocka_unit_test(a_key_expression_that_is_not_selected_is_refused),
        cmocka_unit_test(a_part_of_a_key_expression_is_refused),
        cmocka_unit_test(a_constant_key_is_refused),
        cmocka_unit_test(a_key_that_reads_the_clock_is_refused),
        cmocka_unit_test(an_aggregate_in_where_is_refused),
        cmocka_unit_test(a_view_of_a_view_is_refused),
        cmocka_unit_test(an_unknown_source_is_refused),
        cmocka_unit_test(having_that_is_no_condition_is_refused),
        cmocka_unit_test(a_column_in_having_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
