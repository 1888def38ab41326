/*
 * aggregate_distinct.c: any aggregate of the distinct values of its argument: count(DISTINCT x).
 * The partial is the set of the values, NULL left out as every aggregate of one argument does; the
 * result is what the aggregate itself makes of them. Of values that PostgreSQL calls equal (1.0
 * and 1.00) the greatest by their bits stands for all.
 */
#include "runtime/aggregate.h"
#include "runtime/multiset.h"

static void distinct_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct multiset *)state = (struct multiset){0};
}

static void distinct_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    multiset_clear(state);
}

static void distinct_add(const struct nt_measure *measure, void *state,
                         const struct nt_value *arguments, struct nt_arena *arena)
{
    if (!arguments[0].is_null) multiset_add(state, measure->types[0], arguments[0], 1, arena);
}

static void distinct_merge(const struct nt_measure *measure, void *state, const void *other,
                           struct nt_arena *arena)
{
    multiset_merge(state, measure->types[0], other, arena);
}

static struct nt_value distinct_final(struct nt_eval *e, const struct nt_measure *measure,
                                      const void *state)
{
    const struct multiset *set = state;
    struct nt_measure inner = *measure;
    inner.aggregate = measure->over;
    inner.over = NULL;
    void *result = nt_arena_alloc(e->arena, inner.aggregate->state_size);
    inner.aggregate->init(&inner, result);
    for (uint32_t i = 0; i < set->count;) {
        i = multiset_group_end(set, measure->types[0], i);
        inner.aggregate->add(&inner, result, &set->entries[i - 1].kept.value, e->arena);
    }
    return inner.aggregate->final(e, &inner, result);
}

static void distinct_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    multiset_encode(state, measure->types[0], false, out);
}

static bool distinct_decode(const struct nt_measure *measure, void *state, struct reader *in,
                            struct nt_arena *arena)
{
    return multiset_decode(state, measure->types[0], false, in, arena);
}

const struct nt_aggregate nt_aggregate_distinct = {
    .symbol = "distinct",
    .name = "distinct",
    .state_size = sizeof(struct multiset),
    .grows = true,
    .init = distinct_init,
    .clear = distinct_clear,
    .add = distinct_add,
    .merge = distinct_merge,
    .final = distinct_final,
    .encode = distinct_encode,
    .decode = distinct_decode,
};
