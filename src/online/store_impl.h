/* store_impl.h: what store.c and store_apply.c (the writer), bulk.c, reader.c and check.c share.
 * Not for other rooms. */
#ifndef ONLINE_STORE_IMPL_H
#define ONLINE_STORE_IMPL_H

#include "online/cache.h"
#include "online/commit_log.h"
#include "online/evict.h"
#include "online/horizon.h"
#include "online/meta.h"
#include "online/store.h"

#include <stdatomic.h>

/* A clock set back by less is held until it has caught up, so that now() never falls. */
#define STORE_CLOCK_SKEW_US INT64_C(60000000)

#define BULK_PLAN_KEY         "bulk/plan"
#define BULK_VIEW_PREFIX      "bulk/view/"
#define STORE_HANDOVER_PREFIX "handover/"

struct store {
    const struct nt_program *program;
    struct kv *kv;
    struct store_options options;
    /* Wall clock when the commit that is being written began; INT64_MAX: none is. Read by lookups.
     */
    _Atomic int64_t commit_begun_us;
    _Atomic uint64_t timelines_held; /* bytes, at the last commit */

    struct evict_sweep *sweeps; /* one for each view; its horizon is read by lookups */

    /* The rest is the writer's alone. */
    struct horizon_rule *rules;  /* one for each view */
    struct nt_arena sweep_arena; /* one entity that the cache does not have */
    struct cache cache;
    struct event_index *index;
    struct nt_time clock; /* newest finite event time applied; NT_TIME_MINUS_INFINITY: none */
    struct meta_commit commit;
    struct commit_log_end log_end;
    uint64_t counters[STORE_COUNTER_COUNT];
    struct kv_batch batch;
    struct buffer key;    /* of the record being loaded or written */
    struct buffer record; /* loaded last */
    struct buffer node;   /* being written */
    struct buffer prefix; /* of the entity being looked for */
    bool is_failed;       /* what is in memory is no longer what it should be */
    struct nt_error failure;
};

struct store_snapshot {
    const struct store *store;
    struct kv_snapshot *kv;
    struct meta_commit commit;
    struct nt_time clock; /* newest event time; NT_TIME_MINUS_INFINITY: none */
    int64_t before_us;    /* on the wall clock: what it does not show is later */
    struct buffer key, record, prefix;
    int64_t swept_us[]; /* of each view; INT64_MIN: it was never swept */
};

/* The key of an entity's root: view fingerprint and key bytes. Tiles have their id after it. */
void store_prefix_append(const struct nt_view *view, struct bytes key_bytes, struct buffer *prefix);
/* Reads the record of a node into record (cleared first); empty: there is none. key is scratch. */
enum nt_status store_node_get(struct kv *kv, struct kv_snapshot *snapshot, struct bytes prefix,
                              struct timeline_id id, struct buffer *key, struct buffer *record,
                              struct nt_error *error);

/* store_open without asking whether a bulk build has come to its end. */
enum nt_status store_open_unfinished(const struct nt_program *program, struct kv *kv,
                                     const struct store_options *options, struct store **store,
                                     struct nt_error *error);
/* What is in memory is lost: every later call of the writer is refused. */
enum nt_status store_fail(struct store *store, enum nt_status status,
                          const struct nt_error *failure, struct nt_error *error);
enum nt_status store_refuse(const struct store *store, struct nt_error *error);
/* Adds to a timeline, in memory. */
enum nt_status store_entry_add(struct store *store, struct nt_time event_time,
                               const struct event_entry *entry, struct nt_error *error);
/* Into store->batch: all that is changed in memory, with what an entity need not keep at now
 * dropped; a node; positions and the log entry of store->commit; clock, counters and
 * store->commit. */
enum nt_status store_changes_put(struct store *store, struct nt_time now, struct nt_error *error);
void store_node_put(struct store *store, struct bytes prefix, struct timeline_id id,
                    struct bytes record);
void store_positions_put(struct store *store, const struct store_position *positions, size_t count);
void store_state_put(struct store *store);

#endif
