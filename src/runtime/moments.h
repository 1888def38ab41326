/*
 * moments.h: the partials that variances, covariances and regressions of floats share: the exact
 * sums of x, y, x*x, y*y and x*y, as many as the aggregate needs, over the rows where no argument
 * is NULL. The functions have the shapes of struct nt_aggregate; its variant says which sums.
 *
 * A call of two arguments is f(y, x), as PostgreSQL's regr_slope(Y, X).
 */
#ifndef RUNTIME_MOMENTS_H
#define RUNTIME_MOMENTS_H

#include "runtime/aggregate.h"
#include "runtime/exact_sum.h"

enum moment { MOMENT_X, MOMENT_XX, MOMENT_Y, MOMENT_YY, MOMENT_XY, MOMENT_COUNT };

/* Bits of nt_aggregate.variant. */
#define MOMENTS_X   (1 << MOMENT_X)
#define MOMENTS_Y   (1 << MOMENT_Y)
#define MOMENTS_SXX (MOMENTS_X | 1 << MOMENT_XX)
#define MOMENTS_SYY (MOMENTS_Y | 1 << MOMENT_YY)
#define MOMENTS_SXY (MOMENTS_X | MOMENTS_Y | 1 << MOMENT_XY)

/* A state is an array of struct exact_sum by enum moment, to the last one of the variant. */
#define MOMENTS_SIZE(last) (((last) + 1) * sizeof(struct exact_sum))

void moments_init(const struct nt_measure *measure, void *state);
void moments_clear(const struct nt_measure *measure, void *state);
void moments_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                 struct nt_arena *arena);
void moments_merge(const struct nt_measure *measure, void *state, const void *other,
                   struct nt_arena *arena);
void moments_encode(const struct nt_measure *measure, const void *state, struct buffer *out);
bool moments_decode(const struct nt_measure *measure, void *state, struct reader *in,
                    struct nt_arena *arena);

/* Rows that were added; the variant has x or y. */
uint64_t moments_count(const struct nt_measure *measure, const struct exact_sum *sums);
/* count * sum of a*b - sum of a * sum of b, in units of 2^EXACT_PRODUCT_UNIT. */
void moments_deviation(const struct exact_sum *a, const struct exact_sum *b,
                       const struct exact_sum *ab, uint64_t count, struct big *out);
/* x / y * 2^exponent, rounded once, as a result: beyond double it is PostgreSQL's error. */
struct nt_value moments_ratio(struct nt_eval *e, const struct big *x, const struct big *y,
                              int exponent);

#endif
