/* window.h: which span of event time a window covers at T. Pure. */
#ifndef RUNTIME_WINDOW_H
#define RUNTIME_WINDOW_H

#include "nowthen/program.h"

/* Both ends inclusive, in microseconds; empty when first > last. */
struct window_span {
    int64_t first_us, last_us;
};

/* The span at now, already cut at event_time <= now. Arithmetic that leaves the range of
 * timestamptz saturates. */
struct window_span window_span_at(const struct nt_window *window, struct nt_time now);

/* The smallest T >= event_time at which an event of event_time is inside, and the smallest T after
 * that at which it no longer is; us = INT64_MAX where that never comes. */
struct nt_time window_entry(const struct nt_window *window, struct nt_time event_time);
struct nt_time window_exit(const struct nt_window *window, struct nt_time event_time);

bool window_is_lifetime(const struct nt_window *window); /* no lower bound, no frame */

/* The span of a window with a frame, of which the newest event inside is at newest_us. */
struct window_span window_frame(const struct nt_window *window, struct window_span span,
                                int64_t newest_us);

#endif
