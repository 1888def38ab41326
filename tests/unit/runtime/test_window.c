/* test_window.c: spans at T, and when an event comes into a window and leaves it. */
#include "../../support/seed.h"
#include "runtime/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)

static const struct nt_bound_step minus_hour[] = {{NT_BOUND_MINUS, 0, HOUR}};
static const struct nt_bound_step minus_day[] = {{NT_BOUND_MINUS, 0, DAY}};
static const struct nt_bound_step plus_hour[] = {{NT_BOUND_MINUS, 0, -HOUR}};
static const struct nt_bound_step today[] = {{NT_BOUND_TRUNC, NT_FIELD_DAY, 0}};
static const struct nt_bound_step yesterday[] = {{NT_BOUND_TRUNC, NT_FIELD_DAY, 0},
                                                 {NT_BOUND_MINUS, 0, DAY}};
static const struct nt_bound_step month[] = {{NT_BOUND_MINUS, 0, HOUR},
                                             {NT_BOUND_TRUNC, NT_FIELD_MONTH, 0}};
static const struct nt_bound_step bin[] = {
    {NT_BOUND_MINUS, 0, 5}, {NT_BOUND_BIN, 0, 7 * HOUR}, {NT_BOUND_MINUS, 0, -5}};
#define NONE                                                                                       \
    {                                                                                              \
        false, false, 0, NULL                                                                      \
    }
#define AFTER(s)                                                                                   \
    {                                                                                              \
        true, false, sizeof(s) / sizeof(s)[0], s                                                   \
    }
#define FROM(s)                                                                                    \
    {                                                                                              \
        true, true, sizeof(s) / sizeof(s)[0], s                                                    \
    }

static const struct nt_window windows[] = {
    {NONE, .upper = NONE},
    {AFTER(minus_hour), .upper = NONE},
    {FROM(minus_hour), .upper = NONE},
    {AFTER(minus_day), .upper = FROM(minus_hour)},
    {FROM(minus_day), .upper = AFTER(minus_hour)},
    {FROM(today), .upper = NONE},
    {FROM(yesterday), .upper = AFTER(today)},
    {FROM(month), .upper = NONE},
    {NONE, .upper = FROM(minus_hour)},
    {AFTER(minus_hour), .upper = FROM(plus_hour)},
    {AFTER(plus_hour), .upper = NONE},
    {FROM(minus_hour), .upper = FROM(minus_day)},
    {FROM(bin), .upper = NONE},
    {AFTER(yesterday), .upper = AFTER(bin)},
};
#define WINDOWS (sizeof windows / sizeof windows[0])

static uint64_t seed;

static uint64_t random_next(void)
{
    return seed_next(&seed);
}

static void assert_span(const struct nt_window *window, int64_t now, int64_t first, int64_t last)
{
    struct window_span span = window_span_at(window, (struct nt_time){now});
    assert_int_equal(span.first_us, first);
    assert_int_equal(span.last_us, last);
}

static void bounds_are_exact_to_the_microsecond(void **state)
{
    (void)state;
    int64_t now = 10 * DAY + 5 * HOUR + 7;
    assert_span(&windows[0], now, INT64_MIN, now);
    assert_span(&windows[1], now, now - HOUR + 1, now);
    assert_span(&windows[2], now, now - HOUR, now);
    assert_span(&windows[3], now, now - DAY + 1, now - HOUR);
    assert_span(&windows[4], now, now - DAY, now - HOUR - 1);
    assert_span(&windows[5], now, 10 * DAY, now);
    assert_span(&windows[6], now, 9 * DAY, 10 * DAY - 1);
    assert_span(&windows[7], now, 0, now);
    assert_span(&windows[9], now, now - HOUR + 1, now);
}

static void before_2000_days_begin_at_midnight_too(void **state)
{
    (void)state;
    assert_span(&windows[5], -1, -DAY, -1);
    assert_span(&windows[5], -DAY, -DAY, -DAY);
    assert_span(&windows[5], -DAY - 1, -2 * DAY, -DAY - 1);
}

static void arithmetic_saturates_at_the_ends_of_time(void **state)
{
    (void)state;
    struct window_span span = window_span_at(&windows[2], (struct nt_time){NT_TIME_MIN_US});
    assert_int_equal(span.first_us, NT_TIME_MIN_US);
    span = window_span_at(&windows[10], (struct nt_time){NT_TIME_END_US - 1});
    assert_true(span.first_us > span.last_us);
}

static bool is_inside(const struct nt_window *window, int64_t now, int64_t event)
{
    struct window_span span = window_span_at(window, (struct nt_time){now});
    return event >= span.first_us && event <= span.last_us;
}

static void entry_and_exit_are_where_membership_changes(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        const struct nt_window *window = &windows[random_next() % WINDOWS];
        int64_t event = (int64_t)(random_next() % (uint64_t)(800 * DAY)) - 400 * DAY;
        if (random_next() % 3 == 0) event -= event % DAY;
        int64_t entry = window_entry(window, (struct nt_time){event}).us;
        int64_t leave = window_exit(window, (struct nt_time){event}).us;
        if (entry == INT64_MAX) {
            assert_int_equal(leave, INT64_MAX);
            for (int i = 0; i < 20; i++) {
                int64_t now = event + (int64_t)(random_next() % (uint64_t)(40 * DAY));
                assert_false(is_inside(window, now, event));
            }
            continue;
        }
        assert_true(entry >= event && is_inside(window, entry, event));
        if (entry > event) assert_false(is_inside(window, entry - 1, event));
        if (leave == INT64_MAX) {
            assert_true(window_is_lifetime(window));
            continue;
        }
        assert_true(leave > entry && is_inside(window, leave - 1, event));
        assert_false(is_inside(window, leave, event));
    }
}

static void infinite_events_enter_lifetime_windows_only_or_never(void **state)
{
    (void)state;
    for (size_t i = 0; i < WINDOWS; i++) {
        assert_int_equal(window_entry(&windows[i], NT_TIME_INFINITY).us, INT64_MAX);
        int64_t entry = window_entry(&windows[i], NT_TIME_MINUS_INFINITY).us;
        assert_int_equal(entry, window_is_lifetime(&windows[i]) ? INT64_MIN : INT64_MAX);
        assert_int_equal(is_inside(&windows[i], 5 * DAY, INT64_MIN),
                         window_is_lifetime(&windows[i]));
        assert_false(is_inside(&windows[i], 5 * DAY, INT64_MAX));
    }
}

int main(void)
{
    seed = seed_take();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_exact_to_the_microsecond),
        cmocka_unit_test(before_2000_days_begin_at_midnight_too),
        cmocka_unit_test(arithmetic_saturates_at_the_ends_of_time),
        cmocka_unit_test(entry_and_exit_are_where_membership_changes),
        cmocka_unit_test(infinite_events_enter_lifetime_windows_only_or_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
