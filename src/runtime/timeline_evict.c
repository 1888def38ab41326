/* timeline_evict.c: dropping events up to the horizon, and giving what is left its shape back. */
#include "runtime/timeline_node.h"

static void fold_visit(void *self, struct nt_time event_time, const struct nt_value *arguments)
{
    (void)event_time;
    lifetime_add(self, arguments);
}

static enum nt_status leaf_evict(struct timeline *timeline, struct node **link, int64_t horizon_us,
                                 struct nt_error *error)
{
    struct node *node = *link;
    uint32_t gone = horizon_us == INT64_MAX ? node->leaf.count : leaf_find(node, horizon_us + 1);
    if (gone == 0) return NT_OK;
    if (timeline->has_lifetime) {
        enum nt_status status = leaf_each(timeline, node, 0, gone, fold_visit, timeline, error);
        if (status != NT_OK) return status;
    }
    leaf_shift(node, gone);
    node->is_dirty = true;
    if (node->leaf.count > 0) return NT_OK;
    node_retire(timeline, node);
    *link = NULL;
    return NT_OK;
}

/* The records of all that hangs in a slot are to be deleted. Leaves need not be loaded for that. */
static enum nt_status slot_retire(struct timeline *timeline, struct node *node, unsigned s,
                                  struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    if (!slot->child && is_leaf_shaped(slot->count, slot->first_us, slot->last_us)) {
        node_vanish(timeline, slot_id(node, s));
        return NT_OK;
    }
    struct node *child;
    enum nt_status status = node_child(timeline, node, s, &child, error);
    for (unsigned i = 0; status == NT_OK && !child->is_leaf && i < SLOTS; i++) {
        if (node_slots(child)[i].count) status = slot_retire(timeline, child, i, error);
    }
    if (status != NT_OK) return status;
    node_retire(timeline, child);
    slot->child = NULL;
    return NT_OK;
}

static enum nt_status slot_drop(struct timeline *timeline, struct node *node, unsigned s,
                                struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    if (timeline->has_lifetime) {
        char *states;
        enum nt_status status = slot_states(timeline, node->id, slot, &states, error);
        if (status != NT_OK) return status;
        lifetime_merge(timeline, states);
    }
    enum nt_status status = slot_retire(timeline, node, s, error);
    if (status == NT_OK) slot_clear(timeline, node, s);
    return status;
}

static enum nt_status slot_trim(struct timeline *timeline, struct node *node, unsigned s,
                                int64_t horizon_us, struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    struct node *child;
    enum nt_status status = node_child(timeline, node, s, &child, error);
    if (status == NT_OK)
        status = node_evict(timeline, &slot->child, slot_id(node, s), horizon_us, error);
    return status == NT_OK ? slot_summarize(timeline, node, s, slot->child, error) : status;
}

/* Adds up the bytes of all tuples below node, loading all. */
static enum nt_status node_weigh(struct timeline *timeline, struct node *node, uint64_t *bytes,
                                 struct nt_error *error)
{
    if (node->is_leaf) *bytes += leaf_begin(node, node->leaf.count);
    enum nt_status status = NT_OK;
    for (unsigned s = 0; !node->is_leaf && s < SLOTS && status == NT_OK; s++) {
        struct node *child;
        if (node_slots(node)[s].count == 0) continue;
        status = node_child(timeline, node, s, &child, error);
        if (status == NT_OK) status = node_weigh(timeline, child, bytes, error);
    }
    return status;
}

/* Moves all events below node into leaf, in order, and retires what held them, node included. All
 * are loaded, and there is room. */
static void node_gather(struct timeline *timeline, struct node *node, struct node *leaf)
{
    if (node->is_leaf) leaf_extend(leaf, node, 0, node->leaf.count);
    for (unsigned s = 0; !node->is_leaf && s < SLOTS; s++) {
        const struct slot *slot = &node_slots(node)[s];
        if (slot->count) node_gather(timeline, slot->child, leaf);
    }
    node_retire(timeline, node);
}

static enum nt_status inner_to_leaf(struct timeline *timeline, struct node **link, uint32_t count,
                                    struct timeline_id edge, struct nt_error *error)
{
    uint64_t bytes = 0;
    enum nt_status status = node_weigh(timeline, *link, &bytes, error);
    if (status == NT_OK && bytes > UINT32_MAX) status = leaf_refuse(timeline, count, bytes, error);
    if (status != NT_OK) return status;
    struct node *leaf = leaf_create(timeline, edge, count, (uint32_t)bytes);
    node_gather(timeline, *link, leaf);
    *link = leaf;
    return NT_OK;
}

/* The only child takes the place of its parent. */
static enum nt_status inner_to_child(struct timeline *timeline, struct node **link, unsigned s,
                                     struct nt_error *error)
{
    struct node *node = *link, *child;
    enum nt_status status = node_child(timeline, node, s, &child, error);
    if (status != NT_OK) return status;
    if (node->id.is_root) {
        if (child->is_stored) node_vanish(timeline, child->id);
        child->is_stored = false;
        child->id.is_root = true;
        child->is_dirty = true;
    }
    node_retire(timeline, node);
    *link = child;
    return NT_OK;
}

enum nt_status node_reshape(struct timeline *timeline, struct node **link, struct timeline_id edge,
                            struct nt_error *error)
{
    struct node *node = *link;
    unsigned used = node->inner.used;
    if (used == 0) {
        node_retire(timeline, node);
        *link = NULL;
        return NT_OK;
    }
    uint64_t count = 0;
    for (unsigned left = used; left; left &= left - 1)
        count += node_slots(node)[slots_first(left)].count;
    int64_t first_us = node_slots(node)[slots_first(used)].first_us;
    int64_t last_us = node_slots(node)[slots_last(used)].last_us;
    if (is_leaf_shaped(count, first_us, last_us))
        return inner_to_leaf(timeline, link, (uint32_t)count, edge, error);
    return slots_count(used) == 1 ? inner_to_child(timeline, link, slots_first(used), error)
                                  : NT_OK;
}

enum nt_status node_evict(struct timeline *timeline, struct node **link, struct timeline_id edge,
                          int64_t horizon_us, struct nt_error *error)
{
    struct node *node = *link;
    if (node->is_leaf) return leaf_evict(timeline, link, horizon_us, error);
    bool is_changed = false;
    for (unsigned s = 0; s < SLOTS; s++) {
        struct slot *slot = &node_slots(node)[s];
        if (slot->count == 0 || slot->first_us > horizon_us) continue;
        enum nt_status status = slot->last_us <= horizon_us
                                    ? slot_drop(timeline, node, s, error)
                                    : slot_trim(timeline, node, s, horizon_us, error);
        if (status != NT_OK) return status;
        is_changed = true;
    }
    if (!is_changed) return NT_OK;
    node->is_dirty = true;
    return node_reshape(timeline, link, edge, error);
}
