/* aggregate_count.c: count(*), count(x) and regr_count(y, x). The partial is the count; its
 * encoding a varint. */
#include "runtime/aggregate.h"

static void count_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(uint64_t *)state = 0;
}

static void count_star_add(const struct nt_measure *measure, void *state,
                           const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arguments, (void)arena;
    ++*(uint64_t *)state;
}

static void count_star_add_times(const struct nt_measure *measure, void *state, uint64_t count)
{
    (void)measure;
    *(uint64_t *)state += count;
}

static void count_add(const struct nt_measure *measure, void *state,
                      const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    *(uint64_t *)state += !arguments[0].is_null;
}

static void regr_count_add(const struct nt_measure *measure, void *state,
                           const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    *(uint64_t *)state += !arguments[0].is_null && !arguments[1].is_null;
}

static void count_merge(const struct nt_measure *measure, void *state, const void *other,
                        struct nt_arena *arena)
{
    (void)measure, (void)arena;
    *(uint64_t *)state += *(const uint64_t *)other;
}

static struct nt_value count_final(struct nt_eval *e, const struct nt_measure *measure,
                                   const void *state)
{
    (void)e, (void)measure;
    return nt_integer((int64_t) * (const uint64_t *)state);
}

static void count_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    buffer_append_varint(out, *(const uint64_t *)state);
}

static bool count_decode(const struct nt_measure *measure, void *state, struct reader *in,
                         struct nt_arena *arena)
{
    (void)measure, (void)arena;
    *(uint64_t *)state = reader_varint(in);
    return !in->is_short;
}

const struct nt_aggregate nt_aggregate_count_star = {
    .symbol = "count_star",
    .name = "count",
    .state_size = sizeof(uint64_t),
    .init = count_init,
    .clear = count_init,
    .add = count_star_add,
    .add_times = count_star_add_times,
    .merge = count_merge,
    .final = count_final,
    .encode = count_encode,
    .decode = count_decode,
};
const struct nt_aggregate nt_aggregate_count = {
    .symbol = "count",
    .name = "count",
    .state_size = sizeof(uint64_t),
    .init = count_init,
    .clear = count_init,
    .add = count_add,
    .merge = count_merge,
    .final = count_final,
    .encode = count_encode,
    .decode = count_decode,
};
const struct nt_aggregate nt_aggregate_regr_count = {
    .symbol = "regr_count",
    .name = "regr_count",
    .state_size = sizeof(uint64_t),
    .init = count_init,
    .clear = count_init,
    .add = regr_count_add,
    .merge = count_merge,
    .final = count_final,
    .encode = count_encode,
    .decode = count_decode,
};
