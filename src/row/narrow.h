/*
 * narrow.h: the types that are kept in a wider one: int2, int4 and date in 64 bits, float4 in a
 * double. Everything that reads one from outside checks that it is one.
 */
#ifndef ROW_NARROW_H
#define ROW_NARROW_H

#include "nowthen/value.h"

#include <math.h>
#include <string.h>

#define FLOAT4_NAN_BITS UINT32_C(0x7fc00000)

static inline bool integer_is(enum nt_type type, int64_t x)
{
    if (type == NT_INT2) return x == (int16_t)x;
    if (type == NT_DATE)
        return x == NT_DATE_INFINITY || x == NT_DATE_MINUS_INFINITY ||
               (x >= NT_DATE_MIN && x < NT_DATE_END);
    return type == NT_INT8 || x == (int32_t)x;
}

static inline bool float4_is(double x)
{
    return isnan(x) || (double)(float)x == x;
}

static inline uint32_t float4_bits(double x)
{
    float narrow = (float)x;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    return isnan(x) ? FLOAT4_NAN_BITS : bits;
}

static inline double float4_of_bits(uint32_t bits)
{
    float narrow;
    memcpy(&narrow, &bits, sizeof narrow);
    return (double)narrow;
}

#endif
