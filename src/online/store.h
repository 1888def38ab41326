/*
 * store.h: the online store: timelines of every view's entities over a kv, and the log positions
 * they contain. One writer thread applies events and commits; any number of readers each hold a
 * snapshot of what is committed.
 *
 * Records:
 *   row   view fingerprint (8, big-endian) · key bytes    -> root node
 *   tile  view fingerprint · key bytes · timeline id      -> any other node
 *   event the events of an event key (event_index.h), of a source that settles it so
 *   meta  "position/" topic 0 partition (4, big-endian)   -> next offset to read
 *         "clock"                                         -> newest finite event time applied
 *         "view/" name                                    -> view fingerprint
 *         "counter/" name                                 -> events accepted, rejected, ...
 *         "commit"                                        -> number of the last commit, its time
 *         "log/" number (8, big-endian)                   -> time of that commit, positions moved
 *         "format"                                        -> version of this layout (meta.h)
 *         "horizon/" view, "swept/" view                  -> up to where entities are swept
 * (evict.h) "repeats/" source                           -> up to where event keys are forgotten
 *         "bulk/" ..., "handover/" source                 -> a build from history (bulk.h)
 *
 * The log is what as-served reads need (commit_log.h); log_keep_us bounds it.
 */
#ifndef ONLINE_STORE_H
#define ONLINE_STORE_H

#include "base/clock.h"
#include "nowthen/program.h"
#include "online/kv.h"
#include "runtime/event.h"
#include "runtime/view.h"

#define STORE_PAST_FOREVER INT64_MAX

struct store_options {
    struct clock clock;     /* the wall clock: seam */
    bool is_event_clock;    /* now() is the newest event time applied */
    int64_t past_reads_us;  /* how far before now as_of can be answered; STORE_PAST_FOREVER: all */
    size_t cache_bytes_max; /* of decoded timelines, writer side */
    int64_t log_keep_us;    /* how long commits stay in the log; 0: for ever */
};

struct store_position {
    const char *topic;
    int32_t partition;
    int64_t offset; /* the next to read */
};

/* Counted since the store was made; committed with the state they describe. */
#define STORE_COUNTERS(X)                                                                          \
    X(ACCEPTED, "accepted")       /* events that were applied, in a view or in none */             \
    X(REJECTED, "rejected")       /* dead letters */                                               \
    X(TOMBSTONES, "tombstones")   /* messages without a value, skipped */                          \
    X(NULL_KEYS, "null_keys")     /* (event, view) pairs that belong to no entity */               \
    X(APPLIED, "applied")         /* (event, view) pairs of an entity, repeats as well */          \
    X(HANDED_OVER, "handed_over") /* events of the stream that were in the backfilled history */
enum store_counter {
#define STORE_COUNTER_ENUM(name, text) STORE_##name,
    STORE_COUNTERS(STORE_COUNTER_ENUM)
#undef STORE_COUNTER_ENUM
        STORE_COUNTER_COUNT
};
const char *store_counter_name(enum store_counter counter);

/* Bytes of memory, by what they are for. */
struct store_held {
    uint64_t timelines; /* decoded, of the writer: within its budget but for what a commit writes */
    struct kv_held kv;
};

struct store;

/* Takes kv, also when it fails. An empty kv is bound to the program's views; a kv bound to views of
 * other fingerprints is NT_MISMATCH, and the error says which and what to do. */
enum nt_status store_open(const struct nt_program *program, struct kv *kv,
                          const struct store_options *options, struct store **store,
                          struct nt_error *error);
/* Uncommitted changes are dropped. Its snapshots must be closed before. NULL is fine. */
void store_close(struct store *store);

/* A copy of what is committed, in a directory that must not exist yet: kv_rocks_copy. Any thread;
 * the writer goes on. */
enum nt_status store_backup(struct store *store, const char *directory, struct nt_error *error);

/* ---- the writer: one thread ---- */

/* Adds an admitted event to its timelines, in memory until store_commit. Counts ACCEPTED, APPLIED
 * and NULL_KEYS; the others are the caller's. After a failure of this or of store_commit both
 * refuse every call until the store is opened again. */
enum nt_status store_apply(struct store *store, const struct event *event, struct nt_error *error);
/* These are the next to be applied: asks memory for their timelines, so that store_apply waits
 * less.
 */
void store_expect(struct store *store, const struct event *events, size_t count);
void store_count(struct store *store, enum store_counter counter, uint64_t by);
/* The offset to go on from; -1 if the partition was never opened. */
enum nt_status store_position_get(struct store *store, const char *topic, int32_t partition,
                                  int64_t *offset, struct nt_error *error);
/* Events of source up to *at came with the history that the store was built from (bulk.h), so those
 * of the stream are to be passed over; NT_TIME_MINUS_INFINITY: none. */
enum nt_status store_handover_get(struct store *store, const char *source, struct nt_time *at,
                                  struct nt_error *error);
/* Where partitions that were never opened begin, before anything is read of them: what leaves their
 * logs from now on is missed. On failure as store_commit. */
enum nt_status store_begin(struct store *store, const struct store_position *positions,
                           size_t count, struct nt_error *error);
/* One write batch: changed nodes, positions, clock, counters. On failure nothing is written and the
 * store must be closed and opened again. */
enum nt_status store_commit(struct store *store, const struct store_position *positions,
                            size_t count, struct nt_error *error);
/* Every position that is committed; topic is lent for the call. */
enum nt_status store_positions(struct store *store,
                               void (*visit)(void *self, const struct store_position *position),
                               void *self, struct nt_error *error);
/* Deletes an entity's timeline, whatever it holds, and its events among those kept by event key:
 * what repeated one of them counts from then on. The clock does not go back, also where the newest
 * event was the entity's. *records: of how many nodes and events. Right after store_open or a
 * commit, with nothing applied since. */
enum nt_status store_erase(struct store *store, uint16_t view, const struct nt_value *key,
                           uint64_t *records, struct nt_error *error);
/* After a commit, or in between: drops a slice of what no read can ask for any more, of entities
 * that no event touches. *is_done: there is nothing left to drop, for now; until then the state may
 * hold more than the events ask for. */
enum nt_status store_sweep(struct store *store, size_t entities_max, bool *is_done,
                           struct nt_error *error);

/* ---- readers: any thread, a snapshot each ---- */

struct store_snapshot; /* what was committed when it was opened */

enum nt_status store_snapshot_open(struct store *store, struct store_snapshot **snapshot,
                                   struct nt_error *error);
void store_snapshot_close(struct store_snapshot *snapshot);
/* What now() is for a request: the wall clock, or the newest event time committed (before there is
 * one: the wall clock). Never before the now() of the commit that the snapshot shows, nor at that
 * of one it does not show. */
struct nt_time store_snapshot_now(const struct store_snapshot *snapshot);
/* The number and wall clock of the commit it shows; 0 before the first. */
uint64_t store_snapshot_commit(const struct store_snapshot *snapshot, struct nt_time *committed_at);
uint64_t store_snapshot_counter(const struct store_snapshot *snapshot, enum store_counter counter);
/* Of the store now, not of the snapshot. */
void store_snapshot_held(const struct store_snapshot *snapshot, struct store_held *held);
/* The positions that the commit had reached; topic is lent for the call. */
enum nt_status store_snapshot_positions(const struct store_snapshot *snapshot,
                                        void (*visit)(void *self,
                                                      const struct store_position *position),
                                        void *self, struct nt_error *error);
/* The offset that a partition was read from; -1: the store came with what was before, or does not
 * have the partition. */
enum nt_status store_snapshot_begin(const struct store_snapshot *snapshot, const char *topic,
                                    int32_t partition, int64_t *offset, struct nt_error *error);
/* A page of the commit log as CSV: commit_log_print, until now; after which commit. */
enum nt_status store_log_print(struct store_snapshot *snapshot, uint64_t after, uint64_t max,
                               struct buffer *csv, struct nt_error *error);
/* V(now)[key], as view_read. view is an index into program->views. NT_EVICTED as timeline_read. */
enum nt_status store_read(struct store_snapshot *snapshot, uint16_t view,
                          const struct nt_value *key, struct nt_time now, struct nt_eval *e,
                          struct view_row *row, struct nt_error *error);
/* An entity's timeline in arena, to be read until the snapshot is asked again; NULL: there is none.
 */
enum nt_status store_timeline(struct store_snapshot *snapshot, uint16_t view,
                              const struct nt_value *key, struct nt_arena *arena,
                              struct timeline **timeline, struct nt_error *error);
/* A whole vector: joins' keys, their rows, the service's outputs. values and statuses are arrays of
 * service->output_count. */
enum nt_status store_read_service(struct store_snapshot *snapshot, uint16_t service,
                                  const struct nt_value *request, struct nt_time now,
                                  struct nt_eval *e, struct nt_value *values, uint8_t *statuses,
                                  struct nt_error *error);
/* Every entity key of a view, in order; visit returns false to stop. */
enum nt_status store_keys(struct store_snapshot *snapshot, uint16_t view,
                          bool (*visit)(void *self, struct bytes key), void *self,
                          struct nt_error *error);
/* Every record of row, tile and event in order, for byte comparison: calls visit with each. */
enum nt_status store_dump(struct store_snapshot *snapshot,
                          void (*visit)(void *self, enum kv_family family, struct bytes key,
                                        struct bytes value),
                          void *self, struct nt_error *error);

#endif
