/*
 * timeline.h: the events of one entity in one view, as radix time tiles.
 *
 * A count-adaptive, path-compressed radix trie over the bits of event time. A leaf holds at most
 * TIMELINE_LEAF_EVENTS events, sorted by (event time, argument bytes), unless all of them are of
 * one microsecond; an inner node has up to 16 children by the next 4 bits after their common
 * prefix, and each child's count, span and partial of every measure. The shape is a function of the
 * multiset of events and of the horizon alone, never of arrival, so the bytes of two stores can be
 * compared.
 *
 * Nodes are read through load and written through flush, one record each; a small entity is one
 * record, the root. The root also carries the partials of what was evicted, for lifetime windows.
 *
 * Not thread-safe; two threads use two timelines. Memory comes from the arena handed in
 * (timeline_size says how much it holds), and goes with it: whoever owns the arena resets it.
 *
 * After a call that failed, but for NT_EVICTED, the timeline may be half changed: drop it without
 * flushing it. Nothing is changed in the store before a flush.
 *
 * An event at 'infinity' is kept and never counted; one at '-infinity' is seen by lifetime windows.
 */
#ifndef RUNTIME_TIMELINE_H
#define RUNTIME_TIMELINE_H

#include "base/bytes.h"
#include "nowthen/program.h"

#define TIMELINE_LEAF_EVENTS 64

/* A node: the first `bits` bits of event time (as an unsigned, order-preserving 64-bit number) are
 * `prefix`, left-aligned. The root record is bits 0, prefix 0, wherever its trie begins. */
struct timeline_id {
    uint64_t prefix;
    uint8_t bits; /* multiple of 4 */
    bool is_root;
};

/* Where nodes come from. NULL load: nothing is stored, the timeline begins empty. */
struct timeline_source {
    /* Borrowed bytes, valid until the next load; size 0: no such record. */
    enum nt_status (*load)(void *self, struct timeline_id id, struct bytes *record,
                           struct nt_error *error);
    void *self;
};

/* Called for each changed node; record.size 0: delete it. */
typedef enum nt_status timeline_put(void *self, struct timeline_id id, struct bytes record,
                                    struct nt_error *error);

struct timeline;

struct timeline *timeline_create(struct nt_arena *arena, const struct nt_view *view,
                                 struct timeline_source source);

/* Adds one event: its time and the view's arguments, which are copied. At or before the horizon it
 * goes into the lifetime partials only. Of events with equal event keys one stays. */
enum nt_status timeline_add(struct timeline *timeline, struct nt_time event_time,
                            const struct nt_value *arguments, struct nt_error *error);

/* Takes out one event of that time and those arguments, where there is one: behind the horizon
 * there is none. Only of a view that has_repeats: what was folded into lifetime partials stays
 * there. */
enum nt_status timeline_remove(struct timeline *timeline, struct nt_time event_time,
                               const struct nt_value *arguments, struct nt_error *error);

/* Drops every event at or before horizon (so a window that begins there needs a horizon of one
 * microsecond less), folding it into the lifetime partials if the view has a
 * lifetime window. Never moves back. */
enum nt_status timeline_evict(struct timeline *timeline, struct nt_time horizon,
                              struct nt_error *error);

/* The same of a view without a lifetime window, whose owner keeps a horizon for many timelines: the
 * record does not tell of it, so one that loses nothing stays as it is stored. Of a timeline made
 * anew its owner says it with timeline_mark_swept, before anything is read. */
enum nt_status timeline_sweep(struct timeline *timeline, struct nt_time horizon,
                              struct nt_error *error);
void timeline_mark_swept(struct timeline *timeline, struct nt_time horizon);

/* The newest event time ever added, and not removed; NT_TIME_MINUS_INFINITY for none. */
enum nt_status timeline_newest(struct timeline *timeline, struct nt_time *newest,
                               struct nt_error *error);

/* The values of the view's terms at now: values[view->term_count]; those not in wanted (a bitmap of
 * term indexes; NULL: all) are left alone. A term whose final fails is NULL with errors[term] (may
 * be NULL) the message. terms[0] is always read. NT_EVICTED when a window at now reaches behind the
 * horizon. What values point at lives in e->arena. Not changed logically; may load nodes. */
enum nt_status timeline_read(struct timeline *timeline, struct nt_time now, const uint64_t *wanted,
                             struct nt_eval *e, struct nt_value *values, const char **errors,
                             struct nt_error *error);

/* Writes out all that changed since the last flush, in a fixed order. record is where each is made:
 * a caller with many timelines hands in the same one. */
enum nt_status timeline_flush(struct timeline *timeline, struct buffer *record, timeline_put *put,
                              void *self, struct nt_error *error);

/* The same timeline built anew in arena from the events of this one, all of it dirty: what a flush
 * of it puts is what must be stored. Only what was evicted is taken over as it is. */
enum nt_status timeline_rebuild(struct timeline *timeline, struct nt_arena *arena,
                                struct timeline **rebuilt, struct nt_error *error);

/* Up to where events were evicted or swept; NT_TIME_MINUS_INFINITY: none were. */
enum nt_status timeline_horizon(struct timeline *timeline, struct nt_time *horizon,
                                struct nt_error *error);

/* Bytes of memory held: what a cache budgets with. */
size_t timeline_size(const struct timeline *timeline);
/* Events held in the trie (evicted ones are not). */
enum nt_status timeline_count(struct timeline *timeline, uint64_t *count, struct nt_error *error);

/* Each event in order, for inspection, materializing and the reference: arguments are valid in the
 * call. */
enum nt_status timeline_walk(struct timeline *timeline,
                             void (*visit)(void *self, struct nt_time event_time,
                                           const struct nt_value *arguments),
                             void *self, struct nt_error *error);

/* The record's id as bytes appended to a key and back: empty for the root, else level and prefix.
 */
void timeline_id_append(struct timeline_id id, struct buffer *key);

#endif
