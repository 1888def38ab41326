/* power10.h: powers of ten in 128 bits, and how many digits a number has. */
#ifndef ROW_POWER10_H
#define ROW_POWER10_H

#include <assert.h>
#include <stdint.h>

typedef unsigned __int128 uint128;

/* 10^exponent, 0 to 38. */
static inline uint128 power10(int exponent)
{
    static const uint64_t powers[] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
        10000000000000000000U,
    };
    assert(exponent >= 0 && exponent <= 38);
    if (exponent <= 19) return powers[exponent];
    return (uint128)powers[19] * powers[exponent - 19];
}

static inline int uint128_bits(uint128 x)
{
    uint64_t high = (uint64_t)(x >> 64), low = (uint64_t)x;
    return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

/* The decimal digits of x < 10^38; 0 of zero. */
static inline int uint128_digits(uint128 x)
{
    int less = uint128_bits(x) * 1233 >> 12; /* log10 of 2 */
    return less + (x >= power10(less));
}

#endif
