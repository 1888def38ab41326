/* test_repeats.c: which of two events is a repeat, and which of two rows is the greater. */
#include "runtime/repeats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define HOUR_US INT64_C(3600000000)

static const struct nt_column columns[] = {
    {.name = "id", .type = NT_INT8, .is_not_null = true},
    {.name = "name", .type = NT_TEXT},
    {.name = "price", .type = NT_NUMERIC},
};
static const uint16_t key[] = {0};
static const struct nt_source source = {
    .name = "s", .columns = columns, .column_count = 3, .key_count = 1, .key = key};

static bool within(int64_t reach_us, int64_t before_us, int64_t us)
{
    struct nt_view view = {.has_repeats = true, .repeats_us = reach_us};
    return repeats_within(&view, (struct nt_time){before_us}, (struct nt_time){us});
}

static void an_event_repeats_what_is_nearer_than_the_reach(void **state)
{
    (void)state;
    assert_true(within(HOUR_US, 0, HOUR_US - 1));
    assert_false(within(HOUR_US, 0, HOUR_US));
    assert_true(within(HOUR_US, 0, 0));
    assert_true(within(0, 5, 5));
    assert_false(within(0, 5, 6));
    assert_true(within(NT_REPEATS_FOREVER, NT_TIME_MIN_US, NT_TIME_END_US - 1));
    assert_false(within(HOUR_US, NT_TIME_MIN_US, NT_TIME_END_US - 1));
}

static void minus_infinity_is_near_to_itself_alone(void **state)
{
    (void)state;
    int64_t infinite = NT_TIME_MINUS_INFINITY.us;
    assert_true(within(HOUR_US, infinite, infinite));
    assert_false(within(HOUR_US, infinite, NT_TIME_MIN_US));
    assert_true(within(NT_REPEATS_FOREVER, infinite, NT_TIME_MIN_US));
}

static struct nt_value text(const char *s)
{
    return nt_text(s, (uint32_t)strlen(s));
}

static void rows_are_ordered_by_column_and_null_is_least(void **state)
{
    (void)state;
    struct nt_numeric one = {.coefficient = 1}, same = {.coefficient = 10, .scale = 1};
    struct nt_value price = {.numeric = &one}, also = {.numeric = &same};
    struct nt_value rows[][3] = {
        {nt_integer(1), NT_NULL, NT_NULL},   {nt_integer(1), NT_NULL, price},
        {nt_integer(1), text("a"), NT_NULL}, {nt_integer(1), text("b"), NT_NULL},
        {nt_integer(2), NT_NULL, NT_NULL},
    };
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++) {
            int order = event_row_compare(&source, rows[i], rows[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    /* Equal to PostgreSQL, and not the same. */
    struct nt_value other[3] = {nt_integer(1), NT_NULL, also};
    int order = event_row_compare(&source, rows[1], other);
    assert_int_not_equal(order, 0);
    assert_int_equal(event_row_compare(&source, other, rows[1]) > 0, order < 0);
}

static void a_row_comes_back_from_its_bytes(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct buffer bytes = {0};
    struct nt_value row[3] = {nt_integer(7), text("seven"), NT_NULL}, back[3];
    event_row_append(&source, row, &bytes);
    struct reader in = reader_of(buffer_bytes(&bytes));
    assert_true(event_row_take(&source, &in, &arena, back));
    assert_ptr_equal(in.next, in.end);
    assert_int_equal(event_row_compare(&source, row, back), 0);
    in = reader_of(buffer_bytes(&bytes));
    in.end--;
    assert_false(event_row_take(&source, &in, &arena, back));
    buffer_deinit(&bytes);
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_repeats_what_is_nearer_than_the_reach),
        cmocka_unit_test(minus_infinity_is_near_to_itself_alone),
        cmocka_unit_test(rows_are_ordered_by_column_and_null_is_least),
        cmocka_unit_test(a_row_comes_back_from_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
