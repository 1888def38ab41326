/*
 * timeline_sums.c: sums over the slots of an inner node, from either end. A window reads all slots
 * behind its left edge and all before its right edge: kept sums make that one merge a level where
 * it would be up to fifteen.
 *
 * They are made when a node is read a second time, as far as that read wants, and only in memory. A
 * change of a slot leaves those that do not reach it: events that arrive in order touch the last
 * slot only. Measures whose states grow with what is added (nt_aggregate.grows) have no sums, which
 * would be copies of all values below, sixteen times a level.
 */
#include "runtime/aggregate.h"
#include "runtime/timeline_node.h"

/* sums[n] is of n slots in use; [0] and [1] stay NULL, for one slot is a sum already. */
struct side {
    char *sums[SLOTS + 1];
    unsigned valid; /* those of at most this many slots hold; at least 1 */
};

struct sums {
    struct side first, last; /* from the first slot on, from the last one back */
};

static void side_cut(struct side *side, unsigned valid)
{
    if (valid < 1) valid = 1;
    if (side->valid > valid) side->valid = valid;
}

void sums_touch(struct node *node, unsigned s)
{
    struct sums *sums = node->inner.sums;
    if (!sums) return;
    unsigned used = node->inner.used;
    side_cut(&sums->first, slots_count(slots_below(used, s)));
    side_cut(&sums->last, slots_count(slots_above(used, s)));
}

static void side_give(struct timeline *timeline, struct side *side)
{
    for (unsigned i = 0; i <= SLOTS; i++) states_give(timeline, side->sums[i]);
}

void sums_give(struct timeline *timeline, struct node *node)
{
    struct sums *sums = node->inner.sums;
    if (!sums) return;
    side_give(timeline, &sums->first);
    side_give(timeline, &sums->last);
    pool_give(&timeline->pool, sums, sizeof *sums);
    node->inner.sums = NULL;
}

static struct sums *sums_of(struct timeline *timeline, struct node *node)
{
    struct sums *sums = node->inner.sums;
    if (sums) return sums;
    sums = pool_take(&timeline->pool, sizeof *sums);
    *sums = (struct sums){.first.valid = 1, .last.valid = 1};
    return node->inner.sums = sums;
}

/* to := to + states, but for the measures whose states grow. */
static void sum_add(struct timeline *timeline, char *to, const char *states)
{
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        size_t offset = timeline->offsets[i];
        if (measure->aggregate->grows) continue;
        measure->aggregate->merge(measure, to + offset, states + offset, timeline->pool.arena);
    }
}

static char *sum_begin(struct timeline *timeline, struct side *side, unsigned n)
{
    if (side->sums[n])
        states_clear(timeline, side->sums[n]);
    else
        side->sums[n] = states_create(timeline);
    return side->sums[n];
}

enum nt_status sums_get(struct timeline *timeline, struct node *node, bool is_first, unsigned count,
                        const char **states, struct nt_error *error)
{
    struct sums *sums = sums_of(timeline, node);
    struct side *side = is_first ? &sums->first : &sums->last;
    if (count > 1 && count <= side->valid) {
        *states = side->sums[count];
        return NT_OK;
    }
    unsigned used = node->inner.used;
    const char *sum = NULL;
    for (unsigned n = 1; n <= count; n++) {
        unsigned s = is_first ? slots_first(used) : slots_last(used);
        char *part;
        used ^= 1u << s;
        if (n > 1 && n <= side->valid) {
            sum = side->sums[n];
            continue;
        }
        enum nt_status status = slot_states(timeline, node->id, &node_slots(node)[s], &part, error);
        if (status != NT_OK) return status;
        if (n > 1) {
            char *next = sum_begin(timeline, side, n);
            sum_add(timeline, next, sum);
            sum_add(timeline, next, part);
            side->valid = n;
            part = next;
        }
        sum = part;
    }
    *states = sum;
    return NT_OK;
}
