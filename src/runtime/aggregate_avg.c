/* aggregate_avg.c: avg(x): the exact total over the count, divided as PostgreSQL divides. NULL for
 * no values. */
#include "runtime/total.h"

static struct nt_value avg_of(struct nt_eval *e, struct nt_numeric sum, uint64_t count)
{
    struct nt_numeric mean;
    if (!numeric_div(e->arena, sum, numeric_of_int((__int128)count), &mean)) {
        return nt_fail(e, NUMERIC_OVERFLOW);
    }
    return numeric_value(e, mean);
}

static struct nt_value avg_integer_final(struct nt_eval *e, const struct nt_measure *measure,
                                         const void *state)
{
    (void)measure;
    const struct total_integer *total = state;
    struct nt_numeric sum;
    if (total->count == 0) return NT_NULL;
    if (!total_integer_sum(e->arena, total, &sum)) return nt_fail(e, NUMERIC_OVERFLOW);
    return avg_of(e, sum, total->count);
}

static struct nt_value avg_numeric_final(struct nt_eval *e, const struct nt_measure *measure,
                                         const void *state)
{
    (void)measure;
    const struct total_numeric *total = state;
    struct nt_numeric sum;
    if (total->count == 0) return NT_NULL;
    if (!total_numeric_sum(e->arena, total, &sum)) return nt_fail(e, NUMERIC_OVERFLOW);
    if (sum.kind != NT_NUMERIC_FINITE) return numeric_value(e, sum);
    return avg_of(e, sum, total->count);
}

static struct nt_value avg_float8_final(struct nt_eval *e, const struct nt_measure *measure,
                                        const void *state)
{
    (void)e, (void)measure;
    const struct exact_sum *total = state;
    return total->count ? nt_float8(exact_sum_mean(total)) : NT_NULL;
}

/* PostgreSQL's interval_avg is interval_div of the sum by the count as a double. */
static struct nt_value avg_interval_final(struct nt_eval *e, const struct nt_measure *measure,
                                          const void *state)
{
    (void)measure;
    const struct total_interval *total = state;
    struct nt_interval sum;
    if (total->count == 0) return NT_NULL;
    if (!total_interval_sum(total, &sum)) return nt_fail(e, INTERVAL_OVERFLOW);
    struct nt_value value = {.interval = nt_arena_copy(e->arena, &sum, sizeof sum)};
    return nt_interval_div(e, value, nt_float8((double)total->count));
}

#define AVG(argument, shape, state, finish, rounded)                                               \
    const struct nt_aggregate nt_aggregate_avg_##argument = {                                      \
        .symbol = "avg_" #argument,                                                                \
        .name = "avg",                                                                             \
        .state_size = sizeof(struct state),                                                        \
        .is_rounded = rounded,                                                                     \
        .init = shape##_init,                                                                      \
        .clear = shape##_clear,                                                                    \
        .add = shape##_add,                                                                        \
        .merge = shape##_merge,                                                                    \
        .final = avg_##finish##_final,                                                             \
        .encode = shape##_encode,                                                                  \
        .decode = shape##_decode,                                                                  \
    };
AVG(int4, total_integer, total_integer, integer, false)
AVG(int8, total_integer, total_integer, integer, false)
AVG(numeric, total_numeric, total_numeric, numeric, false)
AVG(float8, total_float8, exact_sum, float8, true)
AVG(interval, total_interval, total_interval, interval, false)
