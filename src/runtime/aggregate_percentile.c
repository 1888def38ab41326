/*
 * aggregate_percentile.c: percentile_cont, percentile_disc, median, mode and top_k, exact. The
 * partial is the multiset of the values, NULL left out. Results follow orderedsetaggs.c of
 * PostgreSQL; where it may return any of several equal values (1.0, 1.00), the place in the order
 * by bits decides, and mode takes the least of its group.
 */
#include "runtime/aggregate.h"
#include "runtime/multiset.h"

#include "row/array.h"

#include <math.h>
#include <stdlib.h>

static void percentile_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct multiset *)state = (struct multiset){0};
}

static void percentile_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    multiset_clear(state);
}

static void percentile_add(const struct nt_measure *measure, void *state,
                           const struct nt_value *arguments, struct nt_arena *arena)
{
    if (!arguments[0].is_null) multiset_add(state, measure->types[0], arguments[0], 1, arena);
}

static void percentile_merge(const struct nt_measure *measure, void *state, const void *other,
                             struct nt_arena *arena)
{
    multiset_merge(state, measure->types[0], other, arena);
}

static void percentile_encode(const struct nt_measure *measure, const void *state,
                              struct buffer *out)
{
    multiset_encode(state, measure->types[0], true, out);
}

static bool percentile_decode(const struct nt_measure *measure, void *state, struct reader *in,
                              struct nt_arena *arena)
{
    return multiset_decode(state, measure->types[0], true, in, arena);
}

static struct nt_value value_at(struct nt_eval *e, const struct nt_measure *measure,
                                const struct multiset *set, double place)
{
    struct kept kept = {.value = multiset_at(set, (uint64_t)place)};
    return kept_get(&kept, measure->types[0], e->arena);
}

/* low + part * (high - low), as float8_lerp and interval_lerp. */
static struct nt_value lerp(struct nt_eval *e, enum nt_type type, struct nt_value low,
                            struct nt_value high, double part)
{
    if (type == NT_FLOAT8) return nt_float8(low.float8 + part * (high.float8 - low.float8));
    struct nt_value difference = nt_interval_sub(e, high, low);
    return nt_interval_add(e, nt_interval_mul(e, difference, nt_float8(part)), low);
}

static struct nt_value cont_of(struct nt_eval *e, const struct nt_measure *measure,
                               const struct multiset *set, double fraction)
{
    uint64_t total = multiset_total(set);
    if (total == 0) return NT_NULL;
    double place = fraction * (double)(total - 1);
    struct nt_value low = value_at(e, measure, set, floor(place));
    if (floor(place) == ceil(place)) return low;
    struct nt_value high = value_at(e, measure, set, ceil(place));
    return lerp(e, measure->types[0], low, high, place - floor(place));
}

static struct nt_value cont_final(struct nt_eval *e, const struct nt_measure *measure,
                                  const void *state)
{
    return cont_of(e, measure, state, measure->parameters[0].float8);
}

static struct nt_value median_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    return cont_of(e, measure, state, 0.5);
}

static struct nt_value disc_final(struct nt_eval *e, const struct nt_measure *measure,
                                  const void *state)
{
    const struct multiset *set = state;
    uint64_t total = multiset_total(set);
    if (total == 0) return NT_NULL;
    double rank = ceil(measure->parameters[0].float8 * (double)total);
    return value_at(e, measure, set, rank > 1 ? rank - 1 : 0);
}

/* Of several groups of one size the first. */
static struct nt_value mode_final(struct nt_eval *e, const struct nt_measure *measure,
                                  const void *state)
{
    const struct multiset *set = state;
    struct kept best = {.value = NT_NULL};
    uint64_t most = 0;
    for (uint32_t i = 0, end; i < set->count; i = end) {
        uint64_t count = 0;
        end = multiset_group_end(set, measure->types[0], i);
        for (uint32_t j = i; j < end; j++) count += set->entries[j].count;
        if (count <= most) continue;
        most = count;
        best.value = set->entries[i].kept.value;
    }
    return kept_get(&best, measure->types[0], e->arena);
}

/* Values that PostgreSQL calls equal, and the first of them. */
struct group {
    uint64_t count;
    uint32_t first;
};

/* The most frequent first, of equally many the lesser. */
static int group_order(const void *x_, const void *y_)
{
    const struct group *x = x_, *y = y_;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static struct nt_value top_final(struct nt_eval *e, const struct nt_measure *measure,
                                 const void *state)
{
    const struct multiset *set = state;
    if (set->count == 0) return NT_NULL;
    struct group *groups = nt_arena_alloc(e->arena, set->count * sizeof *groups);
    uint32_t count = 0, most = (uint32_t)measure->parameters[0].integer;
    for (uint32_t i = 0, end; i < set->count; i = end, count++) {
        end = multiset_group_end(set, measure->types[0], i);
        groups[count] = (struct group){0, i};
        for (uint32_t j = i; j < end; j++) groups[count].count += set->entries[j].count;
    }
    qsort(groups, count, sizeof *groups, group_order);
    if (count > most) count = most;
    struct nt_value *values = nt_arena_alloc(e->arena, count * sizeof *values);
    for (uint32_t i = 0; i < count; i++) values[i] = set->entries[groups[i].first].kept.value;
    return array_make(measure->types[0], values, count, e->arena);
}

#define PERCENTILE(which, sql, finish)                                                             \
    const struct nt_aggregate nt_aggregate_##which = {                                             \
        .symbol = #which,                                                                          \
        .name = sql,                                                                               \
        .state_size = sizeof(struct multiset),                                                     \
        .grows = true,                                                                             \
        .init = percentile_init,                                                                   \
        .clear = percentile_clear,                                                                 \
        .add = percentile_add,                                                                     \
        .merge = percentile_merge,                                                                 \
        .final = finish,                                                                           \
        .encode = percentile_encode,                                                               \
        .decode = percentile_decode,                                                               \
    };
PERCENTILE(percentile_cont_float8, "percentile_cont", cont_final)
PERCENTILE(percentile_cont_interval, "percentile_cont", cont_final)
PERCENTILE(percentile_disc, "percentile_disc", disc_final)
PERCENTILE(median_float8, "median", median_final)
PERCENTILE(median_interval, "median", median_final)
PERCENTILE(mode, "mode", mode_final)
PERCENTILE(top_k, "top_k", top_final)
