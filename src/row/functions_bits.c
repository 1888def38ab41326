/* functions_bits.c: operators on the bits of whole numbers, and their common divisors and
 * multiples. A shift by as many bits as there are or more takes the count modulo them, as
 * PostgreSQL's machines do; smallint is shifted in 32 bits and cut. */
#include "nowthen/eval.h"

typedef int64_t operation(int64_t x, int64_t y);

static int64_t bits_and(int64_t x, int64_t y)
{
    return x & y;
}

static int64_t bits_or(int64_t x, int64_t y)
{
    return x | y;
}

static int64_t bits_xor(int64_t x, int64_t y)
{
    return x ^ y;
}

static int64_t shift_left_32(int64_t x, int64_t y)
{
    return (int32_t)((uint32_t)x << (y & 31));
}

static int64_t shift_left_16(int64_t x, int64_t y)
{
    return (int16_t)shift_left_32(x, y);
}

static int64_t shift_left_64(int64_t x, int64_t y)
{
    return (int64_t)((uint64_t)x << (y & 63));
}

static int64_t shift_right_32(int64_t x, int64_t y)
{
    return x >> (y & 31);
}

static int64_t shift_right_64(int64_t x, int64_t y)
{
    return x >> (y & 63);
}

static struct nt_value apply(struct nt_value x, struct nt_value y, operation *operate)
{
    return x.is_null || y.is_null ? NT_NULL : nt_integer(operate(x.integer, y.integer));
}

#define BITS_OPERATOR(symbol, operate)                                                             \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x, struct nt_value y)           \
    {                                                                                              \
        (void)e;                                                                                   \
        return apply(x, y, operate);                                                               \
    }
BITS_OPERATOR(int2_bits_and, bits_and)
BITS_OPERATOR(int4_bits_and, bits_and)
BITS_OPERATOR(int8_bits_and, bits_and)
BITS_OPERATOR(int2_bits_or, bits_or)
BITS_OPERATOR(int4_bits_or, bits_or)
BITS_OPERATOR(int8_bits_or, bits_or)
BITS_OPERATOR(int2_bits_xor, bits_xor)
BITS_OPERATOR(int4_bits_xor, bits_xor)
BITS_OPERATOR(int8_bits_xor, bits_xor)
BITS_OPERATOR(int2_shift_left, shift_left_16)
BITS_OPERATOR(int4_shift_left, shift_left_32)
BITS_OPERATOR(int8_shift_left, shift_left_64)
BITS_OPERATOR(int2_shift_right, shift_right_32)
BITS_OPERATOR(int4_shift_right, shift_right_32)
BITS_OPERATOR(int8_shift_right, shift_right_64)

#define BITS_NOT(symbol)                                                                           \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        (void)e;                                                                                   \
        return x.is_null ? NT_NULL : nt_integer(~x.integer);                                       \
    }
BITS_NOT(int2_bits_not)
BITS_NOT(int4_bits_not)
BITS_NOT(int8_bits_not)

static __int128 size_of(int64_t x)
{
    return x < 0 ? -(__int128)x : x;
}

static __int128 divisor(int64_t x, int64_t y)
{
    __int128 a = size_of(x), b = size_of(y);
    while (b) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static __int128 multiple(int64_t x, int64_t y)
{
    return x == 0 || y == 0 ? 0 : size_of(x) / divisor(x, y) * size_of(y);
}

static struct nt_value checked(struct nt_eval *e, __int128 result, int64_t most)
{
    if (result <= most) return nt_integer((int64_t)result);
    return nt_fail(e, most == INT32_MAX ? "integer out of range" : "bigint out of range");
}

#define COMMON(symbol, function, most)                                                             \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x, struct nt_value y)           \
    {                                                                                              \
        if (x.is_null || y.is_null) return NT_NULL;                                                \
        return checked(e, function(x.integer, y.integer), most);                                   \
    }
COMMON(int4_gcd, divisor, INT32_MAX)
COMMON(int8_gcd, divisor, INT64_MAX)
COMMON(int4_lcm, multiple, INT32_MAX)
COMMON(int8_lcm, multiple, INT64_MAX)
