/* Windows that are refused. */
#include "definitions_fixture.h"

static void a_window_in_months_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > now() - interval '1 month') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:39: window bound must be a constant interval of days or smaller, got "
                   "interval '1 month'\n"
                   "  count(*) FILTER (WHERE at > now() - interval '1 month') AS a\n"
                   "                                      ^\n"
                   "  write instead: interval '30 days'\n");
}

static void a_window_of_an_untyped_literal_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > now() - '1 day') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:39: window bound must be a constant interval of days or smaller, got a "
                   "literal without a type\n"
                   "  count(*) FILTER (WHERE at > now() - '1 day') AS a\n"
                   "                                      ^\n"
                   "  write instead: interval '1 day'\n");
}

static void a_window_of_a_column_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE at > now() - i * interval '1 day') AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:39: window bound must be a constant interval of days or smaller, got column i\n"
        "  count(*) FILTER (WHERE at > now() - i * interval '1 day') AS a\n"
        "                                      ^\n"
        "  write instead: interval '7 days'\n");
}

static void a_window_over_another_time_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE seen > now() - interval '1 day') AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:26: now() in FILTER is for comparing the event time (at) with the bound of a "
        "window; anything else cannot be evaluated incrementally\n"
        "  count(*) FILTER (WHERE seen > now() - interval '1 day') AS a\n"
        "                         ^\n"
        "  write instead: at > now() - interval '...', or at >= date_trunc('day', now())\n");
}

static void now_equal_to_the_event_time_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE at = now()) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:26: now() in FILTER is for comparing the event time (at) with the bound of a "
        "window; anything else cannot be evaluated incrementally\n"
        "  count(*) FILTER (WHERE at = now()) AS a\n"
        "                         ^\n"
        "  write instead: at > now() - interval '...', or at >= date_trunc('day', now())\n");
}

static void now_within_or_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE ok OR at > now() - interval '1 day') AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:26: now() in FILTER is for comparing the event time (at) with the bound of a "
        "window; anything else cannot be evaluated incrementally\n"
        "  count(*) FILTER (WHERE ok OR at > now() - interval '1 day') AS a\n"
        "                         ^\n"
        "  write instead: at > now() - interval '...', or at >= date_trunc('day', now())\n");
}

static void now_in_an_argument_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  max(now() - at) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:7: now() in the argument of an aggregate cannot be evaluated incrementally\n"
        "  max(now() - at) AS a\n"
        "      ^\n"
        "  write instead: FILTER (WHERE event_time > now() - interval '...') behind the aggregate, "
        "or now() around it: now() - max(event_time)\n");
}

static void date_trunc_of_a_century_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > date_trunc('century', now())) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:42: date_trunc in a window bound does not know the unit \"century\"\n"
                   "  count(*) FILTER (WHERE at > date_trunc('century', now())) AS a\n"
                   "                                         ^\n"
                   "  write instead: second, minute, hour, day, week, month, quarter or year\n");
}

static void bounds_whose_order_depends_on_now_are_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at >= date_trunc('month', now()) AND at > now() - "
                   "interval '20 days') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:63: which of two lower bounds of at is tighter depends on now()\n"
                   "  count(*) FILTER (WHERE at >= date_trunc('month', now()) AND at > now() - "
                   "interval '20 days') AS a\n"
                   "                                                              ^\n"
                   "  write instead: one of the two, or a longer interval in WHERE\n");
}

static void a_filter_longer_than_the_retention_is_a_warning(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > now() - interval '9 days') AS a, nosuch\n"
                   "FROM e WHERE at > now() - interval '8 days' GROUP BY k;\n",
                   "d.sql:7:26: warning: this window is longer than the WHERE of the view, which "
                   "drops events sooner: count counts the shorter one\n"
                   "  count(*) FILTER (WHERE at > now() - interval '9 days') AS a, nosuch\n"
                   "                         ^\n"
                   "  write instead: a longer interval in WHERE, or a shorter one here\n"
                   "d.sql:7:64: column \"nosuch\" does not exist\n"
                   "  count(*) FILTER (WHERE at > now() - interval '9 days') AS a, nosuch\n"
                   "                                                               ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void a_check_that_reads_now_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz CHECK (at < now())) SERVER kafka1 "
                   "OPTIONS (topic 'x', format 'json', event_time 'at');\n",
                   "d.sql:6:52: now() in CHECK cannot be evaluated incrementally\n"
                   "CREATE FOREIGN TABLE x (at timestamptz CHECK (at < now())) SERVER kafka1 "
                   "OPTIONS (topic 'x', format 'json', event_time 'at');\n"
                   "                                                   ^\n"
                   "  write instead: a comparison with a constant\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_in_months_is_refused),
        cmocka_unit_test(a_window_of_an_untyped_literal_is_refused),
        cmocka_unit_test(a_window_of_a_column_is_refused),
        cmocka_unit_test(a_window_over_another_time_is_refused),
        cmocka_unit_test(now_equal_to_the_event_time_is_refused),
        cmocka_unit_test(now_within_or_is_refused),
        cmocka_unit_test(now_in_an_argument_is_refused),
        cmocka_unit_test(date_trunc_of_a_century_is_refused),
        cmocka_unit_test(bounds_whose_order_depends_on_now_are_refused),
        cmocka_unit_test(a_filter_longer_than_the_retention_is_a_warning),
        cmocka_unit_test(a_check_that_reads_now_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
