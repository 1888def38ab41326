/*
 * timeline_finger.c: where the last event went. The next one often belongs in the same leaf, as
 * where events come in order, and is put there without a walk from the root; what is above the leaf
 * learns of all such events at once, when another leaf is next or anyone looks.
 *
 * Of FiBA (Tangwongsan, Hirzel, Schneider 2019), which inserts in order at half the cost of a walk
 * that adds to the partials of every level.
 */
#include "runtime/timeline_node.h"

#include <string.h>

/* Behind it: the states of what the path was not told of yet. */
struct finger {
    struct slot *path[DEPTH_MAX]; /* from the root's to the one that the leaf is in */
    unsigned depth;               /* 0: it points nowhere */
    struct timeline_id edge;      /* the leaf's place: which times belong in it */
    uint64_t count;               /* events that the path was not told of */
    int64_t first_us, last_us;    /* of these */
};

_Static_assert(sizeof(struct finger) % 16 == 0, "states are aligned to 16");

static char *finger_states(struct finger *finger)
{
    return (char *)(finger + 1);
}

static struct finger *finger_of(struct timeline *timeline)
{
    struct finger *finger = timeline->finger;
    if (finger) return finger;
    finger = pool_take(&timeline->pool, sizeof *finger + timeline->states_size);
    finger->count = 0;
    states_init(timeline, finger_states(finger));
    return timeline->finger = finger;
}

void finger_point(struct timeline *timeline, struct slot *const *path, unsigned depth,
                  struct timeline_id edge)
{
    struct finger *finger = finger_of(timeline);
    memcpy(finger->path, path, depth * sizeof *path);
    finger->depth = depth;
    finger->edge = edge;
}

bool finger_covers(const struct timeline *timeline, int64_t us)
{
    const struct finger *finger = timeline->finger;
    return finger && finger->depth &&
           bits_share(time_bits(us), finger->edge.prefix, finger->edge.bits);
}

void finger_settle(struct timeline *timeline)
{
    struct finger *finger = timeline->finger;
    if (!finger) return;
    for (unsigned i = 0; i < finger->depth && finger->count; i++) {
        slot_extend(finger->path[i], finger->count, finger->first_us, finger->last_us);
        states_merge(timeline, finger->path[i]->states, finger_states(finger));
    }
    if (finger->count) states_clear(timeline, finger_states(finger));
    finger->count = 0;
    finger->depth = 0;
}

enum nt_status finger_insert(struct timeline *timeline, const struct arrival *arrival,
                             struct nt_error *error)
{
    struct finger *finger = timeline->finger;
    struct node **link = &finger->path[finger->depth - 1]->child;
    enum nt_status status = leaf_add(timeline, link, finger->edge, arrival, error);
    if (status != NT_OK) return status;
    if (finger->count == 0 || arrival->us < finger->first_us) finger->first_us = arrival->us;
    if (finger->count == 0 || arrival->us > finger->last_us) finger->last_us = arrival->us;
    finger->count++;
    states_add(timeline, finger_states(finger), arrival->arguments);
    if (!(*link)->is_leaf) finger_settle(timeline);
    return NT_OK;
}
