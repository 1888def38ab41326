/* aggregate_sum.c: sum(x). NULL for no values. Only the result can overflow, never a partial. */
#include "runtime/total.h"

static struct nt_value sum_int4_final(struct nt_eval *e, const struct nt_measure *measure,
                                      const void *state)
{
    (void)measure;
    const struct total_integer *total = state;
    if (total->count == 0) return NT_NULL;
    if (total->sum != (int64_t)total->sum) return nt_fail(e, "bigint out of range");
    return nt_integer((int64_t)total->sum);
}

static struct nt_value sum_int8_final(struct nt_eval *e, const struct nt_measure *measure,
                                      const void *state)
{
    (void)measure;
    const struct total_integer *total = state;
    struct nt_numeric sum;
    if (total->count == 0) return NT_NULL;
    if (!total_integer_sum(e->arena, total, &sum)) return nt_fail(e, NUMERIC_OVERFLOW);
    return numeric_value(e, sum);
}

static struct nt_value sum_numeric_final(struct nt_eval *e, const struct nt_measure *measure,
                                         const void *state)
{
    (void)measure;
    const struct total_numeric *total = state;
    struct nt_numeric sum;
    if (total->count == 0) return NT_NULL;
    if (!total_numeric_sum(e->arena, total, &sum)) return nt_fail(e, NUMERIC_OVERFLOW);
    return numeric_value(e, sum);
}

static struct nt_value sum_float8_final(struct nt_eval *e, const struct nt_measure *measure,
                                        const void *state)
{
    (void)measure;
    const struct exact_sum *total = state;
    double sum;
    if (total->count == 0) return NT_NULL;
    if (!exact_sum_total(total, &sum)) return nt_fail(e, "value out of range: overflow");
    return nt_float8(sum);
}

static struct nt_value sum_interval_final(struct nt_eval *e, const struct nt_measure *measure,
                                          const void *state)
{
    (void)measure;
    const struct total_interval *total = state;
    struct nt_interval sum;
    if (total->count == 0) return NT_NULL;
    if (!total_interval_sum(total, &sum)) return nt_fail(e, INTERVAL_OVERFLOW);
    return (struct nt_value){.interval = nt_arena_copy(e->arena, &sum, sizeof sum)};
}

static struct nt_value sum_float4_final(struct nt_eval *e, const struct nt_measure *measure,
                                        const void *state)
{
    (void)measure;
    const struct exact_sum *total = state;
    float sum;
    if (total->count == 0) return NT_NULL;
    if (!exact_sum_total_float4(total, &sum)) return nt_fail(e, "value out of range: overflow");
    return nt_float8((double)sum);
}

#define SUM(argument, shape, state, rounded)                                                       \
    const struct nt_aggregate nt_aggregate_sum_##argument = {                                      \
        .symbol = "sum_" #argument,                                                                \
        .name = "sum",                                                                             \
        .state_size = sizeof(struct state),                                                        \
        .is_rounded = rounded,                                                                     \
        .init = shape##_init,                                                                      \
        .clear = shape##_clear,                                                                    \
        .add = shape##_add,                                                                        \
        .merge = shape##_merge,                                                                    \
        .final = sum_##argument##_final,                                                           \
        .encode = shape##_encode,                                                                  \
        .decode = shape##_decode,                                                                  \
    };
SUM(int4, total_integer, total_integer, false)
SUM(int8, total_integer, total_integer, false)
SUM(numeric, total_numeric, total_numeric, false)
SUM(float4, total_float8, exact_sum, true)
SUM(float8, total_float8, exact_sum, true)
SUM(interval, total_interval, total_interval, false)
