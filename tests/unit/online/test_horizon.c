/* The horizon: what may be dropped is outside every window that can still be asked for. */
#include "online/horizon.h"
#include "online/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR_US INT64_C(3600000000)
#define DAY_US  (24 * HOUR_US)
#define T0      INT64_C(410000000000000000) /* 2012 */

static struct nt_view view_of(const struct nt_window *windows, uint16_t count)
{
    return (struct nt_view){.name = "v", .windows = windows, .window_count = count};
}

static void a_past_that_is_kept_forever_is_never_dropped(void **state)
{
    (void)state;
    struct nt_view view = view_of(NULL, 0);
    struct horizon_rule rule = horizon_rule_of(&view, STORE_PAST_FOREVER);
    struct nt_time horizon;
    assert_false(horizon_at(&rule, (struct nt_time){T0}, (struct nt_time){T0}, &horizon));
}

static void the_longest_lower_bound_and_the_past_reads_make_the_span(void **state)
{
    (void)state;
    const struct nt_bound_step hour = {NT_BOUND_MINUS, 0, HOUR_US};
    const struct nt_bound_step week[] = {{NT_BOUND_TRUNC, NT_FIELD_DAY, 0},
                                         {NT_BOUND_MINUS, 0, 6 * DAY_US}};
    const struct nt_window windows[] = {
        {.lower = {true, false, 1, &hour}},
        {.lower = {true, true, 2, week}, .upper = {true, true, 1, &hour}},
    };
    struct nt_view view = view_of(windows, 2);
    struct horizon_rule rule = horizon_rule_of(&view, HOUR_US);
    assert_true(rule.is_evicting);
    assert_int_equal(rule.span_us, 7 * DAY_US + HOUR_US);
    assert_true(rule.step_us <= rule.span_us / 64);
    assert_true(rule.step_us > rule.span_us / 128);
}

static void a_lifetime_view_folds_what_is_behind_the_past_reads(void **state)
{
    (void)state;
    const struct nt_bound_step day = {NT_BOUND_MINUS, 0, DAY_US};
    const struct nt_window windows[] = {{.lower = {0}}, {.upper = {true, true, 1, &day}}};
    struct nt_view view = view_of(windows, 1);
    assert_int_equal(horizon_rule_of(&view, 0).span_us, 0);
    assert_int_equal(horizon_rule_of(&view, HOUR_US).span_us, HOUR_US);
    view.window_count = 2; /* events of the last day are not yet in the second window */
    assert_int_equal(horizon_rule_of(&view, HOUR_US).span_us, DAY_US + HOUR_US);
}

static void the_clock_holds_the_horizon_back_from_future_events(void **state)
{
    (void)state;
    struct nt_view view = view_of(NULL, 0);
    struct horizon_rule rule = horizon_rule_of(&view, HOUR_US);
    struct nt_time early, late;
    assert_true(horizon_at(&rule, (struct nt_time){T0 + DAY_US}, (struct nt_time){T0}, &early));
    assert_true(early.us < T0 - HOUR_US);
    assert_true(horizon_at(&rule, (struct nt_time){T0}, (struct nt_time){T0 + DAY_US}, &late));
    assert_int_equal(early.us, late.us);
    assert_true(horizon_at(&rule, NT_TIME_INFINITY, (struct nt_time){T0}, &late));
    assert_int_equal(early.us, late.us);
}

static void an_entity_without_events_has_no_horizon(void **state)
{
    (void)state;
    struct nt_view view = view_of(NULL, 0);
    struct horizon_rule rule = horizon_rule_of(&view, 0);
    struct nt_time horizon;
    assert_false(horizon_at(&rule, NT_TIME_MINUS_INFINITY, (struct nt_time){T0}, &horizon));
}

static void no_event_of_an_inclusive_window_is_dropped_at_any_base(void **state)
{
    (void)state;
    unsigned seed = (unsigned)getpid();
    print_message("seed %u\n", seed);
    for (int i = 0; i < 10000; i++) {
        int64_t span = rand_r(&seed) % (90 * 86400) * INT64_C(1000003);
        int64_t base = T0 + rand_r(&seed) * INT64_C(1009);
        if (i % 2) base = -base;
        const struct nt_bound_step step = {NT_BOUND_MINUS, 0, span};
        const struct nt_window window = {.lower = {true, true, 1, &step}};
        struct nt_view view = view_of(&window, 1);
        struct horizon_rule rule = horizon_rule_of(&view, 0);
        struct nt_time horizon;
        if (!horizon_at(&rule, (struct nt_time){base}, (struct nt_time){base}, &horizon)) continue;
        assert_true(horizon.us < base - span);
        assert_true(horizon.us >= base - span - span / 64 - 1);
        assert_int_equal((horizon.us + 1) & (rule.step_us - 1), 0);
    }
}

static void a_sweep_is_rare_and_drops_no_event_of_a_window(void **state)
{
    (void)state;
    const struct nt_bound_step day = {NT_BOUND_MINUS, 0, DAY_US};
    const struct nt_window window = {.lower = {true, false, 1, &day}};
    struct nt_view view = view_of(&window, 1);
    struct horizon_rule rule = horizon_rule_of(&view, HOUR_US);
    struct nt_time horizon, before = {INT64_MIN};
    int moves = 0;
    assert_true(rule.is_sweeping);
    for (int64_t base = T0; base < T0 + 100 * DAY_US; base += HOUR_US / 3) {
        assert_true(horizon_sweep_at(&rule, (struct nt_time){base}, &horizon));
        assert_true(horizon.us < base - DAY_US - HOUR_US);
        assert_true(horizon.us >= base - 2 * (DAY_US + HOUR_US) - 1);
        assert_true(horizon.us >= before.us);
        moves += horizon.us != before.us;
        before = horizon;
    }
    assert_in_range(moves, 100, 200);
}

static void what_lives_for_ever_is_not_swept(void **state)
{
    (void)state;
    const struct nt_bound_step day = {NT_BOUND_MINUS, 0, DAY_US};
    const struct nt_window windows[] = {{.lower = {true, false, 1, &day}}, {.lower = {0}}};
    struct nt_view view = view_of(windows, 2);
    struct nt_time horizon;
    struct horizon_rule rule = horizon_rule_of(&view, 0);
    assert_false(horizon_sweep_at(&rule, (struct nt_time){T0}, &horizon));
    view.window_count = 1;
    rule = horizon_rule_of(&view, STORE_PAST_FOREVER);
    assert_false(horizon_sweep_at(&rule, (struct nt_time){T0}, &horizon));
}

static void the_frame_of_an_old_event_is_kept(void **state)
{
    (void)state;
    const struct nt_bound_step day = {NT_BOUND_MINUS, 0, DAY_US};
    const struct nt_window windows[] = {
        {.lower = {true, false, 1, &day}, .has_frame = true, .frame_us = HOUR_US},
        {.lower = {0}, .has_frame = true, .frame_us = HOUR_US}};
    struct nt_view view = view_of(windows, 1);
    struct nt_time at = {T0}, horizon;
    struct horizon_rule rule = horizon_rule_of(&view, 0);
    assert_true(horizon_at(&rule, at, at, &horizon));
    assert_true(horizon.us < T0 - DAY_US);
    view = view_of(windows, 2);
    rule = horizon_rule_of(&view, 0);
    assert_false(horizon_at(&rule, at, at, &horizon));
    assert_false(horizon_sweep_at(&rule, at, &horizon));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_past_that_is_kept_forever_is_never_dropped),
        cmocka_unit_test(the_longest_lower_bound_and_the_past_reads_make_the_span),
        cmocka_unit_test(a_lifetime_view_folds_what_is_behind_the_past_reads),
        cmocka_unit_test(the_clock_holds_the_horizon_back_from_future_events),
        cmocka_unit_test(an_entity_without_events_has_no_horizon),
        cmocka_unit_test(no_event_of_an_inclusive_window_is_dropped_at_any_base),
        cmocka_unit_test(a_sweep_is_rare_and_drops_no_event_of_a_window),
        cmocka_unit_test(what_lives_for_ever_is_not_swept),
        cmocka_unit_test(the_frame_of_an_old_event_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
