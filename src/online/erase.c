/* erase.c: an entity taken out of the store, by the one who has it open. */
#include "online/event_index.h"
#include "online/store_impl.h"
#include "row/key.h"

#include <string.h>

struct erasing {
    struct kv_batch *batch;
    enum kv_family family;
    uint64_t records;
};

static bool record_visit(void *self, struct bytes key, struct bytes value)
{
    (void)value;
    struct erasing *erasing = self;
    kv_batch_put(erasing->batch, erasing->family, key, (struct bytes){0});
    erasing->records++;
    return true;
}

/* No key is a prefix of another, so all that begins with this one is the entity's. */
static enum nt_status nodes_erase(struct store *store, struct bytes prefix, uint64_t *records,
                                  struct nt_error *error)
{
    struct erasing erasing = {&store->batch, KV_ROW, 0};
    enum nt_status status = NT_OK;
    for (; erasing.family <= KV_TILE && status == NT_OK; erasing.family++)
        status = store->kv->ops->scan(store->kv, NULL, erasing.family, prefix, record_visit,
                                      &erasing, error);
    *records = erasing.records;
    return status;
}

/* In one batch, with what counts instead. */
static enum nt_status entity_erase(struct store *store, uint16_t view, struct bytes prefix,
                                   uint64_t *records, struct nt_error *error)
{
    struct cache_entry *entry = cache_get(&store->cache, prefix);
    struct bytes key_bytes = {prefix.data + 8, prefix.size - 8};
    uint64_t events = 0;
    if (entry) cache_remove(&store->cache, entry);
    kv_batch_clear(&store->batch);
    enum nt_status status = nodes_erase(store, prefix, records, error);
    if (status == NT_OK) status = event_index_erase(store, view, key_bytes, &events, error);
    if (status == NT_OK) status = store_changes_put(store, NT_TIME_MINUS_INFINITY, error);
    if (status == NT_OK && store->batch.count)
        status = store->kv->ops->write(store->kv, &store->batch, error);
    if (status != NT_OK) return status;
    cache_mark_stored(&store->cache);
    event_index_stored(store);
    *records += events;
    return NT_OK;
}

enum nt_status store_erase(struct store *store, uint16_t view, const struct nt_value *key,
                           uint64_t *records, struct nt_error *error)
{
    const struct nt_view *of = &store->program->views[view];
    struct buffer prefix = {0};
    if (store->is_failed) return store_refuse(store, error);
    *records = 0;
    store_prefix_append(of, (struct bytes){0}, &prefix);
    if (!key_append_all(of->keys, of->key_count, key, &prefix)) {
        buffer_deinit(&prefix);
        return NT_OK;
    }
    struct nt_error failure;
    enum nt_status status = entity_erase(store, view, buffer_bytes(&prefix), records, &failure);
    buffer_deinit(&prefix);
    return status == NT_OK ? NT_OK : store_fail(store, status, &failure, error);
}

struct listing {
    void (*visit)(void *self, const struct store_position *position);
    void *self;
    struct buffer topic;
};

static bool position_visit(void *self, struct bytes key, struct bytes value)
{
    struct listing *listing = self;
    size_t skip = strlen("position/");
    struct reader in = reader_of(value),
                  number = {key.data + key.size - 4, key.data + key.size, false};
    uint32_t partition = 0;
    for (int i = 0; i < 4; i++) partition = partition << 8 | reader_byte(&number);
    buffer_clear(&listing->topic);
    buffer_append(&listing->topic, key.data + skip, key.size - skip - 5);
    struct store_position position = {buffer_text(&listing->topic), (int32_t)partition,
                                      (int64_t)reader_u64(&in)};
    listing->visit(listing->self, &position);
    return true;
}

static enum nt_status positions_visit(struct kv *kv, struct kv_snapshot *snapshot,
                                      struct listing *listing, struct nt_error *error)
{
    struct bytes prefix = {(const uint8_t *)"position/", strlen("position/")};
    enum nt_status status =
        kv->ops->scan(kv, snapshot, KV_META, prefix, position_visit, listing, error);
    buffer_deinit(&listing->topic);
    return status;
}

enum nt_status store_positions(struct store *store,
                               void (*visit)(void *self, const struct store_position *position),
                               void *self, struct nt_error *error)
{
    struct listing listing = {visit, self, {0}};
    return positions_visit(store->kv, NULL, &listing, error);
}

enum nt_status store_snapshot_positions(const struct store_snapshot *snapshot,
                                        void (*visit)(void *self,
                                                      const struct store_position *position),
                                        void *self, struct nt_error *error)
{
    struct listing listing = {visit, self, {0}};
    return positions_visit(snapshot->store->kv, snapshot->kv, &listing, error);
}
