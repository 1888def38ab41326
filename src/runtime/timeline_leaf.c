/* timeline_leaf.c: the events of a leaf, sorted by (time, tuple bytes), duplicates kept. */
#include "row/tuple.h"
#include "runtime/timeline_node.h"

#include <string.h>

#define LEAF_CAPACITY_MIN 4

static struct bytes event_tuple(const struct leaf_event *event)
{
    return (struct bytes){event->tuple, event->size};
}

static size_t values_size(const struct timeline *timeline, uint32_t capacity)
{
    return (size_t)capacity * timeline->view->argument_count * sizeof(struct nt_value);
}

static struct nt_value *values_at(const struct timeline *timeline, const struct leaf *leaf,
                                  uint32_t i)
{
    return leaf->values + (size_t)i * timeline->view->argument_count;
}

static void values_drop(struct timeline *timeline, struct leaf *leaf)
{
    pool_give(&timeline->pool, leaf->values, values_size(timeline, leaf->capacity));
    leaf->values = NULL;
}

static void *array_grow(struct timeline *timeline, void *old, size_t used, size_t had, size_t size)
{
    void *grown = pool_take(&timeline->pool, size);
    if (used) memcpy(grown, old, used);
    pool_give(&timeline->pool, old, had);
    return grown;
}

static void leaf_reserve(struct timeline *timeline, struct leaf *leaf)
{
    if (leaf->count < leaf->capacity) return;
    uint32_t capacity = leaf->capacity ? 2 * leaf->capacity : LEAF_CAPACITY_MIN;
    size_t unit = sizeof *leaf->events;
    leaf->events = array_grow(timeline, leaf->events, leaf->count * unit, leaf->capacity * unit,
                              capacity * unit);
    if (leaf->values) {
        leaf->values =
            array_grow(timeline, leaf->values, values_size(timeline, leaf->count),
                       values_size(timeline, leaf->capacity), values_size(timeline, capacity));
    }
    leaf->capacity = capacity;
}

uint32_t leaf_find(const struct leaf *leaf, int64_t us)
{
    uint32_t low = 0, high = leaf->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (leaf->events[middle].us < us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int event_order(const struct leaf_event *event, int64_t us, struct bytes tuple)
{
    if (event->us != us) return event->us < us ? -1 : 1;
    return bytes_compare(event_tuple(event), tuple);
}

/* After every event that is not greater. */
static uint32_t leaf_place(const struct leaf *leaf, int64_t us, struct bytes tuple)
{
    uint32_t low = 0, high = leaf->count;
    if (high && event_order(&leaf->events[high - 1], us, tuple) <= 0) return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (event_order(&leaf->events[middle], us, tuple) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool event_take(struct timeline *timeline, const struct leaf_event *event,
                       struct nt_arena *arena, struct nt_value *values)
{
    struct reader in = reader_of(event_tuple(event));
    const struct nt_view *view = timeline->view;
    return tuple_take(view->arguments, view->argument_count, &in, arena, values) &&
           in.next == in.end;
}

void leaf_insert(struct timeline *timeline, struct leaf *leaf, int64_t us, struct bytes tuple)
{
    leaf_reserve(timeline, leaf);
    uint32_t at = leaf_place(leaf, us, tuple), after = leaf->count - at;
    uint8_t *copy = pool_take(&timeline->pool, tuple.size);
    if (tuple.size) memcpy(copy, tuple.data, tuple.size);
    struct leaf_event *event = &leaf->events[at];
    memmove(event + 1, event, after * sizeof *event);
    *event = (struct leaf_event){us, copy, (uint32_t)tuple.size, true};
    leaf->count++;
    if (!leaf->values) return;
    struct nt_value *values = values_at(timeline, leaf, at);
    memmove(values + timeline->view->argument_count, values, values_size(timeline, after));
    if (!event_take(timeline, event, timeline->pool.arena, values)) values_drop(timeline, leaf);
}

void leaf_append(struct timeline *timeline, struct leaf *leaf, struct leaf_event event)
{
    leaf_reserve(timeline, leaf);
    values_drop(timeline, leaf);
    leaf->events[leaf->count++] = event;
}

void leaf_shift(struct timeline *timeline, struct leaf *leaf, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct leaf_event *event = &leaf->events[i];
        if (event->is_pooled)
            pool_give(&timeline->pool, (void *)(uintptr_t)event->tuple, event->size);
    }
    values_drop(timeline, leaf);
    leaf->count -= count;
    memmove(leaf->events, leaf->events + count, leaf->count * sizeof *leaf->events);
}

void leaf_release(struct timeline *timeline, struct leaf *leaf)
{
    values_drop(timeline, leaf);
    pool_give(&timeline->pool, leaf->events, leaf->capacity * sizeof *leaf->events);
    *leaf = (struct leaf){0};
}

enum nt_status leaf_values(struct timeline *timeline, struct node *node,
                           const struct nt_value **values, struct nt_error *error)
{
    struct leaf *leaf = &node->leaf;
    if (!leaf->values) {
        leaf->values = pool_take(&timeline->pool, values_size(timeline, leaf->capacity));
        for (uint32_t i = 0; i < leaf->count; i++) {
            if (event_take(timeline, &leaf->events[i], timeline->pool.arena,
                           values_at(timeline, leaf, i))) {
                continue;
            }
            values_drop(timeline, leaf);
            return node_corrupt(timeline, node->id, "an event is not readable", error);
        }
    }
    *values = leaf->values;
    return NT_OK;
}

enum nt_status leaf_each(struct timeline *timeline, struct node *node, uint32_t first, uint32_t end,
                         leaf_visit *visit, void *self, struct nt_error *error)
{
    struct leaf *leaf = &node->leaf;
    struct nt_arena arena;
    nt_arena_init(&arena);
    size_t size = values_size(timeline, 1);
    struct nt_value *scratch = pool_take(&timeline->pool, size);
    bool is_good = true;
    for (uint32_t i = first; i < end && is_good; i++) {
        const struct nt_value *values = leaf->values ? values_at(timeline, leaf, i) : scratch;
        if (!leaf->values) is_good = event_take(timeline, &leaf->events[i], &arena, scratch);
        if (is_good) visit(self, (struct nt_time){leaf->events[i].us}, values);
    }
    pool_give(&timeline->pool, scratch, size);
    nt_arena_deinit(&arena);
    return is_good ? NT_OK : node_corrupt(timeline, node->id, "an event is not readable", error);
}
