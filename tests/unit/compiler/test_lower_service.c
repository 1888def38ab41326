/* Services that are refused. */
#include "definitions_fixture.h"

static void a_join_that_misses_the_key_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "LEFT JOIN base b ON b.n = r.i;\n",
        "d.sql:7:21: ON must equate each key column of \"base\" (k) with the request, once\n"
        "LEFT JOIN base b ON b.n = r.i;\n"
        "                    ^\n"
        "  write instead: b.k = r.k\n");
}

static void a_join_by_another_column_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "LEFT JOIN base USING (n);\n",
                   "d.sql:7:23: a join must name exactly the key of \"base\": k\n"
                   "LEFT JOIN base USING (n);\n"
                   "                      ^\n"
                   "  write instead: LEFT JOIN base USING (k)\n");
}

static void a_join_by_another_type_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "LEFT JOIN base b ON b.k = r.i;\n",
                   "d.sql:7:27: key \"k\" is text and cannot be found by integer\n"
                   "LEFT JOIN base b ON b.k = r.i;\n"
                   "                          ^\n"
                   "  write instead: the request column as text\n");
}

static void a_join_key_from_a_feature_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "LEFT JOIN base b USING (k) LEFT JOIN base c ON c.k = b.k;\n",
        "d.sql:6:30: column reference \"n\" is ambiguous\n"
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "                             ^\n"
        "  write instead: alias.n, with the alias of the request or view that is meant\n"
        "d.sql:7:54: the key of a joined view comes from the request, got feature \"k\" of \"b\"\n"
        "LEFT JOIN base b USING (k) LEFT JOIN base c ON c.k = b.k;\n"
        "                                                     ^\n"
        "  write instead: a column of r\n");
}

static void an_ambiguous_name_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "LEFT JOIN base b USING (k) LEFT JOIN base c USING (k);\n",
        "d.sql:6:30: column reference \"n\" is ambiguous\n"
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "                             ^\n"
        "  write instead: alias.n, with the alias of the request or view that is meant\n");
}

static void a_service_of_a_view_alone_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT k FROM base;\n",
        "d.sql:6:32: a service begins with its request, and \"base\" is none\n"
        "CREATE VIEW s AS SELECT k FROM base;\n"
        "                               ^\n"
        "  write instead: FROM a foreign table of SERVER request, LEFT JOIN the views\n");
}

static void a_service_with_where_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "LEFT JOIN base USING (k) WHERE i > 1;\n",
                   "d.sql:7:32: a service has no WHERE: a request always has exactly one row\n"
                   "LEFT JOIN base USING (k) WHERE i > 1;\n"
                   "                               ^\n"
                   "  write instead: CASE WHEN the condition THEN the feature END\n");
}

static void what_uses_a_refused_view_is_not_reported_again(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  nosuch AS a\n"
                   "FROM e GROUP BY k;\n"
                   "CREATE VIEW s AS SELECT r.k, a, v.b FROM req r LEFT JOIN v USING (k);\n"
                   "COMMENT ON COLUMN v.a IS 'x';\n",
                   "d.sql:7:3: column \"nosuch\" does not exist\n"
                   "  nosuch AS a\n"
                   "  ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void having_in_a_service_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT b.n FROM req r LEFT JOIN base b USING (k)\n"
                   "HAVING true;\n",
                   "d.sql:7:8: a service has no HAVING: a request always has exactly one row\n"
                   "HAVING true;\n"
                   "       ^\n"
                   "  write instead: HAVING in the materialized view, or CASE WHEN the condition "
                   "THEN the feature END\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_join_that_misses_the_key_is_refused),
        cmocka_unit_test(a_join_by_another_column_is_refused),
        cmocka_unit_test(a_join_by_another_type_is_refused),
        cmocka_unit_test(a_join_key_from_a_feature_is_refused),
        cmocka_unit_test(an_ambiguous_name_is_refused),
        cmocka_unit_test(a_service_of_a_view_alone_is_refused),
        cmocka_unit_test(a_service_with_where_is_refused),
        cmocka_unit_test(what_uses_a_refused_view_is_not_reported_again),
        cmocka_unit_test(having_in_a_service_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
