/*
 * horizon.h: up to where an entity's events can be dropped. Pure.
 *
 *   base    = min(newest event time of the entity, now)
 *   span    = how far before T a window at T reaches + past_reads
 *   horizon = base - span, rounded down to a multiple of a power of two <= span / 64, minus 1
 *
 * Events at or before the horizon are outside every window at every T >= base - past_reads. The
 * rounding makes the horizon move rarely, and the minus one puts it on the last microsecond of a
 * tile, so that whole tiles go.
 *
 * The sweep horizon (evict.h) is that of all entities of a view:
 *
 *   sweep = min(newest event time of the store, now) - span, rounded down to a multiple of a power
 *           of two: the greatest <= span, but an hour or so at least; minus 1
 */
#ifndef ONLINE_HORIZON_H
#define ONLINE_HORIZON_H

#include "nowthen/program.h"

struct horizon_rule {
    bool is_evicting; /* false: nothing is ever dropped */
    int64_t span_us;
    int64_t step_us; /* a power of two */
    bool is_sweeping;
    bool is_swept_only;    /* the newest event of an entity may be removed, so it drops nothing */
    int64_t sweep_step_us; /* the same */
};

/* past_reads_us: STORE_PAST_FOREVER, or how far back from base as_of may be asked. */
struct horizon_rule horizon_rule_of(const struct nt_view *view, int64_t past_reads_us);
/* False: there is nothing to drop. */
bool horizon_at(const struct horizon_rule *rule, struct nt_time newest, struct nt_time now,
                struct nt_time *horizon);
/* The same for base = min(newest event time of the store, now); false: the view is not swept. */
bool horizon_sweep_at(const struct horizon_rule *rule, struct nt_time base,
                      struct nt_time *horizon);

#endif
