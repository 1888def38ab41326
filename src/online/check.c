/* check.c: see check.h. */
#include "online/check.h"

#include "online/commit_log.h"
#include "online/event_index.h"
#include "online/store_impl.h"
#include "row/key.h"

#include <inttypes.h>
#include <string.h>

#define CURE "restore the store from a backup, or remove it and replay the log"

struct check {
    const struct nt_program *program;
    struct kv *kv;
    struct kv_snapshot *kv_snapshot;
    const struct check_visitor *visitor;
    struct check_report *report;
    struct nt_arena arena; /* one entity */
    struct buffer prefix, key, record, name, node;
    uint64_t tiles; /* of this entity */
    uint64_t tiles_all;
    enum nt_status status; /* what stops the check */
    struct nt_error *error;
};

static void fault(struct check *c, const struct nt_error *error)
{
    c->report->faults++;
    c->visitor->fault(c->visitor->self, error);
}

static const struct nt_view *view_of(const struct check *c, struct bytes key)
{
    struct reader in = reader_of(key);
    uint64_t fingerprint = reader_u64_be(&in);
    for (uint16_t i = 0; i < c->program->view_count && !in.is_short; i++)
        if (c->program->views[i].fingerprint == fingerprint) return &c->program->views[i];
    return NULL;
}

static enum nt_status node_load(void *self, struct timeline_id id, struct bytes *record,
                                struct nt_error *error)
{
    struct check *c = self;
    enum nt_status status = store_node_get(c->kv, c->kv_snapshot, buffer_bytes(&c->prefix), id,
                                           &c->key, &c->record, error);
    *record = buffer_bytes(&c->record);
    return status;
}

/* A record that the rebuilt timeline has; it must be stored. */
static enum nt_status node_compare(void *self, struct timeline_id id, struct bytes expected,
                                   struct nt_error *error)
{
    struct check *c = self;
    struct bytes stored;
    enum nt_status status = node_load(c, id, &stored, error);
    if (status != NT_OK) return status;
    c->report->nodes++;
    c->tiles += !id.is_root;
    if (bytes_compare(stored, expected) == 0) return NT_OK;
    return error_set(error, NT_CORRUPT, "node %016" PRIx64 "/%u is not what its events make of it",
                     id.prefix, id.bits);
}

static bool tile_count(void *self, struct bytes key, struct bytes value)
{
    (void)key, (void)value;
    ++*(uint64_t *)self;
    return true;
}

static enum nt_status tiles_compare(struct check *c, struct nt_error *error)
{
    uint64_t count = 0;
    enum nt_status status = c->kv->ops->scan(c->kv, c->kv_snapshot, KV_TILE,
                                             buffer_bytes(&c->prefix), tile_count, &count, error);
    c->tiles_all += count;
    if (status != NT_OK || count == c->tiles) return status;
    return error_set(error, NT_CORRUPT,
                     "%" PRIu64 " nodes are stored below its root, its events make %" PRIu64, count,
                     c->tiles);
}

static enum nt_status timeline_check(struct check *c, const struct nt_view *view,
                                     struct nt_error *error)
{
    struct timeline *rebuilt;
    uint64_t count = 0;
    struct timeline *stored =
        timeline_create(&c->arena, view, (struct timeline_source){node_load, c});
    c->tiles = 0;
    enum nt_status status = timeline_rebuild(stored, &c->arena, &rebuilt, error);
    if (status == NT_OK) status = timeline_flush(rebuilt, &c->node, node_compare, c, error);
    if (status == NT_OK) status = timeline_count(stored, &count, error);
    c->report->events += count;
    return status == NT_OK ? tiles_compare(c, error) : status;
}

static enum nt_status entity_check(struct check *c, struct nt_error *error)
{
    struct bytes prefix = buffer_bytes(&c->prefix);
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    const struct nt_view *view = view_of(c, prefix);
    if (!view) return error_set(error, NT_CORRUPT, "a record is of no view");
    struct bytes key_bytes = {prefix.data + 8, prefix.size - 8};
    if (!key_decode(view->keys, view->key_count, key_bytes, &c->arena, key))
        return error_set(error, NT_CORRUPT, "view %s: a key is not readable", view->name);
    return timeline_check(c, view, error);
}

static void fault_name(struct check *c, struct nt_error *error)
{
    const struct nt_view *view = view_of(c, buffer_bytes(&c->prefix));
    buffer_clear(&c->name);
    for (size_t i = 8; i < c->prefix.size; i++) buffer_printf(&c->name, "%02x", c->prefix.data[i]);
    error_prefix(error, "view %s, key bytes %s", view ? view->name : "(unknown)",
                 buffer_text(&c->name));
}

static bool entity_visit(void *self, struct bytes key, struct bytes value)
{
    (void)value;
    struct check *c = self;
    struct nt_error error;
    if (!c->visitor->goes_on(c->visitor->self))
        c->status = error_set(c->error, NT_INTERRUPTED, "interrupted");
    if (c->status != NT_OK) return false;
    nt_arena_reset(&c->arena);
    buffer_clear(&c->prefix);
    buffer_append(&c->prefix, key.data, key.size);
    c->report->entities++;
    enum nt_status status = entity_check(c, &error);
    if (status == NT_OK) return true;
    fault_name(c, &error);
    if (status == NT_CORRUPT)
        fault(c, &error);
    else
        c->status = error_set(c->error, status, "%s", error.text);
    return c->status == NT_OK;
}

/* Tiles whose entity has no root, beyond those that were counted with their entity. */
static enum nt_status orphans_check(struct check *c)
{
    uint64_t count = 0;
    struct nt_error found;
    enum nt_status status = c->kv->ops->scan(c->kv, c->kv_snapshot, KV_TILE, (struct bytes){0},
                                             tile_count, &count, c->error);
    if (status != NT_OK || c->report->faults || count == c->tiles_all) return status;
    error_set(&found, NT_CORRUPT, "%" PRIu64 " nodes belong to no entity: " CURE,
              count - c->tiles_all);
    fault(c, &found);
    return NT_OK;
}

static bool events_visit(void *self, struct bytes key, struct bytes record)
{
    struct check *c = self;
    struct nt_error found;
    if (!c->visitor->goes_on(c->visitor->self))
        c->status = error_set(c->error, NT_INTERRUPTED, "interrupted");
    else if (event_index_check(c->program, key, record, &c->report->keyed, &found) != NT_OK)
        fault(c, &found);
    return c->status == NT_OK;
}

static enum nt_status log_check(struct check *c, uint64_t last)
{
    uint64_t first;
    struct commit_entry entry;
    struct nt_error found;
    enum nt_status status = commit_log_first(c->kv, c->kv_snapshot, &first, c->error);
    for (uint64_t i = first; status == NT_OK && i && i <= last; i++) {
        nt_arena_reset(&c->arena);
        c->report->commits++;
        status = commit_entry_get(c->kv, c->kv_snapshot, i, &c->arena, &entry, &found);
        if (status == NT_OK) continue;
        if (status != NT_CORRUPT && status != NT_NOT_FOUND)
            return error_set(c->error, status, "%s", found.text);
        found.status = NT_CORRUPT; /* a gap is one too */
        fault(c, &found);
        status = NT_OK;
    }
    return status;
}

enum nt_status store_check(struct store_snapshot *snapshot, const struct check_visitor *visitor,
                           struct check_report *report, struct nt_error *error)
{
    struct check c = {
        .program = snapshot->store->program,
        .kv = snapshot->store->kv,
        .kv_snapshot = snapshot->kv,
        .visitor = visitor,
        .report = report,
        .error = error,
    };
    *report = (struct check_report){0};
    nt_arena_init(&c.arena);
    enum nt_status status =
        c.kv->ops->scan(c.kv, c.kv_snapshot, KV_ROW, (struct bytes){0}, entity_visit, &c, error);
    if (c.status != NT_OK) status = c.status;
    if (status == NT_OK) status = orphans_check(&c);
    if (status == NT_OK)
        status = c.kv->ops->scan(c.kv, c.kv_snapshot, KV_EVENT, (struct bytes){0}, events_visit, &c,
                                 error);
    if (c.status != NT_OK) status = c.status;
    if (status == NT_OK) status = log_check(&c, snapshot->commit.sequence);
    nt_arena_deinit(&c.arena);
    buffer_deinit(&c.prefix);
    buffer_deinit(&c.key);
    buffer_deinit(&c.record);
    buffer_deinit(&c.name);
    buffer_deinit(&c.node);
    return status;
}
