/*
 * aggregate_regression.c: covar_pop, covar_samp, corr and the regr family, of (y, x).
 *
 * Each is a ratio of integers made of the exact sums and is rounded once; corr is the square root
 * of regr_r2, rounded again. NULL, NaN and errors follow float8_regr_accum and its final functions
 * in PostgreSQL's float.c: a NaN or infinite x spoils all that is made of squares or products of x,
 * likewise y; x that do not vary have no slope.
 */
#include "runtime/moments.h"

#include <math.h>

struct regression {
    uint64_t count;
    bool is_x_special, is_y_special;
    struct big sxx, syy, sxy; /* count times the sums of squares and products of deviations */
};

/* Only what the variant keeps is filled in. False: there are no rows. */
static bool regression_of(const struct nt_measure *measure, const struct exact_sum *sums,
                          struct regression *r)
{
    int needs = measure->aggregate->variant;
    const struct exact_sum *x = &sums[MOMENT_X], *y = &sums[MOMENT_Y];
    r->count = moments_count(measure, sums);
    if (r->count == 0) return false;
    r->is_x_special = (needs & MOMENTS_X) && exact_sum_is_special(x);
    r->is_y_special = (needs & MOMENTS_Y) && exact_sum_is_special(y);
    if ((needs & MOMENTS_SXX) == MOMENTS_SXX)
        moments_deviation(x, x, &sums[MOMENT_XX], r->count, &r->sxx);
    if ((needs & MOMENTS_SYY) == MOMENTS_SYY)
        moments_deviation(y, y, &sums[MOMENT_YY], r->count, &r->syy);
    if ((needs & MOMENTS_SXY) == MOMENTS_SXY)
        moments_deviation(x, y, &sums[MOMENT_XY], r->count, &r->sxy);
    return true;
}

static struct nt_value not_a_number(void)
{
    return nt_float8((double)NAN);
}

/* Do all rows have one x, or one y? */
static bool is_constant(const struct big *deviation, bool is_special)
{
    return !is_special && deviation->count == 0;
}

/* deviation / (count * by). */
static struct nt_value deviation_over(struct nt_eval *e, const struct big *deviation,
                                      uint64_t count, uint64_t by)
{
    struct big denominator;
    big_set(&denominator, (unsigned __int128)count * by);
    return moments_ratio(e, deviation, &denominator, EXACT_PRODUCT_UNIT);
}

static struct nt_value sxx_final(struct nt_eval *e, const struct nt_measure *measure,
                                 const void *state)
{
    struct regression r;
    if (!regression_of(measure, state, &r)) return NT_NULL;
    return r.is_x_special ? not_a_number() : deviation_over(e, &r.sxx, r.count, 1);
}

static struct nt_value syy_final(struct nt_eval *e, const struct nt_measure *measure,
                                 const void *state)
{
    struct regression r;
    if (!regression_of(measure, state, &r)) return NT_NULL;
    return r.is_y_special ? not_a_number() : deviation_over(e, &r.syy, r.count, 1);
}

static struct nt_value sxy_over(struct nt_eval *e, const struct regression *r, uint64_t by)
{
    if (r->is_x_special || r->is_y_special) return not_a_number();
    return deviation_over(e, &r->sxy, r->count, by);
}

static struct nt_value sxy_final(struct nt_eval *e, const struct nt_measure *measure,
                                 const void *state)
{
    struct regression r;
    return regression_of(measure, state, &r) ? sxy_over(e, &r, 1) : NT_NULL;
}

static struct nt_value covar_pop_final(struct nt_eval *e, const struct nt_measure *measure,
                                       const void *state)
{
    struct regression r;
    return regression_of(measure, state, &r) ? sxy_over(e, &r, r.count) : NT_NULL;
}

static struct nt_value covar_samp_final(struct nt_eval *e, const struct nt_measure *measure,
                                        const void *state)
{
    struct regression r;
    if (!regression_of(measure, state, &r) || r.count < 2) return NT_NULL;
    return sxy_over(e, &r, r.count - 1);
}

static struct nt_value avgx_final(struct nt_eval *e, const struct nt_measure *measure,
                                  const void *state)
{
    (void)e, (void)measure;
    const struct exact_sum *x = (const struct exact_sum *)state + MOMENT_X;
    return x->count ? nt_float8(exact_sum_mean(x)) : NT_NULL;
}

static struct nt_value avgy_final(struct nt_eval *e, const struct nt_measure *measure,
                                  const void *state)
{
    (void)e, (void)measure;
    const struct exact_sum *y = (const struct exact_sum *)state + MOMENT_Y;
    return y->count ? nt_float8(exact_sum_mean(y)) : NT_NULL;
}

static struct nt_value slope_final(struct nt_eval *e, const struct nt_measure *measure,
                                   const void *state)
{
    struct regression r;
    if (!regression_of(measure, state, &r) || is_constant(&r.sxx, r.is_x_special)) return NT_NULL;
    if (r.is_x_special || r.is_y_special) return not_a_number();
    return moments_ratio(e, &r.sxy, &r.sxx, 0);
}

/* (sum of y - slope * sum of x) / count, in one ratio. */
static struct nt_value intercept_final(struct nt_eval *e, const struct nt_measure *measure,
                                       const void *state)
{
    const struct exact_sum *sums = state;
    struct regression r;
    if (!regression_of(measure, state, &r) || is_constant(&r.sxx, r.is_x_special)) return NT_NULL;
    if (r.is_x_special || r.is_y_special) return not_a_number();
    struct big sum, left, right;
    exact_sum_big(&sums[MOMENT_Y], &sum);
    big_multiply(&left, &sum, &r.sxx);
    exact_sum_big(&sums[MOMENT_X], &sum);
    big_multiply(&right, &sum, &r.sxy);
    big_subtract(&left, &left, &right);
    big_set(&sum, r.count);
    big_multiply(&right, &sum, &r.sxx);
    return moments_ratio(e, &left, &right, EXACT_SUM_UNIT);
}

/* sxy * sxy / (sxx * syy), at most 1. */
static double determination_of(const struct regression *r)
{
    struct big numerator, denominator;
    if (r->is_x_special || r->is_y_special) return (double)NAN;
    big_multiply(&numerator, &r->sxy, &r->sxy);
    big_multiply(&denominator, &r->sxx, &r->syy);
    return big_ratio(&numerator, &denominator, 0);
}

static struct nt_value r2_final(struct nt_eval *e, const struct nt_measure *measure,
                                const void *state)
{
    (void)e;
    struct regression r;
    if (!regression_of(measure, state, &r) || is_constant(&r.sxx, r.is_x_special)) return NT_NULL;
    if (is_constant(&r.syy, r.is_y_special)) return nt_float8(1);
    return nt_float8(determination_of(&r));
}

static struct nt_value corr_final(struct nt_eval *e, const struct nt_measure *measure,
                                  const void *state)
{
    (void)e;
    struct regression r;
    if (!regression_of(measure, state, &r)) return NT_NULL;
    if (is_constant(&r.sxx, r.is_x_special) || is_constant(&r.syy, r.is_y_special)) return NT_NULL;
    double root = sqrt(determination_of(&r));
    return nt_float8(r.sxy.is_negative ? -root : root);
}

#define REGRESSION(which, needs, last, finish)                                                     \
    const struct nt_aggregate nt_aggregate_##which = {                                             \
        .symbol = #which,                                                                          \
        .name = #which,                                                                            \
        .state_size = MOMENTS_SIZE(last),                                                          \
        .variant = needs,                                                                          \
        .is_rounded = true,                                                                        \
        .init = moments_init,                                                                      \
        .clear = moments_clear,                                                                    \
        .add = moments_add,                                                                        \
        .merge = moments_merge,                                                                    \
        .final = finish,                                                                           \
        .encode = moments_encode,                                                                  \
        .decode = moments_decode,                                                                  \
    };
REGRESSION(covar_pop, MOMENTS_SXY, MOMENT_XY, covar_pop_final)
REGRESSION(covar_samp, MOMENTS_SXY, MOMENT_XY, covar_samp_final)
REGRESSION(corr, MOMENTS_SXX | MOMENTS_SYY | MOMENTS_SXY, MOMENT_XY, corr_final)
REGRESSION(regr_slope, MOMENTS_SXX | MOMENTS_SXY, MOMENT_XY, slope_final)
REGRESSION(regr_intercept, MOMENTS_SXX | MOMENTS_SXY, MOMENT_XY, intercept_final)
REGRESSION(regr_r2, MOMENTS_SXX | MOMENTS_SYY | MOMENTS_SXY, MOMENT_XY, r2_final)
REGRESSION(regr_sxx, MOMENTS_SXX, MOMENT_XX, sxx_final)
REGRESSION(regr_syy, MOMENTS_SYY, MOMENT_YY, syy_final)
REGRESSION(regr_sxy, MOMENTS_SXY, MOMENT_XY, sxy_final)
REGRESSION(regr_avgx, MOMENTS_X, MOMENT_X, avgx_final)
REGRESSION(regr_avgy, MOMENTS_Y, MOMENT_Y, avgy_final)
