/*
 * aggregate_sketch.c: approx_percentile(f, x): percentile_disc within 0.8 % of the value, in a few
 * hundred counters whatever the number of events.
 *
 * After Masson, Rim and Lee, "DDSketch" (2019), without its collapsing, and with logarithms
 * replaced by the bits of the double: a bucket is a sign, an exponent and the first 6 bits of the
 * fraction, 64 to a power of two, so which bucket a value is in needs no arithmetic. The partial
 * counts the values of each bucket that has any; the answer is the middle of the bucket that holds
 * the value at that rank: off by at most 1 / 128 of it.
 */
#include "runtime/aggregate.h"
#include "runtime/multiset.h"

#include <math.h>
#include <string.h>

#define BUCKET_SHIFT 46 /* 52 bits of fraction, less 6 */
#define BUCKET_NAN   INT64_C(0x20001)
#define INFINITE     INT64_C(0x1ffc0) /* 0x7ff and a fraction of 0 */

/* Ascending as PostgreSQL orders floats: -1 - magnitude below 0, NaN last. */
static int64_t bucket_of(double x)
{
    uint64_t bits;
    if (isnan(x)) return BUCKET_NAN;
    if (x == 0) return 0;
    memcpy(&bits, &x, sizeof bits);
    int64_t magnitude = (int64_t)((bits & INT64_MAX) >> BUCKET_SHIFT);
    return bits >> 63 ? -1 - magnitude : magnitude;
}

/* The middle. What is smaller than any normal double's last bucket counts as 0. */
static double bucket_value(int64_t bucket)
{
    int64_t magnitude = bucket < 0 ? -1 - bucket : bucket;
    if (bucket == BUCKET_NAN) return (double)NAN;
    if (magnitude == 0) return 0;
    uint64_t bits = (uint64_t)magnitude << BUCKET_SHIFT;
    if (magnitude != INFINITE) bits |= UINT64_C(1) << (BUCKET_SHIFT - 1);
    double value;
    memcpy(&value, &bits, sizeof value);
    return bucket < 0 ? -value : value;
}

static void sketch_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct multiset *)state = (struct multiset){0};
}

static void sketch_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    multiset_clear(state);
}

static void sketch_add(const struct nt_measure *measure, void *state,
                       const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure;
    if (arguments[0].is_null) return;
    multiset_add(state, NT_INT8, nt_integer(bucket_of(arguments[0].float8)), 1, arena);
}

static void sketch_merge(const struct nt_measure *measure, void *state, const void *other,
                         struct nt_arena *arena)
{
    (void)measure;
    multiset_merge(state, NT_INT8, other, arena);
}

static struct nt_value sketch_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    (void)e;
    const struct multiset *set = state;
    uint64_t total = multiset_total(set);
    if (total == 0) return NT_NULL;
    double rank = ceil(measure->parameters[0].float8 * (double)total);
    struct nt_value bucket = multiset_at(set, rank > 1 ? (uint64_t)(rank - 1) : 0);
    return nt_float8(bucket_value(bucket.integer));
}

static void sketch_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    multiset_encode(state, NT_INT8, true, out);
}

static bool sketch_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    (void)measure;
    return multiset_decode(state, NT_INT8, true, in, arena);
}

const struct nt_aggregate nt_aggregate_approx_percentile = {
    .symbol = "approx_percentile",
    .name = "approx_percentile",
    .state_size = sizeof(struct multiset),
    .init = sketch_init,
    .clear = sketch_clear,
    .add = sketch_add,
    .merge = sketch_merge,
    .final = sketch_final,
    .encode = sketch_encode,
    .decode = sketch_decode,
};
