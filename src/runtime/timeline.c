/* timeline.c: see timeline.h and timeline_node.h. */
#include "runtime/timeline.h"

#include "row/tuple.h"
#include "runtime/aggregate.h"
#include "runtime/timeline_node.h"

#include <stdlib.h>
#include <string.h>

/* ---- nodes ---- */

struct timeline_id slot_id(const struct node *node, unsigned s)
{
    unsigned bits = node->id.bits + 4u;
    uint64_t prefix = node->id.prefix | (uint64_t)s << (64 - bits);
    return (struct timeline_id){prefix, (uint8_t)bits, false};
}

struct timeline_id span_id(int64_t first_us, int64_t last_us)
{
    unsigned bits = bits_common(time_bits(first_us), time_bits(last_us));
    return (struct timeline_id){bits_cut(time_bits(first_us), bits), (uint8_t)bits, false};
}

struct node *inner_create(struct timeline *timeline, struct timeline_id id)
{
    size_t size = sizeof(struct node) + SLOTS * sizeof(struct slot);
    struct node *node = memset(pool_take(&timeline->pool, size), 0, size);
    node->id = id;
    node->is_dirty = true;
    return node;
}

void node_vanish(struct timeline *timeline, struct timeline_id id)
{
    if (timeline->vanished_count == timeline->vanished_capacity) {
        size_t capacity = timeline->vanished_capacity ? 2 * timeline->vanished_capacity : 16;
        size_t unit = sizeof *timeline->vanished;
        struct timeline_id *grown = pool_take(&timeline->pool, capacity * unit);
        if (timeline->vanished_count) {
            memcpy(grown, timeline->vanished, timeline->vanished_count * unit);
        }
        pool_give(&timeline->pool, timeline->vanished, timeline->vanished_capacity * unit);
        timeline->vanished = grown;
        timeline->vanished_capacity = capacity;
    }
    timeline->vanished[timeline->vanished_count++] = id;
}

static void inner_give(struct timeline *timeline, struct node *node)
{
    while (node->inner.used) slot_clear(timeline, node, slots_first(node->inner.used));
    sums_give(timeline, node);
    pool_give(&timeline->pool, node, sizeof *node + SLOTS * sizeof(struct slot));
}

void node_retire(struct timeline *timeline, struct node *node)
{
    if (node->is_stored) node_vanish(timeline, node->id);
    if (node->is_leaf)
        leaf_give(timeline, node);
    else
        inner_give(timeline, node);
}

enum nt_status node_child(struct timeline *timeline, struct node *node, unsigned s,
                          struct node **child, struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    *child = slot->child;
    if (*child) return NT_OK;
    bool is_leaf = is_leaf_shaped(slot->count, slot->first_us, slot->last_us);
    struct timeline_id id = is_leaf ? slot_id(node, s) : span_id(slot->first_us, slot->last_us);
    struct node *loaded;
    enum nt_status status = node_load(timeline, id, &loaded, error);
    if (status != NT_OK) return status;
    if (loaded->is_leaf != is_leaf || (is_leaf && loaded->leaf.count != slot->count)) {
        return node_corrupt(timeline, id, "it is not what its parent says", error);
    }
    *child = slot->child = loaded;
    return NT_OK;
}

/* ---- the timeline ---- */

static void measures_lay_out(struct timeline *timeline, struct nt_arena *arena)
{
    const struct nt_view *view = timeline->view;
    timeline->offsets = nt_arena_alloc(arena, view->measure_count * sizeof *timeline->offsets);
    timeline->is_lifetime =
        nt_arena_zalloc(arena, view->measure_count * sizeof *timeline->is_lifetime);
    for (unsigned i = 0; i < view->measure_count; i++) {
        timeline->offsets[i] = timeline->states_size;
        timeline->states_size += (view->measures[i].aggregate->state_size + 15) & ~(size_t)15;
    }
    for (unsigned i = 0; i < view->term_count; i++) {
        if (!window_is_lifetime(&view->windows[view->terms[i].window])) continue;
        timeline->is_lifetime[view->terms[i].measure] = true;
        timeline->has_lifetime = true;
    }
}

struct timeline *timeline_create(struct nt_arena *arena, const struct nt_view *view,
                                 struct timeline_source source)
{
    struct timeline *timeline = nt_arena_zalloc(arena, sizeof *timeline);
    timeline->pool.arena = arena;
    timeline->view = view;
    timeline->source = source;
    timeline->horizon_us = timeline->swept_us = INT64_MIN;
    timeline->newest_us = INT64_MIN;
    measures_lay_out(timeline, arena);
    if (timeline->has_lifetime) timeline->lifetime = states_create(timeline);
    return timeline;
}

static bool is_behind(const struct timeline *timeline, int64_t us)
{
    return timeline->horizon_us != INT64_MIN && us <= timeline->horizon_us;
}

struct bytes tuple_make(struct timeline *timeline, const struct nt_value *arguments,
                        uint8_t near[TUPLE_NEAR])
{
    const struct nt_view *view = timeline->view;
    size_t need = tuple_size_max(view->arguments, view->argument_count, arguments);
    if (need > TUPLE_NEAR && need > timeline->tuple_capacity) {
        pool_give(&timeline->pool, timeline->tuple, timeline->tuple_capacity);
        timeline->tuple_capacity = pool_size(need);
        timeline->tuple = pool_take(&timeline->pool, timeline->tuple_capacity);
    }
    bool is_near = need <= TUPLE_NEAR;
    struct buffer tuple = {is_near ? near : timeline->tuple, 0, is_near ? TUPLE_NEAR : need};
    tuple_append(view->arguments, view->argument_count, arguments, &tuple);
    return buffer_bytes(&tuple);
}

enum nt_status timeline_add(struct timeline *timeline, struct nt_time event_time,
                            const struct nt_value *arguments, struct nt_error *error)
{
    enum nt_status status = timeline->is_loaded ? NT_OK : root_load(timeline, error);
    if (status != NT_OK) return status;
    if (event_time.us > timeline->newest_us) {
        timeline->newest_us = event_time.us;
        timeline->is_dirty = true;
    }
    bool is_late = is_behind(timeline, event_time.us);
    timeline->is_dirty |= !is_late || timeline->has_lifetime;
    if (is_late) {
        lifetime_add(timeline, arguments);
        return NT_OK;
    }
    uint8_t near[TUPLE_NEAR];
    struct arrival arrival = {event_time.us, tuple_make(timeline, arguments, near), arguments};
    if (timeline->view->has_event_key) {
        bool is_beaten;
        status = arrival_settle(timeline, &arrival, &is_beaten, error);
        if (status != NT_OK || is_beaten) return status;
    }
    return node_insert(timeline, &arrival, error);
}

enum nt_status timeline_evict(struct timeline *timeline, struct nt_time horizon,
                              struct nt_error *error)
{
    enum nt_status status = root_load(timeline, error);
    if (status != NT_OK || horizon.us <= timeline->horizon_us) return status;
    timeline->horizon_us = horizon.us;
    timeline->is_dirty = true;
    if (!timeline->top) return NT_OK;
    return node_evict(timeline, &timeline->top, ROOT_ID, horizon.us, error);
}

void timeline_mark_swept(struct timeline *timeline, struct nt_time horizon)
{
    if (horizon.us > timeline->swept_us) timeline->swept_us = horizon.us;
}

static int64_t oldest_of(struct node *node)
{
    return node->is_leaf ? leaf_times(node)[0]
                         : node_slots(node)[slots_first(node->inner.used)].first_us;
}

enum nt_status timeline_sweep(struct timeline *timeline, struct nt_time horizon,
                              struct nt_error *error)
{
    enum nt_status status = root_load(timeline, error);
    timeline_mark_swept(timeline, horizon);
    if (status != NT_OK || !timeline->top || oldest_of(timeline->top) > horizon.us) return status;
    timeline->is_dirty = true;
    return node_evict(timeline, &timeline->top, ROOT_ID, horizon.us, error);
}

enum nt_status timeline_newest(struct timeline *timeline, struct nt_time *newest,
                               struct nt_error *error)
{
    enum nt_status status = root_load(timeline, error);
    newest->us = timeline->newest_us;
    return status;
}

enum nt_status timeline_horizon(struct timeline *timeline, struct nt_time *horizon,
                                struct nt_error *error)
{
    enum nt_status status = root_load(timeline, error);
    horizon->us = horizon_of(timeline);
    return status;
}

size_t timeline_size(const struct timeline *timeline)
{
    return timeline->pool.arena->held;
}

enum nt_status timeline_count(struct timeline *timeline, uint64_t *count, struct nt_error *error)
{
    *count = 0;
    enum nt_status status = root_load(timeline, error);
    struct node *top = timeline->top;
    if (status != NT_OK || !top) return status;
    if (top->is_leaf) *count = top->leaf.count;
    for (unsigned s = 0; !top->is_leaf && s < SLOTS; s++) *count += node_slots(top)[s].count;
    return NT_OK;
}

static enum nt_status node_walk(struct timeline *timeline, struct node *node, leaf_visit *visit,
                                void *self, struct nt_error *error)
{
    if (node->is_leaf) {
        return leaf_each(timeline, node, 0, node->leaf.count, visit, self, error);
    }
    enum nt_status status = NT_OK;
    for (unsigned s = 0; s < SLOTS && status == NT_OK; s++) {
        struct node *child;
        if (node_slots(node)[s].count == 0) continue;
        status = node_child(timeline, node, s, &child, error);
        if (status == NT_OK) status = node_walk(timeline, child, visit, self, error);
    }
    return status;
}

enum nt_status timeline_walk(struct timeline *timeline,
                             void (*visit)(void *self, struct nt_time event_time,
                                           const struct nt_value *arguments),
                             void *self, struct nt_error *error)
{
    enum nt_status status = root_load(timeline, error);
    if (status != NT_OK || !timeline->top) return status;
    return node_walk(timeline, timeline->top, visit, self, error);
}

/* ---- flush ---- */

struct flushing {
    struct timeline *timeline;
    timeline_put *put;
    void *self;
    struct buffer *record;
    struct nt_error *error;
};

static int id_order(const void *a, const void *b)
{
    const struct timeline_id *x = a, *y = b;
    if (x->prefix != y->prefix) return x->prefix < y->prefix ? -1 : 1;
    return (x->bits > y->bits) - (x->bits < y->bits);
}

/* A record that is written anew is not deleted. is_root marks an id as done with. */
static void vanished_keep(struct timeline *timeline, struct timeline_id id)
{
    if (timeline->vanished_count == 0) return;
    struct timeline_id *found =
        bsearch(&id, timeline->vanished, timeline->vanished_count, sizeof id, id_order);
    if (found) found->is_root = true;
}

static enum nt_status node_flush(struct flushing *flushing, struct node *node)
{
    if (!node || !node->is_dirty) return NT_OK;
    if (!node->id.is_root) {
        buffer_clear(flushing->record);
        node_encode(flushing->timeline, node, flushing->record);
        vanished_keep(flushing->timeline, node->id);
        enum nt_status status = flushing->put(flushing->self, node->id,
                                              buffer_bytes(flushing->record), flushing->error);
        if (status != NT_OK) return status;
        node->is_stored = true;
    }
    node->is_dirty = false;
    for (unsigned s = 0; !node->is_leaf && s < SLOTS; s++) {
        enum nt_status status = node_flush(flushing, node_slots(node)[s].child);
        if (status != NT_OK) return status;
    }
    return NT_OK;
}

static enum nt_status root_flush(struct flushing *flushing)
{
    buffer_clear(flushing->record);
    root_encode(flushing->timeline, flushing->record);
    return flushing->put(flushing->self, ROOT_ID, buffer_bytes(flushing->record), flushing->error);
}

/* Sorted, each once. */
static void vanished_sort(struct timeline *timeline)
{
    struct timeline_id *ids = timeline->vanished;
    size_t count = 0;
    if (timeline->vanished_count == 0) return;
    qsort(ids, timeline->vanished_count, sizeof *ids, id_order);
    for (size_t i = 0; i < timeline->vanished_count; i++) {
        if (count == 0 || id_order(&ids[count - 1], &ids[i]) != 0) ids[count++] = ids[i];
    }
    timeline->vanished_count = count;
}

static enum nt_status vanished_flush(struct flushing *flushing)
{
    struct timeline *timeline = flushing->timeline;
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < timeline->vanished_count && status == NT_OK; i++) {
        struct timeline_id id = timeline->vanished[i];
        if (id.is_root) continue;
        status = flushing->put(flushing->self, id, (struct bytes){0}, flushing->error);
    }
    timeline->vanished_count = 0;
    return status;
}

enum nt_status timeline_flush(struct timeline *timeline, struct buffer *record, timeline_put *put,
                              void *self, struct nt_error *error)
{
    if (!timeline->is_dirty) return NT_OK;
    finger_settle(timeline);
    struct flushing flushing = {timeline, put, self, record, error};
    vanished_sort(timeline);
    enum nt_status status = root_flush(&flushing);
    if (status == NT_OK) status = node_flush(&flushing, timeline->top);
    if (status == NT_OK) status = vanished_flush(&flushing);
    if (status == NT_OK) timeline->is_dirty = false;
    return status;
}

void timeline_id_append(struct timeline_id id, struct buffer *key)
{
    if (id.is_root) return;
    buffer_append_byte(key, id.bits / 4);
    buffer_append_u64_be(key, id.prefix);
}
