/*
 * nt_compare: PostgreSQL's order of every type.
 */
#include "nowthen/eval.h"

#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void assert_sorted(enum nt_type type, const struct nt_value *values, int count)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            assert_int_equal(sign(nt_compare(type, values[i], values[j])), (i > j) - (i < j));
}

static void floats_sort_with_nan_last_and_one_zero(void **state)
{
    (void)state;
    const struct nt_value order[] = {nt_float8(-INFINITY), nt_float8(-1.0),   nt_float8(-5e-324),
                                     nt_float8(0.0),       nt_float8(5e-324), nt_float8(1.0),
                                     nt_float8(INFINITY),  nt_float8(NAN)};
    assert_sorted(NT_FLOAT8, order, 8);
    assert_int_equal(nt_compare(NT_FLOAT8, nt_float8(0.0), nt_float8(-0.0)), 0);
    assert_int_equal(nt_compare(NT_FLOAT8, nt_float8(NAN), nt_float8(-NAN)), 0);
}

static void text_sorts_by_bytes_and_the_shorter_first(void **state)
{
    (void)state;
    const struct nt_value order[] = {nt_text("", 0),   nt_text("\0", 1),      nt_text("A", 1),
                                     nt_text("AA", 2), nt_text("B", 1),       nt_text("a", 1),
                                     nt_text("z", 1),  nt_text("\xc3\xa9", 2)};
    assert_sorted(NT_TEXT, order, 8);
}

static void integers_and_times_sort_over_their_whole_range(void **state)
{
    (void)state;
    const struct nt_value integers[] = {nt_integer(INT64_MIN), nt_integer(-1), nt_integer(0),
                                        nt_integer(INT64_MAX)};
    assert_sorted(NT_INT8, integers, 4);
    const struct nt_value times[] = {nt_timestamptz(INT64_MIN), nt_timestamptz(-1),
                                     nt_timestamptz(0), nt_timestamptz(INT64_MAX)};
    assert_sorted(NT_TIMESTAMPTZ, times, 4);
    const struct nt_value booleans[] = {nt_bool(false), nt_bool(true)};
    assert_sorted(NT_BOOL, booleans, 2);
}

static void intervals_sort_by_length_with_months_of_30_days(void **state)
{
    (void)state;
    const struct nt_interval spans[] = {{.months = INT32_MIN},
                                        {.us = -1},
                                        {0},
                                        {.us = INT64_C(86399999999)},
                                        {.days = 1},
                                        {.days = 29, .us = INT64_C(86399999999)},
                                        {.months = 1},
                                        {.days = 31},
                                        {.months = INT32_MAX}};
    struct nt_value order[9];
    for (int i = 0; i < 9; i++) order[i] = (struct nt_value){.interval = &spans[i]};
    assert_sorted(NT_INTERVAL, order, 9);
}

static void the_order_is_total(void **state)
{
    (void)state;
    struct random random = random_seeded("total order");
    struct nt_arena arena = {0};
    for (int i = 0; i < 50000; i++) {
        enum nt_type type = random_type(&random);
        struct nt_value x = random_value(&random, type, &arena);
        struct nt_value y = random_value(&random, type, &arena);
        struct nt_value z = random_value(&random, type, &arena);
        int xy = sign(nt_compare(type, x, y)), yz = sign(nt_compare(type, y, z));
        assert_int_equal(nt_compare(type, x, x), 0);
        assert_int_equal(sign(nt_compare(type, y, x)), -xy);
        if (xy <= 0 && yz <= 0) assert_true(nt_compare(type, x, z) <= 0);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_sort_with_nan_last_and_one_zero),
        cmocka_unit_test(text_sorts_by_bytes_and_the_shorter_first),
        cmocka_unit_test(integers_and_times_sort_over_their_whole_range),
        cmocka_unit_test(intervals_sort_by_length_with_months_of_30_days),
        cmocka_unit_test(the_order_is_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
