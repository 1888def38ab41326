/* window.c: see window.h. A bound is a function of T that never falls, so its inverse is a sum
 * where all steps subtract, and a binary search where a calendar unit is in the way. */
#include "runtime/window.h"

#include "row/time.h"

#define NEVER INT64_MAX

static bool is_infinite(int64_t us)
{
    return us == INT64_MAX || us == INT64_MIN;
}

static int64_t clamp(__int128 us)
{
    if (us < NT_TIME_MIN_US) return NT_TIME_MIN_US;
    return us >= NT_TIME_END_US ? NT_TIME_END_US - 1 : (int64_t)us;
}

/* The bound's point at now, within the finite range; an infinite now stays what it is. */
static int64_t bound_point(const struct nt_bound *bound, int64_t now)
{
    if (is_infinite(now)) return now;
    struct nt_time at = {now};
    for (unsigned i = 0; i < bound->step_count; i++) {
        const struct nt_bound_step *step = &bound->steps[i];
        if (step->kind == NT_BOUND_MINUS) {
            at.us = clamp((__int128)at.us - step->us);
        } else if (step->kind == NT_BOUND_BIN) {
            int64_t rest = at.us % step->us;
            at.us = clamp((__int128)at.us - rest - (rest < 0 ? step->us : 0));
        } else {
            struct nt_time start;
            if (time_trunc((enum nt_field)step->field, at, &start)) at.us = clamp(start.us);
        }
    }
    return at.us;
}

/* The first microsecond that a lower bound lets in. */
static int64_t lower_first(const struct nt_bound *lower, int64_t now)
{
    if (!lower->is_set) return INT64_MIN;
    int64_t point = bound_point(lower, now);
    return lower->is_inclusive || point == INT64_MAX ? point : point + 1;
}

/* The last microsecond that an upper bound lets in. */
static int64_t upper_last(const struct nt_bound *upper, int64_t now)
{
    if (!upper->is_set) return INT64_MAX;
    int64_t point = bound_point(upper, now);
    return upper->is_inclusive || point == INT64_MIN ? point : point - 1;
}

struct window_span window_span_at(const struct nt_window *window, struct nt_time now)
{
    struct window_span span = {lower_first(&window->lower, now.us),
                               upper_last(&window->upper, now.us)};
    if (span.last_us > now.us) span.last_us = now.us;
    return span;
}

bool window_is_lifetime(const struct nt_window *window)
{
    return !window->lower.is_set && !window->has_frame;
}

struct window_span window_frame(const struct nt_window *window, struct window_span span,
                                int64_t newest_us)
{
    int64_t first_us = clamp((__int128)newest_us - window->frame_us);
    if (newest_us != INT64_MIN && first_us > span.first_us) span.first_us = first_us;
    return span;
}

/* The smallest T in [from, end of time) with point(T) >= target, else NEVER. */
static int64_t bound_reaches(const struct nt_bound *bound, int64_t target, int64_t from)
{
    int64_t low = clamp(from), high = NT_TIME_END_US - 1;
    if (bound_point(bound, high) < target) return NEVER;
    while (low < high) {
        int64_t middle = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
        if (bound_point(bound, middle) >= target)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The same without a search where the bound only subtracts. The guess is checked, because steps
 * saturate one by one. */
static int64_t bound_inverse(const struct nt_bound *bound, int64_t target, int64_t from)
{
    __int128 guess = target;
    for (unsigned i = 0; i < bound->step_count; i++) {
        if (bound->steps[i].kind != NT_BOUND_MINUS) return bound_reaches(bound, target, from);
        guess += bound->steps[i].us;
    }
    if (guess < from) guess = from;
    if (guess != clamp(guess)) return bound_reaches(bound, target, from);
    int64_t at = (int64_t)guess;
    bool is_first = at == from || bound_point(bound, at - 1) < target;
    return is_first && bound_point(bound, at) >= target ? at : bound_reaches(bound, target, from);
}

struct nt_time window_entry(const struct nt_window *window, struct nt_time event_time)
{
    int64_t event = event_time.us;
    if (event == INT64_MAX || (event == INT64_MIN && window->lower.is_set)) {
        return NT_TIME_INFINITY;
    }
    int64_t at = event;
    if (window->upper.is_set && event != INT64_MIN) {
        at = bound_inverse(&window->upper, event + !window->upper.is_inclusive, event);
    }
    if (at == NEVER || lower_first(&window->lower, at) > event) return NT_TIME_INFINITY;
    return (struct nt_time){at};
}

struct nt_time window_exit(const struct nt_window *window, struct nt_time event_time)
{
    int64_t event = event_time.us, entry = window_entry(window, event_time).us;
    if (entry == NEVER || !window->lower.is_set) return NT_TIME_INFINITY;
    return (struct nt_time){
        bound_inverse(&window->lower, event + window->lower.is_inclusive, entry)};
}
