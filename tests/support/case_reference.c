/*
 * case_reference.c: the reference evaluator: every admitted event is kept in a list, and every term
 * of every row scans all of it. It shares the emitted program and the aggregates with the product
 * and none of its state: no timeline, no store, no horizon.
 */
#include "case_driver.h"

#include "decode/decode.h"
#include "row/key.h"
#include "row/tuple.h"
#include "runtime/aggregate.h"
#include "runtime/event.h"
#include "runtime/repeats.h"
#include "runtime/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reference {
    const struct nt_program *program;
    struct nt_arena arena;
    struct event *events;
    size_t count, capacity;
};

static void keep(struct reference *reference, const struct event *event)
{
    if (reference->count == reference->capacity) {
        reference->capacity = reference->capacity ? reference->capacity * 2 : 64;
        reference->events =
            memory_realloc(reference->events, reference->capacity * sizeof reference->events[0]);
    }
    reference->events[reference->count++] = *event;
}

/* The arena is never reset: rows, keys and arguments stay where event_admit put them. */
static enum nt_status reference_load(void *self, const struct nt_program *program, uint16_t source,
                                     const char *path, struct nt_error *error)
{
    struct reference *reference = self;
    struct buffer file = {0};
    struct decoder *decoder = NULL;
    enum nt_status status = file_read(path, &file, error);
    if (status == NT_OK) status = decoder_create(&program->sources[source], &decoder, error);
    char *next = status == NT_OK ? buffer_text(&file) : NULL;
    while (next && *next) {
        char *line = next;
        next = strchr(line, '\n');
        size_t size = next ? (size_t)(next++ - line) : strlen(line);
        struct nt_eval e = {.arena = &reference->arena};
        struct bytes bytes = {nt_arena_copy(&reference->arena, line, size), size};
        struct nt_value *row =
            nt_arena_zalloc(&reference->arena, program->sources[source].column_count * sizeof *row);
        struct event event;
        if (size > 0 && decoder_decode(decoder, &e, bytes, row) &&
            event_admit(program, source, &e, row, &event))
            keep(reference, &event);
    }
    decoder_destroy(decoder);
    buffer_deinit(&file);
    return status;
}

static bool event_is_of(const struct event *event, uint16_t view, struct bytes key)
{
    for (uint32_t j = 0; j < event->entry_count; j++)
        if (event->entries[j].view == view && !event->entries[j].has_null_key &&
            bytes_compare(event->entries[j].key_bytes, key) == 0)
            return true;
    return false;
}

/* By rank, then by the bytes of all arguments. */
static int entry_order(const struct nt_view *view, const struct event_entry *x,
                       const struct event_entry *y)
{
    struct nt_value a = x->arguments[view->argument_count - 1];
    struct nt_value b = y->arguments[view->argument_count - 1];
    struct buffer left = {0}, right = {0};
    int order = bytes_compare((struct bytes){(const uint8_t *)a.text, a.size},
                              (struct bytes){(const uint8_t *)b.text, b.size});
    tuple_append(view->arguments, view->argument_count, x->arguments, &left);
    tuple_append(view->arguments, view->argument_count, y->arguments, &right);
    if (order == 0) order = bytes_compare(buffer_bytes(&left), buffer_bytes(&right));
    buffer_deinit(&left);
    buffer_deinit(&right);
    return order;
}

/* Is it of the same event key as another of its entity that counts instead? */
static bool is_beaten(const struct reference *reference, const struct nt_view *view, size_t own,
                      const struct event_entry *entry)
{
    uint16_t key = (uint16_t)(view->argument_count - 2);
    for (size_t i = 0; view->has_event_key && i < reference->count; i++) {
        const struct event *event = &reference->events[i];
        if (event->event_time.us != reference->events[own].event_time.us) continue;
        for (uint32_t j = 0; j < event->entry_count; j++) {
            const struct event_entry *other = &event->entries[j];
            if (other == entry || other->view != entry->view || entry->arguments[key].is_null ||
                bytes_compare(other->key_bytes, entry->key_bytes) != 0 ||
                !value_is_same(NT_TEXT, other->arguments[key], entry->arguments[key]))
                continue;
            int order = entry_order(view, other, entry);
            if (order > 0 || (order == 0 && i < own)) return true;
        }
    }
    return false;
}

static bool is_same_key(const struct nt_source *source, const struct event *x,
                        const struct event *y)
{
    for (uint16_t i = 0; i < source->key_count; i++)
        if (nt_compare(source->columns[source->key[i]].type, x->row[source->key[i]],
                       y->row[source->key[i]]) != 0)
            return false;
    return true;
}

/* Does it repeat another of its source, by the definition: is one at its time that goes before it,
 * or one that is earlier by less than the view's reach? */
static bool is_repeat(const struct reference *reference, const struct nt_view *view, size_t own)
{
    const struct event *event = &reference->events[own];
    const struct nt_source *source = &reference->program->sources[event->source];
    if (!view->has_repeats || source->key_count == 0) return false;
    for (size_t i = 0; i < reference->count; i++) {
        const struct event *other = &reference->events[i];
        if (i == own || other->source != event->source || !is_same_key(source, other, event))
            continue;
        int64_t us = event->event_time.us, other_us = other->event_time.us;
        if (us == other_us) {
            int order = event_row_compare(source, other->row, event->row);
            if (order > 0 || (order == 0 && i < own)) return true;
        } else if (other_us < us &&
                   (view->repeats_us == NT_REPEATS_FOREVER ||
                    (other_us != INT64_MIN && (__int128)us - other_us < view->repeats_us))) {
            return true;
        }
    }
    return false;
}

static struct window_span span_of(const struct reference *reference, uint16_t view,
                                  const struct nt_window *window, struct bytes key,
                                  struct nt_time at)
{
    struct window_span span = window_span_at(window, at);
    int64_t newest_us = INT64_MIN;
    for (size_t i = 0; i < reference->count && window->has_frame; i++) {
        int64_t us = reference->events[i].event_time.us;
        if (us > newest_us && us <= span.last_us && event_is_of(&reference->events[i], view, key) &&
            !is_repeat(reference, &reference->program->views[view], i))
            newest_us = us;
    }
    return window->has_frame ? window_frame(window, span, newest_us) : span;
}

static struct nt_value scan(const struct reference *reference, uint16_t view,
                            const struct nt_term *term, struct bytes key, struct nt_time at,
                            struct nt_eval *e)
{
    const struct nt_view *described = &reference->program->views[view];
    const struct nt_measure *measure = &described->measures[term->measure];
    struct window_span span = span_of(reference, view, &described->windows[term->window], key, at);
    void *state = nt_arena_zalloc(e->arena, measure->aggregate->state_size);
    measure->aggregate->init(measure, state);
    for (size_t i = 0; i < reference->count; i++) {
        const struct event *event = &reference->events[i];
        if (event->event_time.us < span.first_us || event->event_time.us > span.last_us) continue;
        for (uint32_t j = 0; j < event->entry_count; j++) {
            const struct event_entry *entry = &event->entries[j];
            if (entry->view == view && !entry->has_null_key &&
                bytes_compare(entry->key_bytes, key) == 0 &&
                !is_beaten(reference, described, i, entry) && !is_repeat(reference, described, i))
                measure_add(measure, state, entry->arguments, e->arena);
        }
    }
    return measure->aggregate->final(e, measure, state);
}

static enum nt_status reference_read(void *self, uint16_t view, const struct nt_value *key,
                                     struct nt_time at, struct nt_eval *e, struct view_row *row,
                                     struct nt_error *error)
{
    (void)error;
    const struct reference *reference = self;
    const struct nt_view *described = &reference->program->views[view];
    struct nt_value *terms = nt_arena_zalloc(e->arena, described->term_count * sizeof terms[0]);
    const char **errors = nt_arena_zalloc(e->arena, described->term_count * sizeof errors[0]);
    struct buffer bytes = {0};
    bool has_key = key_append_all(described->keys, described->key_count, key, &bytes);
    for (uint16_t t = 0; t < described->term_count && has_key; t++) {
        e->error = NULL;
        terms[t] = scan(reference, view, &described->terms[t], buffer_bytes(&bytes), at, e);
        errors[t] = e->error;
    }
    e->error = NULL;
    buffer_deinit(&bytes);
    view_finish(described, key, terms, errors, at, e, row);
    return NT_OK;
}

static enum nt_status reference_open(const struct nt_program *program, struct case_body *body,
                                     struct nt_error *error)
{
    (void)error;
    struct reference *reference = memory_zalloc(sizeof *reference);
    reference->program = program;
    *body = (struct case_body){reference, reference_load, reference_read};
    return NT_OK;
}

static void reference_close(struct case_body *body)
{
    struct reference *reference = body->self;
    if (!reference) return;
    nt_arena_deinit(&reference->arena);
    free(reference->events);
    free(reference);
}

int main(int argc, char **argv)
{
    return case_main(argc, argv, reference_open, reference_close);
}
