/*
 * aggregate_histogram.c: histogram(x, low, high, n): how many events are below low, in each of n
 * buckets of one width, and at high or above, as an array of n + 2. The argument is the bucket
 * already, which the compiler makes by width_bucket; the partial counts, NULL left out.
 */
#include "runtime/aggregate.h"

#include "row/array.h"

#include <string.h>

struct histogram {
    uint64_t *counts; /* bucket_count; NULL until one is counted */
    uint32_t used;    /* that are not 0 */
};

static uint32_t bucket_count(const struct nt_measure *measure)
{
    return (uint32_t)measure->parameters[0].integer + 2;
}

static void histogram_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct histogram *)state = (struct histogram){0};
}

static void histogram_clear(const struct nt_measure *measure, void *state)
{
    struct histogram *histogram = state;
    if (histogram->used)
        memset(histogram->counts, 0, bucket_count(measure) * sizeof *histogram->counts);
    histogram->used = 0;
}

static void bucket_add(const struct nt_measure *measure, struct histogram *histogram,
                       uint64_t bucket, uint64_t count, struct nt_arena *arena)
{
    if (!histogram->counts)
        histogram->counts =
            nt_arena_zalloc(arena, bucket_count(measure) * sizeof *histogram->counts);
    histogram->used += histogram->counts[bucket] == 0;
    histogram->counts[bucket] += count;
}

static void histogram_add(const struct nt_measure *measure, void *state,
                          const struct nt_value *arguments, struct nt_arena *arena)
{
    uint64_t bucket = (uint64_t)arguments[0].integer;
    if (!arguments[0].is_null && bucket < bucket_count(measure))
        bucket_add(measure, state, bucket, 1, arena);
}

static void histogram_merge(const struct nt_measure *measure, void *state, const void *other_,
                            struct nt_arena *arena)
{
    const struct histogram *other = other_;
    for (uint32_t i = 0; other->used && i < bucket_count(measure); i++)
        if (other->counts[i]) bucket_add(measure, state, i, other->counts[i], arena);
}

static struct nt_value histogram_final(struct nt_eval *e, const struct nt_measure *measure,
                                       const void *state)
{
    const struct histogram *histogram = state;
    uint32_t count = bucket_count(measure);
    if (histogram->used == 0) return NT_NULL;
    struct nt_value *values = nt_arena_alloc(e->arena, count * sizeof *values);
    for (uint32_t i = 0; i < count; i++) {
        if (histogram->counts[i] > INT32_MAX) return nt_fail(e, "integer out of range");
        values[i] = nt_integer((int64_t)histogram->counts[i]);
    }
    return array_make(NT_INT4, values, count, e->arena);
}

/* How many are in use, then each: the buckets passed over since the one before, its count. */
static void histogram_encode(const struct nt_measure *measure, const void *state,
                             struct buffer *out)
{
    const struct histogram *histogram = state;
    uint32_t next = 0;
    buffer_append_varint(out, histogram->used);
    for (uint32_t i = 0; histogram->used && i < bucket_count(measure); i++) {
        if (!histogram->counts[i]) continue;
        buffer_append_varint(out, i - next);
        buffer_append_varint(out, histogram->counts[i]);
        next = i + 1;
    }
}

static bool histogram_decode(const struct nt_measure *measure, void *state, struct reader *in,
                             struct nt_arena *arena)
{
    uint64_t used = reader_varint(in), next = 0, most = bucket_count(measure);
    if (in->is_short || used > most) return false;
    for (uint64_t i = 0; i < used; i++) {
        uint64_t skipped = reader_varint(in), count = reader_varint(in);
        if (in->is_short || count == 0 || skipped >= most - next) return false;
        bucket_add(measure, state, next + skipped, count, arena);
        next += skipped + 1;
    }
    return true;
}

const struct nt_aggregate nt_aggregate_histogram = {
    .symbol = "histogram",
    .name = "histogram",
    .state_size = sizeof(struct histogram),
    .init = histogram_init,
    .clear = histogram_clear,
    .add = histogram_add,
    .merge = histogram_merge,
    .final = histogram_final,
    .encode = histogram_encode,
    .decode = histogram_decode,
};
