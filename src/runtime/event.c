/* event.c: see event.h. */
#include "runtime/event.h"

#include "row/key.h"

static void *array_of(struct nt_eval *e, size_t count, size_t size)
{
    return nt_arena_alloc(e->arena, count * size);
}

/* False with e->error clear: not in this view. */
static bool entry_admit(const struct nt_view *view, const struct nt_feed *feed, struct nt_eval *e,
                        const struct nt_value *row, struct event_entry *entry)
{
    entry->key = array_of(e, view->key_count, sizeof *entry->key);
    entry->arguments = array_of(e, view->argument_count, sizeof *entry->arguments);
    if (!feed->admit(e, row, entry->key, entry->arguments) || e->error) return false;
    entry->key_bytes = (struct bytes){0};
    entry->has_null_key =
        !key_encode(view->keys, view->key_count, entry->key, e->arena, &entry->key_bytes);
    return true;
}

static size_t feed_count(const struct nt_program *program)
{
    size_t count = 0;
    for (uint16_t i = 0; i < program->view_count; i++) count += program->views[i].feed_count;
    return count;
}

static bool views_admit(const struct nt_program *program, uint16_t source, struct nt_eval *e,
                        const struct nt_value *row, struct event *event)
{
    for (uint16_t i = 0; i < program->view_count && !e->error; i++) {
        const struct nt_view *view = &program->views[i];
        for (uint16_t f = 0; f < view->feed_count && !e->error; f++) {
            const struct nt_feed *feed = &view->feeds[f];
            if (feed->source != source) continue;
            struct event_entry *entry = &event->entries[event->entry_count];
            entry->view = i;
            if (entry_admit(view, feed, e, row, entry)) event->entry_count++;
        }
    }
    return !e->error;
}

bool event_admit(const struct nt_program *program, uint16_t source, struct nt_eval *e,
                 const struct nt_value *row, struct event *event)
{
    const struct nt_source *from = &program->sources[source];
    *event = (struct event){.source = source, .row = row};
    e->error = NULL;
    if (!from->check(e, row) || e->error) {
        if (!e->error) e->error = "a CHECK of the source does not hold";
        return false;
    }
    struct nt_value time = row[from->event_time];
    if (time.is_null) {
        const char *name = from->columns[from->event_time].name;
        e->error = nt_arena_printf(e->arena, "event time \"%s\" is missing or null", name);
        return false;
    }
    event->event_time = time.time;
    event->entries = array_of(e, feed_count(program), sizeof *event->entries);
    bool is_good = views_admit(program, source, e, row, event);
    if (!is_good) *event = (struct event){0};
    /* now() never comes to infinity, so no view has such an event at any T; kept, it would be the
     * newest of its entity for ever. */
    if (event->event_time.us == NT_TIME_INFINITY.us) event->entry_count = 0;
    return is_good;
}
