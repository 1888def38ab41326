/*
 * reader.c: lookups over a snapshot of what was committed. A timeline is made in the request's
 * arena and loads the few nodes that its windows touch; nothing is shared with the writer.
 *
 * Any thread, but one snapshot is one thread's.
 */
#include "online/store_impl.h"
#include "row/key.h"

#include <stdlib.h>
#include <string.h>

/*
 * The wall clock before a snapshot is taken. In this order: a commit that begins after the first
 * line gets a later time; one that began before it is seen by the second line, or has ended and is
 * in the snapshot.
 */
static int64_t clock_before(const struct store *store)
{
    int64_t now_us = clock_now(store->options.clock).us;
    int64_t begun_us = atomic_load(&store->commit_begun_us);
    return now_us > begun_us ? begun_us : now_us;
}

enum nt_status store_snapshot_open(struct store *store, struct store_snapshot **snapshot,
                                   struct nt_error *error)
{
    struct kv *kv = store->kv;
    uint16_t views = store->program->view_count;
    struct store_snapshot *made = memory_zalloc(sizeof *made + views * sizeof made->swept_us[0]);
    made->store = store;
    made->before_us = clock_before(store);
    made->kv = kv->ops->snapshot_open(kv);
    /* After it: what a commit drops, it says before. */
    for (uint16_t i = 0; i < views; i++) made->swept_us[i] = store->sweeps[i].horizon_us;
    uint64_t clock = (uint64_t)NT_TIME_MINUS_INFINITY.us;
    bool is_found;
    enum nt_status status = meta_commit_get(kv, made->kv, &made->commit, error);
    if (status == NT_OK) status = meta_u64_get(kv, made->kv, "clock", "", &clock, &is_found, error);
    made->clock.us = (int64_t)clock;
    if (status != NT_OK) {
        store_snapshot_close(made);
        return status;
    }
    *snapshot = made;
    return NT_OK;
}

void store_snapshot_close(struct store_snapshot *snapshot)
{
    if (!snapshot) return;
    struct kv *kv = snapshot->store->kv;
    kv->ops->snapshot_close(kv, snapshot->kv);
    buffer_deinit(&snapshot->key);
    buffer_deinit(&snapshot->record);
    buffer_deinit(&snapshot->prefix);
    free(snapshot);
}

struct nt_time store_snapshot_now(const struct store_snapshot *snapshot)
{
    const struct store_options *options = &snapshot->store->options;
    if (options->is_event_clock && snapshot->clock.us != NT_TIME_MINUS_INFINITY.us)
        return snapshot->clock;
    int64_t now_us = snapshot->before_us, seen_us = snapshot->commit.now.us;
    if (now_us < seen_us && seen_us - now_us < STORE_CLOCK_SKEW_US) now_us = seen_us;
    return (struct nt_time){now_us};
}

enum nt_status store_log_print(struct store_snapshot *snapshot, uint64_t after, uint64_t max,
                               struct buffer *csv, struct nt_error *error)
{
    return commit_log_print(snapshot->store->kv, snapshot->kv, &after, max,
                            store_snapshot_now(snapshot), csv, error);
}

uint64_t store_snapshot_commit(const struct store_snapshot *snapshot, struct nt_time *committed_at)
{
    if (committed_at) *committed_at = snapshot->commit.at;
    return snapshot->commit.sequence;
}

uint64_t store_snapshot_counter(const struct store_snapshot *snapshot, enum store_counter counter)
{
    uint64_t x = 0;
    bool is_found;
    meta_u64_get(snapshot->store->kv, snapshot->kv, "counter/", store_counter_name(counter), &x,
                 &is_found, NULL);
    return x;
}

enum nt_status store_snapshot_begin(const struct store_snapshot *snapshot, const char *topic,
                                    int32_t partition, int64_t *offset, struct nt_error *error)
{
    return meta_position_get(snapshot->store->kv, snapshot->kv, META_BEGIN, topic, partition,
                             offset, error);
}

void store_snapshot_held(const struct store_snapshot *snapshot, struct store_held *held)
{
    const struct store *store = snapshot->store;
    held->timelines = atomic_load(&store->timelines_held);
    store->kv->ops->held(store->kv, &held->kv);
}

/* The timeline asks for the root first; it was read already, to see whether the entity exists. */
struct entity {
    struct store_snapshot *snapshot;
    bool is_root_read;
};

static enum nt_status entity_load(void *self, struct timeline_id id, struct bytes *record,
                                  struct nt_error *error)
{
    struct entity *entity = self;
    struct store_snapshot *snapshot = entity->snapshot;
    enum nt_status status = NT_OK;
    if (!id.is_root || !entity->is_root_read) {
        status = store_node_get(snapshot->store->kv, snapshot->kv, buffer_bytes(&snapshot->prefix),
                                id, &snapshot->key, &snapshot->record, error);
    }
    entity->is_root_read = false; /* the buffer is used again from here on */
    *record = buffer_bytes(&snapshot->record);
    return status;
}

/* False: a key with a NULL part, which no entity has. */
static bool prefix_make(struct store_snapshot *snapshot, const struct nt_view *view,
                        const struct nt_value *key)
{
    buffer_clear(&snapshot->prefix);
    store_prefix_append(view, (struct bytes){0}, &snapshot->prefix);
    return key_append_all(view->keys, view->key_count, key, &snapshot->prefix);
}

static struct timeline *timeline_of(const struct store_snapshot *snapshot, uint16_t view,
                                    struct nt_arena *arena, struct timeline_source source)
{
    struct timeline *timeline =
        timeline_create(arena, &snapshot->store->program->views[view], source);
    timeline_mark_swept(timeline, (struct nt_time){snapshot->swept_us[view]});
    return timeline;
}

enum nt_status store_timeline(struct store_snapshot *snapshot, uint16_t view_index,
                              const struct nt_value *key, struct nt_arena *arena,
                              struct timeline **timeline, struct nt_error *error)
{
    const struct nt_view *view = &snapshot->store->program->views[view_index];
    struct timeline_id root = {.is_root = true};
    *timeline = NULL;
    if (!prefix_make(snapshot, view, key)) return NT_OK;
    enum nt_status status =
        store_node_get(snapshot->store->kv, snapshot->kv, buffer_bytes(&snapshot->prefix), root,
                       &snapshot->key, &snapshot->record, error);
    if (status != NT_OK || snapshot->record.size == 0) return status;
    struct entity *entity = nt_arena_alloc(arena, sizeof *entity);
    *entity = (struct entity){snapshot, true};
    *timeline =
        timeline_of(snapshot, view_index, arena, (struct timeline_source){entity_load, entity});
    return NT_OK;
}

enum nt_status store_read(struct store_snapshot *snapshot, uint16_t view,
                          const struct nt_value *key, struct nt_time now, struct nt_eval *e,
                          struct view_row *row, struct nt_error *error)
{
    struct timeline *timeline;
    enum nt_status status = store_timeline(snapshot, view, key, e->arena, &timeline, error);
    bool has_key = snapshot->prefix.size > sizeof(uint64_t); /* without a NULL part */
    if (status != NT_OK) return status;
    /* Without a record it may have had events, up to the sweep horizon, and a read that reaches
     * behind that is refused as it would be with them. */
    if (!timeline && has_key && snapshot->swept_us[view] != INT64_MIN)
        timeline = timeline_of(snapshot, view, e->arena, (struct timeline_source){0});
    return view_read(&snapshot->store->program->views[view], timeline, key, now, e, row, error);
}

/* The key expression itself failed: it is not known which entity was meant. */
static void row_of_error(const struct nt_view *view, struct nt_eval *e, struct view_row *row)
{
    e->error = NULL;
    row->is_present = false;
    row->features = nt_arena_alloc(e->arena, view->feature_count * sizeof *row->features);
    row->statuses = nt_arena_alloc(e->arena, view->feature_count);
    for (int i = 0; i < view->feature_count; i++) {
        row->features[i] = NT_NULL;
        row->statuses[i] = FEATURE_ERROR;
    }
}

static enum nt_status join_read(struct store_snapshot *snapshot, const struct nt_join *join,
                                const struct nt_value *request, struct nt_time now,
                                struct nt_eval *e, struct view_row *row, struct nt_error *error)
{
    const struct nt_view *view = &snapshot->store->program->views[join->view];
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    e->now = now;
    e->error = NULL;
    join->key(e, request, key);
    if (!e->error) return store_read(snapshot, join->view, key, now, e, row, error);
    row_of_error(view, e, row);
    return NT_OK;
}

enum nt_status store_read_service(struct store_snapshot *snapshot, uint16_t service_index,
                                  const struct nt_value *request, struct nt_time now,
                                  struct nt_eval *e, struct nt_value *values, uint8_t *statuses,
                                  struct nt_error *error)
{
    const struct nt_service *service = &snapshot->store->program->services[service_index];
    struct view_row *joins = nt_arena_zalloc(e->arena, service->join_count * sizeof *joins);
    for (int i = 0; i < service->join_count; i++) {
        enum nt_status status =
            join_read(snapshot, &service->joins[i], request, now, e, &joins[i], error);
        if (status != NT_OK) return status;
    }
    service_read(service, request, joins, now, e, values, statuses);
    return NT_OK;
}

struct key_visit {
    bool (*visit)(void *self, struct bytes key);
    void *self;
};

static bool key_visit(void *self, struct bytes key, struct bytes value)
{
    (void)value;
    const struct key_visit *keys = self;
    size_t fingerprint = sizeof(uint64_t);
    return keys->visit(keys->self, (struct bytes){key.data + fingerprint, key.size - fingerprint});
}

enum nt_status store_keys(struct store_snapshot *snapshot, uint16_t view,
                          bool (*visit)(void *self, struct bytes key), void *self,
                          struct nt_error *error)
{
    struct kv *kv = snapshot->store->kv;
    struct buffer prefix = {0};
    struct key_visit keys = {visit, self};
    store_prefix_append(&snapshot->store->program->views[view], (struct bytes){0}, &prefix);
    enum nt_status status =
        kv->ops->scan(kv, snapshot->kv, KV_ROW, buffer_bytes(&prefix), key_visit, &keys, error);
    buffer_deinit(&prefix);
    return status;
}

struct dump {
    void (*visit)(void *self, enum kv_family family, struct bytes key, struct bytes value);
    void *self;
    enum kv_family family;
};

static bool dump_visit(void *self, struct bytes key, struct bytes value)
{
    const struct dump *dump = self;
    dump->visit(dump->self, dump->family, key, value);
    return true;
}

enum nt_status store_dump(struct store_snapshot *snapshot,
                          void (*visit)(void *self, enum kv_family family, struct bytes key,
                                        struct bytes value),
                          void *self, struct nt_error *error)
{
    struct kv *kv = snapshot->store->kv;
    struct bytes all = {0};
    enum nt_status status = NT_OK;
    for (int family = KV_ROW; family <= KV_EVENT && status == NT_OK; family++) {
        struct dump dump = {visit, self, (enum kv_family)family};
        status = kv->ops->scan(kv, snapshot->kv, dump.family, all, dump_visit, &dump, error);
    }
    return status;
}
