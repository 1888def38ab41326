/*
 * kv.h: the key-value store seam. Two bodies: kv_rocks.c (RocksDB, four column families) and
 * kv_memory.c (an ordered map, for the evaluator and simulation).
 */
#ifndef ONLINE_KV_H
#define ONLINE_KV_H

#include "base/bytes.h"

/* Entity roots, other nodes, events by their keys, the rest. */
enum kv_family { KV_ROW, KV_TILE, KV_EVENT, KV_META, KV_FAMILY_COUNT };

struct kv;
struct kv_snapshot;
struct kv_batch;

/* Bytes of memory. */
struct kv_held {
    uint64_t memtables; /* written, not yet in files */
    uint64_t blocks;    /* of files, kept for reading */
    uint64_t readers;   /* what open files need besides */
};

struct kv_ops {
    void (*close)(struct kv *kv);
    struct kv_snapshot *(*snapshot_open)(struct kv *kv);
    void (*snapshot_close)(struct kv *kv, struct kv_snapshot *snapshot);
    /* snapshot NULL: the latest. value appended; NT_OK with nothing appended: no such key. */
    enum nt_status (*get)(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                          struct bytes key, struct buffer *value, struct nt_error *error);
    /* All of it or nothing, in order; durable against a crash of the process. */
    enum nt_status (*write)(struct kv *kv, const struct kv_batch *batch, struct nt_error *error);
    /* In key order, keys that begin with prefix; visit returns false to stop. It may get, and does
     * not write; what it is shown is valid in the call. */
    enum nt_status (*scan)(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                           struct bytes prefix,
                           bool (*visit)(void *self, struct bytes key, struct bytes value),
                           void *self, struct nt_error *error);
    /* The same from behind a key that begins with prefix; after.size 0: from the first. */
    enum nt_status (*scan_after)(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                                 struct bytes prefix, struct bytes after,
                                 bool (*visit)(void *self, struct bytes key, struct bytes value),
                                 void *self, struct nt_error *error);
    /* What it holds now, any thread. */
    void (*held)(struct kv *kv, struct kv_held *held);
};

struct kv {
    const struct kv_ops *ops;
};

/* A write batch: value.size 0 is a delete. */
struct kv_batch {
    struct buffer operations; /* family byte, varint key size, key, varint value size, value */
    size_t count;
};
void kv_batch_put(struct kv_batch *batch, enum kv_family family, struct bytes key,
                  struct bytes value);
void kv_batch_clear(struct kv_batch *batch);
void kv_batch_deinit(struct kv_batch *batch);
/* Walks a batch: start with *next = 0; false at the end. */
bool kv_batch_next(const struct kv_batch *batch, size_t *next, enum kv_family *family,
                   struct bytes *key, struct bytes *value);

/* cache_bytes: of blocks, their index and filters. path is made when missing. NT_UNAVAILABLE:
 * another process has it open. */
enum nt_status kv_rocks_open(const char *path, size_t cache_bytes, struct kv **kv,
                             struct nt_error *error);
/* Is there a store at path already? */
bool kv_rocks_exists(const char *path);
/* A copy of what is committed in a directory that must not exist yet: whole or not there. On the
 * same file system it shares the files, which are never changed. */
enum nt_status kv_rocks_copy(struct kv *kv, const char *directory, struct nt_error *error);
/* Removes the files of a store that nobody has open, and the directory if nothing else is in it. */
enum nt_status kv_rocks_remove(const char *path, struct nt_error *error);
struct kv *kv_memory_open(void);

#define KV_CACHE_BYTES ((size_t)64 << 20) /* for those who do not serve: tools and tests */

#endif
