/*
 * natural.h: natural numbers as long as the exact intermediates of numeric need, over GMP's mpn
 * functions. They live on the stack and take no memory.
 *
 * Nobody checks for overflow at run time: the limits of numeric.h bound every operand. Two numbers
 * of NUMERIC_DIGITS_MAX digits, aligned at scales of up to NUMERIC_SCALE_MAX, have 2,000 digits
 * each, the sum of 2^64 squares of such 4,020, a half of the room here.
 */
#ifndef ROW_NATURAL_H
#define ROW_NATURAL_H

#include <stdbool.h>
#include <stdint.h>

#define NATURAL_LIMBS 512

/* Least limb first; the last of count is not 0, and zero has none. The others are not set. */
struct natural {
    int count;
    uint64_t limbs[NATURAL_LIMBS];
};

void natural_set(struct natural *out, unsigned __int128 x);
void natural_set_limbs(struct natural *out, const uint64_t *limbs, int count);
/* count decimal digits, the first one first, each 0 to 9; at most 9,000 of them. */
void natural_set_digits(struct natural *out, const uint8_t *digits, int count);
void natural_copy(struct natural *out, const struct natural *x);
/* False: 2^128 or more. */
bool natural_get(const struct natural *x, unsigned __int128 *out);
/* <0, 0, >0 */
int natural_compare(const struct natural *x, const struct natural *y);
/* out may be x or y. */
void natural_add(struct natural *out, const struct natural *x, const struct natural *y);
/* x - y of x >= y; out may be x or y. */
void natural_subtract(struct natural *out, const struct natural *x, const struct natural *y);
/* out is neither x nor y. */
void natural_multiply(struct natural *out, const struct natural *x, const struct natural *y);
/* x * 10^power. */
void natural_scale(struct natural *x, int power);
/* Quotient and rest, four numbers; y is not 0. */
void natural_divide(struct natural *quotient, struct natural *rest, const struct natural *x,
                    const struct natural *y);
/* x / y to the nearest, half up; out is neither. */
void natural_divide_rounded(struct natural *out, const struct natural *x, const struct natural *y);
/* x / 10^power, without its fraction, or to the nearest, half up. */
void natural_shrink(struct natural *x, int power);
void natural_shrink_rounded(struct natural *x, int power);
/* The square root to the nearest, half up. */
void natural_root_rounded(struct natural *out, const struct natural *x);
int natural_bits(const struct natural *x);
/* How many decimal digits; 0 of zero. */
int natural_digits(const struct natural *x);
/* Those digits, the first one first; their count. There is room for one more than they are. */
int natural_get_digits(const struct natural *x, uint8_t *digits);

#endif
