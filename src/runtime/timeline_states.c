/* timeline_states.c: the partials of all measures of a view in one block of memory. */
#include "runtime/aggregate.h"
#include "runtime/timeline_node.h"

/* Stands before every block of states. */
struct states_free {
    struct states_free *next;
    uint64_t unused; /* keeps the alignment of 16 */
};

_Static_assert(sizeof(struct states_free) % 16 == 0, "states are aligned to 16");

void states_clear(struct timeline *timeline, char *states)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        measure->aggregate->clear(measure, states + timeline->offsets[i]);
    }
}

static char *states_reuse(struct timeline *timeline)
{
    struct states_free *block = timeline->states_free;
    timeline->states_free = block->next;
    char *states = (char *)(block + 1);
    states_clear(timeline, states);
    return states;
}

void states_give(struct timeline *timeline, char *states)
{
    if (!states) return;
    struct states_free *block = (struct states_free *)(void *)states - 1;
    block->next = timeline->states_free;
    timeline->states_free = block;
}

void states_init(struct timeline *timeline, char *states)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        measure->aggregate->init(measure, states + timeline->offsets[i]);
    }
}

char *states_create(struct timeline *timeline)
{
    if (timeline->states_free) return states_reuse(timeline);
    struct states_free *block = pool_take(&timeline->pool, sizeof *block + timeline->states_size);
    char *states = (char *)(block + 1);
    states_init(timeline, states);
    return states;
}

void states_add(struct timeline *timeline, char *states, const struct nt_value *arguments)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        measure_add(&timeline->view->measures[i], states + timeline->offsets[i], arguments,
                    timeline->pool.arena);
    }
}

void slots_add(struct timeline *timeline, struct slot *const *slots, unsigned count,
               const struct nt_value *arguments)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        struct nt_value room[2];
        const struct nt_value *picked = measure_pick(measure, arguments, room);
        if (!picked) continue;
        for (unsigned j = 0; j < count; j++) {
            measure->aggregate->add(measure, slots[j]->states + timeline->offsets[i], picked,
                                    timeline->pool.arena);
        }
    }
}

void states_merge(struct timeline *timeline, char *states, const char *other)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        size_t offset = timeline->offsets[i];
        measure->aggregate->merge(measure, states + offset, other + offset, timeline->pool.arena);
    }
}

void states_encode(const struct timeline *timeline, const char *states, struct buffer *out)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        measure->aggregate->encode(measure, states + timeline->offsets[i], out);
    }
}

static bool states_decode(struct timeline *timeline, char *states, struct bytes encoded)
{
    struct reader in = reader_of(encoded);
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        char *state = states + timeline->offsets[i];
        if (!measure->aggregate->decode(measure, state, &in, timeline->pool.arena)) return false;
    }
    return in.next == in.end;
}

enum nt_status slot_states(struct timeline *timeline, struct timeline_id id, struct slot *slot,
                           char **states, struct nt_error *error)
{
    if (!slot->states) {
        char *decoded = states_create(timeline);
        if (!states_decode(timeline, decoded, slot->encoded)) {
            return node_corrupt(timeline, id, "a partial is not readable", error);
        }
        slot->states = decoded;
        slot->encoded = (struct bytes){0};
    }
    *states = slot->states;
    return NT_OK;
}

struct adding {
    struct timeline *timeline;
    char *states;
};

static void adding_visit(void *self, struct nt_time event_time, const struct nt_value *arguments)
{
    (void)event_time;
    struct adding *adding = self;
    states_add(adding->timeline, adding->states, arguments);
}

static enum nt_status leaf_summarize(struct timeline *timeline, struct slot *slot,
                                     struct node *child, struct nt_error *error)
{
    uint32_t count = child->leaf.count;
    slot->count = count;
    slot->first_us = leaf_times(child)[0];
    slot->last_us = leaf_times(child)[count - 1];
    struct adding adding = {timeline, slot->states};
    return leaf_each(timeline, child, 0, count, adding_visit, &adding, error);
}

static enum nt_status inner_summarize(struct timeline *timeline, struct slot *slot,
                                      struct node *child, struct nt_error *error)
{
    for (unsigned used = child->inner.used; used; used &= used - 1) {
        struct slot *part = &node_slots(child)[slots_first(used)];
        char *states;
        enum nt_status status = slot_states(timeline, child->id, part, &states, error);
        if (status != NT_OK) return status;
        states_merge(timeline, slot->states, states);
        if (slot->count == 0) slot->first_us = part->first_us;
        slot->last_us = part->last_us;
        slot->count += part->count;
    }
    return NT_OK;
}

enum nt_status slot_summarize(struct timeline *timeline, struct node *node, unsigned s,
                              struct node *child, struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    slot_clear(timeline, node, s);
    slot->states = states_create(timeline);
    slot->child = child;
    node->inner.used = (uint16_t)(node->inner.used | 1u << s);
    return child->is_leaf ? leaf_summarize(timeline, slot, child, error)
                          : inner_summarize(timeline, slot, child, error);
}

void slot_clear(struct timeline *timeline, struct node *node, unsigned s)
{
    struct slot *slot = &node_slots(node)[s];
    sums_touch(node, s);
    states_give(timeline, slot->states);
    *slot = (struct slot){0};
    node->inner.used = (uint16_t)(node->inner.used & ~(1u << s));
}

void lifetime_add(struct timeline *timeline, const struct nt_value *arguments)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        if (!timeline->is_lifetime[i]) continue;
        measure_add(&timeline->view->measures[i], timeline->lifetime + timeline->offsets[i],
                    arguments, timeline->pool.arena);
    }
}

void lifetime_merge(struct timeline *timeline, const char *states)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        if (!timeline->is_lifetime[i]) continue;
        const struct nt_measure *measure = &timeline->view->measures[i];
        size_t offset = timeline->offsets[i];
        measure->aggregate->merge(measure, timeline->lifetime + offset, states + offset,
                                  timeline->pool.arena);
    }
}
