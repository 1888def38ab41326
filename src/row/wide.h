/*
 * wide.h: 256-bit unsigned integers, as much of them as numeric needs for exact intermediates.
 */
#ifndef ROW_WIDE_H
#define ROW_WIDE_H

#include <stdbool.h>

typedef unsigned __int128 wide_half;

struct wide {
    wide_half high, low;
};

struct wide wide_mul(wide_half x, wide_half y);
/* x * y; false: more than 256 bits. */
bool wide_scale(struct wide x, wide_half y, struct wide *out);
struct wide wide_add(struct wide x, struct wide y); /* the sum fits */
struct wide wide_sub(struct wide x, struct wide y); /* x >= y */
int wide_compare(struct wide x, struct wide y);
/* Quotient and remainder; y is not zero. */
struct wide wide_div(struct wide x, wide_half y, wide_half *remainder);

/* 10^exponent, 0 to 38. */
wide_half power10(int exponent);

#endif
