/* horizon.c: see horizon.h. */
#include "online/horizon.h"

#include "online/store.h"

#define DAY_US INT64_C(86400000000)
/* Beyond this nothing would ever be dropped anyway: timestamps span less. */
#define SPAN_US_MAX ((__int128)1 << 62)
/* Of a sweep: 72 minutes. A pass looks at every entity, and short windows would ask for many. */
#define SWEEP_STEP_US_MIN ((int64_t)1 << 32)

/* The longest distance from an instant back to the beginning of its unit. */
static int64_t unit_us(enum nt_field field)
{
    switch (field) {
    case NT_FIELD_MICROSECONDS:
        return 1;
    case NT_FIELD_MILLISECONDS:
        return 1000;
    case NT_FIELD_SECOND:
        return 1000000;
    case NT_FIELD_MINUTE:
        return INT64_C(60) * 1000000;
    case NT_FIELD_HOUR:
        return INT64_C(3600) * 1000000;
    case NT_FIELD_DAY:
        return DAY_US;
    case NT_FIELD_WEEK:
        return 7 * DAY_US;
    case NT_FIELD_MONTH:
        return 31 * DAY_US;
    case NT_FIELD_QUARTER:
        return 92 * DAY_US;
    case NT_FIELD_YEAR:
        return 366 * DAY_US;
    case NT_FIELD_DECADE:
        return 3653 * DAY_US;
    case NT_FIELD_CENTURY:
        return 36525 * DAY_US;
    case NT_FIELD_MILLENNIUM:
        return 365243 * DAY_US;
    default:
        return INT64_MAX; /* date_trunc knows no other: keep everything */
    }
}

/* How far before T the bound can lie, at any T; not less than 0. */
static __int128 bound_reach(const struct nt_bound *bound)
{
    __int128 reach = 0;
    for (int i = 0; i < bound->step_count; i++) {
        const struct nt_bound_step *step = &bound->steps[i];
        reach += step->kind == NT_BOUND_TRUNC ? unit_us((enum nt_field)step->field) : step->us;
    }
    return reach > 0 ? reach : 0;
}

/* A window without a lower bound needs no event one by one but those that are not yet behind its
 * upper bound: all older ones are in its partial for good. */
static __int128 window_reach(const struct nt_window *window)
{
    if (window->lower.is_set) return bound_reach(&window->lower);
    return window->upper.is_set ? bound_reach(&window->upper) : 0;
}

/* The greatest power of two that is not more. */
static int64_t power_of_two(int64_t us_max)
{
    int64_t step = 1;
    while (step <= us_max / 2) step *= 2;
    return step;
}

/* The newest event of an entity, and its frame, may be of any age; and an event that is in lifetime
 * partials only cannot be told from another of its key. */
static bool keeps_all(const struct nt_view *view)
{
    bool has_key = view->has_event_key || view->has_repeats;
    for (int i = 0; i < view->window_count; i++)
        if ((view->windows[i].has_frame || has_key) && !view->windows[i].lower.is_set) return true;
    return false;
}

static bool has_lifetime(const struct nt_view *view)
{
    for (int i = 0; i < view->window_count; i++)
        if (!view->windows[i].lower.is_set) return true;
    return false;
}

struct horizon_rule horizon_rule_of(const struct nt_view *view, int64_t past_reads_us)
{
    if (past_reads_us == STORE_PAST_FOREVER || keeps_all(view))
        return (struct horizon_rule){.is_evicting = false};
    __int128 span = 0;
    for (int i = 0; i < view->window_count; i++) {
        __int128 reach = window_reach(&view->windows[i]);
        if (reach > span) span = reach;
    }
    span += past_reads_us;
    if (span > SPAN_US_MAX) return (struct horizon_rule){.is_evicting = false};
    int64_t span_us = (int64_t)span, sweep_us = power_of_two(span_us);
    return (struct horizon_rule){
        .is_evicting = true,
        .span_us = span_us,
        .step_us = power_of_two(span_us / 64),
        .is_sweeping = !has_lifetime(view),
        .is_swept_only = view->has_repeats,
        .sweep_step_us = sweep_us < SWEEP_STEP_US_MIN ? SWEEP_STEP_US_MIN : sweep_us,
    };
}

static bool horizon_make(const struct horizon_rule *rule, int64_t base_us, int64_t step_us,
                         struct nt_time *horizon)
{
    if (base_us < NT_TIME_MIN_US) return false;
    __int128 start = (__int128)base_us - rule->span_us;
    if (start <= NT_TIME_MIN_US) return false;
    horizon->us = ((int64_t)start & -step_us) - 1;
    return true;
}

bool horizon_at(const struct horizon_rule *rule, struct nt_time newest, struct nt_time now,
                struct nt_time *horizon)
{
    int64_t base_us = newest.us < now.us ? newest.us : now.us;
    return rule->is_evicting && !rule->is_swept_only &&
           horizon_make(rule, base_us, rule->step_us, horizon);
}

bool horizon_sweep_at(const struct horizon_rule *rule, struct nt_time base, struct nt_time *horizon)
{
    return rule->is_evicting && rule->is_sweeping &&
           horizon_make(rule, base.us, rule->sweep_step_us, horizon);
}
