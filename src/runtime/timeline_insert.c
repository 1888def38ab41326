/* timeline_insert.c: one event into the trie; nodes from sorted events. Depth is at most 16. */
#include "runtime/timeline_node.h"

static enum nt_status node_build(struct timeline *timeline, const struct leaf_event *events,
                                 uint32_t count, struct timeline_id edge, struct node **node,
                                 struct nt_error *error);

static struct node *leaf_build(struct timeline *timeline, const struct leaf_event *events,
                               uint32_t count, struct timeline_id edge)
{
    struct node *node = node_create(timeline, edge, true);
    for (uint32_t i = 0; i < count; i++) leaf_append(timeline, &node->leaf, events[i]);
    return node;
}

/* The events of one slot begin at events[0]; how many are they? */
static uint32_t slot_run(const struct leaf_event *events, uint32_t count, unsigned bits)
{
    unsigned s = bits_slot(time_bits(events[0].us), bits);
    uint32_t run = 1;
    while (run < count && bits_slot(time_bits(events[run].us), bits) == s) run++;
    return run;
}

static enum nt_status inner_build(struct timeline *timeline, const struct leaf_event *events,
                                  uint32_t count, struct timeline_id id, struct node **out,
                                  struct nt_error *error)
{
    struct node *node = node_create(timeline, id, false);
    enum nt_status status = NT_OK;
    for (uint32_t at = 0; at < count && status == NT_OK;) {
        uint32_t run = slot_run(events + at, count - at, id.bits);
        unsigned s = bits_slot(time_bits(events[at].us), id.bits);
        struct node *child;
        status = node_build(timeline, events + at, run, slot_id(node, s), &child, error);
        if (status == NT_OK) status = slot_summarize(timeline, &node->slots[s], child, error);
        at += run;
    }
    *out = node;
    return status;
}

static enum nt_status node_build(struct timeline *timeline, const struct leaf_event *events,
                                 uint32_t count, struct timeline_id edge, struct node **node,
                                 struct nt_error *error)
{
    int64_t first = events[0].us, last = events[count - 1].us;
    if (is_leaf_shaped(count, first, last)) {
        *node = leaf_build(timeline, events, count, edge);
        return NT_OK;
    }
    struct timeline_id id = span_id(first, last);
    id.is_root = edge.is_root;
    return inner_build(timeline, events, count, id, node, error);
}

static enum nt_status leaf_add(struct timeline *timeline, struct node **link,
                               struct timeline_id edge, const struct arrival *arrival,
                               struct nt_error *error)
{
    struct node *node = *link;
    struct leaf *leaf = &node->leaf;
    leaf_insert(timeline, leaf, arrival->us, arrival->tuple);
    node->is_dirty = true;
    if (is_leaf_shaped(leaf->count, leaf->events[0].us, leaf->events[leaf->count - 1].us)) {
        return NT_OK;
    }
    enum nt_status status = node_build(timeline, leaf->events, leaf->count, edge, link, error);
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
    struct node *above = node_create(timeline, id, false);
    struct slot *slot = &above->slots[bits_slot(node->id.prefix, common)];
    enum nt_status status = slot_summarize(timeline, slot, node, error);
    if (status != NT_OK) return status;
    if (node->id.is_root) node->is_dirty = true; /* it gets a record of its own */
    node->id.is_root = false;
    *link = above;
    return NT_OK;
}

static void slot_extend(struct slot *slot, int64_t us)
{
    if (slot->count == 0 || us < slot->first_us) slot->first_us = us;
    if (slot->count == 0 || us > slot->last_us) slot->last_us = us;
    slot->count++;
}

static enum nt_status inner_add(struct timeline *timeline, struct node *node,
                                const struct arrival *arrival, struct nt_error *error)
{
    unsigned s = bits_slot(time_bits(arrival->us), node->id.bits);
    struct slot *slot = &node->slots[s];
    char *states;
    enum nt_status status = NT_OK;
    if (slot->count == 0) {
        slot->states = states = states_create(timeline);
    } else {
        struct node *child;
        status = node_child(timeline, node, s, &child, error);
        if (status == NT_OK) status = slot_states(timeline, node->id, slot, &states, error);
    }
    if (status != NT_OK) return status;
    status = node_insert(timeline, &slot->child, slot_id(node, s), arrival, error);
    if (status != NT_OK) return status;
    states_add(timeline, states, arrival->arguments);
    slot_extend(slot, arrival->us);
    node->is_dirty = true;
    return NT_OK;
}

enum nt_status node_insert(struct timeline *timeline, struct node **link, struct timeline_id edge,
                           const struct arrival *arrival, struct nt_error *error)
{
    if (!*link) *link = node_create(timeline, edge, true);
    struct node *node = *link;
    if (node->is_leaf) return leaf_add(timeline, link, edge, arrival, error);
    uint64_t bits = time_bits(arrival->us);
    if (bits_common(bits, node->id.prefix) < node->id.bits) {
        enum nt_status status = inner_lift(timeline, link, bits, error);
        if (status != NT_OK) return status;
    }
    return inner_add(timeline, *link, arrival, error);
}
