/* evict.c: see evict.h. */
#include "online/evict.h"

#include "online/event_index.h"
#include "online/store_impl.h"

#include <stdlib.h>

#define HORIZON_PREFIX "horizon/"
#define SWEPT_PREFIX   "swept/"

/* ---- opening ---- */

static enum nt_status moment_get(struct store *store, const char *prefix, const char *view,
                                 int64_t *us, struct nt_error *error)
{
    uint64_t x = 0;
    bool is_found;
    enum nt_status status = meta_u64_get(store->kv, NULL, prefix, view, &x, &is_found, error);
    *us = is_found ? (int64_t)x : INT64_MIN;
    return status;
}

enum nt_status evict_open(struct store *store, struct nt_error *error)
{
    uint16_t count = store->program->view_count;
    enum nt_status status = NT_OK;
    store->sweeps = memory_zalloc(count * sizeof *store->sweeps);
    for (uint16_t i = 0; i < count && status == NT_OK; i++) {
        struct evict_sweep *sweep = &store->sweeps[i];
        const char *name = store->program->views[i].name;
        int64_t horizon_us;
        status = moment_get(store, HORIZON_PREFIX, name, &horizon_us, error);
        atomic_init(&sweep->horizon_us, horizon_us);
        if (status == NT_OK)
            status = moment_get(store, SWEPT_PREFIX, name, &sweep->swept_us, error);
    }
    return status;
}

void evict_close(struct store *store)
{
    for (uint16_t i = 0; store->sweeps && i < store->program->view_count; i++) {
        buffer_deinit(&store->sweeps[i].cursor);
    }
    free(store->sweeps);
    nt_arena_deinit(&store->sweep_arena);
}

/* ---- one entity ---- */

void evict_advance(struct store *store, struct nt_time base)
{
    for (uint16_t i = 0; i < store->program->view_count; i++) {
        struct evict_sweep *sweep = &store->sweeps[i];
        struct nt_time horizon;
        if (!horizon_sweep_at(&store->rules[i], base, &horizon)) continue;
        if (horizon.us <= sweep->horizon_us) continue;
        sweep->horizon_us = horizon.us;
        meta_u64_put(&store->batch, HORIZON_PREFIX, store->program->views[i].name,
                     (uint64_t)horizon.us);
    }
}

struct flush {
    struct store *store;
    struct bytes prefix;
    bool is_gone;
};

static enum nt_status node_put(void *self, struct timeline_id id, struct bytes record,
                               struct nt_error *error)
{
    (void)error;
    struct flush *flush = self;
    if (id.is_root && flush->is_gone) record.size = 0;
    store_node_put(flush->store, flush->prefix, id, record);
    return NT_OK;
}

enum nt_status evict_flush(struct store *store, uint16_t view, struct bytes prefix,
                           struct timeline *timeline, struct nt_time now, bool *is_gone,
                           struct nt_error *error)
{
    struct nt_time newest, horizon;
    uint64_t count = 0;
    enum nt_status status = timeline_newest(timeline, &newest, error);
    if (status == NT_OK && horizon_at(&store->rules[view], newest, now, &horizon))
        status = timeline_evict(timeline, horizon, error);
    horizon.us = store->sweeps[view].horizon_us;
    if (status == NT_OK && horizon.us != INT64_MIN)
        status = timeline_sweep(timeline, horizon, error);
    if (status == NT_OK) status = timeline_count(timeline, &count, error);
    *is_gone =
        count == 0 && (store->rules[view].is_sweeping || store->program->views[view].has_repeats);
    struct flush flush = {store, prefix, *is_gone};
    if (status != NT_OK) return status;
    return timeline_flush(timeline, &store->node, node_put, &flush, error);
}

/* ---- a slice of a pass ---- */

struct slice {
    struct store *store;
    uint16_t view;
    size_t left;                 /* entities it may still look at */
    struct bytes root_key, root; /* of the entity at hand, and its record */
    enum nt_status status;
    struct nt_error *error;
};

static enum nt_status slice_load(void *self, struct timeline_id id, struct bytes *record,
                                 struct nt_error *error)
{
    const struct slice *slice = self;
    struct store *store = slice->store;
    *record = slice->root;
    if (id.is_root) return NT_OK;
    enum nt_status status =
        store_node_get(store->kv, NULL, slice->root_key, id, &store->key, &store->record, error);
    *record = buffer_bytes(&store->record);
    return status;
}

/* What the writer has in its cache is changed there: it must stay what the record says. */
static enum nt_status entity_sweep(struct slice *slice)
{
    struct store *store = slice->store;
    struct cache_entry *entry = cache_get(&store->cache, slice->root_key);
    struct timeline *timeline = entry ? entry->timeline : NULL;
    bool is_gone;
    if (entry && entry->is_dirty) return NT_OK; /* its own flush comes */
    if (!entry) {
        nt_arena_reset(&store->sweep_arena);
        timeline = timeline_create(&store->sweep_arena, &store->program->views[slice->view],
                                   (struct timeline_source){.load = slice_load, .self = slice});
    }
    enum nt_status status = evict_flush(store, slice->view, slice->root_key, timeline,
                                        NT_TIME_MINUS_INFINITY, &is_gone, slice->error);
    if (status == NT_OK && is_gone && entry) cache_remove(&store->cache, entry);
    return status;
}

static bool slice_visit(void *self, struct bytes key, struct bytes record)
{
    struct slice *slice = self;
    struct buffer *cursor = &slice->store->sweeps[slice->view].cursor;
    buffer_clear(cursor);
    buffer_append(cursor, key.data, key.size);
    slice->root_key = key;
    slice->root = record;
    slice->status = entity_sweep(slice);
    return slice->status == NT_OK && --slice->left > 0;
}

/* From behind the cursor. */
static enum nt_status slice_scan(struct slice *slice)
{
    struct kv *kv = slice->store->kv;
    struct buffer prefix = {0}, after = {0}; /* the cursor moves */
    struct bytes cursor = buffer_bytes(&slice->store->sweeps[slice->view].cursor);
    store_prefix_append(&slice->store->program->views[slice->view], (struct bytes){0}, &prefix);
    buffer_append(&after, cursor.data, cursor.size);
    enum nt_status status =
        kv->ops->scan_after(kv, NULL, KV_ROW, buffer_bytes(&prefix), buffer_bytes(&after),
                            slice_visit, slice, slice->error);
    buffer_deinit(&prefix);
    buffer_deinit(&after);
    return status == NT_OK ? slice->status : status;
}

static void pass_begin(struct evict_sweep *sweep)
{
    sweep->is_passing = true;
    sweep->target_us = sweep->horizon_us;
    buffer_clear(&sweep->cursor);
}

static void pass_end(struct store *store, uint16_t view)
{
    struct evict_sweep *sweep = &store->sweeps[view];
    sweep->is_passing = false;
    sweep->swept_us = sweep->target_us;
    meta_u64_put(&store->batch, SWEPT_PREFIX, store->program->views[view].name,
                 (uint64_t)sweep->swept_us);
}

static enum nt_status slice_run(struct store *store, uint16_t view, size_t entities_max,
                                struct nt_error *error)
{
    struct slice slice = {.store = store, .view = view, .left = entities_max, .error = error};
    if (!store->sweeps[view].is_passing) pass_begin(&store->sweeps[view]);
    kv_batch_clear(&store->batch);
    enum nt_status status = slice_scan(&slice);
    if (status == NT_OK && slice.left > 0) pass_end(store, view);
    if (status == NT_OK && store->batch.count)
        status = store->kv->ops->write(store->kv, &store->batch, error);
    return status;
}

/* A view with a pass to make, or view_count. */
static uint16_t view_due(const struct store *store)
{
    uint16_t view = 0;
    while (view < store->program->view_count &&
           store->sweeps[view].swept_us >= store->sweeps[view].horizon_us)
        view++;
    return view;
}

enum nt_status store_sweep(struct store *store, size_t entities_max, bool *is_done,
                           struct nt_error *error)
{
    struct nt_error failure;
    uint16_t view = view_due(store);
    if (store->is_failed) return store_refuse(store, error);
    *is_done = false;
    enum nt_status status = view < store->program->view_count
                                ? slice_run(store, view, entities_max, &failure)
                                : event_index_sweep(store, entities_max, is_done, &failure);
    return status == NT_OK ? NT_OK : store_fail(store, status, &failure, error);
}
