/*
 * bulk.h: an online store built from history instead of the stream: whole timelines, entity by
 * entity in key order, view by view, and at the end the log positions that the history contains.
 *
 * What it writes are the bytes that the worker would have written for the same events. Batches are
 * committed with a cursor, so a build that was killed goes on behind it; until the end the store is
 * refused by store_open. The moment that eviction counts from is part of the plan: it is the same
 * however often the build was interrupted. Memory: one batch and one entity. One thread.
 *
 *   meta  "bulk/plan"            the plan (bulk_plan.c)
 *         "bulk/view/" name      key bytes of the last entity built · byte: 1 when the view is done
 *         "handover/" source     u64 event time, us: the stream's events up to it are in the
 * history
 */
#ifndef ONLINE_BULK_H
#define ONLINE_BULK_H

#include "online/store.h"

/* What a source's history gives. */
struct bulk_source {
    const char *name;
    uint64_t rows;     /* within what is taken: a build that goes on checks them */
    bool has_handover; /* the history carries no positions */
    struct nt_time handover;
};

struct bulk_plan {
    struct nt_time now; /* what now() is for eviction */
    const struct bulk_source *sources;
    size_t source_count;
    const struct store_position *positions; /* the next offsets after what the history contains */
    size_t position_count;
};

struct bulk;

#define BULK_BATCH_BYTES ((size_t)4 << 20) /* RocksDB holds a batch a second time */

/* Takes kv, as store_open. batch_bytes: commits when that much has gathered. NT_INVALID: the store
 * has been filled already. */
enum nt_status bulk_open(const struct nt_program *program, struct kv *kv,
                         const struct store_options *options, size_t batch_bytes,
                         struct bulk **bulk, struct nt_error *error);
void bulk_close(struct bulk *bulk); /* keeps what was committed; NULL is fine */
/* The plan of a build that was begun before, borrowed from bulk; NULL: it is a new one. */
const struct bulk_plan *bulk_plan_get(const struct bulk *bulk);
/* Once, for a new build: commits the plan. */
enum nt_status bulk_begin(struct bulk *bulk, const struct bulk_plan *plan, struct nt_error *error);

/* Then each view. *is_done: it was built before. */
enum nt_status bulk_view_begin(struct bulk *bulk, uint16_t view, bool *is_done,
                               struct nt_error *error);
/* False: this entity was built before the build was interrupted. */
bool bulk_wants(const struct bulk *bulk, struct bytes key_bytes);
/* An event of a source whose event keys the store keeps (event_index.h), by source, key and its
 * order among those of the key: entities_seen. All of them before the first entity of the first
 * view that needs them, after bulk_view_begin; the same again does no harm. */
enum nt_status bulk_event_put(struct bulk *bulk, uint16_t source, struct bytes key,
                              struct nt_time time, const struct nt_value *row,
                              struct nt_error *error);
/* The next entity, in key order, with all its events. Evicts from the timeline. */
enum nt_status bulk_put(struct bulk *bulk, struct bytes key_bytes, struct timeline *timeline,
                        struct nt_error *error);
/* All of the view's entities have been put. counts: what its events add to the counters; clock: the
 * newest finite event time accepted, NT_TIME_MINUS_INFINITY for none. */
enum nt_status bulk_view_end(struct bulk *bulk, const uint64_t counts[STORE_COUNTER_COUNT],
                             struct nt_time clock, struct nt_error *error);
/* All views are done: one commit that makes it a store, at the plan's positions. */
enum nt_status bulk_end(struct bulk *bulk, struct nt_error *error);

#endif
