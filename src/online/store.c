/*
 * store.c: the writer of the online store: a commit that writes all that changed with the log
 * positions it came from, in one batch. store_apply.c puts events into cached timelines.
 *
 * A call that fails half way leaves timelines in memory that no longer equal what they should be,
 * so the store then refuses every further call of the writer until it is opened again from what was
 * committed. Readers are not touched by that: they see committed records only.
 */
#include "online/commit_log.h"
#include "online/event_index.h"
#include "online/store_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const counter_names[STORE_COUNTER_COUNT] = {
#define STORE_COUNTER_NAME(name, text) text,
    STORE_COUNTERS(STORE_COUNTER_NAME)
#undef STORE_COUNTER_NAME
};

const char *store_counter_name(enum store_counter counter)
{
    return counter_names[counter];
}

void store_prefix_append(const struct nt_view *view, struct bytes key_bytes, struct buffer *prefix)
{
    buffer_append_u64_be(prefix, view->fingerprint);
    buffer_append(prefix, key_bytes.data, key_bytes.size);
}

static void node_key(struct bytes prefix, struct timeline_id id, struct buffer *key)
{
    buffer_clear(key);
    buffer_append(key, prefix.data, prefix.size);
    if (!id.is_root) timeline_id_append(id, key);
}

enum nt_status store_node_get(struct kv *kv, struct kv_snapshot *snapshot, struct bytes prefix,
                              struct timeline_id id, struct buffer *key, struct buffer *record,
                              struct nt_error *error)
{
    node_key(prefix, id, key);
    buffer_clear(record);
    return kv->ops->get(kv, snapshot, id.is_root ? KV_ROW : KV_TILE, buffer_bytes(key), record,
                        error);
}

/* ---- opening ---- */

struct binding {
    const struct nt_program *program;
    size_t found; /* view records in the store */
    enum nt_status status;
    struct nt_error *error;
};

#define BINDING_CURE                                                                               \
    "open it with the definitions it was made for, or name another directory and let the worker "  \
    "replay the log into it; while it is served, `nowthen upgrade` builds the other version"

static enum nt_status binding_check(const struct nt_program *program, const char *name, int size,
                                    uint64_t fingerprint, struct nt_error *error)
{
    for (int i = 0; i < program->view_count; i++) {
        const struct nt_view *view = &program->views[i];
        if (strlen(view->name) != (size_t)size || memcmp(view->name, name, (size_t)size) != 0)
            continue;
        if (view->fingerprint == fingerprint) return NT_OK;
        return error_set(error, NT_MISMATCH,
                         "online store: it holds view %s of fingerprint %016" PRIx64
                         ", the program has %016" PRIx64 ": " BINDING_CURE,
                         view->name, fingerprint, view->fingerprint);
    }
    return error_set(
        error, NT_MISMATCH,
        "online store: it holds view %.*s, which the program does not have: " BINDING_CURE, size,
        name);
}

static bool binding_visit(void *self, struct bytes key, struct bytes value)
{
    struct binding *binding = self;
    size_t skip = strlen("view/");
    struct reader in = reader_of(value);
    uint64_t fingerprint = reader_u64(&in);
    binding->found++;
    binding->status = binding_check(binding->program, (const char *)key.data + skip,
                                    (int)(key.size - skip), fingerprint, binding->error);
    return binding->status == NT_OK;
}

static enum nt_status format_check(struct store *store, bool *is_new, struct nt_error *error)
{
    uint64_t format = 0;
    bool is_found;
    enum nt_status status = meta_u64_get(store->kv, NULL, "format", "", &format, &is_found, error);
    *is_new = !is_found;
    if (status != NT_OK || !is_found || format == STORE_FORMAT) return status;
    return error_set(error, NT_MISMATCH,
                     "online store: its format is %" PRIu64 ", this version reads %" PRIu64
                     ": open it with the version that made it, or replay the log into another "
                     "directory",
                     format, STORE_FORMAT);
}

static enum nt_status binding_write(struct store *store, struct nt_error *error)
{
    struct kv_batch *batch = &store->batch;
    kv_batch_clear(batch);
    meta_u64_put(batch, "format", "", STORE_FORMAT);
    for (int i = 0; i < store->program->view_count; i++) {
        const struct nt_view *view = &store->program->views[i];
        meta_u64_put(batch, "view/", view->name, view->fingerprint);
    }
    return store->kv->ops->write(store->kv, batch, error);
}

/* A view that is new to a store which has already read some of the log would miss its past: so the
 * two sets of views must be equal. */
static enum nt_status store_bind(struct store *store, struct nt_error *error)
{
    bool is_new;
    enum nt_status status = format_check(store, &is_new, error);
    if (status != NT_OK) return status;
    if (is_new) return binding_write(store, error);
    struct binding binding = {store->program, 0, NT_OK, error};
    struct bytes prefix = {(const uint8_t *)"view/", strlen("view/")};
    status = store->kv->ops->scan(store->kv, NULL, KV_META, prefix, binding_visit, &binding, error);
    if (status != NT_OK) return status;
    if (binding.status != NT_OK || binding.found == store->program->view_count)
        return binding.status;
    return error_set(error, NT_MISMATCH,
                     "online store: it holds %zu views, the program has %d: " BINDING_CURE,
                     binding.found, store->program->view_count);
}

static enum nt_status state_load(struct store *store, struct nt_error *error)
{
    bool is_found;
    uint64_t clock = (uint64_t)NT_TIME_MINUS_INFINITY.us;
    enum nt_status status = meta_commit_get(store->kv, NULL, &store->commit, error);
    if (status == NT_OK)
        status = meta_u64_get(store->kv, NULL, "clock", "", &clock, &is_found, error);
    store->clock.us = (int64_t)clock;
    for (int i = 0; i < STORE_COUNTER_COUNT && status == NT_OK; i++) {
        status = meta_u64_get(store->kv, NULL, "counter/", counter_names[i], &store->counters[i],
                              &is_found, error);
    }
    return status;
}

static void rules_make(struct store *store)
{
    uint16_t count = store->program->view_count;
    store->rules = memory_alloc(count * sizeof *store->rules);
    for (int i = 0; i < count; i++) {
        store->rules[i] = horizon_rule_of(&store->program->views[i], store->options.past_reads_us);
    }
}

static bool record_visit(void *self, struct bytes key, struct bytes value)
{
    (void)key, (void)value;
    *(bool *)self = false;
    return false;
}

static enum nt_status cache_open(struct store *store, struct nt_error *error)
{
    bool is_empty = true;
    enum nt_status status = store->kv->ops->scan(store->kv, NULL, KV_ROW, (struct bytes){0},
                                                 record_visit, &is_empty, error);
    cache_init(&store->cache, store->options.cache_bytes_max, status == NT_OK && is_empty);
    return status;
}

enum nt_status store_open_unfinished(const struct nt_program *program, struct kv *kv,
                                     const struct store_options *options, struct store **store,
                                     struct nt_error *error)
{
    struct store *made = memory_zalloc(sizeof *made);
    made->program = program;
    made->kv = kv;
    made->options = *options;
    atomic_store(&made->commit_begun_us, INT64_MAX);
    rules_make(made);
    enum nt_status status =
        options->past_reads_us >= 0
            ? store_bind(made, error)
            : error_set(error, NT_INVALID, "past reads of %" PRId64 " us: must not be negative",
                        options->past_reads_us);
    if (status == NT_OK) status = state_load(made, error);
    if (status == NT_OK) status = evict_open(made, error);
    if (status == NT_OK) status = cache_open(made, error);
    if (status == NT_OK) status = event_index_open(made, error);
    if (status != NT_OK) {
        store_close(made);
        return status;
    }
    *store = made;
    return NT_OK;
}

static enum nt_status finished_check(struct store *store, struct nt_error *error)
{
    struct bytes key = {(const uint8_t *)BULK_PLAN_KEY, strlen(BULK_PLAN_KEY)};
    buffer_clear(&store->record);
    enum nt_status status =
        store->kv->ops->get(store->kv, NULL, KV_META, key, &store->record, error);
    if (status != NT_OK || store->record.size == 0) return status;
    return error_set(error, NT_UNAVAILABLE,
                     "online store: its backfill has not come to its end: run `nowthen materialize "
                     "--online` again, which goes on where it was, or name another directory");
}

enum nt_status store_open(const struct nt_program *program, struct kv *kv,
                          const struct store_options *options, struct store **store,
                          struct nt_error *error)
{
    struct store *made;
    enum nt_status status = store_open_unfinished(program, kv, options, &made, error);
    if (status != NT_OK) return status;
    status = finished_check(made, error);
    if (status == NT_OK)
        *store = made;
    else
        store_close(made);
    return status;
}

void store_close(struct store *store)
{
    if (!store) return;
    event_index_close(store);
    evict_close(store);
    cache_deinit(&store->cache);
    free(store->rules);
    kv_batch_deinit(&store->batch);
    buffer_deinit(&store->key);
    buffer_deinit(&store->record);
    buffer_deinit(&store->node);
    buffer_deinit(&store->prefix);
    store->kv->ops->close(store->kv);
    free(store);
}

enum nt_status store_backup(struct store *store, const char *directory, struct nt_error *error)
{
    return kv_rocks_copy(store->kv, directory, error);
}

/* ---- writing ---- */

enum nt_status store_fail(struct store *store, enum nt_status status,
                          const struct nt_error *failure, struct nt_error *error)
{
    store->is_failed = true;
    store->failure = *failure;
    if (error) *error = *failure;
    return status;
}

enum nt_status store_refuse(const struct store *store, struct nt_error *error)
{
    return error_set(error, store->failure.status,
                     "online store: it failed before and must be opened again; that failure was: "
                     "%.1500s",
                     store->failure.text);
}

void store_count(struct store *store, enum store_counter counter, uint64_t by)
{
    store->counters[counter] += by;
}

enum nt_status store_position_get(struct store *store, const char *topic, int32_t partition,
                                  int64_t *offset, struct nt_error *error)
{
    return meta_position_get(store->kv, NULL, META_POSITION, topic, partition, offset, error);
}

enum nt_status store_handover_get(struct store *store, const char *source, struct nt_time *at,
                                  struct nt_error *error)
{
    uint64_t us = (uint64_t)NT_TIME_MINUS_INFINITY.us;
    bool is_found;
    enum nt_status status =
        meta_u64_get(store->kv, NULL, STORE_HANDOVER_PREFIX, source, &us, &is_found, error);
    at->us = (int64_t)us;
    return status;
}

void store_node_put(struct store *store, struct bytes prefix, struct timeline_id id,
                    struct bytes record)
{
    node_key(prefix, id, &store->key);
    kv_batch_put(&store->batch, id.is_root ? KV_ROW : KV_TILE, buffer_bytes(&store->key), record);
}

static void position_put(struct store *store, const char *prefix,
                         const struct store_position *position)
{
    struct buffer value = {0};
    buffer_clear(&store->key);
    meta_position_key(prefix, position->topic, position->partition, &store->key);
    buffer_append_u64(&value, (uint64_t)position->offset);
    kv_batch_put(&store->batch, KV_META, buffer_bytes(&store->key), buffer_bytes(&value));
    buffer_deinit(&value);
}

void store_positions_put(struct store *store, const struct store_position *positions, size_t count)
{
    for (size_t i = 0; i < count; i++) position_put(store, META_POSITION, &positions[i]);
    struct commit_entry entry = {store->commit.at, store->commit.now,
                                 (struct store_position *)(uintptr_t)positions, count};
    commit_entry_put(&store->batch, store->commit.sequence, &entry);
}

static enum nt_status log_trim(struct store *store, struct nt_error *error)
{
    if (!store->options.log_keep_us) return NT_OK;
    struct nt_time before = {store->commit.at.us - store->options.log_keep_us};
    return commit_log_trim(store->kv, &store->batch, &store->log_end, store->commit.sequence,
                           before, error);
}

void store_state_put(struct store *store)
{
    if (store->clock.us != NT_TIME_MINUS_INFINITY.us)
        meta_u64_put(&store->batch, "clock", "", (uint64_t)store->clock.us);
    for (int i = 0; i < STORE_COUNTER_COUNT; i++)
        meta_u64_put(&store->batch, "counter/", counter_names[i], store->counters[i]);
    meta_commit_put(&store->batch, &store->commit);
}

/* The now() of a commit on the wall clock. From here to the end of the write lookups stay before
 * it: those that have not seen commit_begun read the clock before us (clock_before). Time that was
 * set back by little is held; by much it is taken, and the log says so by falling. */
static struct nt_time commit_stamp(struct store *store)
{
    atomic_store(&store->commit_begun_us, clock_now(store->options.clock).us);
    int64_t now_us = clock_now(store->options.clock).us + 1, last_us = store->commit.now.us;
    bool is_held = now_us <= last_us && last_us - now_us < STORE_CLOCK_SKEW_US;
    return (struct nt_time){is_held ? last_us + 1 : now_us};
}

enum nt_status store_changes_put(struct store *store, struct nt_time now, struct nt_error *error)
{
    for (const struct cache_entry *entry = store->cache.dirty.first; entry; entry = entry->after) {
        bool is_gone;
        if (entry->after) cache_entry_prefetch(entry->after);
        enum nt_status status =
            evict_flush(store, entry->view, entry->prefix, entry->timeline, now, &is_gone, error);
        if (status != NT_OK) return status;
    }
    event_index_put(store);
    return NT_OK;
}

static enum nt_status batch_make(struct store *store, const struct store_position *positions,
                                 size_t count, struct nt_error *error)
{
    struct nt_time wall = clock_now(store->options.clock);
    struct nt_time now = store->options.is_event_clock ? store->clock : wall;
    kv_batch_clear(&store->batch);
    evict_advance(store, store->clock.us < now.us ? store->clock : now);
    enum nt_status status = store_changes_put(store, now, error);
    if (status != NT_OK) return status;
    now = store->options.is_event_clock ? store->clock : commit_stamp(store);
    store->commit = (struct meta_commit){store->commit.sequence + 1, wall, now};
    store_positions_put(store, positions, count);
    store_state_put(store);
    return log_trim(store, error);
}

static enum nt_status commit_write(struct store *store, const struct store_position *positions,
                                   size_t count, struct nt_error *error)
{
    enum nt_status status = batch_make(store, positions, count, error);
    if (status == NT_OK) status = store->kv->ops->write(store->kv, &store->batch, error);
    atomic_store(&store->commit_begun_us, INT64_MAX);
    return status;
}

enum nt_status store_begin(struct store *store, const struct store_position *positions,
                           size_t count, struct nt_error *error)
{
    if (store->is_failed) return store_refuse(store, error);
    kv_batch_clear(&store->batch);
    for (size_t i = 0; i < count; i++) {
        position_put(store, META_POSITION, &positions[i]);
        position_put(store, META_BEGIN, &positions[i]);
    }
    struct nt_error failure;
    enum nt_status status = store->kv->ops->write(store->kv, &store->batch, &failure);
    return status == NT_OK ? NT_OK : store_fail(store, status, &failure, error);
}

enum nt_status store_commit(struct store *store, const struct store_position *positions,
                            size_t count, struct nt_error *error)
{
    if (store->is_failed) return store_refuse(store, error);
    struct nt_error failure;
    enum nt_status status = commit_write(store, positions, count, &failure);
    if (status != NT_OK) return store_fail(store, status, &failure, error);
    cache_mark_stored(&store->cache);
    event_index_stored(store);
    atomic_store(&store->timelines_held, store->cache.size);
    return NT_OK;
}
