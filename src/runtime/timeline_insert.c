/* timeline_insert.c: one event into the trie; nodes from sorted events. Depth is at most 16. */
#include "runtime/timeline_node.h"

/* Events [first, end) of a leaf that is too full. */
struct run {
    struct node *leaf;
    uint32_t first, end;
};

static enum nt_status node_build(struct timeline *timeline, struct run run, struct timeline_id edge,
                                 struct node **node, struct nt_error *error);

static struct node *leaf_build(struct timeline *timeline, struct run run, struct timeline_id edge)
{
    uint32_t bytes = leaf_begin(run.leaf, run.end) - leaf_begin(run.leaf, run.first);
    struct node *node = leaf_create(timeline, edge, run.end - run.first, bytes);
    leaf_extend(node, run.leaf, run.first, run.end);
    return node;
}

/* The end of the events of one slot, the first of which is at `first`. */
static uint32_t slot_end(struct run run, uint32_t first, unsigned bits)
{
    const int64_t *times = leaf_times(run.leaf);
    uint32_t end = first + 1;
    while (end < run.end && bits_share(time_bits(times[first]), time_bits(times[end]), bits + 4))
        end++;
    return end;
}

static enum nt_status inner_build(struct timeline *timeline, struct run run, struct timeline_id id,
                                  struct node **out, struct nt_error *error)
{
    struct node *node = inner_create(timeline, id);
    enum nt_status status = NT_OK;
    for (uint32_t at = run.first; at < run.end && status == NT_OK;) {
        struct run part = {run.leaf, at, slot_end(run, at, id.bits)};
        unsigned s = bits_slot(time_bits(leaf_times(run.leaf)[at]), id.bits);
        struct node *child;
        status = node_build(timeline, part, slot_id(node, s), &child, error);
        if (status == NT_OK) status = slot_summarize(timeline, node, s, child, error);
        at = part.end;
    }
    *out = node;
    return status;
}

static enum nt_status node_build(struct timeline *timeline, struct run run, struct timeline_id edge,
                                 struct node **node, struct nt_error *error)
{
    int64_t first = leaf_times(run.leaf)[run.first], last = leaf_times(run.leaf)[run.end - 1];
    if (is_leaf_shaped(run.end - run.first, first, last)) {
        *node = leaf_build(timeline, run, edge);
        return NT_OK;
    }
    struct timeline_id id = span_id(first, last);
    id.is_root = edge.is_root;
    return inner_build(timeline, run, id, node, error);
}

enum nt_status leaf_add(struct timeline *timeline, struct node **link, struct timeline_id edge,
                        const struct arrival *arrival, struct nt_error *error)
{
    if (!*link) *link = leaf_create(timeline, edge, 1, (uint32_t)arrival->tuple.size);
    enum nt_status status = leaf_insert(timeline, link, arrival->us, arrival->tuple, error);
    if (status != NT_OK) return status;
    struct node *node = *link;
    const int64_t *times = leaf_times(node);
    uint32_t count = node->leaf.count;
    node->is_dirty = true;
    if (is_leaf_shaped(count, times[0], times[count - 1])) return NT_OK;
    status = node_build(timeline, (struct run){node, 0, count}, edge, link, error);
    node_retire(timeline, node);
    return status;
}

/* Puts a new inner node above *link, so that bits of time that do not share its prefix find a
 * place. */
static enum nt_status inner_lift(struct timeline *timeline, struct node **link, uint64_t bits,
                                 struct nt_error *error)
{
    struct node *node = *link;
    unsigned common = bits_common(bits, node->id.prefix);
    struct timeline_id id = {bits_cut(bits, common), (uint8_t)common, node->id.is_root};
    struct node *above = inner_create(timeline, id);
    unsigned s = bits_slot(node->id.prefix, common);
    enum nt_status status = slot_summarize(timeline, above, s, node, error);
    if (status != NT_OK) return status;
    if (node->id.is_root) node->is_dirty = true; /* it gets a record of its own */
    node->id.is_root = false;
    *link = above;
    return NT_OK;
}

/* Makes slot s of node ready for one more event: its states, and its child if it has one. */
static enum nt_status slot_enter(struct timeline *timeline, struct node *node, unsigned s,
                                 struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    struct node *child;
    char *states;
    node->is_dirty = true;
    sums_touch(node, s);
    if (slot->child && slot->states) return NT_OK;
    node->inner.used = (uint16_t)(node->inner.used | 1u << s);
    if (slot->count == 0) {
        slot->states = states_create(timeline);
        return NT_OK;
    }
    enum nt_status status = node_child(timeline, node, s, &child, error);
    return status == NT_OK ? slot_states(timeline, node->id, slot, &states, error) : status;
}

/* The partials on the way are added to in the end, a measure at a time. */
static enum nt_status top_insert(struct timeline *timeline, const struct arrival *arrival,
                                 struct nt_error *error)
{
    struct slot *path[DEPTH_MAX];
    unsigned depth = 0;
    struct node **link = &timeline->top;
    struct timeline_id edge = ROOT_ID;
    uint64_t bits = time_bits(arrival->us);
    enum nt_status status = NT_OK;
    while (*link && !(*link)->is_leaf) {
        if (!bits_share(bits, (*link)->id.prefix, (*link)->id.bits))
            status = inner_lift(timeline, link, bits, error);
        struct node *node = *link;
        unsigned s = bits_slot(bits, node->id.bits);
        if (status == NT_OK) status = slot_enter(timeline, node, s, error);
        if (status != NT_OK) return status;
        path[depth] = &node_slots(node)[s];
        slot_extend(path[depth], 1, arrival->us, arrival->us);
        link = &path[depth++]->child;
        edge = slot_id(node, s);
    }
    status = leaf_add(timeline, link, edge, arrival, error);
    if (status != NT_OK || depth == 0) return status;
    slots_add(timeline, path, depth, arrival->arguments);
    if ((*link)->is_leaf) finger_point(timeline, path, depth, edge);
    return NT_OK;
}

enum nt_status node_insert(struct timeline *timeline, const struct arrival *arrival,
                           struct nt_error *error)
{
    if (finger_covers(timeline, arrival->us)) return finger_insert(timeline, arrival, error);
    finger_settle(timeline);
    return top_insert(timeline, arrival, error);
}
