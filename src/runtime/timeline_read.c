/*
 * timeline_read.c: the terms of a view at T. Terms of one window share a walk: down to where its
 * two edges part, then along both at once, a level at a time, so that what the one waits for from
 * memory is fetched while the other goes on.
 */
#include "row/time.h"
#include "runtime/aggregate.h"
#include "runtime/timeline_node.h"

#define DECODED_MAX 8 /* leaves */

/* The arguments of events [first, end) of a leaf. */
struct decoded {
    const struct node *leaf;
    uint32_t first, end;
    struct nt_value *values; /* of all events; those outside are not set */
};

/* A term that is being read: its index, the place of its measure's partial, and its own partial. */
struct reading_term {
    const struct nt_measure *measure;
    size_t offset;
    char *state;
    uint16_t index;
};

/* The terms of one window; decoded serves all windows of a call, since most read the same leaf, the
 * newest one. */
struct reading {
    struct timeline *timeline;
    struct nt_arena *arena; /* of the states */
    struct window_span span;
    unsigned term_count;
    unsigned summed_count; /* terms of measures that have sums (timeline_sums.c): they come first */
    struct reading_term *terms;
    struct decoded decoded[DECODED_MAX];
    unsigned decoded_count; /* those made so far; the oldest go */
};

/* Into terms [first, end). */
static void reading_merge(struct reading *reading, unsigned first, unsigned end, const char *states)
{
    for (unsigned i = first; i < end; i++) {
        const struct reading_term *term = &reading->terms[i];
        term->measure->aggregate->merge(term->measure, term->state, states + term->offset,
                                        reading->arena);
    }
}

/* ---- leaves ---- */

static struct decoded *decoded_of(struct reading *reading, struct node *leaf, uint32_t first)
{
    unsigned made = reading->decoded_count;
    for (unsigned i = 0; i < made && i < DECODED_MAX; i++)
        if (reading->decoded[i].leaf == leaf) return &reading->decoded[i];
    size_t size = sizeof(struct nt_value) * reading->timeline->view->argument_count;
    struct decoded *decoded = &reading->decoded[reading->decoded_count++ % DECODED_MAX];
    *decoded = (struct decoded){leaf, first, first, NULL};
    decoded->values = nt_arena_alloc(reading->arena, leaf->leaf.count * size);
    return decoded;
}

/* The arguments of all events, of which [first, end) are set. */
static enum nt_status leaf_values(struct reading *reading, struct node *leaf, uint32_t first,
                                  uint32_t end, const struct nt_value **values,
                                  struct nt_error *error)
{
    struct timeline *timeline = reading->timeline;
    struct decoded *decoded = decoded_of(reading, leaf, first);
    size_t stride = timeline->view->argument_count;
    enum nt_status status = NT_OK;
    *values = decoded->values;
    if (first < decoded->first) {
        status = leaf_decode(timeline, leaf, first, decoded->first, reading->arena,
                             decoded->values + first * stride, error);
        decoded->first = first;
    }
    if (status == NT_OK && end > decoded->end) {
        status = leaf_decode(timeline, leaf, decoded->end, end, reading->arena,
                             decoded->values + decoded->end * stride, error);
        decoded->end = end;
    }
    return status;
}

/* A term that needs to know how many events there are, and nothing of them. */
static bool is_counted(const struct nt_measure *measure)
{
    return measure->aggregate->add_times && measure->filter < 0;
}

/* Events [first, end) into the terms that read their arguments. */
static enum nt_status events_read(struct reading *reading, struct node *leaf, uint32_t first,
                                  uint32_t end, struct nt_error *error)
{
    const struct nt_value *values;
    enum nt_status status = leaf_values(reading, leaf, first, end, &values, error);
    if (status != NT_OK) return status;
    size_t stride = reading->timeline->view->argument_count;
    const struct nt_value *last = values + end * stride;
    for (unsigned i = 0; i < reading->term_count; i++) {
        const struct nt_measure *measure = reading->terms[i].measure;
        char *state = reading->terms[i].state;
        struct nt_value room[2];
        if (is_counted(measure)) continue;
        for (const struct nt_value *at = values + first * stride; at < last; at += stride) {
            const struct nt_value *picked = measure_pick(measure, at, room);
            if (picked) measure->aggregate->add(measure, state, picked, reading->arena);
        }
    }
    return NT_OK;
}

static enum nt_status leaf_read(struct reading *reading, struct node *leaf, struct nt_error *error)
{
    struct window_span span = reading->span;
    uint32_t count = leaf->leaf.count, first = 0, end = count;
    const int64_t *times = leaf_times(leaf);
    if (times[0] < span.first_us) first = leaf_find(leaf, span.first_us);
    if (times[count - 1] > span.last_us) end = leaf_find(leaf, span.last_us + 1);
    if (first >= end) return NT_OK;
    bool is_more = false;
    for (unsigned i = 0; i < reading->term_count; i++) {
        const struct reading_term *term = &reading->terms[i];
        if (is_counted(term->measure))
            term->measure->aggregate->add_times(term->measure, term->state, end - first);
        else
            is_more = true;
    }
    return is_more ? events_read(reading, leaf, first, end, error) : NT_OK;
}

/* ---- slots ---- */

/* Terms [first, end) of the slots of a set, one by one. */
static enum nt_status slots_read(struct reading *reading, struct node *node, unsigned slots,
                                 unsigned first, unsigned end, struct nt_error *error)
{
    for (; slots; slots &= slots - 1) {
        struct slot *slot = &node_slots(node)[slots_first(slots)];
        char *states;
        enum nt_status status = slot_states(reading->timeline, node->id, slot, &states, error);
        if (status != NT_OK) return status;
        reading_merge(reading, first, end, states);
    }
    return NT_OK;
}

/* The slots of a set that begins (else ends) with the node. Whoever reads a node for the first time
 * may be the last: sums are for nodes that stay. */
static enum nt_status end_read(struct reading *reading, struct node *node, unsigned slots,
                               bool is_first, struct nt_error *error)
{
    uint32_t number = reading->timeline->reads, before = node->inner.read;
    unsigned summed = reading->summed_count;
    node->inner.read = number;
    if (slots_count(slots) < 2 || before == 0 || summed == 0 ||
        (before == number && !node->inner.sums)) {
        return slots_read(reading, node, slots, 0, reading->term_count, error);
    }
    const char *states;
    enum nt_status status =
        sums_get(reading->timeline, node, is_first, slots_count(slots), &states, error);
    if (status != NT_OK) return status;
    reading_merge(reading, 0, summed, states);
    if (summed == reading->term_count) return NT_OK;
    return slots_read(reading, node, slots, summed, reading->term_count, error);
}

/* What an edge at us will want of a slot's child: all of a leaf; the head of an inner node, and the
 * slot that it goes through. */
static void slot_prefetch(const struct slot *slot, int64_t us)
{
    struct node *child = slot->child;
    size_t size = sizeof *child;
    if (slot->count <= TIMELINE_LEAF_EVENTS) {
        size += slot->count * (2 * sizeof(int64_t));
    } else {
        unsigned bits = bits_common(time_bits(slot->first_us), time_bits(slot->last_us));
        memory_prefetch(node_slots(child) + bits_slot(time_bits(us), bits & 63),
                        sizeof(struct slot));
    }
    memory_prefetch(child, size);
}

/* Slot s, through which the edge at us may go: all of it, nothing, or what is at *below. */
static enum nt_status edge_enter(struct reading *reading, struct node *node, unsigned s, int64_t us,
                                 struct node **below, struct nt_error *error)
{
    struct slot *slot = &node_slots(node)[s];
    *below = NULL;
    if (slot->count == 0 || slot->last_us < reading->span.first_us ||
        slot->first_us > reading->span.last_us)
        return NT_OK;
    if (slot->first_us >= reading->span.first_us && slot->last_us <= reading->span.last_us)
        return slots_read(reading, node, 1u << s, 0, reading->term_count, error);
    enum nt_status status = node_child(reading->timeline, node, s, below, error);
    if (status == NT_OK) slot_prefetch(slot, us);
    return status;
}

/* Where a walk along one edge of a window stands. */
struct edge {
    struct node *node;  /* NULL: it ends here */
    struct node *below; /* what the edge goes through next */
    unsigned slots;     /* of node, wholly in the window */
    bool is_first;
};

/* Looks where the edge goes on, and asks memory for all that edge_merge will read. */
static enum nt_status edge_look(struct reading *reading, struct edge *edge, struct nt_error *error)
{
    struct node *node = edge->node;
    int64_t us = edge->is_first ? reading->span.first_us : reading->span.last_us;
    unsigned s = bits_slot(time_bits(us), node->id.bits), used = node->inner.used;
    edge->slots = edge->is_first ? slots_above(used, s) : slots_below(used, s);
    sums_prefetch(reading->timeline, node, !edge->is_first, slots_count(edge->slots));
    return edge_enter(reading, node, s, us, &edge->below, error);
}

/* What the edge leaves beside it at this level; then one level down. */
static enum nt_status edge_merge(struct reading *reading, struct edge *edge, struct nt_error *error)
{
    struct node *node = edge->node;
    edge->node = edge->below;
    edge->below = NULL;
    if (node->is_leaf) return leaf_read(reading, node, error);
    return end_read(reading, node, edge->slots, !edge->is_first, error);
}

/* Both edges look before either merges: four or more misses of the cache at a time, not one. */
static enum nt_status edges_read(struct reading *reading, struct node *first, struct node *last,
                                 struct nt_error *error)
{
    struct edge edges[] = {{.node = first, .is_first = true}, {.node = last}};
    enum nt_status status = NT_OK;
    while ((edges[0].node || edges[1].node) && status == NT_OK) {
        for (unsigned i = 0; i < 2 && status == NT_OK; i++)
            if (edges[i].node && !edges[i].node->is_leaf)
                status = edge_look(reading, &edges[i], error);
        for (unsigned i = 0; i < 2 && status == NT_OK; i++)
            if (edges[i].node) status = edge_merge(reading, &edges[i], error);
    }
    return status;
}

/* The slot of node that an edge goes through; -1 and SLOTS: it is before or behind all of it. */
static int edge_slot(const struct node *node, int64_t us)
{
    uint64_t bits = time_bits(us), prefix = node->id.prefix;
    if (bits_share(bits, prefix, node->id.bits)) return (int)bits_slot(bits, node->id.bits);
    return bits < prefix ? -1 : SLOTS;
}

/* Both edges are at node: its slots between them, then what the edges go through. */
static enum nt_status fork_read(struct reading *reading, struct node *node, int first, int last,
                                struct nt_error *error)
{
    struct node *below_first = NULL, *below_last = NULL;
    unsigned slots = node->inner.used;
    enum nt_status status = NT_OK;
    if (first >= 0) {
        slots = slots_above(slots, (unsigned)first);
        status =
            edge_enter(reading, node, (unsigned)first, reading->span.first_us, &below_first, error);
    }
    if (last < SLOTS && status == NT_OK) {
        slots = slots_below(slots, (unsigned)last);
        status =
            edge_enter(reading, node, (unsigned)last, reading->span.last_us, &below_last, error);
    }
    if (status != NT_OK) return status;
    if (first < 0 || last == SLOTS)
        status = end_read(reading, node, slots, first < 0, error);
    else
        status = slots_read(reading, node, slots, 0, reading->term_count, error);
    return status == NT_OK ? edges_read(reading, below_first, below_last, error) : status;
}

static enum nt_status trie_read(struct reading *reading, struct node *node, struct nt_error *error)
{
    while (!node->is_leaf) {
        int first = edge_slot(node, reading->span.first_us);
        int last = edge_slot(node, reading->span.last_us);
        if (first == SLOTS || last < 0) return NT_OK;
        if (first != last) return fork_read(reading, node, first, last, error);
        enum nt_status status =
            edge_enter(reading, node, (unsigned)first, reading->span.first_us, &node, error);
        if (status != NT_OK || !node) return status;
    }
    return leaf_read(reading, node, error);
}

static enum nt_status span_evicted(const struct timeline *timeline, struct nt_time now,
                                   int64_t reach_us, struct nt_error *error)
{
    struct buffer at = {0}, reach = {0}, horizon = {0};
    time_append_text(now, &at);
    time_append_text((struct nt_time){reach_us}, &reach);
    time_append_text((struct nt_time){horizon_of(timeline)}, &horizon);
    enum nt_status status = error_set(
        error, NT_EVICTED,
        "view %s at %s: a window reads events as old as %s, but those up to %s are no "
        "longer kept; read at a later time, or keep more of the past (past_reads)",
        timeline->view->name, buffer_text(&at), buffer_text(&reach), buffer_text(&horizon));
    buffer_deinit(&at);
    buffer_deinit(&reach);
    buffer_deinit(&horizon);
    return status;
}

/* A bounded window must begin after the horizon; a lifetime window must not end before it, because
 * the lifetime partials hold all up to it. */
static enum nt_status span_check(const struct timeline *timeline, const struct nt_window *window,
                                 struct window_span span, struct nt_time now,
                                 struct nt_error *error)
{
    int64_t horizon_us = horizon_of(timeline);
    if (horizon_us == INT64_MIN || span.first_us > span.last_us) return NT_OK;
    bool is_lifetime = window_is_lifetime(window);
    int64_t reach_us = is_lifetime ? span.last_us : span.first_us;
    bool is_behind = is_lifetime ? reach_us < horizon_us : reach_us <= horizon_us;
    return is_behind ? span_evicted(timeline, now, reach_us, error) : NT_OK;
}

static char *state_create(const struct nt_measure *measure, struct nt_arena *arena)
{
    char *state = nt_arena_alloc(arena, measure->aggregate->state_size);
    measure->aggregate->init(measure, state);
    return state;
}

static bool is_wanted(const uint64_t *wanted, unsigned term)
{
    return !wanted || term == 0 || (wanted[term / 64] >> (term % 64) & 1);
}

static void reading_take(struct reading *reading, unsigned index)
{
    const struct nt_view *view = reading->timeline->view;
    unsigned measure = view->terms[index].measure;
    reading->terms[reading->term_count++] = (struct reading_term){
        .measure = &view->measures[measure],
        .offset = reading->timeline->offsets[measure],
        .state = state_create(&view->measures[measure], reading->arena),
        .index = (uint16_t)index,
    };
}

/* The wanted terms of one window, with states of no events; those that have sums first. */
static void reading_begin(struct reading *reading, unsigned window, const uint64_t *wanted)
{
    const struct nt_view *view = reading->timeline->view;
    reading->term_count = 0;
    for (int grows = 0; grows < 2; grows++) {
        reading->summed_count = reading->term_count;
        for (unsigned i = 0; i < view->term_count; i++) {
            const struct nt_term *term = &view->terms[i];
            if (term->window != window || !is_wanted(wanted, i)) continue;
            if (view->measures[term->measure].aggregate->grows == grows) reading_take(reading, i);
        }
    }
}

/* The time of the newest event at or before us, if the node has one. */
static enum nt_status newest_find(struct timeline *timeline, struct node *node, int64_t us,
                                  int64_t *newest_us, struct nt_error *error)
{
    while (!node->is_leaf) {
        const struct slot *slots = node_slots(node);
        unsigned used = node->inner.used;
        while (used && slots[slots_last(used)].first_us > us)
            used = slots_below(used, slots_last(used));
        if (!used) return NT_OK;
        unsigned s = slots_last(used);
        *newest_us = slots[s].last_us;
        if (*newest_us <= us) return NT_OK;
        enum nt_status status = node_child(timeline, node, s, &node, error);
        if (status != NT_OK) return status;
    }
    const int64_t *times = leaf_times(node);
    for (uint32_t i = times[0] <= us ? node->leaf.count : 0; i > 0; i--) {
        *newest_us = times[i - 1];
        if (*newest_us <= us) break;
    }
    return NT_OK;
}

static enum nt_status frame_find(struct reading *reading, const struct nt_window *window,
                                 struct nt_error *error)
{
    struct timeline *timeline = reading->timeline;
    int64_t newest_us = INT64_MIN;
    if (!window->has_frame || !timeline->top) return NT_OK;
    enum nt_status status =
        newest_find(timeline, timeline->top, reading->span.last_us, &newest_us, error);
    reading->span = window_frame(window, reading->span, newest_us);
    return status;
}

static enum nt_status reading_walk(struct reading *reading, const struct nt_window *window,
                                   struct nt_time now, struct nt_error *error)
{
    struct timeline *timeline = reading->timeline;
    reading->span = window_span_at(window, now);
    enum nt_status status = span_check(timeline, window, reading->span, now, error);
    if (status != NT_OK || reading->span.first_us > reading->span.last_us) return status;
    status = frame_find(reading, window, error);
    if (status != NT_OK) return status;
    if (window_is_lifetime(window))
        reading_merge(reading, 0, reading->term_count, timeline->lifetime);
    return timeline->top ? trie_read(reading, timeline->top, error) : NT_OK;
}

static void reading_finish(const struct reading *reading, struct nt_eval *e,
                           struct nt_value *values, const char **errors)
{
    for (unsigned i = 0; i < reading->term_count; i++) {
        const struct nt_measure *measure = reading->terms[i].measure;
        unsigned term = reading->terms[i].index;
        e->error = NULL;
        struct nt_value value = measure->aggregate->final(e, measure, reading->terms[i].state);
        values[term] = e->error ? NT_NULL : value;
        if (errors) errors[term] = e->error;
        e->error = NULL;
    }
}

enum nt_status timeline_read(struct timeline *timeline, struct nt_time now, const uint64_t *wanted,
                             struct nt_eval *e, struct nt_value *values, const char **errors,
                             struct nt_error *error)
{
    const struct nt_view *view = timeline->view;
    struct reading reading = {.timeline = timeline, .arena = e->arena};
    timeline->reads += timeline->reads < UINT32_MAX;
    reading.terms = nt_arena_alloc(e->arena, view->term_count * sizeof *reading.terms);
    enum nt_status status = root_load(timeline, error);
    for (unsigned i = 0; i < view->window_count && status == NT_OK; i++) {
        reading_begin(&reading, i, wanted);
        if (reading.term_count == 0) continue;
        status = reading_walk(&reading, &view->windows[i], now, error);
        if (status == NT_OK) reading_finish(&reading, e, values, errors);
    }
    return status;
}
