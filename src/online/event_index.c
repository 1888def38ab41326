/* event_index.c: see event_index.h: an arrival, and the commit; event_sweep.c has the rest. */
#include "online/event_index_impl.h"

#include "base/hash.h"
#include "runtime/repeats.h"

#include <stdlib.h>

#define BUCKETS_MIN 1024 /* a power of two */

/* ---- records ---- */

void event_index_key(const struct nt_source *source, struct bytes key_bytes, struct buffer *key)
{
    buffer_clear(key);
    buffer_append_u64_be(key, hash64(source->name, strlen(source->name)));
    buffer_append(key, key_bytes.data, key_bytes.size);
}

enum nt_status event_index_damaged(const struct nt_source *source, struct nt_error *error)
{
    return error_set(error, NT_CORRUPT,
                     "online store: the events of a key of source %s cannot be read: restore the "
                     "store from a copy, or remove it and replay the log",
                     source->name);
}

struct index_change *event_index_changed(const struct event_index *index, struct bytes key)
{
    if (!index->change_count) return NULL;
    uint64_t hash = hash64(key.data, key.size);
    struct index_change *change = index->buckets[hash & (index->bucket_count - 1)];
    while (change && (change->hash != hash || !bytes_are_equal(change->key, key)))
        change = change->chain;
    return change;
}

static void buckets_grow(struct event_index *index)
{
    size_t count = index->bucket_count ? 2 * index->bucket_count : BUCKETS_MIN;
    free(index->buckets);
    index->buckets = memory_zalloc(count * sizeof(struct index_change *));
    index->bucket_count = count;
    for (struct index_change *change = index->changes; change; change = change->next) {
        struct index_change **bucket = &index->buckets[change->hash & (count - 1)];
        change->chain = *bucket;
        *bucket = change;
    }
}

static struct bytes bytes_keep(struct nt_arena *arena, struct bytes bytes)
{
    return (struct bytes){bytes.size ? nt_arena_copy(arena, bytes.data, bytes.size) : NULL,
                          bytes.size};
}

void event_index_change(struct event_index *index, uint16_t source, struct bytes key,
                        struct bytes record)
{
    struct index_change *change = event_index_changed(index, key);
    if (!change) {
        if (index->change_count == index->bucket_count) buckets_grow(index);
        change = nt_arena_zalloc(&index->changed_arena, sizeof *change);
        change->source = source;
        change->key = bytes_keep(&index->changed_arena, key);
        change->hash = hash64(key.data, key.size);
        struct index_change **bucket = &index->buckets[change->hash & (index->bucket_count - 1)];
        change->chain = *bucket;
        *bucket = change;
        change->next = index->changes;
        index->changes = change;
        index->change_count++;
    }
    change->record = bytes_keep(&index->changed_arena, record);
}

enum nt_status event_index_load(struct store *store, uint16_t source, struct bytes key,
                                struct event_list *list, struct nt_error *error)
{
    struct event_index *index = store->index;
    const struct index_change *change = event_index_changed(index, key);
    struct bytes record = change ? change->record : (struct bytes){0};
    if (!change) {
        buffer_clear(&index->record);
        enum nt_status status =
            store->kv->ops->get(store->kv, NULL, KV_EVENT, key, &index->record, error);
        if (status != NT_OK) return status;
        record = buffer_bytes(&index->record);
    }
    if (event_list_take(record, &index->arena, list)) return NT_OK;
    return event_index_damaged(&store->program->sources[source], error);
}

/* ---- an arrival ---- */

bool event_index_has(const struct store *store, const struct event *event)
{
    return store->index->sources[event->source].is_indexed &&
           event->event_time.us != NT_TIME_INFINITY.us;
}

enum nt_status event_index_admit(struct store *store, uint16_t source,
                                 const struct event_list *list, size_t i, struct event *event,
                                 struct nt_error *error)
{
    struct nt_eval e = {.arena = &store->index->arena};
    const struct nt_value *row =
        event_list_row(list, i, &store->program->sources[source], &store->index->arena);
    if (row && event_admit(store->program, source, &e, row, event)) return NT_OK;
    return event_index_damaged(&store->program->sources[source], error);
}

static void arrival_insert(struct event_index *index, const struct event *event,
                           const struct nt_source *source, struct event_list *list, size_t at)
{
    struct buffer *row = &index->row, *record = &index->made;
    buffer_clear(row);
    buffer_clear(record);
    event_row_append(source, event->row, row);
    event_list_insert(list, at, (struct seen){event->event_time, buffer_bytes(row)}, &index->arena);
    event_list_append(list, INT64_MIN, record);
    event_list_seal(record, 0);
    event_index_change(index, event->source, buffer_bytes(&index->key), buffer_bytes(record));
}

enum nt_status event_index_add(struct store *store, const struct event *event,
                               struct standing *standing, struct nt_error *error)
{
    struct event_index *index = store->index;
    const struct nt_source *source = &store->program->sources[event->source];
    struct event_list list;
    size_t at = 0;
    *standing = (struct standing){0};
    nt_arena_reset(&index->arena);
    buffer_clear(&index->row);
    event_key_append(source, event->row, &index->row);
    event_index_key(source, buffer_bytes(&index->row), &index->key);
    enum nt_status status =
        event_index_load(store, event->source, buffer_bytes(&index->key), &list, error);
    if (status != NT_OK) return status;
    if (!event_list_find(&list, source, event->event_time, event->row, &index->arena, &at,
                         &standing->is_known))
        return event_index_damaged(source, error);
    if (standing->is_known) return NT_OK;
    standing->has_before = at > 0;
    if (at > 0) standing->before = list.events[at - 1].time;
    if (at < list.count) {
        status = event_index_admit(store, event->source, &list, at, &index->behind, error);
        standing->behind = &index->behind;
    }
    if (status == NT_OK) arrival_insert(index, event, source, &list, at);
    return status;
}

bool standing_is_repeat(const struct standing *standing, const struct nt_view *view,
                        struct nt_time time)
{
    return standing->is_known ||
           (standing->has_before && repeats_within(view, standing->before, time));
}

bool standing_ends(const struct standing *standing, const struct nt_view *view, struct nt_time time)
{
    struct nt_time behind = standing->behind->event_time;
    bool was_repeat = standing->has_before && repeats_within(view, standing->before, behind);
    return !was_repeat && repeats_within(view, time, behind);
}

/* ---- the commit ---- */

void event_index_put(struct store *store)
{
    struct event_index *index = store->index;
    struct event_list list;
    for (const struct index_change *change = index->changes; change; change = change->next) {
        int64_t forgotten_us = event_index_horizon(store, change->source);
        nt_arena_reset(&index->arena);
        buffer_clear(&index->made);
        if (event_list_take(change->record, &index->arena, &list))
            event_list_append(&list, forgotten_us, &index->made);
        event_list_seal(&index->made, 0);
        kv_batch_put(&store->batch, KV_EVENT, change->key, buffer_bytes(&index->made));
    }
}

void event_index_stored(struct store *store)
{
    struct event_index *index = store->index;
    if (!index->change_count) return;
    memset(index->buckets, 0, index->bucket_count * sizeof(struct index_change *));
    index->changes = NULL;
    index->change_count = 0;
    nt_arena_reset(&index->changed_arena);
}

void event_index_append(const struct nt_source *source, struct nt_time time,
                        const struct nt_value *row, struct buffer *events)
{
    struct buffer bytes = {0};
    event_row_append(source, row, &bytes);
    struct seen seen = {time, buffer_bytes(&bytes)};
    const struct event_list list = {&seen, 1, 1};
    event_list_append(&list, INT64_MIN, events);
    buffer_deinit(&bytes);
}

void event_index_put_key(struct store *store, uint16_t source, struct bytes key,
                         struct bytes events)
{
    struct event_index *index = store->index;
    buffer_clear(&index->made);
    buffer_append(&index->made, events.data, events.size);
    event_list_seal(&index->made, 0);
    event_index_key(&store->program->sources[source], key, &index->key);
    kv_batch_put(&store->batch, KV_EVENT, buffer_bytes(&index->key), buffer_bytes(&index->made));
}

/* ---- opening ---- */

enum nt_status event_index_open(struct store *store, struct nt_error *error)
{
    uint16_t count = store->program->source_count;
    struct event_index *index = memory_zalloc(sizeof *index);
    enum nt_status status = NT_OK;
    store->index = index;
    index->sources = memory_zalloc(count * sizeof *index->sources);
    for (uint16_t i = 0; i < count && status == NT_OK; i++) {
        struct index_source *source = &index->sources[i];
        uint64_t us = (uint64_t)INT64_MIN;
        bool is_found;
        source->is_indexed = source_has_repeats(store->program, i);
        if (!source->is_indexed) continue;
        status = meta_u64_get(store->kv, NULL, EVENT_INDEX_PREFIX, store->program->sources[i].name,
                              &us, &is_found, error);
        source->forgotten_us = (int64_t)us;
    }
    return status;
}

void event_index_close(struct store *store)
{
    struct event_index *index = store->index;
    if (!index) return;
    for (uint16_t i = 0; i < store->program->source_count; i++)
        buffer_deinit(&index->sources[i].cursor);
    free(index->sources);
    free(index->buckets);
    nt_arena_deinit(&index->arena);
    nt_arena_deinit(&index->changed_arena);
    buffer_deinit(&index->key);
    buffer_deinit(&index->row);
    buffer_deinit(&index->record);
    buffer_deinit(&index->made);
    free(index);
}
