/*
 * big.h: signed integers as wide as the exact moments of doubles need: numerators and denominators
 * of results that are rounded once. Nothing here is kept; partials have forms of their own.
 */
#ifndef RUNTIME_BIG_H
#define RUNTIME_BIG_H

#include <stdbool.h>
#include <stdint.h>

/* (N * sum of products - sum * sum) of doubles has up to 64 + 4196 + 64 bits; regr_r2 multiplies
 * two of those, and a division aligns them once more. */
#define BIG_DIGITS_MAX 288

/* Sign and magnitude, least digit first; the last digit is not 0, and zero has none. */
struct big {
    int count;
    bool is_negative;
    uint32_t digits[BIG_DIGITS_MAX];
};

void big_set(struct big *out, unsigned __int128 x);
/* Two's complement, least word first. */
void big_set_words(struct big *out, const uint64_t *words, int count);
/* out is neither x nor y. */
void big_multiply(struct big *out, const struct big *x, const struct big *y);
/* x - y; out may be either. */
void big_subtract(struct big *out, const struct big *x, const struct big *y);
/* x * 2^bits. */
void big_shift_left(struct big *x, int bits);
/* x * 10^power. */
void big_scale(struct big *x, int power);
/* x / by, by not 0, towards zero; the remainder of the magnitude. */
uint32_t big_divide_small(struct big *x, uint32_t by);
/* |x| and |y|: <0, 0, >0. */
int big_compare(const struct big *x, const struct big *y);
/* |x| / |y| and what is left of |x|. False: the quotient has more than 128 bits. y is not 0. */
bool big_divide(const struct big *x, const struct big *y, unsigned __int128 *quotient,
                struct big *rest);
/* x / y * 2^exponent as the nearest double, half to even; infinite beyond double. y is not 0. */
double big_ratio(const struct big *x, const struct big *y, int exponent);

#endif
