/*
 * entities.c: grouping by key. The row that ends an entity is kept until the next is asked for.
 *
 * A record of the sorter is one admitted event:
 *
 *   key bytes   no key is a prefix of another, so records sort by key first
 *   8 bytes     event time, big-endian, sign flipped
 *   arguments   tuple.h
 *   4 bytes     size of the key bytes
 */
#include "offline/entities.h"

#include "offline/history.h"
#include "offline/once.h"
#include "offline/sorter.h"
#include "row/key.h"
#include "row/tuple.h"
#include "runtime/event.h"
#include "runtime/view.h"

#include <stdlib.h>

struct entities {
    const struct nt_program *program;
    uint16_t view;
    struct rows rows;
    bool (*wants)(void *self, struct bytes key_bytes);
    void *self;
    entities_take *take; /* NULL: into the timeline */
    void *take_self;

    struct nt_value *row;         /* columns, and the position when there is a take */
    struct nt_arena row_arena;    /* the pending row and what admit made of it */
    struct nt_arena entity_arena; /* the timeline and the key */
    struct event_entry pending;
    struct nt_time pending_time;
    struct entities_origin pending_origin; /* when there is a take */
    bool has_pending;

    struct buffer key_bytes;
    int64_t *times_us;
    size_t time_count, time_capacity;
    uint64_t row_count;
    struct entities_counts counts;
    struct entities_counts *sources; /* of each source of the program */

    struct once *once;     /* rows of sources with event keys; NULL: there are none, or none of them
                            * is to be told from rows of other entities */
    struct sorter *sorter; /* NULL: the rows are sorted */
    bool is_sorted;        /* the sorter has them all */
    struct buffer record;
};

#define TIME_SIGN          (UINT64_C(1) << 63)
#define SORTER_MEMORY_SIZE ((size_t)64 << 20)

struct entities *entities_create(const struct nt_program *program, uint16_t view, struct rows rows,
                                 bool (*wants)(void *self, struct bytes key_bytes), void *self)
{
    struct entities *e = memory_zalloc(sizeof *e);
    uint16_t columns = 0;
    for (uint16_t i = 0; i < program->source_count; i++)
        if (program->sources[i].column_count > columns) columns = program->sources[i].column_count;
    e->program = program;
    e->view = view;
    e->rows = rows;
    e->wants = wants;
    e->counts.newest = NT_TIME_MINUS_INFINITY;
    e->self = self;
    e->row = memory_zalloc((columns + HISTORY_POSITIONS) * sizeof *e->row);
    e->sources = memory_zalloc(program->source_count * sizeof *e->sources);
    nt_arena_init(&e->row_arena);
    nt_arena_init(&e->entity_arena);
    if (!view_takes_sorted(&program->views[view])) e->sorter = sorter_create(SORTER_MEMORY_SIZE);
    if (program->views[view].has_repeats) e->once = once_create(program, view);
    return e;
}

void entities_take_set(struct entities *e, entities_take *take, void *self)
{
    e->take = take;
    e->take_self = self;
}

void entities_seen_set(struct entities *e, entities_seen *seen, void *self)
{
    if (e->once) once_visit_set(e->once, seen, self);
}

void entities_destroy(struct entities *e)
{
    if (!e) return;
    once_destroy(e->once);
    nt_arena_deinit(&e->row_arena);
    nt_arena_deinit(&e->entity_arena);
    buffer_deinit(&e->key_bytes);
    buffer_deinit(&e->record);
    sorter_destroy(e->sorter);
    free(e->times_us);
    free(e->row);
    free(e->sources);
    free(e);
}

uint64_t entities_row_count(const struct entities *e)
{
    return e->row_count;
}
struct entities_counts entities_counts(const struct entities *e)
{
    return e->counts;
}

struct entities_counts entities_source_counts(const struct entities *e, uint16_t source)
{
    return e->sources[source];
}

static void accepted_count(struct entities *e, uint16_t source, struct nt_time time)
{
    e->counts.accepted++;
    e->sources[source].accepted++;
    if (time.us < NT_TIME_END_US && time.us > e->counts.newest.us) e->counts.newest = time;
}

static struct entities_origin row_origin(const struct entities *e, uint16_t source)
{
    const struct nt_value *position = e->row + e->program->sources[source].column_count;
    bool is_known = !position[0].is_null && !position[1].is_null;
    return (struct entities_origin){is_known, source, (int32_t)position[0].integer,
                                    position[1].integer};
}

static void origin_append(struct entities_origin origin, struct buffer *record)
{
    buffer_append_byte(record, origin.is_known);
    buffer_append_u32(record, origin.source);
    buffer_append_u32(record, (uint32_t)origin.partition);
    buffer_append_u64(record, (uint64_t)origin.offset);
}

static struct entities_origin origin_read(struct reader *in)
{
    struct entities_origin origin;
    const uint8_t *is_known = reader_take(in, 1);
    origin.is_known = is_known && *is_known;
    origin.source = (uint16_t)reader_u32(in);
    origin.partition = (int32_t)reader_u32(in);
    origin.offset = (int64_t)reader_u64(in);
    return origin;
}

static enum nt_status record_put(struct entities *e, struct nt_error *error)
{
    const struct nt_view *view = &e->program->views[e->view];
    struct bytes key = e->pending.key_bytes;
    buffer_clear(&e->record);
    buffer_append(&e->record, key.data, key.size);
    buffer_append_u64_be(&e->record, (uint64_t)e->pending_time.us ^ TIME_SIGN);
    if (e->take) origin_append(e->pending_origin, &e->record);
    tuple_append(view->arguments, view->argument_count, e->pending.arguments, &e->record);
    buffer_append_u32(&e->record, (uint32_t)key.size);
    e->has_pending = false;
    return sorter_add(e->sorter, buffer_bytes(&e->record), error);
}

/* What the event is in the view is pending, or in the sorter: only there it may be in the view more
 * than once. */
static enum nt_status event_put(struct entities *e, const struct event *event,
                                struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (uint32_t i = 0; i < event->entry_count && status == NT_OK; i++) {
        if (event->entries[i].view != e->view || event->entries[i].has_null_key) continue;
        e->pending = event->entries[i];
        e->pending_time = event->event_time;
        if (e->take) e->pending_origin = row_origin(e, event->source);
        e->has_pending = true;
        if (e->sorter) status = record_put(e, error);
    }
    return status;
}

static void event_count(struct entities *e, const struct event *event)
{
    accepted_count(e, event->source, event->event_time);
    for (uint32_t i = 0; i < event->entry_count; i++) {
        if (event->entries[i].view != e->view) continue;
        if (event->entries[i].has_null_key)
            e->counts.null_keys++;
        else
            e->counts.applied++;
    }
}

static bool is_settled_here(const struct entities *e, const struct event *event)
{
    return e->once && e->program->sources[event->source].key_count > 0 &&
           event->event_time.us != NT_TIME_INFINITY.us;
}

static enum nt_status row_admit(struct entities *e, uint16_t source, struct nt_error *error)
{
    struct nt_eval eval = {.arena = &e->row_arena};
    struct event event;
    if (!event_admit(e->program, source, &eval, e->row, &event)) {
        e->counts.rejected++;
        e->sources[source].rejected++;
        return NT_OK;
    }
    event_count(e, &event);
    return is_settled_here(e, &event) ? once_add(e->once, source, e->row, error)
                                      : event_put(e, &event, error);
}

/* Those that count, when all are known. */
static enum nt_status rows_settle(struct entities *e, struct nt_error *error)
{
    for (;;) {
        const struct nt_value *row;
        uint16_t source;
        struct event event;
        struct nt_eval eval = {.arena = &e->row_arena};
        enum nt_status status = once_next(e->once, &source, &row, error);
        if (status != NT_OK || !row) return status;
        nt_arena_reset(&e->row_arena);
        if (event_admit(e->program, source, &eval, row, &event))
            status = event_put(e, &event, error);
        if (status != NT_OK) return status;
    }
}

/* Reads rows until one is pending or none is left. */
static enum nt_status row_read(struct entities *e, struct nt_error *error)
{
    bool is_end = false;
    while (!e->has_pending) {
        uint16_t source;
        nt_arena_reset(&e->row_arena);
        enum nt_status status = rows_next(e->rows, &e->row_arena, &source, e->row, &is_end, error);
        if (status != NT_OK || is_end) return status;
        e->row_count++;
        status = row_admit(e, source, error);
        if (status != NT_OK) return status;
    }
    return NT_OK;
}

/* All rows into the sorter, which leaves none pending. */
static enum nt_status rows_sort(struct entities *e, struct nt_error *error)
{
    enum nt_status status = row_read(e, error);
    if (status == NT_OK && e->once) status = rows_settle(e, error);
    e->is_sorted = true;
    return status == NT_OK ? sorter_sort(e->sorter, error) : status;
}

static bool record_take(struct entities *e, struct bytes record)
{
    const struct nt_view *view = &e->program->views[e->view];
    struct reader size = {record.data + record.size - 4, record.data + record.size, false};
    struct reader in = {record.data, record.data + record.size - 4, false};
    e->pending = (struct event_entry){.view = e->view};
    e->pending.key_bytes.size = reader_u32(&size);
    e->pending.key_bytes.data = reader_take(&in, e->pending.key_bytes.size);
    e->pending_time.us = (int64_t)(reader_u64_be(&in) ^ TIME_SIGN);
    if (e->take) e->pending_origin = origin_read(&in);
    e->pending.arguments =
        nt_arena_alloc(&e->row_arena, view->argument_count * sizeof *e->pending.arguments);
    e->has_pending =
        tuple_take(view->arguments, view->argument_count, &in, &e->row_arena, e->pending.arguments);
    return e->has_pending;
}

static enum nt_status record_read(struct entities *e, struct nt_error *error)
{
    struct bytes record;
    nt_arena_reset(&e->row_arena);
    enum nt_status status = e->is_sorted ? NT_OK : rows_sort(e, error);
    if (status == NT_OK) status = sorter_next(e->sorter, &record, error);
    if (status != NT_OK || record.size == 0 || record_take(e, record)) return status;
    return error_set(error, NT_CORRUPT, "a sorted event of view %s cannot be read back",
                     e->program->views[e->view].name);
}

static enum nt_status pending_read(struct entities *e, struct nt_error *error)
{
    if (e->has_pending) return NT_OK;
    return e->sorter ? record_read(e, error) : row_read(e, error);
}

static void time_append(struct entities *e, int64_t us)
{
    if (e->time_count == e->time_capacity) {
        e->time_capacity = e->time_capacity ? e->time_capacity * 2 : 1024;
        e->times_us = memory_realloc(e->times_us, e->time_capacity * sizeof *e->times_us);
    }
    e->times_us[e->time_count++] = us;
}

static enum nt_status out_of_order(const struct entities *e, struct nt_error *error)
{
    return error_set(
        error, NT_CORRUPT,
        "the history read for view %s is not sorted by its key and event time; text must "
        "sort by COLLATE \"C\"",
        e->program->views[e->view].name);
}

static enum nt_status pending_apply(struct entities *e, struct timeline *timeline,
                                    struct nt_error *error)
{
    if (e->time_count > 0 && e->pending_time.us < e->times_us[e->time_count - 1])
        return out_of_order(e, error);
    e->has_pending = false;
    time_append(e, e->pending_time.us);
    if (!timeline) return NT_OK;
    if (e->take)
        return e->take(e->take_self, e->pending_time, e->pending.arguments, e->pending_origin,
                       error);
    return timeline_add(timeline, e->pending_time, e->pending.arguments, error);
}

/* Starts an entity with the pending event's key. */
static enum nt_status entity_begin(struct entities *e, struct entity *entity,
                                   struct nt_error *error)
{
    const struct nt_view *view = &e->program->views[e->view];
    struct bytes key_bytes = e->pending.key_bytes;
    if (e->key_bytes.size > 0 && bytes_compare(buffer_bytes(&e->key_bytes), key_bytes) >= 0)
        return out_of_order(e, error);
    buffer_clear(&e->key_bytes);
    buffer_append(&e->key_bytes, key_bytes.data, key_bytes.size);
    nt_arena_reset(&e->entity_arena);
    e->time_count = 0;
    struct nt_value *key = nt_arena_alloc(&e->entity_arena, view->key_count * sizeof *key);
    key_bytes = buffer_bytes(&e->key_bytes);
    *entity = (struct entity){.key_bytes = key_bytes, .key = key};
    if (!key_decode(view->keys, view->key_count, key_bytes, &e->entity_arena, key))
        return error_set(error, NT_CORRUPT, "a key of view %s cannot be read back", view->name);
    if (!e->wants || e->wants(e->self, key_bytes))
        entity->timeline =
            timeline_create(&e->entity_arena, view, (struct timeline_source){NULL, NULL});
    return NT_OK;
}

enum nt_status entities_next(struct entities *e, struct entity *entity, bool *is_end,
                             struct nt_error *error)
{
    *is_end = true;
    enum nt_status status = pending_read(e, error);
    if (status != NT_OK || !e->has_pending) return status;
    *is_end = false;
    status = entity_begin(e, entity, error);
    while (status == NT_OK && e->has_pending &&
           bytes_compare(e->pending.key_bytes, entity->key_bytes) == 0) {
        status = pending_apply(e, entity->timeline, error);
        if (status == NT_OK) status = pending_read(e, error);
    }
    entity->times_us = e->times_us;
    entity->time_count = e->time_count;
    return status;
}
