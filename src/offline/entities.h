/*
 * entities.h: rows sorted by key and event time, taken together entity by entity, admitted by the
 * program and put into a timeline. Memory: one entity. Of a view whose key is an expression, or
 * that reads several sources or settles an event key among all events, the rows come in any order
 * and are sorted here, by the bytes of the key that the program computes; what repeats another
 * event has been dropped by then.
 */
#ifndef OFFLINE_ENTITIES_H
#define OFFLINE_ENTITIES_H

#include "nowthen/program.h"
#include "offline/rows.h"
#include "runtime/timeline.h"

struct entity {
    struct bytes key_bytes;
    const struct nt_value *key; /* canonical: of the group 1.0 and 1.00 one is chosen */
    struct timeline *timeline;  /* NULL where wants said no */
    const int64_t *times_us;    /* of its events, ascending */
    size_t time_count;
};

struct entities;

/* wants (may be NULL: every one) is asked once per entity, in key order, whether its timeline is
 * needed. rows stays the caller's. */
struct entities *entities_create(const struct nt_program *program, uint16_t view, struct rows rows,
                                 bool (*wants)(void *self, struct bytes key_bytes), void *self);
/* From now on events go to take instead of the timeline, which begins empty. rows must have been
 * opened with reads_positions (history.h). Before the first entities_next. */
struct entities_origin {
    bool is_known;
    uint16_t source;
    int32_t partition;
    int64_t offset;
};
typedef enum nt_status entities_take(void *self, struct nt_time event_time,
                                     const struct nt_value *arguments,
                                     struct entities_origin origin, struct nt_error *error);
void entities_take_set(struct entities *entities, entities_take *take, void *self);
/* seen is called, before the first entity, with every accepted event of a source whose event key
 * is settled among all events of it: by source, key and its order among those of the key
 * (runtime/repeats.h). Of a view that has none it is never called. */
typedef enum nt_status entities_seen(void *self, uint16_t source, struct bytes key,
                                     struct nt_time time, const struct nt_value *row,
                                     struct nt_error *error);
void entities_seen_set(struct entities *entities, entities_seen *seen, void *self);
void entities_destroy(struct entities *entities); /* NULL is fine */
/* The next entity, valid until the next call. *is_end: there was none. NT_CORRUPT: not sorted. */
enum nt_status entities_next(struct entities *entities, struct entity *entity, bool *is_end,
                             struct nt_error *error);
uint64_t entities_row_count(const struct entities *entities); /* rows read so far */

struct entities_counts {
    uint64_t accepted;     /* rows that the program takes, into the view or not */
    uint64_t rejected;     /* dead letters */
    uint64_t null_keys;    /* in the view, but of no entity */
    uint64_t applied;      /* in the view, under a key */
    struct nt_time newest; /* finite event time accepted; NT_TIME_MINUS_INFINITY: none */
};
struct entities_counts entities_counts(const struct entities *entities); /* so far */
/* The accepted and rejected rows of one source of the program. */
struct entities_counts entities_source_counts(const struct entities *entities, uint16_t source);

#endif
