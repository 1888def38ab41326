/*
 * timeline_unique.c: a view whose sources have an event key. Where events of equal keys are of one
 * microsecond, they are in one leaf, and which of them counts is settled there: the greatest rank,
 * then the greatest tuple. So what is kept is a function of the events that came, in any order.
 * Where others settle it (repeats.h), what no longer counts is removed.
 */
#include "runtime/timeline_node.h"

/* The leaf that an event at us belongs in; NULL: there is none. */
static enum nt_status leaf_at(struct timeline *timeline, int64_t us, struct node **leaf,
                              struct nt_error *error)
{
    struct node *node = timeline->top;
    uint64_t bits = time_bits(us);
    enum nt_status status = NT_OK;
    *leaf = NULL;
    while (node && !node->is_leaf && status == NT_OK) {
        unsigned s = bits_slot(bits, node->id.bits);
        bool is_there =
            bits_share(bits, node->id.prefix, node->id.bits) && (node->inner.used & 1u << s) != 0;
        if (!is_there) return NT_OK;
        status = node_child(timeline, node, s, &node, error);
    }
    if (status == NT_OK) *leaf = node;
    return status;
}

static struct bytes text_bytes(struct nt_value text)
{
    return (struct bytes){(const uint8_t *)text.text, text.size};
}

/* Where the event of the arrival's key is in the leaf, count for nowhere; *is_greater: it beats the
 * arrival, or is the same. */
static enum nt_status rival_find(struct timeline *timeline, struct node *leaf,
                                 const struct arrival *arrival, struct nt_arena *arena, uint32_t *i,
                                 bool *is_greater, struct nt_error *error)
{
    unsigned count = timeline->view->argument_count;
    struct nt_value *values = nt_arena_alloc(arena, count * sizeof *values);
    const struct nt_value *own = arrival->arguments;
    for (*i = leaf_find(leaf, arrival->us); *i < leaf->leaf.count; ++*i) {
        if (leaf_times(leaf)[*i] != arrival->us) break;
        enum nt_status status = leaf_decode(timeline, leaf, *i, *i + 1, arena, values, error);
        if (status != NT_OK) return status;
        if (values[count - 2].is_null ||
            bytes_compare(text_bytes(values[count - 2]), text_bytes(own[count - 2])) != 0)
            continue;
        int order = bytes_compare(text_bytes(values[count - 1]), text_bytes(own[count - 1]));
        if (order == 0) order = bytes_compare(leaf_tuple(leaf, *i), arrival->tuple);
        *is_greater = order >= 0;
        return NT_OK;
    }
    *i = leaf->leaf.count;
    return NT_OK;
}

/* Takes event i out of the leaf at us, and gives what is above it its shape and partials. */
static enum nt_status node_remove(struct timeline *timeline, struct node **link,
                                  struct timeline_id edge, int64_t us, uint32_t i,
                                  struct nt_error *error)
{
    struct node *node = *link;
    node->is_dirty = true;
    if (node->is_leaf) {
        leaf_remove(node, i);
        if (node->leaf.count > 0) return NT_OK;
        node_retire(timeline, node);
        *link = NULL;
        return NT_OK;
    }
    unsigned s = bits_slot(time_bits(us), node->id.bits);
    struct slot *slot = &node_slots(node)[s];
    enum nt_status status = node_remove(timeline, &slot->child, slot_id(node, s), us, i, error);
    if (status != NT_OK) return status;
    if (slot->child)
        status = slot_summarize(timeline, node, s, slot->child, error);
    else
        slot_clear(timeline, node, s);
    return status == NT_OK ? node_reshape(timeline, link, edge, error) : status;
}

enum nt_status arrival_settle(struct timeline *timeline, const struct arrival *arrival,
                              bool *is_beaten, struct nt_error *error)
{
    struct nt_arena arena;
    struct node *leaf;
    uint32_t i;
    *is_beaten = false;
    if (arrival->arguments[timeline->view->argument_count - 2].is_null) return NT_OK;
    enum nt_status status = leaf_at(timeline, arrival->us, &leaf, error);
    if (status != NT_OK || !leaf) return status;
    nt_arena_init(&arena);
    status = rival_find(timeline, leaf, arrival, &arena, &i, is_beaten, error);
    nt_arena_deinit(&arena);
    if (status != NT_OK || *is_beaten || i == leaf->leaf.count) return status;
    finger_settle(timeline);
    return node_remove(timeline, &timeline->top, ROOT_ID, arrival->us, i, error);
}

/* ---- removing ---- */

/* What is left is as if the event had never come. */
static void newest_find(struct timeline *timeline)
{
    struct node *top = timeline->top;
    timeline->newest_us = INT64_MIN;
    if (!top) return;
    timeline->newest_us = top->is_leaf ? leaf_times(top)[top->leaf.count - 1]
                                       : node_slots(top)[slots_last(top->inner.used)].last_us;
}

enum nt_status timeline_remove(struct timeline *timeline, struct nt_time event_time,
                               const struct nt_value *arguments, struct nt_error *error)
{
    struct node *leaf = NULL;
    enum nt_status status = root_load(timeline, error);
    if (status == NT_OK) status = leaf_at(timeline, event_time.us, &leaf, error);
    if (status != NT_OK || !leaf) return status;
    uint8_t near[TUPLE_NEAR];
    struct bytes tuple = tuple_make(timeline, arguments, near);
    uint32_t i = leaf_find(leaf, event_time.us);
    while (i < leaf->leaf.count && leaf_times(leaf)[i] == event_time.us &&
           bytes_compare(leaf_tuple(leaf, i), tuple) != 0)
        i++;
    if (i == leaf->leaf.count || leaf_times(leaf)[i] != event_time.us) return NT_OK;
    timeline->is_dirty = true;
    status = node_remove(timeline, &timeline->top, ROOT_ID, event_time.us, i, error);
    if (status == NT_OK && event_time.us == timeline->newest_us) newest_find(timeline);
    return status;
}
