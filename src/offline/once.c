/*
 * once.c: see once.h. A record of the sorter is
 *
 *   2 bytes     source, big-endian
 *   key bytes   none is a prefix of another
 *   8 bytes     event time, big-endian, sign flipped
 *   row         runtime/repeats.h
 *   4 bytes     size of the key bytes
 *
 * so those of one key come together, by time; those of one time are ordered here.
 */
#include "offline/once.h"

#include "offline/sorter.h"
#include "runtime/repeats.h"

#include <stdlib.h>

#define SORTER_MEMORY_SIZE ((size_t)64 << 20)
#define TIME_SIGN          (UINT64_C(1) << 63)
#define SOURCE_SIZE        2

struct once_event {
    const struct nt_source *source;
    struct nt_time time;
    const struct nt_value *row;
};

struct once {
    const struct nt_program *program;
    const struct nt_view *view;
    once_visit *visit;
    void *self;
    struct sorter *sorter;
    bool is_sorted;
    struct buffer record;
    struct buffer ahead; /* the first record of the next key; empty: none */
    /* The events of one key, in their order. */
    struct buffer key;     /* source and key bytes */
    struct nt_arena arena; /* their rows */
    struct once_event *events;
    size_t count, capacity, next;
};

struct once *once_create(const struct nt_program *program, uint16_t view)
{
    struct once *once = memory_zalloc(sizeof *once);
    once->program = program;
    once->view = &program->views[view];
    once->sorter = sorter_create(SORTER_MEMORY_SIZE);
    nt_arena_init(&once->arena);
    return once;
}

void once_destroy(struct once *once)
{
    if (!once) return;
    sorter_destroy(once->sorter);
    nt_arena_deinit(&once->arena);
    buffer_deinit(&once->record);
    buffer_deinit(&once->ahead);
    buffer_deinit(&once->key);
    free(once->events);
    free(once);
}

void once_visit_set(struct once *once, once_visit *visit, void *self)
{
    once->visit = visit;
    once->self = self;
}

enum nt_status once_add(struct once *once, uint16_t index, const struct nt_value *row,
                        struct nt_error *error)
{
    const struct nt_source *source = &once->program->sources[index];
    struct buffer *record = &once->record;
    buffer_clear(record);
    buffer_append_byte(record, (uint8_t)(index >> 8));
    buffer_append_byte(record, (uint8_t)index);
    event_key_append(source, row, record);
    uint32_t key_size = (uint32_t)(record->size - SOURCE_SIZE);
    buffer_append_u64_be(record, (uint64_t)row[source->event_time].time.us ^ TIME_SIGN);
    event_row_append(source, row, record);
    buffer_append_u32(record, key_size);
    return sorter_add(once->sorter, buffer_bytes(record), error);
}

/* ---- the events of a key ---- */

/* Source and key bytes. */
static struct bytes record_key(struct bytes record)
{
    struct reader size = {record.data + record.size - 4, record.data + record.size, false};
    return (struct bytes){record.data, SOURCE_SIZE + reader_u32(&size)};
}

static uint16_t key_source(struct bytes key)
{
    return (uint16_t)(key.data[0] << 8 | key.data[1]);
}

static enum nt_status event_take(struct once *once, struct bytes record, struct nt_error *error)
{
    struct bytes key = record_key(record);
    const struct nt_source *source = &once->program->sources[key_source(key)];
    const uint8_t *bytes = nt_arena_copy(&once->arena, record.data, record.size);
    struct reader in = {bytes + key.size, bytes + record.size - 4, false};
    struct nt_value *row =
        nt_arena_alloc(&once->arena, source->column_count * sizeof(struct nt_value));
    struct nt_time time = {(int64_t)(reader_u64_be(&in) ^ TIME_SIGN)};
    if (!event_row_take(source, &in, &once->arena, row))
        return error_set(error, NT_CORRUPT, "a sorted event of source %s cannot be read back",
                         source->name);
    if (once->count == once->capacity) {
        once->capacity = once->capacity ? 2 * once->capacity : 16;
        once->events = memory_realloc(once->events, once->capacity * sizeof *once->events);
    }
    once->events[once->count++] = (struct once_event){source, time, row};
    return NT_OK;
}

static int event_order(const void *a, const void *b)
{
    const struct once_event *x = a, *y = b;
    if (x->time.us != y->time.us) return x->time.us < y->time.us ? -1 : 1;
    return event_row_compare(x->source, y->row, x->row);
}

static enum nt_status key_visit(struct once *once, struct nt_error *error)
{
    struct bytes key = buffer_bytes(&once->key);
    struct bytes bytes = {key.data + SOURCE_SIZE, key.size - SOURCE_SIZE};
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < once->count && status == NT_OK; i++)
        if (i == 0 || event_order(&once->events[i - 1], &once->events[i]) != 0)
            status = once->visit(once->self, key_source(key), bytes, once->events[i].time,
                                 once->events[i].row, error);
    return status;
}

static enum nt_status record_read(struct once *once, struct nt_error *error)
{
    struct bytes record;
    enum nt_status status = sorter_next(once->sorter, &record, error);
    buffer_clear(&once->ahead);
    if (status == NT_OK) buffer_append(&once->ahead, record.data, record.size);
    return status;
}

static enum nt_status key_read(struct once *once, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    nt_arena_reset(&once->arena);
    once->count = once->next = 0;
    if (!once->is_sorted) {
        once->is_sorted = true;
        status = sorter_sort(once->sorter, error);
        if (status == NT_OK) status = record_read(once, error);
    }
    if (status != NT_OK || once->ahead.size == 0) return status;
    struct bytes key = record_key(buffer_bytes(&once->ahead));
    buffer_clear(&once->key);
    buffer_append(&once->key, key.data, key.size);
    do {
        status = event_take(once, buffer_bytes(&once->ahead), error);
        if (status == NT_OK) status = record_read(once, error);
    } while (status == NT_OK && once->ahead.size &&
             bytes_are_equal(record_key(buffer_bytes(&once->ahead)), buffer_bytes(&once->key)));
    if (status != NT_OK) return status;
    qsort(once->events, once->count, sizeof *once->events, event_order);
    return once->visit ? key_visit(once, error) : NT_OK;
}

enum nt_status once_next(struct once *once, uint16_t *source, const struct nt_value **row,
                         struct nt_error *error)
{
    for (;;) {
        while (once->next < once->count) {
            size_t i = once->next++;
            *source = key_source(buffer_bytes(&once->key));
            *row = once->events[i].row;
            if (i == 0 ||
                !repeats_within(once->view, once->events[i - 1].time, once->events[i].time))
                return NT_OK;
        }
        *row = NULL;
        enum nt_status status = key_read(once, error);
        if (status != NT_OK || once->count == 0) return status;
    }
}
