/*
 * timeline_read.c: the terms of a view at T. Terms of one window share a walk: whole slots are
 * merged, the two ragged ends go down, at most two nodes a level.
 */
#include "row/time.h"
#include "runtime/aggregate.h"
#include "runtime/timeline_node.h"

/* The terms of one window. */
struct reading {
    struct timeline *timeline;
    struct nt_arena *arena; /* of the states */
    struct window_span span;
    unsigned term_count;
    uint16_t *terms;
    char **states; /* of each term */
};

static const struct nt_measure *reading_measure(const struct reading *reading, unsigned i)
{
    const struct nt_view *view = reading->timeline->view;
    return &view->measures[view->terms[reading->terms[i]].measure];
}

static void reading_merge(struct reading *reading, const char *states)
{
    for (unsigned i = 0; i < reading->term_count; i++) {
        const struct nt_measure *measure = reading_measure(reading, i);
        size_t offset = reading->timeline->offsets[measure - reading->timeline->view->measures];
        measure->aggregate->merge(measure, reading->states[i], states + offset, reading->arena);
    }
}

static enum nt_status leaf_read(struct reading *reading, struct node *node, struct nt_error *error)
{
    const struct leaf *leaf = &node->leaf;
    uint32_t first = leaf_find(leaf, reading->span.first_us);
    uint32_t end = reading->span.last_us == INT64_MAX ? leaf->count
                                                      : leaf_find(leaf, reading->span.last_us + 1);
    if (first >= end) return NT_OK;
    const struct nt_value *values;
    enum nt_status status = leaf_values(reading->timeline, node, &values, error);
    if (status != NT_OK) return status;
    size_t stride = reading->timeline->view->argument_count;
    for (unsigned i = 0; i < reading->term_count; i++) {
        const struct nt_measure *measure = reading_measure(reading, i);
        for (size_t at = first; at < end; at++) {
            measure_add(measure, reading->states[i], values + at * stride, reading->arena);
        }
    }
    return NT_OK;
}

static enum nt_status node_read(struct reading *reading, struct node *node, struct nt_error *error)
{
    if (node->is_leaf) return leaf_read(reading, node, error);
    enum nt_status status = NT_OK;
    for (unsigned s = 0; s < SLOTS && status == NT_OK; s++) {
        struct slot *slot = &node->slots[s];
        if (slot->count == 0 || slot->last_us < reading->span.first_us) continue;
        if (slot->first_us > reading->span.last_us) break;
        if (slot->first_us >= reading->span.first_us && slot->last_us <= reading->span.last_us) {
            char *states;
            status = slot_states(reading->timeline, node->id, slot, &states, error);
            if (status == NT_OK) reading_merge(reading, states);
        } else {
            struct node *child;
            status = node_child(reading->timeline, node, s, &child, error);
            if (status == NT_OK) status = node_read(reading, child, error);
        }
    }
    return status;
}

static enum nt_status span_evicted(const struct timeline *timeline, struct nt_time now,
                                   int64_t reach_us, struct nt_error *error)
{
    struct buffer at = {0}, reach = {0}, horizon = {0};
    time_append_text(now, &at);
    time_append_text((struct nt_time){reach_us}, &reach);
    time_append_text((struct nt_time){timeline->horizon_us}, &horizon);
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
    if (timeline->horizon_us == INT64_MIN || span.first_us > span.last_us) return NT_OK;
    bool is_lifetime = window_is_lifetime(window);
    int64_t reach_us = is_lifetime ? span.last_us : span.first_us;
    bool is_behind =
        is_lifetime ? reach_us < timeline->horizon_us : reach_us <= timeline->horizon_us;
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

/* The wanted terms of one window, with states of no events. */
static void reading_begin(struct reading *reading, unsigned window, const uint64_t *wanted)
{
    const struct nt_view *view = reading->timeline->view;
    reading->term_count = 0;
    for (unsigned i = 0; i < view->term_count; i++) {
        if (view->terms[i].window != window || !is_wanted(wanted, i)) continue;
        unsigned at = reading->term_count++;
        reading->terms[at] = (uint16_t)i;
        reading->states[at] = state_create(reading_measure(reading, at), reading->arena);
    }
}

static enum nt_status reading_walk(struct reading *reading, const struct nt_window *window,
                                   struct nt_time now, struct nt_error *error)
{
    struct timeline *timeline = reading->timeline;
    reading->span = window_span_at(window, now);
    enum nt_status status = span_check(timeline, window, reading->span, now, error);
    if (status != NT_OK || reading->span.first_us > reading->span.last_us) return status;
    if (window_is_lifetime(window)) reading_merge(reading, timeline->lifetime);
    return timeline->top ? node_read(reading, timeline->top, error) : NT_OK;
}

static void reading_finish(const struct reading *reading, struct nt_eval *e,
                           struct nt_value *values, const char **errors)
{
    for (unsigned i = 0; i < reading->term_count; i++) {
        const struct nt_measure *measure = reading_measure(reading, i);
        unsigned term = reading->terms[i];
        e->error = NULL;
        struct nt_value value = measure->aggregate->final(e, measure, reading->states[i]);
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
    reading.terms = nt_arena_alloc(e->arena, view->term_count * sizeof *reading.terms);
    reading.states = nt_arena_alloc(e->arena, view->term_count * sizeof *reading.states);
    enum nt_status status = root_load(timeline, error);
    for (unsigned i = 0; i < view->window_count && status == NT_OK; i++) {
        reading_begin(&reading, i, wanted);
        if (reading.term_count == 0) continue;
        status = reading_walk(&reading, &view->windows[i], now, error);
        if (status == NT_OK) reading_finish(&reading, e, values, errors);
    }
    return status;
}
