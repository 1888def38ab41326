/*
 * kv_rocks.c: the key-value seam over RocksDB 7.8, through its C interface. The only file that
 * knows RocksDB: its errors become our statuses here.
 *
 * The families row, tile and event are column families of those names; meta is the one called
 * "default", which RocksDB insists on having. One write batch is one entry of the write-ahead log,
 * so it is atomic over all of them. Any thread.
 */
#include "online/kv.h"

#include <errno.h>
#include <rocksdb/c.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMTABLE_BYTES  ((size_t)32 << 20) /* larger memtables make every read slower */
#define SPARE_BYTES_MAX ((size_t)32 << 20) /* what a draft may keep between two writes */
#define HEAD_WORDS      3                  /* of keys: a fingerprint and 16 bytes */
#define WAL_BYTES_MAX   ((uint64_t)128 << 20)
#define BLOOM_BITS      10.0 /* a false positive in a hundred */
#define BLOCK_BYTES     ((size_t)8 << 10)
#define FORMAT_VERSION  5 /* full filters and index keys as RocksDB 6.6 and later read them */
#define BACKGROUND_JOBS 2
#define WRITE_BYTES_MAX ((uint64_t)64 << 10)
#define INFO_LOG_FILES  2
#define LOG_LEVEL_FATAL 4

static const char *const family_names[KV_FAMILY_COUNT] = {"row", "tile", "event", "default"};

struct kv_snapshot {
    const rocksdb_snapshot_t *snapshot;
    rocksdb_readoptions_t *read;
};

/* An operation of a batch: the first bytes of its key, big-endian, and where it begins. */
struct operation {
    uint64_t head[HEAD_WORDS];
    size_t at;
};

/* A batch on its way to RocksDB. */
struct draft {
    rocksdb_writebatch_t *batch;
    struct operation *operations;
    size_t operations_max;
};

struct kv_rocks {
    struct kv kv;
    char *path;
    rocksdb_t *db;
    rocksdb_column_family_handle_t *families[KV_FAMILY_COUNT];
    rocksdb_options_t *db_options;
    rocksdb_options_t *family_options[KV_FAMILY_COUNT];
    rocksdb_cache_t *cache;
    rocksdb_readoptions_t *read;
    rocksdb_writeoptions_t *write;
    _Atomic(struct draft *) spare; /* of the last write; NULL: there is none, or in use */
};

static struct kv_rocks *rocks_of(struct kv *kv)
{
    return (struct kv_rocks *)kv;
}

static bool text_begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Takes RocksDB's message: "<code>: <detail>", where the code is the only classification that the C
 * interface gives, and a held lock is known by its file name. */
static enum nt_status rocks_error(const struct kv_rocks *rocks, char *message,
                                  struct nt_error *error)
{
    enum nt_status status = NT_IO;
    const char *cure = "make room or repair the disk, then start again: what was committed is kept";
    if (text_begins(message, "IO error") && strstr(message, "LOCK")) {
        status = NT_UNAVAILABLE;
        cure = "another process has it open: stop that one first, or name another directory";
    } else if (text_begins(message, "Corruption") || strstr(message, "No such file")) {
        status = NT_CORRUPT;
        cure = "restore the directory from a copy, or remove it and replay the log";
    } else if (text_begins(message, "Invalid argument")) {
        status = NT_CORRUPT;
        cure = "this is not an online store that this version can read: name another directory";
    }
    error_set(error, status, "online store %s: %s (%s)", rocks->path, message, cure);
    rocksdb_free(message);
    return status;
}

/* NULL is fine. */
static void draft_destroy(struct draft *draft)
{
    if (!draft) return;
    rocksdb_writebatch_destroy(draft->batch);
    free(draft->operations);
    free(draft);
}

static void rocks_close(struct kv *kv)
{
    struct kv_rocks *rocks = rocks_of(kv);
    for (int i = 0; i < KV_FAMILY_COUNT; i++) {
        if (rocks->families[i]) rocksdb_column_family_handle_destroy(rocks->families[i]);
    }
    if (rocks->db) rocksdb_close(rocks->db);
    for (int i = 0; i < KV_FAMILY_COUNT; i++) rocksdb_options_destroy(rocks->family_options[i]);
    rocksdb_options_destroy(rocks->db_options);
    rocksdb_cache_destroy(rocks->cache);
    rocksdb_readoptions_destroy(rocks->read);
    rocksdb_writeoptions_destroy(rocks->write);
    draft_destroy(rocks->spare);
    free(rocks->path);
    free(rocks);
}

static struct kv_snapshot *rocks_snapshot_open(struct kv *kv)
{
    struct kv_rocks *rocks = rocks_of(kv);
    struct kv_snapshot *snapshot = memory_alloc(sizeof *snapshot);
    snapshot->snapshot = rocksdb_create_snapshot(rocks->db);
    snapshot->read = rocksdb_readoptions_create();
    rocksdb_readoptions_set_snapshot(snapshot->read, snapshot->snapshot);
    return snapshot;
}

static void rocks_snapshot_close(struct kv *kv, struct kv_snapshot *snapshot)
{
    if (!snapshot) return;
    rocksdb_readoptions_destroy(snapshot->read);
    rocksdb_release_snapshot(rocks_of(kv)->db, snapshot->snapshot);
    free(snapshot);
}

/* RocksDB counts what each thread does, and nobody asks: a twentieth of the worker's time. */
static void thread_quiet(void)
{
    rocksdb_set_perf_level(rocksdb_disable);
}

static enum nt_status rocks_get(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                                struct bytes key, struct buffer *value, struct nt_error *error)
{
    struct kv_rocks *rocks = rocks_of(kv);
    char *message = NULL;
    thread_quiet();
    rocksdb_pinnableslice_t *slice =
        rocksdb_get_pinned_cf(rocks->db, snapshot ? snapshot->read : rocks->read,
                              rocks->families[family], (const char *)key.data, key.size, &message);
    if (message) return rocks_error(rocks, message, error);
    if (!slice) return NT_OK;
    size_t size;
    const char *data = rocksdb_pinnableslice_value(slice, &size);
    buffer_append(value, data, size);
    rocksdb_pinnableslice_destroy(slice);
    return NT_OK;
}

/* A draft keeps its memory. A new one at each commit grew to megabytes by doubling, in pages that
 * the kernel had to clear: a twentieth of the worker's time. */
static struct draft *draft_take(struct kv_rocks *rocks)
{
    struct draft *draft = atomic_exchange(&rocks->spare, NULL);
    if (draft) return draft;
    draft = memory_zalloc(sizeof *draft);
    draft->batch = rocksdb_writebatch_create();
    return draft;
}

static void draft_give(struct kv_rocks *rocks, struct draft *draft)
{
    size_t size;
    rocksdb_writebatch_data(draft->batch, &size);
    if (size <= SPARE_BYTES_MAX) {
        rocksdb_writebatch_clear(draft->batch);
        draft = atomic_exchange(&rocks->spare, draft);
    }
    draft_destroy(draft);
}

static int operation_order(const void *a, const void *b)
{
    const struct operation *x = a, *y = b;
    for (int i = 0; i < HEAD_WORDS; i++)
        if (x->head[i] != y->head[i]) return x->head[i] < y->head[i] ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* The operations by their keys: each then goes into the memtable's skip list beside the one before
 * it, on a path that is in the cache. (A memtable that hashes keys takes them for less still, and
 * sorts them when it is flushed: a twentieth more of the worker's CPU in all.) Keys that begin
 * alike stay in the order of the batch, so what is done to one key does. */
static void draft_order(struct draft *draft, const struct kv_batch *batch)
{
    if (batch->count > draft->operations_max) {
        draft->operations_max = batch->count + batch->count / 2;
        draft->operations =
            memory_realloc(draft->operations, draft->operations_max * sizeof *draft->operations);
    }
    enum kv_family family;
    struct bytes key, value;
    struct operation *operation = draft->operations;
    for (size_t next = 0, at = 0; kv_batch_next(batch, &next, &family, &key, &value); at = next) {
        uint8_t head[sizeof operation->head] = {0};
        memcpy(head, key.data, key.size < sizeof head ? key.size : sizeof head);
        struct reader in = reader_of((struct bytes){head, sizeof head});
        for (int i = 0; i < HEAD_WORDS; i++) operation->head[i] = reader_u64_be(&in);
        operation++->at = at;
    }
    if (batch->count > 1)
        qsort(draft->operations, batch->count, sizeof *draft->operations, operation_order);
}

static void draft_fill(struct kv_rocks *rocks, struct draft *draft, const struct kv_batch *batch)
{
    draft_order(draft, batch);
    for (size_t i = 0; i < batch->count; i++) {
        enum kv_family family;
        struct bytes key, value;
        size_t next = draft->operations[i].at;
        kv_batch_next(batch, &next, &family, &key, &value);
        rocksdb_column_family_handle_t *handle = rocks->families[family];
        if (value.size) {
            rocksdb_writebatch_put_cf(draft->batch, handle, (const char *)key.data, key.size,
                                      (const char *)value.data, value.size);
        } else {
            rocksdb_writebatch_delete_cf(draft->batch, handle, (const char *)key.data, key.size);
        }
    }
}

static enum nt_status rocks_write(struct kv *kv, const struct kv_batch *batch,
                                  struct nt_error *error)
{
    struct kv_rocks *rocks = rocks_of(kv);
    struct draft *draft = draft_take(rocks);
    draft_fill(rocks, draft, batch);
    char *message = NULL;
    thread_quiet();
    rocksdb_write(rocks->db, rocks->write, draft->batch, &message);
    draft_give(rocks, draft);
    return message ? rocks_error(rocks, message, error) : NT_OK;
}

static struct bytes iterator_key(const rocksdb_iterator_t *iterator)
{
    size_t size;
    const char *data = rocksdb_iter_key(iterator, &size);
    return (struct bytes){(const uint8_t *)data, size};
}

static struct bytes iterator_value(const rocksdb_iterator_t *iterator)
{
    size_t size;
    const char *data = rocksdb_iter_value(iterator, &size);
    return (struct bytes){(const uint8_t *)data, size};
}

static bool bytes_begin_with(struct bytes bytes, struct bytes prefix)
{
    return bytes.size >= prefix.size &&
           (!prefix.size || memcmp(bytes.data, prefix.data, prefix.size) == 0);
}

/* 0: it is not known. */
static uint64_t property_of(const struct kv_rocks *rocks, enum kv_family family, const char *name)
{
    uint64_t value = 0;
    rocksdb_property_int_cf(rocks->db, rocks->families[family], name, &value);
    return value;
}

static enum nt_status
rocks_scan_after(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                 struct bytes prefix, struct bytes after,
                 bool (*visit)(void *self, struct bytes key, struct bytes value), void *self,
                 struct nt_error *error)
{
    struct bytes start = after.size ? after : prefix;
    struct kv_rocks *rocks = rocks_of(kv);
    rocksdb_readoptions_t *read = rocksdb_readoptions_create();
    if (snapshot) rocksdb_readoptions_set_snapshot(read, snapshot->snapshot);
    /* A walk over everything must not push the entities that are being served out of the cache. */
    rocksdb_readoptions_set_fill_cache(read, 0);
    rocksdb_iterator_t *iterator =
        rocksdb_create_iterator_cf(rocks->db, read, rocks->families[family]);
    rocksdb_iter_seek(iterator, start.size ? (const char *)start.data : "", start.size);
    for (; rocksdb_iter_valid(iterator); rocksdb_iter_next(iterator)) {
        struct bytes key = iterator_key(iterator);
        if (!bytes_begin_with(key, prefix)) break;
        if (after.size && bytes_compare(key, after) == 0) continue;
        if (!visit(self, key, iterator_value(iterator))) break;
    }
    char *message = NULL;
    rocksdb_iter_get_error(iterator, &message);
    rocksdb_iter_destroy(iterator);
    rocksdb_readoptions_destroy(read);
    return message ? rocks_error(rocks, message, error) : NT_OK;
}

static enum nt_status rocks_scan(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                                 struct bytes prefix,
                                 bool (*visit)(void *self, struct bytes key, struct bytes value),
                                 void *self, struct nt_error *error)
{
    return rocks_scan_after(kv, snapshot, family, prefix, (struct bytes){0}, visit, self, error);
}

static void rocks_held(struct kv *kv, struct kv_held *held)
{
    const struct kv_rocks *rocks = rocks_of(kv);
    *held = (struct kv_held){.blocks = rocksdb_cache_get_usage(rocks->cache)};
    for (int family = 0; family < KV_FAMILY_COUNT; family++) {
        held->memtables +=
            property_of(rocks, (enum kv_family)family, "rocksdb.cur-size-all-mem-tables");
        held->readers +=
            property_of(rocks, (enum kv_family)family, "rocksdb.estimate-table-readers-mem");
    }
}

static const struct kv_ops rocks_ops = {
    .close = rocks_close,
    .snapshot_open = rocks_snapshot_open,
    .snapshot_close = rocks_snapshot_close,
    .get = rocks_get,
    .write = rocks_write,
    .scan = rocks_scan,
    .scan_after = rocks_scan_after,
    .held = rocks_held,
};

static rocksdb_options_t *db_options_create(void)
{
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_options_set_create_missing_column_families(options, 1);
    /* There is one writer: without others to mind, an insertion costs less. */
    rocksdb_options_set_allow_concurrent_memtable_write(options, 0);
    /* meta is written with every commit but never fills a memtable: without this limit it would
     * keep every log file since the start, and a restart would replay them all. */
    rocksdb_options_set_max_total_wal_size(options, WAL_BYTES_MAX);
    /* One flush and one compaction, and they make way: the worker and the lookups need the cores.
     */
    rocksdb_options_set_max_background_jobs(options, BACKGROUND_JOBS);
    rocksdb_env_t *env = rocksdb_create_default_env(); /* one for the process */
    rocksdb_env_lower_thread_pool_cpu_priority(env);
    rocksdb_env_lower_high_priority_thread_pool_cpu_priority(env);
    rocksdb_options_set_env(options, env);
    rocksdb_env_destroy(env);
    /* 64 KiB a call in place of 1 MiB, which takes 3 ms of a core, and on a kernel that does not
     * preempt itself no lookup gets that core before it is done. */
    rocksdb_options_set_writable_file_max_buffer_size(options, WRITE_BYTES_MAX);
    rocksdb_options_set_keep_log_file_num(options, INFO_LOG_FILES);
    /* Its errors come back as statuses. Its own log file must not grow beside the store: Debian
     * builds RocksDB with assertions, and one ends the process when that file is written to once
     * more after the disk was full. */
    rocksdb_options_set_info_log_level(options, LOG_LEVEL_FATAL);
    return options;
}

static rocksdb_block_based_table_options_t *table_options_create(rocksdb_cache_t *cache)
{
    rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
    rocksdb_block_based_options_set_block_cache(table, cache);
    /* A record is a few hundred bytes to a few kilobytes: blocks a little larger than the default
     * halve the index, and a read still decompresses little. */
    rocksdb_block_based_options_set_block_size(table, BLOCK_BYTES);
    /* Reads are of whole keys, and a lookup of an entity that is not there should touch no block.
     */
    rocksdb_block_based_options_set_filter_policy(table,
                                                  rocksdb_filterpolicy_create_bloom(BLOOM_BITS));
    rocksdb_block_based_options_set_whole_key_filtering(table, 1);
    /* Index and filters count against the cache, so memory is bounded. They are cut into blocks of
     * their own: a file's whole filter is megabytes, more than a shard of a small cache can hold,
     * and every read would fetch it anew. What says where the parts are stays in. */
    rocksdb_block_based_options_set_index_type(
        table, rocksdb_block_based_table_index_type_two_level_index_search);
    rocksdb_block_based_options_set_partition_filters(table, 1);
    rocksdb_block_based_options_set_metadata_block_size(table, BLOCK_BYTES);
    rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
    rocksdb_block_based_options_set_cache_index_and_filter_blocks_with_high_priority(table, 1);
    rocksdb_block_based_options_set_pin_top_level_index_and_filter(table, 1);
    rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1);
    rocksdb_block_based_options_set_format_version(table, FORMAT_VERSION);
    return table;
}

static rocksdb_options_t *family_options_create(rocksdb_cache_t *cache)
{
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_block_based_table_options_t *table = table_options_create(cache);
    rocksdb_options_set_block_based_table_factory(options, table); /* copies it */
    rocksdb_block_based_options_destroy(table);
    rocksdb_options_set_write_buffer_size(options, MEMTABLE_BYTES);
    /* Levels sized from the last one up: about a tenth of space is spent on old versions. */
    rocksdb_options_set_level_compaction_dynamic_level_bytes(options, 1);
    rocksdb_options_set_compression(options, rocksdb_lz4_compression);
    return options;
}

static struct kv_rocks *rocks_create(const char *path, size_t cache_bytes)
{
    struct kv_rocks *rocks = memory_zalloc(sizeof *rocks);
    rocks->kv.ops = &rocks_ops;
    rocks->path = memory_strdup(path);
    rocks->cache = rocksdb_cache_create_lru(cache_bytes);
    rocks->db_options = db_options_create();
    for (int i = 0; i < KV_FAMILY_COUNT; i++)
        rocks->family_options[i] = family_options_create(rocks->cache);
    rocks->read = rocksdb_readoptions_create();
    /* The log is on, so a batch survives the death of the process. It is not synced: should the
     * machine lose power, the last batches are missing as a whole, log positions included, and the
     * worker reads their events again. */
    rocks->write = rocksdb_writeoptions_create();
    return rocks;
}

/* mkdir -p; that a directory cannot be used shows when RocksDB opens it. */
static enum nt_status directory_make(const char *path, struct nt_error *error)
{
    char *part = memory_strdup(path);
    enum nt_status status = NT_OK;
    for (char *end = part; *end && status == NT_OK; end++) {
        if (end[1] && end[1] != '/') continue;
        char next = end[1];
        end[1] = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            status = error_errno(error, "cannot make directory %s of the online store", part);
        end[1] = next;
    }
    free(part);
    return status;
}

bool kv_rocks_exists(const char *path)
{
    struct buffer current = {0};
    buffer_printf(&current, "%s/CURRENT", path);
    bool is_there = access(buffer_text(&current), F_OK) == 0;
    buffer_deinit(&current);
    return is_there;
}

enum nt_status kv_rocks_open(const char *path, size_t cache_bytes, struct kv **kv,
                             struct nt_error *error)
{
    enum nt_status status = directory_make(path, error);
    if (status != NT_OK) return status;
    struct kv_rocks *rocks = rocks_create(path, cache_bytes);
    char *message = NULL;
    rocks->db = rocksdb_open_column_families(
        rocks->db_options, path, KV_FAMILY_COUNT, family_names,
        (const rocksdb_options_t *const *)rocks->family_options, rocks->families, &message);
    if (message) {
        status = rocks_error(rocks, message, error);
        rocks_close(&rocks->kv);
        return status;
    }
    *kv = &rocks->kv;
    return NT_OK;
}

enum nt_status kv_rocks_copy(struct kv *kv, const char *directory, struct nt_error *error)
{
    struct kv_rocks *rocks = rocks_of(kv);
    char *message = NULL;
    /* RocksDB would take a directory that it cannot make for damage to the store. */
    bool can_be_made = mkdir(directory, 0777) == 0 && rmdir(directory) == 0;
    if (!can_be_made && errno != EEXIST)
        return error_errno(error, "cannot make directory %s for the copy", directory);
    if (!can_be_made)
        return error_set(error, NT_INVALID,
                         "%s is there already: name a directory that is not, it is made whole or "
                         "not at all",
                         directory);
    rocksdb_checkpoint_t *checkpoint = rocksdb_checkpoint_object_create(rocks->db, &message);
    if (message) return rocks_error(rocks, message, error);
    rocksdb_checkpoint_create(checkpoint, directory, 0, &message); /* 0: memtables are flushed */
    rocksdb_checkpoint_object_destroy(checkpoint);
    return message ? rocks_error(rocks, message, error) : NT_OK;
}

enum nt_status kv_rocks_remove(const char *path, struct nt_error *error)
{
    char *message = NULL;
    rocksdb_options_t *options = db_options_create();
    rocksdb_destroy_db(options, path, &message);
    rocksdb_options_destroy(options);
    if (!message) return NT_OK;
    error_set(error, NT_IO, "cannot remove the online store %s: %s", path, message);
    rocksdb_free(message);
    return NT_IO;
}
