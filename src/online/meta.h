/*
 * meta.h: the records of the family meta: their keys (store.h lists them) and their values.
 *
 *   "format"                            u64  STORE_FORMAT
 *   "view/" name                        u64  view fingerprint
 *   "position/" topic 0 partition(4)    u64  next offset
 *   "clock"                             u64  newest finite event time applied, us
 *   "counter/" name                     u64
 *   "commit"                            u64  sequence · u64 wall clock, us · u64 now(), us
 *   "log/" sequence(8)                  u64  wall clock, us · u64 now(), us · varint count · count
 *                                            times (varint size · topic · u32 partition ·
 *                                            u64 offset): the positions that moved
 * Numbers in keys are big-endian, so that they sort; in values little-endian.
 */
#ifndef ONLINE_META_H
#define ONLINE_META_H

#include "online/kv.h"
#include "online/store.h"

#define STORE_FORMAT UINT64_C(4)

struct meta_commit {
    uint64_t sequence;  /* 0: none yet */
    struct nt_time at;  /* wall clock */
    struct nt_time now; /* lookups at this now() and later see it: commit_log.h */
};

/* prefix is one of these: the next offset to read, the first that was read. */
#define META_POSITION "position/"
#define META_BEGIN    "begin/"
void meta_position_key(const char *prefix, const char *topic, int32_t partition,
                       struct buffer *key);
void meta_log_key(uint64_t sequence, struct buffer *key);

/* The key in two parts: meta_u64_put(batch, "counter/", "accepted", 1). */
void meta_u64_put(struct kv_batch *batch, const char *prefix, const char *name, uint64_t x);
enum nt_status meta_u64_get(struct kv *kv, struct kv_snapshot *snapshot, const char *prefix,
                            const char *name, uint64_t *x, bool *is_found, struct nt_error *error);
void meta_commit_put(struct kv_batch *batch, const struct meta_commit *commit);
/* *commit all zero: there was none. */
enum nt_status meta_commit_get(struct kv *kv, struct kv_snapshot *snapshot,
                               struct meta_commit *commit, struct nt_error *error);
/* -1: there is none. */
enum nt_status meta_position_get(struct kv *kv, struct kv_snapshot *snapshot, const char *prefix,
                                 const char *topic, int32_t partition, int64_t *offset,
                                 struct nt_error *error);

#endif
