/* The moments of change are exactly the entries and exits of the windows, in order. */
#include "../../support/seed.h"
#include "base/bytes.h"
#include "offline/changes.h"
#include "runtime/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_US INT64_C(3600000000)

static const struct nt_bound_step hour = {NT_BOUND_MINUS, 0, HOUR_US};
static const struct nt_bound_step two_hours = {NT_BOUND_MINUS, 0, 2 * HOUR_US};
static const struct nt_bound_step half_hour = {NT_BOUND_MINUS, 0, HOUR_US / 2};
static const struct nt_bound_step this_hour = {NT_BOUND_TRUNC, NT_FIELD_HOUR, 0};
/* Events of the second half of an hour are never in the last. */
static const struct nt_window windows[] = {
    {.lower = {.is_set = false}},
    {.lower = {.is_set = true, .step_count = 1, .steps = &hour}},
    {.lower = {.is_set = true, .is_inclusive = true, .step_count = 1, .steps = &two_hours},
     .upper = {.is_set = true, .is_inclusive = true, .step_count = 1, .steps = &hour}},
    {.lower = {.is_set = true, .is_inclusive = true, .step_count = 1, .steps = &this_hour},
     .upper = {.is_set = true, .step_count = 1, .steps = &half_hour}},
};
#define WINDOWS 4
static const struct nt_term terms[] = {{0, 0}, {0, 1}, {0, 2}, {0, 1}, {0, 3}};
static const struct nt_view view = {
    .window_count = WINDOWS, .term_count = 5, .windows = windows, .terms = terms};

struct moment {
    int64_t us;
    uint64_t wanted;
};

static int moment_order(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    return (x->us > y->us) - (x->us < y->us);
}

static int time_order(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Every entry and exit, sorted; those of one moment together. */
static size_t moments_expected(const int64_t *times, size_t count, struct moment *moments)
{
    static const uint64_t wanted[] = {1, 2 | 8, 4, 16};
    size_t size = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t w = 0; w < WINDOWS; w++) {
            struct nt_time at = {times[i]};
            moments[size++] = (struct moment){window_entry(&windows[w], at).us, wanted[w]};
            moments[size++] = (struct moment){window_exit(&windows[w], at).us, wanted[w]};
        }
    }
    qsort(moments, size, sizeof *moments, moment_order);
    for (size_t i = 0; i < size && moments[i].us != INT64_MAX; i++) {
        if (kept > 0 && moments[kept - 1].us == moments[i].us)
            moments[kept - 1].wanted |= moments[i].wanted;
        else
            moments[kept++] = moments[i];
    }
    return kept;
}

static void assert_moments(const int64_t *times, size_t count, int64_t from_us)
{
    struct moment *expected = memory_alloc((count * 2 * WINDOWS + 1) * sizeof *expected);
    size_t size = moments_expected(times, count, expected), i = 0;
    struct changes *changes = changes_create(&view);
    const uint64_t *wanted;
    struct nt_time at;
    changes_begin(changes, times, count, (struct nt_time){from_us});
    while (i < size && expected[i].us < from_us) i++;
    for (; changes_next(changes, &at, &wanted); i++) {
        assert_true(i < size);
        assert_int_equal(at.us, expected[i].us);
        assert_int_equal(wanted[0], expected[i].wanted);
    }
    assert_int_equal(i, size);
    changes_destroy(changes);
    free(expected);
}

static void an_entity_without_events_never_changes(void **state)
{
    (void)state;
    assert_moments(NULL, 0, INT64_MIN);
}

static void events_of_one_microsecond_are_one_moment(void **state)
{
    (void)state;
    const int64_t times[] = {5, 5, 5};
    assert_moments(times, 3, INT64_MIN);
}

static void random_events_change_at_their_entries_and_exits(void **state)
{
    (void)state;
    srandom((unsigned)seed_take());
    for (int round = 0; round < 500; round++) {
        int64_t times[64];
        size_t count = (size_t)(random() % 64);
        int64_t grain = random() % 2 ? HOUR_US / 4 : 1;
        for (size_t i = 0; i < count; i++) times[i] = random() % 16 * grain;
        qsort(times, count, sizeof *times, time_order);
        assert_moments(times, count, round % 2 ? INT64_MIN : random() % 16 * grain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entity_without_events_never_changes),
        cmocka_unit_test(events_of_one_microsecond_are_one_moment),
        cmocka_unit_test(random_events_change_at_their_entries_and_exits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
