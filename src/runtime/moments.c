/* moments.c: see moments.h. The encoding is that of each sum, in order. */
#include "runtime/moments.h"

#include <math.h>
#include <string.h>

static bool moment_is_there(const struct nt_measure *measure, int moment)
{
    return measure->aggregate->variant >> moment & 1;
}

void moments_init(const struct nt_measure *measure, void *state)
{
    memset(state, 0, measure->aggregate->state_size);
}

void moments_clear(const struct nt_measure *measure, void *state)
{
    struct exact_sum *sums = state;
    for (int i = 0; i < MOMENT_COUNT; i++) {
        if (moment_is_there(measure, i)) exact_sum_clear(&sums[i]);
    }
}

/* A product with NaN or an infinity is left out: the sums of x and y remember that it was there. */
static void product_add(const struct nt_measure *measure, struct exact_sum *sums, int moment,
                        double x, double y, struct nt_arena *arena)
{
    if (!moment_is_there(measure, moment) || !isfinite(x) || !isfinite(y)) return;
    exact_sum_add_product(&sums[moment], x, y, arena);
}

void moments_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                 struct nt_arena *arena)
{
    struct exact_sum *sums = state;
    int last = measure->argument_count - 1;
    if (arguments[0].is_null || arguments[last].is_null) return;
    double x = arguments[last].float8, y = arguments[0].float8;
    if (moment_is_there(measure, MOMENT_X)) exact_sum_add(&sums[MOMENT_X], x, arena);
    if (moment_is_there(measure, MOMENT_Y)) exact_sum_add(&sums[MOMENT_Y], y, arena);
    product_add(measure, sums, MOMENT_XX, x, x, arena);
    product_add(measure, sums, MOMENT_YY, y, y, arena);
    product_add(measure, sums, MOMENT_XY, x, y, arena);
}

void moments_merge(const struct nt_measure *measure, void *state, const void *other,
                   struct nt_arena *arena)
{
    struct exact_sum *sums = state;
    const struct exact_sum *more = other;
    for (int i = 0; i < MOMENT_COUNT; i++) {
        if (moment_is_there(measure, i)) exact_sum_merge(&sums[i], &more[i], arena);
    }
}

void moments_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    const struct exact_sum *sums = state;
    for (int i = 0; i < MOMENT_COUNT; i++) {
        if (moment_is_there(measure, i)) exact_sum_encode(&sums[i], out);
    }
}

bool moments_decode(const struct nt_measure *measure, void *state, struct reader *in,
                    struct nt_arena *arena)
{
    struct exact_sum *sums = state;
    for (int i = 0; i < MOMENT_COUNT; i++) {
        if (moment_is_there(measure, i) && !exact_sum_decode(&sums[i], in, arena)) return false;
    }
    return true;
}

uint64_t moments_count(const struct nt_measure *measure, const struct exact_sum *sums)
{
    return sums[moment_is_there(measure, MOMENT_X) ? MOMENT_X : MOMENT_Y].count;
}

void moments_deviation(const struct exact_sum *a, const struct exact_sum *b,
                       const struct exact_sum *ab, uint64_t count, struct big *out)
{
    struct big left, right, product;
    big_set(&left, count);
    exact_sum_big(ab, &right);
    big_multiply(&product, &left, &right);
    exact_sum_big(a, &left);
    exact_sum_big(b, &right);
    big_multiply(out, &left, &right);
    big_subtract(out, &product, out);
}

struct nt_value moments_ratio(struct nt_eval *e, const struct big *x, const struct big *y,
                              int exponent)
{
    double ratio = big_ratio(x, y, exponent);
    return isinf(ratio) ? nt_fail(e, "value out of range: overflow") : nt_float8(ratio);
}
