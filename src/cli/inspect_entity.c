/* inspect_entity.c: see inspect_entity.h. */
#include "cli/inspect_entity.h"

#include "cli/ask.h"
#include "cli/session.h"
#include "decode/csv.h"
#include "row/value_text.h"
#include "runtime/aggregate.h"

#include <inttypes.h>
#include <stdio.h>

struct printing {
    const struct nt_view *view;
    struct buffer out;
};

static void print(struct buffer *out)
{
    fwrite(out->data, 1, out->size, stdout);
    buffer_clear(out);
}

static void event_print(void *self, struct nt_time event_time, const struct nt_value *arguments)
{
    struct printing *printing = self;
    const struct nt_view *view = printing->view;
    csv_append(NT_TIMESTAMPTZ, nt_timestamptz(event_time.us), true, &printing->out);
    for (uint16_t i = 0; i < view->argument_count; i++)
        csv_append(view->arguments[i], arguments[i], false, &printing->out);
    buffer_append_byte(&printing->out, '\n');
    print(&printing->out);
}

/* "argument_1 text: read by count, sum": arguments are expressions and have no names. */
static void argument_print(const struct nt_view *view, uint16_t argument, struct buffer *out)
{
    const char *before = ": read by ";
    buffer_printf(out, "argument_%d %s", argument + 1, type_name(view->arguments[argument]));
    for (uint16_t m = 0; m < view->measure_count; m++) {
        const struct nt_measure *measure = &view->measures[m];
        bool is_read = measure->filter == argument;
        for (uint16_t i = 0; i < measure->argument_count; i++)
            is_read |= measure->arguments[i] == argument;
        if (!is_read) continue;
        buffer_printf(out, "%s%s%s", before, measure->aggregate->name,
                      measure->filter == argument ? " as its FILTER" : "");
        before = ", ";
    }
    buffer_append_byte(out, '\n');
}

static void time_print(const char *what, struct nt_time time, const char *none, struct buffer *out)
{
    buffer_append_text(out, what);
    if (time.us == NT_TIME_MINUS_INFINITY.us)
        buffer_append_text(out, none);
    else
        value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(time.us), out);
    buffer_append_byte(out, '\n');
}

static enum nt_status head_print(struct printing *printing, struct timeline *timeline,
                                 struct nt_error *error)
{
    const struct nt_view *view = printing->view;
    struct buffer *out = &printing->out;
    struct nt_time newest, horizon;
    uint64_t count = 0;
    enum nt_status status = timeline_newest(timeline, &newest, error);
    if (status == NT_OK) status = timeline_horizon(timeline, &horizon, error);
    if (status == NT_OK) status = timeline_count(timeline, &count, error);
    if (status != NT_OK) return status;
    time_print("newest event ever: ", newest, "none", out);
    time_print("evicted up to: ", horizon, "nothing was", out);
    buffer_printf(out, "events held: %" PRIu64 "\n", count);
    for (uint16_t i = 0; i < view->argument_count; i++) argument_print(view, i, out);
    buffer_append_text(out, "event_time");
    for (int i = 0; i < view->argument_count; i++) buffer_printf(out, ",argument_%d", i + 1);
    buffer_append_byte(out, '\n');
    print(out);
    return NT_OK;
}

static enum nt_status timeline_print(const struct nt_view *view, struct timeline *timeline,
                                     struct nt_error *error)
{
    struct printing printing = {.view = view};
    enum nt_status status = head_print(&printing, timeline, error);
    if (status == NT_OK) status = timeline_walk(timeline, event_print, &printing, error);
    buffer_deinit(&printing.out);
    return status;
}

static enum nt_status entity_print(struct store *store, const struct target *target,
                                   const char *const *pairs, size_t count, struct nt_error *error)
{
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    struct store_snapshot *snapshot;
    struct timeline *timeline;
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    uint16_t view = (uint16_t)(target->view - target->program->views);
    enum nt_status status = ask_parse_inputs(target, pairs, count, &e, key, error);
    if (status == NT_OK) status = store_snapshot_open(store, &snapshot, error);
    if (status == NT_OK) {
        status = store_timeline(snapshot, view, key, &arena, &timeline, error);
        if (status == NT_OK)
            status = timeline ? timeline_print(target->view, timeline, error)
                              : error_set(error, NT_NOT_FOUND,
                                          "the store has no such entity of view %s", target->name);
        store_snapshot_close(snapshot);
    }
    nt_arena_deinit(&arena);
    return status;
}

enum nt_status inspect_entity(const struct config *config, const char *view,
                              const char *const *pairs, size_t count, struct nt_error *error)
{
    struct session session;
    struct target target;
    struct store *store;
    enum nt_status status = session_init_of_store(&session, config, error);
    if (status == NT_OK) status = target_find(session.program, view, &target, error);
    if (status == NT_OK && !target.view)
        status = error_set(error, NT_INVALID, "%s is a service: --view takes a view", view);
    if (status == NT_OK) status = session_open_store(session.program, config, &store, error);
    if (status == NT_OK) {
        status = entity_print(store, &target, pairs, count, error);
        store_close(store);
    }
    session_deinit(&session);
    return status;
}
