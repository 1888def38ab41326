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

enum side { LAST, FIRST }; /* from the last slot back, from the first one on */

#define PREFETCH_MAX 512 /* bytes: the states of wide measures are not all asked for */

#define SUMS_SIDE (SLOTS - 1) /* of two slots up to SLOTS: one slot is a sum already */

/* Behind it, in one block, as a read wants it: the states of either side's sums. */
struct sums {
    struct sums *next;   /* in timeline->sums_free */
    uint32_t created[2]; /* so many of a side have states, up to date or not */
};

_Static_assert(sizeof(struct sums) % 16 == 0, "states are aligned to 16");

static size_t sums_size(const struct timeline *timeline)
{
    return sizeof(struct sums) + 2 * SUMS_SIDE * timeline->states_size;
}

/* The sum of n slots, n >= 2. */
static char *sum_at(const struct timeline *timeline, struct sums *sums, enum side side, unsigned n)
{
    return (char *)(sums + 1) + (side * SUMS_SIDE + n - 2) * timeline->states_size;
}

static void sums_cut(struct node *node, enum side side, unsigned held)
{
    if (held < 1) held = 1;
    if (node->inner.sums_held[side] > held) node->inner.sums_held[side] = (uint8_t)held;
}

void sums_touch(struct node *node, unsigned s)
{
    unsigned used = node->inner.used;
    if (!node->inner.sums) return;
    sums_cut(node, FIRST, slots_count(slots_below(used, s)));
    sums_cut(node, LAST, slots_count(slots_above(used, s)));
}

void sums_give(struct timeline *timeline, struct node *node)
{
    struct sums *sums = node->inner.sums;
    if (!sums) return;
    sums->next = timeline->sums_free;
    timeline->sums_free = sums;
    node->inner.sums = NULL;
}

static struct sums *sums_of(struct timeline *timeline, struct node *node)
{
    struct sums *sums = node->inner.sums;
    if (sums) return sums;
    sums = timeline->sums_free;
    if (sums) {
        timeline->sums_free = sums->next;
    } else {
        sums = pool_take(&timeline->pool, sums_size(timeline));
        sums->created[FIRST] = sums->created[LAST] = 0;
    }
    node->inner.sums_held[FIRST] = node->inner.sums_held[LAST] = 1;
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

/* The sum of n slots, those of less being there, made anew from that of n - 1 and slot n. */
static char *sum_make(struct timeline *timeline, struct node *node, enum side side, unsigned n,
                      const char *less, const char *part)
{
    struct sums *sums = node->inner.sums;
    char *sum = sum_at(timeline, sums, side, n);
    if (sums->created[side] >= n - 1) {
        states_clear(timeline, sum);
    } else {
        states_init(timeline, sum);
        sums->created[side] = n - 1;
    }
    sum_add(timeline, sum, less);
    sum_add(timeline, sum, part);
    node->inner.sums_held[side] = (uint8_t)n;
    return sum;
}

void sums_prefetch(const struct timeline *timeline, const struct node *node, bool is_first,
                   unsigned count)
{
    struct sums *sums = node->inner.sums;
    enum side side = is_first ? FIRST : LAST;
    if (!sums || count < 2 || count > node->inner.sums_held[side]) return;
    size_t size = timeline->states_size < PREFETCH_MAX ? timeline->states_size : PREFETCH_MAX;
    memory_prefetch(sum_at(timeline, sums, side, count), size);
}

enum nt_status sums_get(struct timeline *timeline, struct node *node, bool is_first, unsigned count,
                        const char **states, struct nt_error *error)
{
    struct sums *sums = sums_of(timeline, node);
    enum side side = is_first ? FIRST : LAST;
    unsigned used = node->inner.used;
    const char *sum = NULL;
    if (count > 1 && count <= node->inner.sums_held[side]) {
        *states = sum_at(timeline, sums, side, count);
        return NT_OK;
    }
    for (unsigned n = 1; n <= count; n++) {
        unsigned s = is_first ? slots_first(used) : slots_last(used);
        char *part;
        used ^= 1u << s;
        if (n > 1 && n <= node->inner.sums_held[side]) {
            sum = sum_at(timeline, sums, side, n);
            continue;
        }
        enum nt_status status = slot_states(timeline, node->id, &node_slots(node)[s], &part, error);
        if (status != NT_OK) return status;
        sum = n == 1 ? part : sum_make(timeline, node, side, n, sum, part);
    }
    *states = sum;
    return NT_OK;
}
