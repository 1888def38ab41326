/* test_aggregates.c: what calls of aggregates are refused for. */
#include "definitions_fixture.h"

#define VIEW(call) "CREATE MATERIALIZED VIEW v AS SELECT k,\n  " call " AS a\nFROM e GROUP BY k;\n"
#define REFUSED(call, place, reason, caret, cure)                                                  \
    assert_refused(VIEW(call), "d.sql:7:" place ": " reason "\n  " call " AS a\n" caret            \
                               "^\n  write instead: " cure "\n")

static void a_percentile_beyond_1_is_refused(void **state)
{
    (void)state;
    REFUSED("percentile_cont(1.5) WITHIN GROUP (ORDER BY f)", "19",
            "percentile value 1.5 is not between 0 and 1", "                  ", "0.5");
}

static void a_percentile_that_varies_is_refused(void **state)
{
    (void)state;
    REFUSED("percentile_disc(f) WITHIN GROUP (ORDER BY f)", "19",
            "the fraction of percentile_disc must be a constant", "                  ", "0.5");
}

static void a_percentile_of_text_is_refused(void **state)
{
    (void)state;
    REFUSED("percentile_cont(0.5) WITHIN GROUP (ORDER BY t)", "3",
            "function percentile_cont(numeric, text within group) does not exist", "  ",
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY column)");
}

static void a_percentile_without_its_group_is_refused(void **state)
{
    (void)state;
    REFUSED("percentile_cont(0.5, f)", "3",
            "function percentile_cont(numeric, double precision) does not exist", "  ",
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY column)");
}

static void distinct_of_two_arguments_is_refused(void **state)
{
    (void)state;
    REFUSED("corr(DISTINCT f, i)", "3",
            "DISTINCT within corr of several arguments is not part of the definition language",
            "  ", "corr without DISTINCT");
}

static void a_literal_that_may_be_many_types_is_refused(void **state)
{
    (void)state;
    REFUSED("sum('1')", "3", "function sum(unknown) does not exist", "  ",
            "an argument of another type, by CAST(... AS ...)");
}

static void bool_and_of_a_number_is_refused(void **state)
{
    (void)state;
    REFUSED("bool_and(i)", "3", "function bool_and(integer) does not exist", "  ",
            "an argument of another type, by CAST(... AS ...)");
}

static void a_half_life_of_months_is_refused(void **state)
{
    (void)state;
    REFUSED("decayed_sum(f, at, interval '1 month')", "31",
            "a half-life must be a positive interval of days or smaller, got interval '1 mon'",
            "                              ", "interval '1 day'");
}

static void a_half_life_of_nothing_is_refused(void **state)
{
    (void)state;
    REFUSED("decayed_count(at, '-1 hour')", "21",
            "a half-life must be a positive interval of days or smaller, got interval '-01:00:00'",
            "                    ", "interval '1 day'");
}

static void a_half_life_that_varies_is_refused(void **state)
{
    (void)state;
    REFUSED("decayed_count(at, at - seen)", "24",
            "the half-life of decayed_count must be a constant", "                       ",
            "interval '1 day'");
}

static void a_decayed_sum_without_a_half_life_is_refused(void **state)
{
    (void)state;
    REFUSED("decayed_sum(f, at)", "3",
            "function decayed_sum(double precision, timestamp with time zone) does not exist", "  ",
            "decayed_sum(column, event_time, interval '1 day')");
}

static void the_number_of_elements_has_bounds(void **state)
{
    (void)state;
    REFUSED("last_n(f, at, 1001)", "17", "the number of last_n must be from 1 to 1000, got 1001",
            "                ", "10");
}

static void max_by_without_an_order_is_refused(void **state)
{
    (void)state;
    REFUSED("max_by(f)", "3", "function max_by(double precision) does not exist", "  ",
            "max_by(column, at)");
    REFUSED("min_by(f, ok)", "3", "function min_by(double precision, boolean) does not exist", "  ",
            "min_by(column, at)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_percentile_beyond_1_is_refused),
        cmocka_unit_test(a_percentile_that_varies_is_refused),
        cmocka_unit_test(a_percentile_of_text_is_refused),
        cmocka_unit_test(a_percentile_without_its_group_is_refused),
        cmocka_unit_test(distinct_of_two_arguments_is_refused),
        cmocka_unit_test(a_literal_that_may_be_many_types_is_refused),
        cmocka_unit_test(bool_and_of_a_number_is_refused),
        cmocka_unit_test(a_half_life_of_months_is_refused),
        cmocka_unit_test(a_half_life_of_nothing_is_refused),
        cmocka_unit_test(a_half_life_that_varies_is_refused),
        cmocka_unit_test(a_decayed_sum_without_a_half_life_is_refused),
        cmocka_unit_test(the_number_of_elements_has_bounds),
        cmocka_unit_test(max_by_without_an_order_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
