/*
 * exact_sum.h: the exact sum of doubles, whatever their order: a superaccumulator.
 *
 * After Neal, "Fast exact summation using small and large superaccumulators" (2015): the sum is a
 * wide fixed-point number in units of 2^-1074, kept as 64-bit limbs of weight 2^32 that take many
 * additions before carries must move. Only the limbs in use are held; they start at `base`.
 */
#ifndef RUNTIME_EXACT_SUM_H
#define RUNTIME_EXACT_SUM_H

#include "base/bytes.h"
#include "nowthen/arena.h"
#include "runtime/big.h"

#define EXACT_SUM_NEAR     6
#define EXACT_SUM_UNIT     -1074
#define EXACT_PRODUCT_UNIT -2148

enum exact_sum_flag {
    EXACT_SUM_NAN = 1,
    EXACT_SUM_INFINITY = 2,
    EXACT_SUM_MINUS_INFINITY = 4,
    EXACT_SUM_NOT_MINUS_ZERO = 8, /* some term is not -0: the sum is -0 only without this */
};

/* All zero is the sum of nothing. */
struct exact_sum {
    int64_t *far;   /* the limbs, once they are more than near holds; in the arena */
    uint64_t count; /* terms added */
    uint32_t load;  /* each |limb| < 2^32 * (load + 1) */
    uint8_t base;   /* weight of limb 0 is 2^(32 * base - 1074) */
    uint8_t used;
    uint8_t capacity; /* of far */
    uint8_t flags;    /* enum exact_sum_flag */
    int64_t near[EXACT_SUM_NEAR];
};

/* Back to nothing; keeps far. */
void exact_sum_clear(struct exact_sum *sum);
void exact_sum_add(struct exact_sum *sum, double x, struct nt_arena *arena);
void exact_sum_merge(struct exact_sum *sum, const struct exact_sum *other, struct nt_arena *arena);
/* The exact product x * y, of finite x and y; all terms of a sum are products or none is. A sum of
 * products is in units of 2^EXACT_PRODUCT_UNIT: read it by exact_sum_big. */
void exact_sum_add_product(struct exact_sum *sum, double x, double y, struct nt_arena *arena);
/* The finite part of the sum in units of 2^EXACT_SUM_UNIT, or 2^EXACT_PRODUCT_UNIT. */
void exact_sum_big(const struct exact_sum *sum, struct big *out);
/* Is a term NaN or infinite? */
static inline bool exact_sum_is_special(const struct exact_sum *sum)
{
    return sum->flags & (EXACT_SUM_NAN | EXACT_SUM_INFINITY | EXACT_SUM_MINUS_INFINITY);
}
/* Rounded once, half to even. count is not 0. False: finite terms, but the sum is beyond double. */
bool exact_sum_total(const struct exact_sum *sum, double *total);
/* The same to the nearest float4. */
bool exact_sum_total_float4(const struct exact_sum *sum, float *total);
/* The exact sum over count, rounded once; never overflows. count is not 0. */
double exact_sum_mean(const struct exact_sum *sum);
/* Equal multisets of terms give equal bytes. */
void exact_sum_encode(const struct exact_sum *sum, struct buffer *out);
/* sum is that of nothing. */
bool exact_sum_decode(struct exact_sum *sum, struct reader *in, struct nt_arena *arena);

#endif
