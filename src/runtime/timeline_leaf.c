/* timeline_leaf.c: the events of a leaf, sorted by (time, tuple bytes), duplicates kept. */
#include "row/tuple.h"
#include "runtime/timeline_node.h"

#include <inttypes.h>
#include <string.h>

#define LEAF_STEP 4 /* events: capacities are multiples of it, so that ends and tuples align */

static uint32_t capacity_of(uint32_t events)
{
    return (events + LEAF_STEP - 1) / LEAF_STEP * LEAF_STEP;
}

static size_t block_size(uint32_t capacity, uint32_t room)
{
    size_t event = sizeof(int64_t) + sizeof(uint32_t);
    return sizeof(struct node) + capacity * event + room;
}

struct node *leaf_create(struct timeline *timeline, struct timeline_id id, uint32_t events,
                         uint32_t bytes)
{
    uint32_t capacity = capacity_of(events);
    size_t size = pool_size(block_size(capacity, bytes)), rest = size - block_size(capacity, bytes);
    struct node *node = pool_take(&timeline->pool, size);
    uint32_t room = rest < UINT32_MAX - bytes ? bytes + (uint32_t)rest : UINT32_MAX;
    *node = (struct node){.id = id, .is_leaf = true, .is_dirty = true};
    node->leaf = (struct leaf){.capacity = capacity, .room = room};
    return node;
}

void leaf_give(struct timeline *timeline, struct node *node)
{
    pool_give(&timeline->pool, node, block_size(node->leaf.capacity, node->leaf.room));
}

struct bytes leaf_tuple(struct node *node, uint32_t i)
{
    uint32_t begin = leaf_begin(node, i);
    return (struct bytes){leaf_tuples(node) + begin, leaf_ends(node)[i] - begin};
}

/* By half: a leaf that stays as it is wastes a fifth of its memory, not a third. */
static uint32_t grown(uint32_t x)
{
    uint32_t more = x / 2 < 4 ? 4 : x / 2;
    return x < UINT32_MAX - more ? x + more : UINT32_MAX;
}

enum nt_status leaf_refuse(const struct timeline *timeline, uint64_t events, uint64_t bytes,
                           struct nt_error *error)
{
    return error_set(error, NT_INVALID,
                     "view %s: the arguments of %" PRIu64 " events within one leaf of a timeline "
                     "come to %" PRIu64 " bytes, and %u is the most: aggregate shorter values",
                     timeline->view->name, events, bytes, UINT32_MAX);
}

/* Makes room for one more event in *link. */
static enum nt_status leaf_reserve(struct timeline *timeline, struct node **link, size_t tuple_size,
                                   struct nt_error *error)
{
    struct node *node = *link;
    const struct leaf *leaf = &node->leaf;
    size_t need = leaf_begin(node, leaf->count) + tuple_size;
    if (leaf->count < leaf->capacity && need <= leaf->room) return NT_OK;
    if (need > UINT32_MAX || leaf->count >= UINT32_MAX - LEAF_STEP)
        return leaf_refuse(timeline, leaf->count + UINT64_C(1), need, error);
    uint32_t capacity = leaf->count < leaf->capacity ? leaf->capacity : grown(leaf->capacity);
    if (leaf->count <= TIMELINE_LEAF_EVENTS && capacity > TIMELINE_LEAF_EVENTS + LEAF_STEP)
        capacity = TIMELINE_LEAF_EVENTS + LEAF_STEP;
    uint32_t room = need <= leaf->room ? (uint32_t)need : grown((uint32_t)need);
    struct node *larger = leaf_create(timeline, node->id, capacity, room);
    larger->is_dirty = node->is_dirty;
    larger->is_stored = node->is_stored;
    leaf_extend(larger, node, 0, leaf->count);
    leaf_give(timeline, node);
    *link = larger;
    return NT_OK;
}

uint32_t leaf_find(struct node *node, int64_t us)
{
    const int64_t *times = leaf_times(node);
    uint32_t low = 0, high = node->leaf.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (times[middle] < us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_after(struct node *node, uint32_t i, int64_t us, struct bytes tuple)
{
    int64_t at = leaf_times(node)[i];
    return at != us ? at > us : bytes_compare(leaf_tuple(node, i), tuple) > 0;
}

/* After every event that is not greater. */
static uint32_t leaf_place(struct node *node, int64_t us, struct bytes tuple)
{
    uint32_t low = 0, high = node->leaf.count;
    if (high && !is_after(node, high - 1, us, tuple)) return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_after(node, middle, us, tuple))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

enum nt_status leaf_insert(struct timeline *timeline, struct node **link, int64_t us,
                           struct bytes tuple, struct nt_error *error)
{
    enum nt_status status = leaf_reserve(timeline, link, tuple.size, error);
    if (status != NT_OK) return status;
    struct node *node = *link;
    int64_t *times = leaf_times(node);
    uint32_t *ends = leaf_ends(node);
    uint32_t at = leaf_place(node, us, tuple), after = node->leaf.count - at;
    uint32_t begin = leaf_begin(node, at), end = leaf_begin(node, node->leaf.count);
    uint8_t *tuples = leaf_tuples(node);
    memmove(tuples + begin + tuple.size, tuples + begin, end - begin);
    if (tuple.size) memcpy(tuples + begin, tuple.data, tuple.size);
    memmove(times + at + 1, times + at, after * sizeof *times);
    times[at] = us;
    for (uint32_t i = node->leaf.count; i > at; i--) ends[i] = ends[i - 1] + (uint32_t)tuple.size;
    ends[at] = begin + (uint32_t)tuple.size;
    node->leaf.count++;
    return NT_OK;
}

void leaf_append(struct node *node, int64_t us, struct bytes tuple)
{
    uint32_t count = node->leaf.count, begin = leaf_begin(node, count);
    leaf_times(node)[count] = us;
    leaf_ends(node)[count] = begin + (uint32_t)tuple.size;
    if (tuple.size) memcpy(leaf_tuples(node) + begin, tuple.data, tuple.size);
    node->leaf.count++;
}

void leaf_extend(struct node *node, struct node *other, uint32_t first, uint32_t end)
{
    uint32_t count = node->leaf.count, run = end - first;
    uint32_t to = leaf_begin(node, count), from = leaf_begin(other, first);
    memcpy(leaf_times(node) + count, leaf_times(other) + first, run * sizeof(int64_t));
    memcpy(leaf_tuples(node) + to, leaf_tuples(other) + from, leaf_begin(other, end) - from);
    uint32_t *ends = leaf_ends(node) + count;
    const uint32_t *others = leaf_ends(other) + first;
    for (uint32_t i = 0; i < run; i++) ends[i] = others[i] - from + to;
    node->leaf.count += run;
}

void leaf_shift(struct node *node, uint32_t count)
{
    uint32_t left = node->leaf.count - count, gone = leaf_begin(node, count);
    uint32_t end = leaf_begin(node, node->leaf.count);
    uint8_t *tuples = leaf_tuples(node);
    uint32_t *ends = leaf_ends(node);
    memmove(tuples, tuples + gone, end - gone);
    memmove(leaf_times(node), leaf_times(node) + count, left * sizeof(int64_t));
    for (uint32_t i = 0; i < left; i++) ends[i] = ends[i + count] - gone;
    node->leaf.count = left;
}

void leaf_remove(struct node *node, uint32_t i)
{
    uint32_t begin = leaf_begin(node, i), next = leaf_ends(node)[i];
    uint32_t end = leaf_begin(node, node->leaf.count), after = node->leaf.count - i - 1;
    uint32_t *ends = leaf_ends(node);
    memmove(leaf_tuples(node) + begin, leaf_tuples(node) + next, end - next);
    memmove(leaf_times(node) + i, leaf_times(node) + i + 1, after * sizeof(int64_t));
    for (uint32_t j = i; j + 1 < node->leaf.count; j++) ends[j] = ends[j + 1] - (next - begin);
    node->leaf.count--;
}

enum nt_status leaf_decode(struct timeline *timeline, struct node *node, uint32_t first,
                           uint32_t end, struct nt_arena *arena, struct nt_value *values,
                           struct nt_error *error)
{
    const struct nt_view *view = timeline->view;
    if (tuples_take(view->arguments, view->argument_count, leaf_tuples(node),
                    leaf_begin(node, first), leaf_ends(node) + first, end - first, arena, values))
        return NT_OK;
    return node_corrupt(timeline, node->id, "an event is not readable", error);
}

enum nt_status leaf_each(struct timeline *timeline, struct node *node, uint32_t first, uint32_t end,
                         leaf_visit *visit, void *self, struct nt_error *error)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    size_t size = timeline->view->argument_count * sizeof(struct nt_value);
    struct nt_value *values = pool_take(&timeline->pool, size);
    enum nt_status status = NT_OK;
    for (uint32_t i = first; i < end && status == NT_OK; i++) {
        status = leaf_decode(timeline, node, i, i + 1, &arena, values, error);
        if (status == NT_OK) visit(self, (struct nt_time){leaf_times(node)[i]}, values);
    }
    pool_give(&timeline->pool, values, size);
    nt_arena_deinit(&arena);
    return status;
}
