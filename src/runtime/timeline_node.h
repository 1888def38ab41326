/*
 * timeline_node.h: what timeline.c and its parts share: nodes in memory.
 *
 *   timeline.c         create, add, flush, walk: the public calls
 *   timeline_states.c  the partials of all measures, side by side
 *   timeline_leaf.c    sorted events
 *   timeline_insert.c  adding, and building nodes from events
 *   timeline_evict.c   dropping up to the horizon
 *   timeline_read.c    windows
 *   timeline_record.c  nodes to bytes and back
 *
 * The shape, for a set of events in one place: nothing when there are none; a leaf when they are at
 * most TIMELINE_LEAF_EVENTS or all of one microsecond; else an inner node whose prefix is the
 * common prefix of all, cut to a multiple of 4 bits, and whose slot s holds those with the next 4
 * bits s.
 *
 * A leaf below an inner node has the id of its slot; an inner node has the id of its own prefix,
 * wherever it hangs. So an event that lands beside a node never renames it.
 *
 * After a failed call (but NT_EVICTED) the timeline may be half changed: its owner drops it.
 */
#ifndef RUNTIME_TIMELINE_NODE_H
#define RUNTIME_TIMELINE_NODE_H

#include "runtime/pool.h"
#include "runtime/timeline.h"
#include "runtime/window.h"

#define SLOTS 16

struct leaf_event {
    int64_t us;
    const uint8_t *tuple; /* row/tuple.h encoding of the view's arguments */
    uint32_t size;
    bool is_pooled; /* tuple was taken from the pool, else it is part of a loaded record */
};

struct leaf {
    struct leaf_event *events; /* by (us, tuple bytes) */
    struct nt_value *values;   /* NULL until a read wants them; argument_count per event */
    uint32_t count;
    uint32_t capacity; /* of events and, if there, values */
};

struct slot {
    uint64_t count; /* 0: empty */
    int64_t first_us, last_us;
    struct bytes encoded; /* of the partials, while states is NULL */
    char *states;
    struct node *child; /* NULL: not loaded */
};

struct node {
    struct timeline_id id; /* prefix and bits are right for the root too */
    bool is_leaf;
    bool is_dirty;  /* then all above it are */
    bool is_stored; /* there is a record of its own under id */
    struct leaf leaf;
    struct slot *slots; /* SLOTS of an inner node */
};

struct timeline {
    struct pool pool;
    const struct nt_view *view;
    struct timeline_source source;
    int64_t horizon_us; /* INT64_MIN: nothing was evicted yet */
    int64_t newest_us;
    struct node *top; /* NULL: no events */
    bool is_loaded;   /* the root is in memory */
    bool is_dirty;
    bool has_lifetime;
    bool *is_lifetime;               /* measures that a term reads over a lifetime window */
    size_t *offsets;                 /* of each measure's state */
    size_t states_size;              /* of all of them */
    struct states_free *states_free; /* given back, with the memory that their states own */
    char *lifetime;                  /* states of the evicted events */
    struct timeline_id *vanished;    /* stored records whose node is gone */
    size_t vanished_count, vanished_capacity;
};

/* ---- bits of time ---- */

static inline uint64_t time_bits(int64_t us)
{
    return (uint64_t)us ^ UINT64_C(1) << 63;
}
static inline int64_t bits_time(uint64_t bits)
{
    return (int64_t)(bits ^ UINT64_C(1) << 63);
}

/* The first `bits` bits. */
static inline uint64_t bits_cut(uint64_t x, unsigned bits)
{
    return bits ? x & UINT64_MAX << (64 - bits) : 0;
}

/* Common leading bits, a multiple of 4. */
static inline unsigned bits_common(uint64_t x, uint64_t y)
{
    return x == y ? 64 : (unsigned)__builtin_clzll(x ^ y) & ~3u;
}

static inline unsigned bits_slot(uint64_t x, unsigned bits)
{
    return (x >> (60 - bits)) & 15;
}

/* ---- ids and shape ---- */

static const struct timeline_id ROOT_ID = {0, 0, true};

static inline bool is_leaf_shaped(uint64_t count, int64_t first_us, int64_t last_us)
{
    return count <= TIMELINE_LEAF_EVENTS || first_us == last_us;
}

/* Of a leaf in slot s of node. */
struct timeline_id slot_id(const struct node *node, unsigned s);
/* Of an inner node with events from first to last. */
struct timeline_id span_id(int64_t first_us, int64_t last_us);
struct node *node_create(struct timeline *timeline, struct timeline_id id, bool is_leaf);
/* Frees a node (not its children); its record, if any, is to be deleted. */
void node_retire(struct timeline *timeline, struct node *node);
/* The stored record of id is to be deleted. */
void node_vanish(struct timeline *timeline, struct timeline_id id);
/* The child in slot s, loading it. */
enum nt_status node_child(struct timeline *timeline, struct node *node, unsigned s,
                          struct node **child, struct nt_error *error);
enum nt_status node_corrupt(const struct timeline *timeline, struct timeline_id id,
                            const char *what, struct nt_error *error);

/* ---- timeline_states.c ---- */

char *states_create(struct timeline *timeline);            /* of no events */
void states_give(struct timeline *timeline, char *states); /* NULL is fine */
void states_add(struct timeline *timeline, char *states, const struct nt_value *arguments);
void states_merge(struct timeline *timeline, char *states, const char *other);
void states_encode(const struct timeline *timeline, const char *states, struct buffer *out);
/* Decoded if they are not. id names the node in the error. */
enum nt_status slot_states(struct timeline *timeline, struct timeline_id id, struct slot *slot,
                           char **states, struct nt_error *error);
/* Count, span and partials of all that is in child. */
enum nt_status slot_summarize(struct timeline *timeline, struct slot *slot, struct node *child,
                              struct nt_error *error);
void slot_clear(struct timeline *timeline, struct slot *slot);
/* Into the lifetime partials. */
void lifetime_add(struct timeline *timeline, const struct nt_value *arguments);
void lifetime_merge(struct timeline *timeline, const char *states);

/* ---- timeline_leaf.c ---- */

/* Adds an event; tuple is copied. */
void leaf_insert(struct timeline *timeline, struct leaf *leaf, int64_t us, struct bytes tuple);
/* Appends one that is not before the last; takes event.tuple as it is. */
void leaf_append(struct timeline *timeline, struct leaf *leaf, struct leaf_event event);
/* Drops the first `count` events. */
void leaf_shift(struct timeline *timeline, struct leaf *leaf, uint32_t count);
/* Frees the arrays, not the tuples. */
void leaf_release(struct timeline *timeline, struct leaf *leaf);
/* The first event at or after us. */
uint32_t leaf_find(const struct leaf *leaf, int64_t us);
/* All arguments, kept with the leaf. */
enum nt_status leaf_values(struct timeline *timeline, struct node *node,
                           const struct nt_value **values, struct nt_error *error);
typedef void leaf_visit(void *self, struct nt_time event_time, const struct nt_value *arguments);
/* Visits events [first, end); arguments are valid in the call. */
enum nt_status leaf_each(struct timeline *timeline, struct node *node, uint32_t first, uint32_t end,
                         leaf_visit *visit, void *self, struct nt_error *error);

/* ---- timeline_insert.c ---- */

struct arrival {
    int64_t us;
    struct bytes tuple;
    const struct nt_value *arguments;
};
/* link may point at NULL: no events. edge is the id of a leaf in that place. */
enum nt_status node_insert(struct timeline *timeline, struct node **link, struct timeline_id edge,
                           const struct arrival *arrival, struct nt_error *error);

/* ---- timeline_evict.c ---- */

enum nt_status node_evict(struct timeline *timeline, struct node **link, struct timeline_id edge,
                          int64_t horizon_us, struct nt_error *error);

/* ---- timeline_record.c ---- */

void node_encode(const struct timeline *timeline, const struct node *node, struct buffer *out);
void root_encode(const struct timeline *timeline, struct buffer *out);
/* Reads the record of id into memory. */
enum nt_status node_load(struct timeline *timeline, struct timeline_id id, struct node **node,
                         struct nt_error *error);
/* Makes the root be in memory. */
enum nt_status root_load(struct timeline *timeline, struct nt_error *error);

#endif
