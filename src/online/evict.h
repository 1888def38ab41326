/*
 * evict.h: what the store drops, and when. Not for other rooms.
 *
 * Each time an entity is written, its events before its own horizon go (horizon.h). Those that are
 * never written again are swept: the sweep horizon of a view moves with the newest event of the
 * store, in steps of half a span or more, and then a pass over all entities of the view, a slice
 * at a time, drops what is at or before it; an entity of which nothing is left has no record, and
 * one that loses nothing is not written: up to where it was swept is the view's, not its own. An
 * event that comes later than that is dropped when it is committed. So once a pass is done the
 * state is again a function of the events alone.
 *
 *   meta  "horizon/" view    u64 the sweep horizon, us: committed with what it drops
 *         "swept/" view      u64 the one of the last whole pass
 *
 * An interrupted pass begins again: a second time there is nothing to drop. Views with a lifetime
 * window are not swept: their entities never end.
 */
#ifndef ONLINE_EVICT_H
#define ONLINE_EVICT_H

#include "online/store.h"
#include "runtime/timeline.h"

struct evict_sweep {
    _Atomic int64_t horizon_us; /* INT64_MIN: none yet; read by lookups */
    int64_t swept_us;
    int64_t target_us;    /* of the pass under way */
    bool is_passing;      /* a pass is under way */
    struct buffer cursor; /* the last record key that it looked at */
};

enum nt_status evict_open(struct store *store, struct nt_error *error);
void evict_close(struct store *store);
/* Moves the sweep horizons up to what base allows, in store->batch. */
void evict_advance(struct store *store, struct nt_time base);
/* Drops what an entity need not keep, and puts what changed into store->batch. *is_gone: nothing is
 * left of it. */
enum nt_status evict_flush(struct store *store, uint16_t view, struct bytes prefix,
                           struct timeline *timeline, struct nt_time now, bool *is_gone,
                           struct nt_error *error);

#endif
