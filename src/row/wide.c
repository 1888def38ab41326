/*
 * wide.c: schoolbook arithmetic on two 128-bit halves.
 */
#include "row/wide.h"

#include <assert.h>
#include <stdint.h>

struct wide wide_mul(wide_half x, wide_half y)
{
    wide_half x0 = (uint64_t)x, x1 = x >> 64, y0 = (uint64_t)y, y1 = y >> 64;
    wide_half low = x0 * y0;
    /* Each sum stays below 2^128: a product of two 64-bit numbers leaves room for two of them. */
    wide_half middle = x1 * y0 + (low >> 64);
    wide_half carry = x0 * y1 + (uint64_t)middle;
    return (struct wide){x1 * y1 + (middle >> 64) + (carry >> 64), carry << 64 | (uint64_t)low};
}

bool wide_scale(struct wide x, wide_half y, struct wide *out)
{
    struct wide low = wide_mul(x.low, y), high = wide_mul(x.high, y);
    *out = low;
    return high.high == 0 && !__builtin_add_overflow(low.high, high.low, &out->high);
}

struct wide wide_add(struct wide x, struct wide y)
{
    wide_half low = x.low + y.low;
    return (struct wide){x.high + y.high + (low < x.low), low};
}

struct wide wide_sub(struct wide x, struct wide y)
{
    return (struct wide){x.high - y.high - (x.low < y.low), x.low - y.low};
}

int wide_compare(struct wide x, struct wide y)
{
    if (x.high != y.high) return x.high > y.high ? 1 : -1;
    return (x.low > y.low) - (x.low < y.low);
}

struct wide wide_div(struct wide x, wide_half y, wide_half *remainder)
{
    struct wide quotient = {x.high / y, 0};
    wide_half rest = x.high % y;
    if (rest == 0) { /* every quotient of ordinary size */
        quotient.low = x.low / y;
        *remainder = x.low % y;
        return quotient;
    }
    for (int bit = 127; bit >= 0; bit--) { /* shift and subtract */
        bool carry = rest >> 127;
        rest = rest << 1 | (x.low >> bit & 1);
        if (carry || rest >= y) {
            rest -= y;
            quotient.low |= (wide_half)1 << bit;
        }
    }
    *remainder = rest;
    return quotient;
}

wide_half power10(int exponent)
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
    return (wide_half)powers[19] * powers[exponent - 19];
}
