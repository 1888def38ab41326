/*
 * timeline_node.h: what timeline.c and its parts share: nodes in memory.
 *
 *   timeline.c         create, add, flush, walk: the public calls
 *   timeline_states.c  the partials of all measures, side by side
 *   timeline_leaf.c    sorted events
 *   timeline_insert.c  adding, and building nodes from events
 *   timeline_finger.c  adding where the last one was added
 *   timeline_evict.c   dropping up to the horizon
 *   timeline_unique.c  of events with equal keys one counts
 *   timeline_read.c    windows
 *   timeline_sums.c    sums over the first and last slots of a node, for windows
 *   timeline_rebuild.c the same anew, for checks
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

#define SLOTS     16
#define DEPTH_MAX 16 /* inner nodes: 4 bits of 64 each */

/* Behind the node, in its own block of memory, so that a read misses the cache once, not once for
 * each array: times[capacity], sorted by (time, tuple bytes); ends[capacity], where each tuple
 * ends; the tuples (row/tuple.h encodings of the view's arguments), `room` bytes. */
struct leaf {
    uint32_t count;
    uint32_t capacity;
    uint32_t room;
};

struct slot {
    uint64_t count; /* 0: empty */
    int64_t first_us, last_us;
    struct node *child;   /* NULL: not loaded */
    char *states;         /* of all that is in the slot; NULL: not decoded */
    struct bytes encoded; /* of the states, while they are NULL */
};

/* The slots are behind the node, in its own block. */
struct inner {
    struct sums *sums;    /* timeline_sums.c; NULL: none yet */
    uint32_t read;        /* number of the last call of timeline_read that came here; 0: none */
    uint16_t used;        /* bit s: slot s is not empty */
    uint8_t sums_held[2]; /* over up to so many of the last and of the first slots; 1: none */
};

struct node {
    struct timeline_id id; /* prefix and bits are right for the root too */
    bool is_leaf;
    bool is_dirty;  /* then all above it are */
    bool is_stored; /* there is a record of its own under id */
    union {
        struct leaf leaf;
        struct inner inner;
    };
};

_Static_assert(sizeof(struct node) % _Alignof(struct slot) == 0, "what is behind is aligned");

struct timeline {
    struct pool pool;
    const struct nt_view *view;
    struct timeline_source source;
    int64_t horizon_us; /* INT64_MIN: nothing was evicted yet */
    int64_t swept_us;   /* the same of timeline_sweep */
    int64_t newest_us;
    struct node *top;      /* NULL: no events */
    struct finger *finger; /* timeline_finger.c; NULL: none yet */
    uint32_t reads;        /* calls of timeline_read so far */
    bool is_loaded;        /* the root is in memory */
    bool is_dirty;
    bool has_lifetime;
    uint8_t *tuple; /* of the event that is being added, where it is large */
    size_t tuple_capacity;
    bool *is_lifetime;               /* measures that a term reads over a lifetime window */
    size_t *offsets;                 /* of each measure's state */
    size_t states_size;              /* of all of them */
    struct states_free *states_free; /* given back, with the memory that their states own */
    struct sums *sums_free;          /* the same of timeline_sums.c */
    char *lifetime;                  /* states of the evicted events; NULL: no term reads any */
    struct timeline_id *vanished;    /* stored records whose node is gone */
    size_t vanished_count, vanished_capacity;
};

/* Up to where there are no events any more. */
static inline int64_t horizon_of(const struct timeline *timeline)
{
    return timeline->horizon_us > timeline->swept_us ? timeline->horizon_us : timeline->swept_us;
}

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

/* Do they share the first `bits` bits? */
static inline bool bits_share(uint64_t x, uint64_t y, unsigned bits)
{
    return bits == 0 || (x ^ y) >> (64 - bits) == 0;
}

/* ---- sets of slots, a bit each; not empty ---- */

static inline unsigned slots_first(unsigned slots)
{
    return (unsigned)__builtin_ctz(slots);
}
static inline unsigned slots_last(unsigned slots)
{
    return 31 - (unsigned)__builtin_clz(slots);
}
static inline unsigned slots_below(unsigned slots, unsigned s)
{
    return slots & ((1u << s) - 1);
}
static inline unsigned slots_above(unsigned slots, unsigned s)
{
    return slots >> s >> 1 << s << 1;
}
static inline unsigned slots_count(unsigned slots)
{
    slots -= slots >> 1 & 0x5555; /* side by side, as no instruction for it can be counted on */
    slots = (slots & 0x3333) + (slots >> 2 & 0x3333);
    slots = (slots + (slots >> 4)) & 0x0f0f;
    return (slots + (slots >> 8)) & 0x1f;
}

/* ---- what is behind a node ---- */

static inline struct slot *node_slots(struct node *node)
{
    return (struct slot *)(void *)(node + 1);
}
static inline int64_t *leaf_times(struct node *node)
{
    return (int64_t *)(void *)(node + 1);
}
static inline uint32_t *leaf_ends(struct node *node)
{
    return (uint32_t *)(void *)(leaf_times(node) + node->leaf.capacity);
}
static inline uint8_t *leaf_tuples(struct node *node)
{
    return (uint8_t *)(leaf_ends(node) + node->leaf.capacity);
}
/* Where tuple i begins among the tuples; i may be count: where the last one ends. */
static inline uint32_t leaf_begin(struct node *node, uint32_t i)
{
    return i ? leaf_ends(node)[i - 1] : 0;
}

/* ---- ids and shape ---- */

static const struct timeline_id ROOT_ID = {0, 0, true};

static inline void slot_extend(struct slot *slot, uint64_t count, int64_t first_us, int64_t last_us)
{
    if (slot->count == 0 || first_us < slot->first_us) slot->first_us = first_us;
    if (slot->count == 0 || last_us > slot->last_us) slot->last_us = last_us;
    slot->count += count;
}

static inline bool is_leaf_shaped(uint64_t count, int64_t first_us, int64_t last_us)
{
    return count <= TIMELINE_LEAF_EVENTS || first_us == last_us;
}

/* Of a leaf in slot s of node. */
struct timeline_id slot_id(const struct node *node, unsigned s);
/* Of an inner node with events from first to last. */
struct timeline_id span_id(int64_t first_us, int64_t last_us);
/* Without a slot in use. */
struct node *inner_create(struct timeline *timeline, struct timeline_id id);
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

char *states_create(struct timeline *timeline);             /* of no events */
void states_init(struct timeline *timeline, char *states);  /* where there was nothing */
void states_clear(struct timeline *timeline, char *states); /* back to no events */
void states_give(struct timeline *timeline, char *states);  /* NULL is fine */
void states_add(struct timeline *timeline, char *states, const struct nt_value *arguments);
/* To the states of `count` slots at once: a measure at a time. */
void slots_add(struct timeline *timeline, struct slot *const *slots, unsigned count,
               const struct nt_value *arguments);
void states_merge(struct timeline *timeline, char *states, const char *other);
void states_encode(const struct timeline *timeline, const char *states, struct buffer *out);
/* Decoded if they are not. id names the node in the error. */
enum nt_status slot_states(struct timeline *timeline, struct timeline_id id, struct slot *slot,
                           char **states, struct nt_error *error);
/* Puts child into slot s of node: its count, span and partials. */
enum nt_status slot_summarize(struct timeline *timeline, struct node *node, unsigned s,
                              struct node *child, struct nt_error *error);
void slot_clear(struct timeline *timeline, struct node *node, unsigned s);
/* Into the lifetime partials. */
void lifetime_add(struct timeline *timeline, const struct nt_value *arguments);
void lifetime_merge(struct timeline *timeline, const char *states);

/* ---- timeline_leaf.c ---- */

/* With room for so many events and bytes of tuples. */
struct node *leaf_create(struct timeline *timeline, struct timeline_id id, uint32_t events,
                         uint32_t bytes);
/* The error of a leaf whose tuples do not fit. */
enum nt_status leaf_refuse(const struct timeline *timeline, uint64_t events, uint64_t bytes,
                           struct nt_error *error);
void leaf_give(struct timeline *timeline, struct node *node);
/* Adds an event; tuple is copied. The node moves when it grows. */
enum nt_status leaf_insert(struct timeline *timeline, struct node **link, int64_t us,
                           struct bytes tuple, struct nt_error *error);
/* Appends an event that is not before the last; there is room. */
void leaf_append(struct node *node, int64_t us, struct bytes tuple);
/* Appends events [first, end) of the leaf other, none before the last of node; there is room. */
void leaf_extend(struct node *node, struct node *other, uint32_t first, uint32_t end);
/* Drops the first `count` events; the one event i. */
void leaf_shift(struct node *node, uint32_t count);
void leaf_remove(struct node *node, uint32_t i);
struct bytes leaf_tuple(struct node *node, uint32_t i);
/* The first event at or after us; count for none. */
uint32_t leaf_find(struct node *node, int64_t us);
/* The arguments of events [first, end) into values[argument_count] of each. What they point at
 * lives in arena or in the leaf. */
enum nt_status leaf_decode(struct timeline *timeline, struct node *node, uint32_t first,
                           uint32_t end, struct nt_arena *arena, struct nt_value *values,
                           struct nt_error *error);
typedef void leaf_visit(void *self, struct nt_time event_time, const struct nt_value *arguments);
/* Visits events [first, end); arguments are valid in the call. */
enum nt_status leaf_each(struct timeline *timeline, struct node *node, uint32_t first, uint32_t end,
                         leaf_visit *visit, void *self, struct nt_error *error);

/* ---- timeline_sums.c ---- */

/* What slot s holds has changed. */
void sums_touch(struct node *node, unsigned s);
void sums_give(struct timeline *timeline, struct node *node);
/* Asks memory for what sums_get would give, if it is there. */
void sums_prefetch(const struct timeline *timeline, const struct node *node, bool is_first,
                   unsigned count);
/* The partials of the first (else the last) `count` slots in use, 1 <= count, but for those
 * measures whose states grow. */
enum nt_status sums_get(struct timeline *timeline, struct node *node, bool is_first, unsigned count,
                        const char **states, struct nt_error *error);

/* ---- timeline_insert.c ---- */

struct arrival {
    int64_t us;
    struct bytes tuple;
    const struct nt_value *arguments;
};
enum nt_status node_insert(struct timeline *timeline, const struct arrival *arrival,
                           struct nt_error *error);
/* Into the leaf *link, or NULL: no events. edge is the id of a leaf in that place. */
enum nt_status leaf_add(struct timeline *timeline, struct node **link, struct timeline_id edge,
                        const struct arrival *arrival, struct nt_error *error);

/* ---- timeline_finger.c ---- */

/* The last event went into the leaf of path's last slot, the place edge; the path knows of it. */
void finger_point(struct timeline *timeline, struct slot *const *path, unsigned depth,
                  struct timeline_id edge);
/* Would an event at us go there too? Then finger_insert puts it there. */
bool finger_covers(const struct timeline *timeline, int64_t us);
enum nt_status finger_insert(struct timeline *timeline, const struct arrival *arrival,
                             struct nt_error *error);
/* Tells the path of all that was put there, and points nowhere: before any use of the nodes but by
 * these. */
void finger_settle(struct timeline *timeline);

/* ---- timeline_evict.c ---- */

enum nt_status node_evict(struct timeline *timeline, struct node **link, struct timeline_id edge,
                          int64_t horizon_us, struct nt_error *error);

/* Gives *link, an inner node from which something was dropped, the shape of what it holds now. */
enum nt_status node_reshape(struct timeline *timeline, struct node **link, struct timeline_id edge,
                            struct nt_error *error);

#define TUPLE_NEAR 256 /* bytes */
/* The arguments as a tuple, in near if that is large enough, else in memory that is used again for
 * the next event: most timelines need none. */
struct bytes tuple_make(struct timeline *timeline, const struct nt_value *arguments,
                        uint8_t near[TUPLE_NEAR]);

/* ---- timeline_unique.c ---- */

/* Of a view with an event key: makes way for the arrival. *is_beaten: what is there counts, and the
 * arrival does not. */
enum nt_status arrival_settle(struct timeline *timeline, const struct arrival *arrival,
                              bool *is_beaten, struct nt_error *error);

/* ---- timeline_record.c ---- */

void node_encode(const struct timeline *timeline, struct node *node, struct buffer *out);
void root_encode(const struct timeline *timeline, struct buffer *out);
/* Reads the record of id into memory. */
enum nt_status node_load(struct timeline *timeline, struct timeline_id id, struct node **node,
                         struct nt_error *error);
/* Makes the root be in memory, and the finger settled. */
enum nt_status root_load(struct timeline *timeline, struct nt_error *error);

#endif
