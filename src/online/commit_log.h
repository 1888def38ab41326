/*
 * commit_log.h: the record of every commit: when it was made and which positions it moved. With it
 * one can say of any past lookup which events it had seen.
 *
 * A commit has a now(): every lookup whose now() is that or later sees the commit, every lookup
 * with an earlier one does not. On an event clock it is the newest event time applied (of several
 * commits at one now() a lookup may have seen any; the last counts). On the wall clock it is a
 * microsecond after the time the commit began, and store_snapshot_now answers lookups that run
 * beside a commit so that this holds.
 *
 * Entries are numbered without a gap from the first that is kept. That one has the position of
 * every partition: trimming folds the oldest entry into the one after it.
 */
#ifndef ONLINE_COMMIT_LOG_H
#define ONLINE_COMMIT_LOG_H

#include "nowthen/arena.h"
#include "online/meta.h"

struct commit_entry {
    struct nt_time at, now;
    struct store_position *positions;
    size_t count;
};

void commit_entry_put(struct kv_batch *batch, uint64_t sequence, const struct commit_entry *entry);
/* All of it lives in arena. NT_NOT_FOUND: there is no such entry. */
enum nt_status commit_entry_get(struct kv *kv, struct kv_snapshot *snapshot, uint64_t sequence,
                                struct nt_arena *arena, struct commit_entry *entry,
                                struct nt_error *error);
/* The first entry that is kept; 0: there is none. */
enum nt_status commit_log_first(struct kv *kv, struct kv_snapshot *snapshot, uint64_t *first,
                                struct nt_error *error);

/* What the writer remembers of the oldest entries, so that it need not look at every commit. */
struct commit_log_end {
    bool is_known;
    uint64_t first;
    struct nt_time next_at; /* of the entry after it */
};

#define COMMIT_LOG_TRIM_MAX 16 /* entries folded by one commit */

/* Puts into batch what drops the oldest entries for which the one after them was made before
 * `before`; last is never dropped. */
enum nt_status commit_log_trim(struct kv *kv, struct kv_batch *batch, struct commit_log_end *end,
                               uint64_t last, struct nt_time before, struct nt_error *error);

/* CSV lines of the commits after *after, at most max of them: commit, now, committed_at, topic,
 * partition, next_offset; a header before them when *after is 0. *after becomes the last printed.
 * When no commit is left, one more line "end" with until (up to that now() the log is whole), and
 * *after is UINT64_MAX. */
enum nt_status commit_log_print(struct kv *kv, struct kv_snapshot *snapshot, uint64_t *after,
                                uint64_t max, struct nt_time until, struct buffer *csv,
                                struct nt_error *error);

#endif
