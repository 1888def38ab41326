/* Views of latest rows: their IR, and those that are refused. */
#include "definitions_fixture.h"

static void columns_come_from_one_row(void **state)
{
    (void)state;
    assert_ir(
        "CREATE SERVER s FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'b');\n"
        "CREATE FOREIGN TABLE e (k text, i int, at timestamptz) SERVER s\n"
        "  OPTIONS (topic 'e', format 'json', event_time 'at');\n",
        "CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k) k, i + 1 AS j\n"
        "FROM e ORDER BY k, at DESC;\n",
        "view v",
        "view v from e\n"
        "  key[0] k text\n"
        "    is column[0]\n"
        "  argument[0] integer column[1]\n"
        "  argument[1] text (row_order column[2] timestamp with time zone desc nulls first "
        "column[0] text desc column[1] integer desc column[2] timestamp with time zone desc)\n"
        "  window[0]\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] last argument[0] integer argument[1] text -> integer\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[1] window[0]\n"
        "  feature k text key[0]\n"
        "  feature j integer (int4_add term[1] (integer 1))\n");
}

static void an_order_that_does_not_begin_with_the_key_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k) k, i FROM e\n"
                   "ORDER BY at DESC, k;\n",
                   "d.sql:6:51: SELECT DISTINCT ON expressions must match initial ORDER BY "
                   "expressions\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k) k, i FROM e\n"
                   "                                                  ^\n"
                   "  write instead: ORDER BY k, at DESC\n");
}

static void an_order_by_the_key_alone_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k, t) k, t, i FROM e\n"
                   "ORDER BY k, t;\n",
                   "d.sql:6:51: ORDER BY does not say which row of an entity is the latest\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k, t) k, t, i FROM e\n"
                   "                                                  ^\n"
                   "  write instead: ORDER BY k, t, at DESC\n");
}

static void an_aggregate_beside_the_latest_row_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k) k, count(*) AS n FROM e\n"
                   "ORDER BY k, at DESC;\n",
                   "d.sql:6:57: aggregate functions are not allowed in a view of latest rows\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k) k, count(*) AS n FROM e\n"
                   "                                                        ^\n"
                   "  write instead: the aggregate as a feature of a materialized view\n");
}

static void distinct_without_on_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT DISTINCT k FROM e GROUP BY k;\n",
                   "d.sql:6:38: SELECT DISTINCT is not part of the definition language\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT DISTINCT k FROM e GROUP BY k;\n"
                   "                                     ^\n"
                   "  write instead: GROUP BY the key, or DISTINCT ON (key) for the latest row\n");
}

static void distinct_on_with_group_by_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT DISTINCT ON (k) k FROM e\n"
                   "GROUP BY k ORDER BY k, k;\n",
                   "d.sql:7:1: DISTINCT ON with GROUP BY or HAVING is not part of the definition "
                   "language\n"
                   "GROUP BY k ORDER BY k, k;\n"
                   "^\n"
                   "  write instead: a view with GROUP BY and one with DISTINCT ON, joined in the "
                   "service\n");
}

static void distinct_on_in_a_service_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT DISTINCT ON (b.n) b.n FROM req r LEFT JOIN base b "
                   "USING (k)\n"
                   "ORDER BY b.n;\n",
                   "d.sql:6:38: a service has no DISTINCT ON: a request always has exactly one "
                   "row\n"
                   "CREATE VIEW s AS SELECT DISTINCT ON (b.n) b.n FROM req r LEFT JOIN base b "
                   "USING (k)\n"
                   "                                     ^\n"
                   "  write instead: CREATE MATERIALIZED VIEW for latest rows, joined here\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_from_one_row),
        cmocka_unit_test(an_order_that_does_not_begin_with_the_key_is_refused),
        cmocka_unit_test(an_order_by_the_key_alone_is_refused),
        cmocka_unit_test(an_aggregate_beside_the_latest_row_is_refused),
        cmocka_unit_test(distinct_without_on_is_refused),
        cmocka_unit_test(distinct_on_with_group_by_is_refused),
        cmocka_unit_test(distinct_on_in_a_service_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
