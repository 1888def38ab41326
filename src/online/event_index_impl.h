/* event_index_impl.h: what event_index.c (arrivals and commits) and event_sweep.c (forgetting,
 * erasing, checking) share. */
#ifndef ONLINE_EVENT_INDEX_IMPL_H
#define ONLINE_EVENT_INDEX_IMPL_H

#include "online/event_index.h"
#include "online/event_list.h"
#include "online/store_impl.h"

#define EVENT_INDEX_PREFIX "repeats/"

/* A record that is not yet written. */
struct index_change {
    struct index_change *chain; /* of its hash bucket */
    struct index_change *next;
    uint64_t hash;
    uint16_t source;
    struct bytes key, record;
};

struct index_source {
    bool is_indexed;
    int64_t forgotten_us; /* by the last whole pass; INT64_MIN: there was none */
    int64_t target_us;    /* of the pass under way */
    bool is_passing;
    struct buffer cursor; /* the last key that it looked at */
};

struct event_index {
    struct index_source *sources;
    struct index_change **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    struct index_change *changes;
    size_t change_count;
    struct nt_arena changed_arena; /* the changes, until they are written */
    struct nt_arena arena;         /* one arrival */
    struct event behind;
    struct buffer key, row, record, made;
};

/* The record key, anew. */
void event_index_key(const struct nt_source *source, struct bytes key_bytes, struct buffer *key);
enum nt_status event_index_damaged(const struct nt_source *source, struct nt_error *error);
struct index_change *event_index_changed(const struct event_index *index, struct bytes key);
/* Both are copied. */
void event_index_change(struct event_index *index, uint16_t source, struct bytes key,
                        struct bytes record);
/* Into index->arena, and valid until the next load. */
enum nt_status event_index_load(struct store *store, uint16_t source, struct bytes key,
                                struct event_list *list, struct nt_error *error);
/* Event i of the list once more. */
enum nt_status event_index_admit(struct store *store, uint16_t source,
                                 const struct event_list *list, size_t i, struct event *event,
                                 struct nt_error *error);
/* Events of the source up to here matter to nobody; INT64_MIN: all do. */
int64_t event_index_horizon(const struct store *store, uint16_t source);

#endif
