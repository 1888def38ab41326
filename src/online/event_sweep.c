/* event_sweep.c: see event_index.h: what is forgotten, what is erased, and whether the rest is as
 * it must be. */
#include "online/event_index_impl.h"

#include "base/hash.h"
#include "row/key.h"
#include "runtime/repeats.h"

/* ---- forgetting ---- */

int64_t event_index_horizon(const struct store *store, uint16_t source)
{
    int64_t horizon_us = INT64_MAX;
    for (uint16_t i = 0; i < store->program->view_count; i++) {
        const struct nt_view *view = &store->program->views[i];
        if (!view_has_repeats(store->program, view, source)) continue;
        int64_t swept_us = store->sweeps[i].horizon_us;
        if (swept_us == INT64_MIN || view->repeats_us == NT_REPEATS_FOREVER) return INT64_MIN;
        __int128 us = (__int128)swept_us - view->repeats_us;
        if (us < horizon_us) horizon_us = us < NT_TIME_MIN_US ? INT64_MIN : (int64_t)us;
    }
    return horizon_us;
}

struct pass {
    struct store *store;
    struct index_source *source;
    size_t left;
    bool is_damaged;
};

/* What has changed since is trimmed when it is written. */
static bool record_trim(void *self, struct bytes key, struct bytes record)
{
    struct pass *pass = self;
    struct event_index *index = pass->store->index;
    struct event_list list;
    buffer_clear(&pass->source->cursor);
    buffer_append(&pass->source->cursor, key.data, key.size);
    pass->left--;
    if (event_index_changed(index, key)) return pass->left > 0;
    nt_arena_reset(&index->arena);
    pass->is_damaged = !event_list_take(record, &index->arena, &list);
    if (pass->is_damaged) return false;
    if (list.events[0].time.us > pass->source->target_us) return pass->left > 0;
    buffer_clear(&index->made);
    event_list_append(&list, pass->source->target_us, &index->made);
    event_list_seal(&index->made, 0);
    kv_batch_put(&pass->store->batch, KV_EVENT, key, buffer_bytes(&index->made));
    return pass->left > 0;
}

static enum nt_status slice_run(struct store *store, uint16_t source, size_t records_max,
                                struct nt_error *error)
{
    struct index_source *of = &store->index->sources[source];
    const struct nt_source *described = &store->program->sources[source];
    struct pass pass = {store, of, records_max, false};
    struct buffer prefix = {0}, after = {0};
    if (!of->is_passing) {
        of->is_passing = true;
        of->target_us = event_index_horizon(store, source);
        buffer_clear(&of->cursor);
    }
    event_index_key(described, (struct bytes){0}, &prefix);
    buffer_append(&after, of->cursor.data, of->cursor.size);
    kv_batch_clear(&store->batch);
    enum nt_status status =
        store->kv->ops->scan_after(store->kv, NULL, KV_EVENT, buffer_bytes(&prefix),
                                   buffer_bytes(&after), record_trim, &pass, error);
    if (status == NT_OK && pass.is_damaged) status = event_index_damaged(described, error);
    if (status == NT_OK && pass.left > 0) {
        of->is_passing = false;
        of->forgotten_us = of->target_us;
        meta_u64_put(&store->batch, EVENT_INDEX_PREFIX, described->name,
                     (uint64_t)of->forgotten_us);
    }
    if (status == NT_OK && store->batch.count)
        status = store->kv->ops->write(store->kv, &store->batch, error);
    buffer_deinit(&prefix);
    buffer_deinit(&after);
    return status;
}

/* A source with a pass to make, or source_count. */
static uint16_t source_due(const struct store *store)
{
    uint16_t i = 0;
    while (i < store->program->source_count &&
           (!store->index->sources[i].is_indexed ||
            store->index->sources[i].forgotten_us >= event_index_horizon(store, i)))
        i++;
    return i;
}

enum nt_status event_index_sweep(struct store *store, size_t records_max, bool *is_done,
                                 struct nt_error *error)
{
    uint16_t source = source_due(store);
    enum nt_status status = NT_OK;
    if (source < store->program->source_count)
        status = slice_run(store, source, records_max, error);
    *is_done = source_due(store) == store->program->source_count;
    return status;
}

/* ---- erasing ---- */

struct erasing {
    struct store *store;
    uint16_t view, source;
    struct bytes entity;
    struct nt_arena arena; /* one row */
    struct buffer keys;    /* of records with events of the entity: varint size, key, each */
    struct buffer key;     /* of an entity */
    uint64_t events;
    bool is_damaged;
};

/* By the columns alone: what WHERE drops is the entity's too. */
static bool row_is_of_entity(struct erasing *e, const struct nt_value *row)
{
    const struct nt_view *view = &e->store->program->views[e->view];
    for (uint16_t f = 0; f < view->feed_count; f++) {
        const struct nt_feed *feed = &view->feeds[f];
        struct nt_value key[NT_KEY_COLUMNS_MAX];
        bool is_column = feed->source == e->source;
        for (uint16_t i = 0; i < view->key_count && is_column; i++) {
            is_column = feed->key_columns[i] != NT_NO_COLUMN;
            if (is_column) key[i] = row[feed->key_columns[i]];
        }
        buffer_clear(&e->key);
        if (is_column && key_append_all(view->keys, view->key_count, key, &e->key) &&
            bytes_are_equal(buffer_bytes(&e->key), e->entity))
            return true;
    }
    return false;
}

/* Which of them are the entity's; in the arena. */
static bool *list_match(struct erasing *e, const struct event_list *list, size_t *count)
{
    bool *is_of = nt_arena_zalloc(&e->arena, list->count * sizeof *is_of);
    *count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct nt_value *row =
            event_list_row(list, i, &e->store->program->sources[e->source], &e->arena);
        e->is_damaged |= !row;
        is_of[i] = row && row_is_of_entity(e, row);
        *count += is_of[i];
    }
    return is_of;
}

static bool record_match(void *self, struct bytes key, struct bytes record)
{
    struct erasing *e = self;
    struct event_list list;
    size_t count;
    nt_arena_reset(&e->arena);
    e->is_damaged = !event_list_take(record, &e->arena, &list);
    if (e->is_damaged) return false;
    list_match(e, &list, &count);
    if (count) {
        buffer_append_varint(&e->keys, key.size);
        buffer_append(&e->keys, key.data, key.size);
    }
    return !e->is_damaged;
}

/* Where no event of the entity is before it any more, an event counts that did not. */
static enum nt_status event_restore(struct erasing *e, const struct event_list *list, size_t i,
                                    bool had_before, struct nt_time before, bool has_before,
                                    struct nt_time left, struct nt_error *error)
{
    const struct nt_view *view = &e->store->program->views[e->view];
    struct nt_time time = list->events[i].time;
    struct event event = {0};
    if (!had_before || !repeats_within(view, before, time)) return NT_OK;
    if (has_before && repeats_within(view, left, time)) return NT_OK;
    enum nt_status status = event_index_admit(e->store, e->source, list, i, &event, error);
    for (uint32_t j = 0; j < event.entry_count && status == NT_OK; j++)
        if (event.entries[j].view == e->view)
            status = store_entry_add(e->store, time, &event.entries[j], error);
    return status;
}

static enum nt_status record_erase(struct erasing *e, struct bytes key, struct nt_error *error)
{
    struct event_index *index = e->store->index;
    struct event_list list, left = {0};
    size_t count;
    nt_arena_reset(&index->arena);
    nt_arena_reset(&e->arena);
    enum nt_status status = event_index_load(e->store, e->source, key, &list, error);
    if (status != NT_OK) return status;
    const bool *is_of = list_match(e, &list, &count);
    e->events += count;
    for (size_t i = 0; i < list.count && status == NT_OK; i++) {
        if (is_of[i]) continue;
        struct nt_time before = i ? list.events[i - 1].time : NT_TIME_MINUS_INFINITY;
        struct nt_time kept = left.count ? left.events[left.count - 1].time : before;
        status = event_restore(e, &list, i, i > 0, before, left.count > 0, kept, error);
        event_list_insert(&left, left.count, list.events[i], &e->arena);
    }
    if (status != NT_OK) return status;
    buffer_clear(&index->made);
    event_list_append(&left, INT64_MIN, &index->made);
    event_list_seal(&index->made, 0);
    event_index_change(index, e->source, key, buffer_bytes(&index->made));
    return NT_OK;
}

static enum nt_status source_erase(struct erasing *e, struct nt_error *error)
{
    struct store *store = e->store;
    const struct nt_source *source = &store->program->sources[e->source];
    struct buffer prefix = {0};
    buffer_clear(&e->keys);
    event_index_key(source, (struct bytes){0}, &prefix);
    enum nt_status status = store->kv->ops->scan(store->kv, NULL, KV_EVENT, buffer_bytes(&prefix),
                                                 record_match, e, error);
    buffer_deinit(&prefix);
    struct reader in = reader_of(buffer_bytes(&e->keys));
    while (status == NT_OK && !e->is_damaged && in.next < in.end) {
        size_t size = (size_t)reader_varint(&in);
        status = record_erase(e, (struct bytes){reader_take(&in, size), size}, error);
    }
    return status == NT_OK && e->is_damaged ? event_index_damaged(source, error) : status;
}

enum nt_status event_index_erase(struct store *store, uint16_t view, struct bytes key_bytes,
                                 uint64_t *events, struct nt_error *error)
{
    struct erasing e = {.store = store, .view = view, .entity = key_bytes};
    enum nt_status status = NT_OK;
    for (uint16_t i = 0; i < store->program->source_count && status == NT_OK; i++) {
        e.source = i;
        if (view_has_repeats(store->program, &store->program->views[view], i))
            status = source_erase(&e, error);
    }
    *events = e.events;
    nt_arena_deinit(&e.arena);
    buffer_deinit(&e.keys);
    buffer_deinit(&e.key);
    return status;
}

/* ---- checking ---- */

static const struct nt_source *source_of(const struct nt_program *program, struct bytes key)
{
    struct reader in = reader_of(key);
    uint64_t hash = reader_u64_be(&in);
    for (uint16_t i = 0; i < program->source_count && !in.is_short; i++)
        if (hash64(program->sources[i].name, strlen(program->sources[i].name)) == hash)
            return &program->sources[i];
    return NULL;
}

/* In their order, and of the key. */
static const char *events_fault(const struct nt_source *source, const struct event_list *list,
                                struct bytes key, struct nt_arena *arena)
{
    const struct nt_value *before = NULL;
    for (size_t i = 0; i < list->count; i++) {
        struct buffer own = {0};
        const struct nt_value *row = event_list_row(list, i, source, arena);
        if (!row) return "a row cannot be read";
        event_key_append(source, row, &own);
        bool is_own = bytes_are_equal(buffer_bytes(&own), key);
        buffer_deinit(&own);
        if (!is_own) return "an event is of another key";
        if (row[source->event_time].time.us != list->events[i].time.us)
            return "an event is of another time";
        int64_t earlier_us = i ? list->events[i - 1].time.us : INT64_MIN;
        if (before &&
            (earlier_us > list->events[i].time.us || (earlier_us == list->events[i].time.us &&
                                                      event_row_compare(source, before, row) <= 0)))
            return "its events are not in order";
        before = row;
    }
    return list->count ? NULL : "it holds no event";
}

enum nt_status event_index_check(const struct nt_program *program, struct bytes key,
                                 struct bytes record, uint64_t *events, struct nt_error *error)
{
    struct nt_arena arena;
    struct event_list list;
    const char *why = "it is of no source of the program";
    const struct nt_source *source = source_of(program, key);
    nt_arena_init(&arena);
    if (source && !event_list_take(record, &arena, &list))
        why = "it is damaged";
    else if (source)
        why = events_fault(source, &list, (struct bytes){key.data + 8, key.size - 8}, &arena);
    if (!why) *events += list.count;
    nt_arena_deinit(&arena);
    if (!why) return NT_OK;
    return error_set(error, NT_CORRUPT, "the events of a key of source %s: %s",
                     source ? source->name : "(unknown)", why);
}
