/* event_list.h: the events of one event key, decoded: what event_index.c's parts share. */
#ifndef ONLINE_EVENT_LIST_H
#define ONLINE_EVENT_LIST_H

#include "base/bytes.h"
#include "nowthen/program.h"

struct seen {
    struct nt_time time;
    struct bytes row; /* runtime/repeats.h */
};

struct event_list {
    struct seen *events; /* in arena */
    size_t count;
    size_t capacity;
};

/* Empty record: no events. False: it is damaged. What is read points into record. */
bool event_list_take(struct bytes record, struct nt_arena *arena, struct event_list *list);
/* The list without its checksum, appended, but for events at or before forgotten_us; and that. */
void event_list_append(const struct event_list *list, int64_t forgotten_us, struct buffer *record);
void event_list_seal(struct buffer *record, size_t start);
/* Where the row belongs; *is_known: it is there. False: a row is damaged. */
bool event_list_find(const struct event_list *list, const struct nt_source *source,
                     struct nt_time time, const struct nt_value *row, struct nt_arena *arena,
                     size_t *at, bool *is_known);
void event_list_insert(struct event_list *list, size_t at, struct seen seen,
                       struct nt_arena *arena);
/* A row of it; NULL: it is damaged. */
struct nt_value *event_list_row(const struct event_list *list, size_t i,
                                const struct nt_source *source, struct nt_arena *arena);

#endif
