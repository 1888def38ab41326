/* aggregate_extreme.c: min(x) and max(x). The partial is the value, NULL for none. */
#include "runtime/aggregate.h"
#include "runtime/kept.h"

static void extreme_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct kept *)state = (struct kept){.value = NT_NULL};
}

static void extreme_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    ((struct kept *)state)->value = NT_NULL;
}

/* sign 1: keeps the greatest, -1: the least. */
static void extreme_offer(const struct nt_measure *measure, struct kept *kept,
                          struct nt_value value, int sign, struct nt_arena *arena)
{
    if (value.is_null) return;
    enum nt_type type = measure->types[0];
    if (kept->value.is_null || sign * value_order(type, value, kept->value) > 0) {
        kept_set(kept, type, value, arena);
    }
}

static void min_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                    struct nt_arena *arena)
{
    extreme_offer(measure, state, arguments[0], -1, arena);
}

static void max_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                    struct nt_arena *arena)
{
    extreme_offer(measure, state, arguments[0], 1, arena);
}

static void min_merge(const struct nt_measure *measure, void *state, const void *other,
                      struct nt_arena *arena)
{
    extreme_offer(measure, state, ((const struct kept *)other)->value, -1, arena);
}

static void max_merge(const struct nt_measure *measure, void *state, const void *other,
                      struct nt_arena *arena)
{
    extreme_offer(measure, state, ((const struct kept *)other)->value, 1, arena);
}

static struct nt_value extreme_final(struct nt_eval *e, const struct nt_measure *measure,
                                     const void *state)
{
    return kept_get(state, measure->types[0], e->arena);
}

static void extreme_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    kept_encode(state, measure->types[0], out);
}

static bool extreme_decode(const struct nt_measure *measure, void *state, struct reader *in,
                           struct nt_arena *arena)
{
    return kept_decode(state, measure->types[0], in, arena);
}

const struct nt_aggregate nt_aggregate_min = {
    .symbol = "min",
    .name = "min",
    .state_size = sizeof(struct kept),
    .init = extreme_init,
    .clear = extreme_clear,
    .add = min_add,
    .merge = min_merge,
    .final = extreme_final,
    .encode = extreme_encode,
    .decode = extreme_decode,
};
const struct nt_aggregate nt_aggregate_max = {
    .symbol = "max",
    .name = "max",
    .state_size = sizeof(struct kept),
    .init = extreme_init,
    .clear = extreme_clear,
    .add = max_add,
    .merge = max_merge,
    .final = extreme_final,
    .encode = extreme_encode,
    .decode = extreme_decode,
};
