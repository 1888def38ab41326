/*
 * bulk.c: see bulk.h. The store below it is opened as the writer opens it, and shares its records;
 * its cache stays empty.
 */
#include "online/bulk.h"

#include "online/bulk_plan.h"
#include "online/event_index.h"
#include "online/store_impl.h"

#include <stdlib.h>
#include <string.h>

static const struct bytes plan_key = {(const uint8_t *)BULK_PLAN_KEY, sizeof BULK_PLAN_KEY - 1};

struct bulk {
    struct store *store;
    struct nt_arena arena; /* the plan */
    struct bulk_plan plan;
    bool has_plan;
    size_t batch_bytes;
    uint16_t view;
    struct buffer resumed; /* key bytes up to which the view was built before; empty: not begun */
    struct buffer cursor;  /* key bytes of the entity put last */
    uint16_t event_source;
    struct buffer event_key; /* of the events gathered */
    struct buffer events;    /* empty: none are */
};

static enum nt_status plan_load(struct bulk *bulk, struct nt_error *error)
{
    struct kv *kv = bulk->store->kv;
    struct buffer record = {0};
    enum nt_status status = kv->ops->get(kv, NULL, KV_META, plan_key, &record, error);
    bulk->has_plan = status == NT_OK && record.size > 0;
    if (bulk->has_plan && !bulk_plan_take(buffer_bytes(&record), &bulk->arena, &bulk->plan))
        status = error_set(error, NT_CORRUPT,
                           "online store: the plan of its backfill cannot be read: remove the "
                           "directory and begin again");
    buffer_deinit(&record);
    return status;
}

enum nt_status bulk_open(const struct nt_program *program, struct kv *kv,
                         const struct store_options *options, size_t batch_bytes,
                         struct bulk **bulk, struct nt_error *error)
{
    struct bulk *made = memory_zalloc(sizeof *made);
    made->batch_bytes = batch_bytes;
    nt_arena_init(&made->arena);
    enum nt_status status = store_open_unfinished(program, kv, options, &made->store, error);
    if (status == NT_OK) status = plan_load(made, error);
    if (status == NT_OK && !made->has_plan && made->store->commit.sequence > 0)
        status = error_set(error, NT_INVALID,
                           "online store: it holds events already, and a backfill begins with "
                           "none: name another directory, or remove this one");
    if (status != NT_OK) {
        bulk_close(made);
        return status;
    }
    *bulk = made;
    return NT_OK;
}

void bulk_close(struct bulk *bulk)
{
    if (!bulk) return;
    store_close(bulk->store);
    nt_arena_deinit(&bulk->arena);
    buffer_deinit(&bulk->resumed);
    buffer_deinit(&bulk->cursor);
    buffer_deinit(&bulk->event_key);
    buffer_deinit(&bulk->events);
    free(bulk);
}

const struct bulk_plan *bulk_plan_get(const struct bulk *bulk)
{
    return bulk->has_plan ? &bulk->plan : NULL;
}

static enum nt_status batch_write(struct bulk *bulk, struct nt_error *error)
{
    struct store *store = bulk->store;
    enum nt_status status = store->kv->ops->write(store->kv, &store->batch, error);
    kv_batch_clear(&store->batch);
    return status;
}

enum nt_status bulk_begin(struct bulk *bulk, const struct bulk_plan *plan, struct nt_error *error)
{
    struct buffer record = {0};
    bulk_plan_append(plan, &record);
    kv_batch_clear(&bulk->store->batch);
    kv_batch_put(&bulk->store->batch, KV_META, plan_key, buffer_bytes(&record));
    bulk->has_plan = bulk_plan_take(buffer_bytes(&record), &bulk->arena, &bulk->plan);
    buffer_deinit(&record);
    return batch_write(bulk, error);
}

/* ---- a view ---- */

static void view_key(const struct bulk *bulk, struct buffer *key)
{
    buffer_clear(key);
    buffer_append_text(key, BULK_VIEW_PREFIX);
    buffer_append_text(key, bulk->store->program->views[bulk->view].name);
}

static void cursor_put(struct bulk *bulk, bool is_done)
{
    struct store *store = bulk->store;
    buffer_clear(&store->record);
    buffer_append(&store->record, bulk->cursor.data, bulk->cursor.size);
    buffer_append_byte(&store->record, is_done);
    view_key(bulk, &store->key);
    kv_batch_put(&store->batch, KV_META, buffer_bytes(&store->key), buffer_bytes(&store->record));
}

enum nt_status bulk_view_begin(struct bulk *bulk, uint16_t view, bool *is_done,
                               struct nt_error *error)
{
    struct store *store = bulk->store;
    struct buffer *record = &store->record;
    bulk->view = view;
    buffer_clear(&bulk->resumed);
    buffer_clear(&bulk->cursor);
    kv_batch_clear(&store->batch);
    view_key(bulk, &store->key);
    buffer_clear(record);
    enum nt_status status =
        store->kv->ops->get(store->kv, NULL, KV_META, buffer_bytes(&store->key), record, error);
    *is_done = status == NT_OK && record->size > 0 && record->data[record->size - 1];
    if (status != NT_OK || record->size == 0) return status;
    buffer_append(&bulk->resumed, record->data, record->size - 1);
    buffer_append(&bulk->cursor, record->data, record->size - 1);
    return NT_OK;
}

bool bulk_wants(const struct bulk *bulk, struct bytes key_bytes)
{
    return bulk->resumed.size == 0 || bytes_compare(buffer_bytes(&bulk->resumed), key_bytes) < 0;
}

/* ---- events by their keys ---- */

static void events_put(struct bulk *bulk)
{
    if (bulk->events.size == 0) return;
    event_index_put_key(bulk->store, bulk->event_source, buffer_bytes(&bulk->event_key),
                        buffer_bytes(&bulk->events));
    buffer_clear(&bulk->events);
}

enum nt_status bulk_event_put(struct bulk *bulk, uint16_t source, struct bytes key,
                              struct nt_time time, const struct nt_value *row,
                              struct nt_error *error)
{
    enum nt_status status = NT_OK;
    bool is_same = bulk->events.size && bulk->event_source == source &&
                   bytes_are_equal(buffer_bytes(&bulk->event_key), key);
    if (!is_same) {
        events_put(bulk);
        bulk->event_source = source;
        buffer_clear(&bulk->event_key);
        buffer_append(&bulk->event_key, key.data, key.size);
        if (bulk->store->batch.operations.size >= bulk->batch_bytes)
            status = batch_write(bulk, error);
    }
    event_index_append(&bulk->store->program->sources[source], time, row, &bulk->events);
    return status;
}

/* ---- entities ---- */

static enum nt_status node_put(void *self, struct timeline_id id, struct bytes record,
                               struct nt_error *error)
{
    (void)error;
    struct store *store = self;
    if (record.size == 0) return NT_OK; /* nothing was there */
    store_node_put(store, buffer_bytes(&store->prefix), id, record);
    return NT_OK;
}

enum nt_status bulk_put(struct bulk *bulk, struct bytes key_bytes, struct timeline *timeline,
                        struct nt_error *error)
{
    struct store *store = bulk->store;
    struct nt_time newest, horizon;
    events_put(bulk);
    buffer_clear(&store->prefix);
    store_prefix_append(&store->program->views[bulk->view], key_bytes, &store->prefix);
    enum nt_status status = timeline_newest(timeline, &newest, error);
    if (status == NT_OK && horizon_at(&store->rules[bulk->view], newest, bulk->plan.now, &horizon))
        status = timeline_evict(timeline, horizon, error);
    if (status == NT_OK) status = timeline_flush(timeline, &store->node, node_put, store, error);
    if (status != NT_OK) return status;
    buffer_clear(&bulk->cursor);
    buffer_append(&bulk->cursor, key_bytes.data, key_bytes.size);
    if (store->batch.operations.size < bulk->batch_bytes) return NT_OK;
    cursor_put(bulk, false);
    return batch_write(bulk, error);
}

enum nt_status bulk_view_end(struct bulk *bulk, const uint64_t counts[STORE_COUNTER_COUNT],
                             struct nt_time clock, struct nt_error *error)
{
    struct store *store = bulk->store;
    for (int i = 0; i < STORE_COUNTER_COUNT; i++) store->counters[i] += counts[i];
    if (clock.us > store->clock.us) store->clock = clock;
    events_put(bulk);
    cursor_put(bulk, true);
    store_state_put(store);
    return batch_write(bulk, error);
}

/* ---- the end ---- */

#define SWEEP_ENTITIES 20000 /* in a batch */

/* What the worker would have swept: how far the events reach is known only now. */
static enum nt_status sweep_all(struct bulk *bulk, struct nt_error *error)
{
    struct store *store = bulk->store;
    struct nt_time now = bulk->plan.now;
    kv_batch_clear(&store->batch);
    evict_advance(store, store->clock.us < now.us ? store->clock : now);
    enum nt_status status = batch_write(bulk, error);
    for (bool is_done = false; status == NT_OK && !is_done;)
        status = store_sweep(store, SWEEP_ENTITIES, &is_done, error);
    return status;
}

static void bulk_records_delete(struct bulk *bulk)
{
    struct store *store = bulk->store;
    kv_batch_put(&store->batch, KV_META, plan_key, (struct bytes){0});
    for (uint16_t view = 0; view < store->program->view_count; view++) {
        bulk->view = view;
        view_key(bulk, &store->key);
        kv_batch_put(&store->batch, KV_META, buffer_bytes(&store->key), (struct bytes){0});
    }
}

enum nt_status bulk_end(struct bulk *bulk, struct nt_error *error)
{
    struct store *store = bulk->store;
    const struct bulk_plan *plan = &bulk->plan;
    enum nt_status status = sweep_all(bulk, error);
    if (status != NT_OK) return status;
    kv_batch_clear(&store->batch);
    bulk_records_delete(bulk);
    for (size_t i = 0; i < plan->source_count; i++) {
        const struct bulk_source *source = &plan->sources[i];
        if (source->has_handover)
            meta_u64_put(&store->batch, STORE_HANDOVER_PREFIX, source->name,
                         (uint64_t)source->handover.us);
    }
    struct nt_time at = clock_now(store->options.clock);
    struct nt_time now = store->options.is_event_clock ? store->clock : at;
    store->commit = (struct meta_commit){1, at, now};
    store_positions_put(store, plan->positions, plan->position_count);
    store_state_put(store);
    return batch_write(bulk, error);
}
