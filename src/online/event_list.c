/* event_list.c: see event_list.h; event_index.h has the layout. */
#include "online/event_list.h"

#include "base/hash.h"
#include "runtime/repeats.h"

#define CHECKSUM_SIZE 4

static bool seen_take(struct reader *in, struct seen *seen)
{
    seen->time.us = (int64_t)reader_u64(in);
    seen->row.size = (size_t)reader_varint(in);
    seen->row.data = reader_take(in, seen->row.size);
    return !in->is_short;
}

static void room_make(struct event_list *list, struct nt_arena *arena)
{
    if (list->count < list->capacity) return;
    size_t capacity = list->capacity ? 2 * list->capacity : 4;
    struct seen *events = nt_arena_alloc(arena, capacity * sizeof *events);
    if (list->count) memcpy(events, list->events, list->count * sizeof *events);
    list->events = events;
    list->capacity = capacity;
}

bool event_list_take(struct bytes record, struct nt_arena *arena, struct event_list *list)
{
    *list = (struct event_list){0};
    if (record.size == 0) return true;
    if (record.size < CHECKSUM_SIZE) return false;
    size_t size = record.size - CHECKSUM_SIZE;
    struct reader sum = {record.data + size, record.data + record.size, false};
    if (reader_u32(&sum) != (uint32_t)hash64(record.data, size)) return false;
    struct reader in = {record.data, record.data + size, false};
    while (in.next < in.end) {
        room_make(list, arena);
        if (!seen_take(&in, &list->events[list->count])) return false;
        list->count++;
    }
    return true;
}

void event_list_append(const struct event_list *list, int64_t forgotten_us, struct buffer *record)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct seen *seen = &list->events[i];
        if (seen->time.us <= forgotten_us && forgotten_us != INT64_MIN) continue;
        buffer_append_u64(record, (uint64_t)seen->time.us);
        buffer_append_varint(record, seen->row.size);
        buffer_append(record, seen->row.data, seen->row.size);
    }
}

void event_list_seal(struct buffer *record, size_t start)
{
    if (record->size == start) return;
    buffer_append_u32(record, (uint32_t)hash64(record->data + start, record->size - start));
}

struct nt_value *event_list_row(const struct event_list *list, size_t i,
                                const struct nt_source *source, struct nt_arena *arena)
{
    struct nt_value *row = nt_arena_alloc(arena, source->column_count * sizeof *row);
    struct reader in = reader_of(list->events[i].row);
    return event_row_take(source, &in, arena, row) && in.next == in.end ? row : NULL;
}

bool event_list_find(const struct event_list *list, const struct nt_source *source,
                     struct nt_time time, const struct nt_value *row, struct nt_arena *arena,
                     size_t *at, bool *is_known)
{
    *is_known = false;
    for (*at = 0; *at < list->count; ++*at) {
        if (list->events[*at].time.us < time.us) continue;
        if (list->events[*at].time.us > time.us) return true;
        const struct nt_value *other = event_list_row(list, *at, source, arena);
        if (!other) return false;
        int order = event_row_compare(source, other, row);
        *is_known = order == 0;
        if (order <= 0) return true;
    }
    return true;
}

void event_list_insert(struct event_list *list, size_t at, struct seen seen, struct nt_arena *arena)
{
    room_make(list, arena);
    memmove(list->events + at + 1, list->events + at, (list->count - at) * sizeof *list->events);
    list->events[at] = seen;
    list->count++;
}
