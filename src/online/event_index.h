/*
 * event_index.h: the events of each event key, of the sources where that is settled among all
 * events (runtime/repeats.h), so that an arrival finds what it repeats, and what repeats it. Not
 * for other rooms.
 *
 *   event  hash of the source's name (8, big-endian) · key bytes -> the events of that key, in
 *          their order: time (8) · varint size · row, each; then the low 4 bytes of hash64 of all
 *   meta   "repeats/" source -> u64 up to where they were forgotten in the last whole pass, us
 *
 * Changed records are in memory until they go into the batch of the commit, with the nodes they
 * belong to. An event is forgotten when no view keeps an event that it, or a late one beside it,
 * could make a repeat: at or before each view's sweep horizon less its reach. A pass over all keys
 * does that, a slice at a time, whenever that moment has moved; so once it is done the index is a
 * function of the events alone. A source of which a view keeps events for ever forgets none.
 */
#ifndef ONLINE_EVENT_INDEX_H
#define ONLINE_EVENT_INDEX_H

#include "online/store.h"

struct event_index;

enum nt_status event_index_open(struct store *store, struct nt_error *error);
void event_index_close(struct store *store);

/* An arrival among the events of its key. */
struct standing {
    bool is_known; /* the very same came before */
    bool has_before;
    struct nt_time before;      /* of the one before it */
    const struct event *behind; /* the one behind it; NULL: none. Valid until the next arrival */
};

/* Is the event's source one of those, and is the event kept by any view? */
bool event_index_has(const struct store *store, const struct event *event);
enum nt_status event_index_add(struct store *store, const struct event *event,
                               struct standing *standing, struct nt_error *error);
/* Does the arrival not count in the view? Does the one behind it no longer, which did? */
bool standing_is_repeat(const struct standing *standing, const struct nt_view *view,
                        struct nt_time time);
bool standing_ends(const struct standing *standing, const struct nt_view *view,
                   struct nt_time time);

/* A record as a build from history makes it, into store->batch: its events in their order. */
void event_index_put_key(struct store *store, uint16_t source, struct bytes key,
                         struct bytes events);
/* One event of such a record. */
void event_index_append(const struct nt_source *source, struct nt_time time,
                        const struct nt_value *row, struct buffer *events);

/* What changed, into store->batch; and once that is written. */
void event_index_put(struct store *store);
void event_index_stored(struct store *store);

/* Drops what is to be forgotten, of so many records at most. *is_done: nothing is left to forget.
 */
enum nt_status event_index_sweep(struct store *store, size_t records_max, bool *is_done,
                                 struct nt_error *error);

/* An entity of the view is erased: its events are taken out, and those that they made repeats are
 * added to the view's timelines, all in memory. */
enum nt_status event_index_erase(struct store *store, uint16_t view, struct bytes key_bytes,
                                 uint64_t *events, struct nt_error *error);

/* Is the record what add makes? NT_CORRUPT: no, and error says why. */
enum nt_status event_index_check(const struct nt_program *program, struct bytes key,
                                 struct bytes record, uint64_t *events, struct nt_error *error);

#endif
