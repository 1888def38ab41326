/* store_apply.c: events into cached timelines, and out of them: what store.c commits. */
#include "online/event_index.h"
#include "online/store_impl.h"

static enum nt_status entry_load(void *self, struct timeline_id id, struct bytes *record,
                                 struct nt_error *error)
{
    const struct cache_entry *entry = self;
    struct store *store = entry->owner;
    enum nt_status status =
        store_node_get(store->kv, NULL, entry->prefix, id, &store->key, &store->record, error);
    *record = buffer_bytes(&store->record);
    return status;
}

static struct bytes entity_prefix(struct store *store, const struct event_entry *event)
{
    buffer_clear(&store->prefix);
    store_prefix_append(&store->program->views[event->view], event->key_bytes, &store->prefix);
    return buffer_bytes(&store->prefix);
}

#define EXPECTED_MAX 64 /* entries looked for at once */

/* What an entry is found through is asked for first, for all of them, then the entries. */
void store_expect(struct store *store, const struct event *events, size_t count)
{
    uint64_t hashes[EXPECTED_MAX];
    size_t expected = 0;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        for (uint32_t j = 0; j < event->entry_count && expected < EXPECTED_MAX; j++) {
            if (event->entries[j].has_null_key) continue;
            struct bytes prefix = entity_prefix(store, &event->entries[j]);
            hashes[expected++] = cache_expect(&store->cache, prefix);
        }
    }
    for (size_t i = 0; i < expected; i++) cache_expect_entry(&store->cache, hashes[i]);
}

static struct cache_entry *entity_get(struct store *store, const struct event_entry *event)
{
    const struct nt_view *view = &store->program->views[event->view];
    struct bytes prefix = entity_prefix(store, event);
    struct cache_entry *entry = cache_get(&store->cache, prefix);
    if (entry) return entry;
    entry = cache_add(&store->cache, prefix);
    struct timeline_source source = {.load = entry->may_be_stored ? entry_load : NULL,
                                     .self = entry};
    entry->owner = store;
    entry->view = event->view;
    entry->timeline = timeline_create(&entry->arena, view, source);
    return entry;
}

enum nt_status store_entry_add(struct store *store, struct nt_time event_time,
                               const struct event_entry *event, struct nt_error *error)
{
    if (event->has_null_key) return NT_OK;
    struct cache_entry *entry = entity_get(store, event);
    enum nt_status status = timeline_add(entry->timeline, event_time, event->arguments, error);
    cache_mark_dirty(&store->cache, entry);
    return status;
}

static void entry_count(struct store *store, const struct event_entry *event)
{
    store->counters[event->has_null_key ? STORE_NULL_KEYS : STORE_APPLIED]++;
}

static enum nt_status entry_remove(struct store *store, struct nt_time event_time,
                                   const struct event_entry *event, struct nt_error *error)
{
    if (event->has_null_key) return NT_OK;
    struct cache_entry *entry = entity_get(store, event);
    enum nt_status status = timeline_remove(entry->timeline, event_time, event->arguments, error);
    cache_mark_dirty(&store->cache, entry);
    return status;
}

/* Of a source with an event key: what the event repeats, and what it makes a repeat. */
static enum nt_status event_settle(struct store *store, const struct event *event,
                                   struct standing *standing, struct nt_error *error)
{
    enum nt_status status = event_index_add(store, event, standing, error);
    const struct event *behind = standing->behind;
    for (uint32_t i = 0; status == NT_OK && behind && i < behind->entry_count; i++) {
        const struct event_entry *entry = &behind->entries[i];
        const struct nt_view *view = &store->program->views[entry->view];
        if (view->has_repeats && standing_ends(standing, view, event->event_time))
            status = entry_remove(store, behind->event_time, entry, error);
    }
    return status;
}

static enum nt_status event_apply(struct store *store, const struct event *event,
                                  struct nt_error *error)
{
    struct standing standing;
    bool is_keyed = event_index_has(store, event);
    enum nt_status status = is_keyed ? event_settle(store, event, &standing, error) : NT_OK;
    for (uint32_t i = 0; i < event->entry_count && status == NT_OK; i++) {
        const struct event_entry *entry = &event->entries[i];
        const struct nt_view *view = &store->program->views[entry->view];
        entry_count(store, entry);
        if (is_keyed && view->has_repeats && standing_is_repeat(&standing, view, event->event_time))
            continue;
        status = store_entry_add(store, event->event_time, entry, error);
    }
    return status;
}

enum nt_status store_apply(struct store *store, const struct event *event, struct nt_error *error)
{
    if (store->is_failed) return store_refuse(store, error);
    struct nt_error failure;
    enum nt_status status = event_apply(store, event, &failure);
    if (status != NT_OK) return store_fail(store, status, &failure, error);
    store->counters[STORE_ACCEPTED]++;
    /* An event at infinity is in no window that moves, and would stop the clock for good. */
    int64_t us = event->event_time.us;
    if (us < NT_TIME_END_US && us > store->clock.us) store->clock.us = us;
    return NT_OK;
}
