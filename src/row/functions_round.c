/* functions_round.c: abs, sign, ceil, floor, round and trunc of every number. */
#include "row/functions.h"
#include "row/numeric.h"

#include <math.h>

#define FLOAT8_FUNCTION(symbol, expression)                                                        \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        (void)e;                                                                                   \
        return x.is_null ? NT_NULL : nt_float8(expression);                                        \
    }

/* round to even, as PostgreSQL's dround does */
FLOAT8_FUNCTION(float8_round, rint(x.float8))
FLOAT8_FUNCTION(float8_ceil, ceil(x.float8))
FLOAT8_FUNCTION(float8_floor, floor(x.float8))
FLOAT8_FUNCTION(float8_trunc, x.float8 >= 0 ? floor(x.float8) : -floor(-x.float8))
FLOAT8_FUNCTION(float8_abs, fabs(x.float8))
FLOAT8_FUNCTION(float4_abs, fabs(x.float8))
FLOAT8_FUNCTION(float8_sign, (x.float8 > 0) - (x.float8 < 0))

static struct nt_value integer_abs(struct nt_eval *e, struct nt_value x, int64_t least,
                                   const char *message)
{
    if (x.is_null) return NT_NULL;
    if (x.integer == least) return nt_fail(e, message);
    return nt_integer(x.integer < 0 ? -x.integer : x.integer);
}

struct nt_value nt_int2_abs(struct nt_eval *e, struct nt_value x)
{
    return integer_abs(e, x, INT16_MIN, "smallint out of range");
}

struct nt_value nt_int4_abs(struct nt_eval *e, struct nt_value x)
{
    return integer_abs(e, x, INT32_MIN, "integer out of range");
}

struct nt_value nt_int8_abs(struct nt_eval *e, struct nt_value x)
{
    return integer_abs(e, x, INT64_MIN, "bigint out of range");
}

struct nt_value nt_numeric_abs(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null || x.numeric->kind == NT_NUMERIC_NAN || numeric_sign(*x.numeric) >= 0) return x;
    return numeric_result(e, numeric_neg(*x.numeric));
}

struct nt_value nt_numeric_sign(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null || x.numeric->kind == NT_NUMERIC_NAN) return x;
    return numeric_result(e, numeric_of_int(numeric_sign(*x.numeric)));
}

typedef bool rounding(struct nt_arena *arena, struct nt_numeric x, int scale,
                      struct nt_numeric *out);

/* PostgreSQL takes no scale beyond this; ours ends before it. */
#define SCALE_END 2000

static struct nt_value round_to(struct nt_eval *e, rounding *round, struct nt_value x,
                                int64_t digits)
{
    struct nt_numeric result;
    if (x.is_null || x.numeric->kind != NT_NUMERIC_FINITE) return x;
    int scale = digits < -SCALE_END ? -SCALE_END : digits > SCALE_END ? SCALE_END : (int)digits;
    if (!round(e->arena, *x.numeric, scale, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

struct nt_value nt_numeric_round(struct nt_eval *e, struct nt_value x)
{
    return round_to(e, numeric_round, x, 0);
}

struct nt_value nt_numeric_round_to(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return x.is_null || y.is_null ? NT_NULL : round_to(e, numeric_round, x, y.integer);
}

struct nt_value nt_numeric_trunc(struct nt_eval *e, struct nt_value x)
{
    return round_to(e, numeric_trunc, x, 0);
}

struct nt_value nt_numeric_trunc_to(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return x.is_null || y.is_null ? NT_NULL : round_to(e, numeric_trunc, x, y.integer);
}

/* The whole number next to x on the side of sign. */
static struct nt_value numeric_whole(struct nt_eval *e, struct nt_value x, int sign)
{
    struct nt_numeric whole;
    if (x.is_null || x.numeric->kind != NT_NUMERIC_FINITE) return x;
    if (!numeric_trunc(e->arena, *x.numeric, 0, &whole)) return numeric_overflow(e);
    if (numeric_sign(*x.numeric) == sign && numeric_compare(whole, *x.numeric) != 0 &&
        !numeric_add(e->arena, whole, numeric_of_int(sign), &whole))
        return numeric_overflow(e);
    return numeric_result(e, whole);
}

struct nt_value nt_numeric_ceil(struct nt_eval *e, struct nt_value x)
{
    return numeric_whole(e, x, 1);
}

struct nt_value nt_numeric_floor(struct nt_eval *e, struct nt_value x)
{
    return numeric_whole(e, x, -1);
}

/* Digits after the point; none of NaN and the infinities. */
struct nt_value nt_numeric_scale(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null || x.numeric->kind != NT_NUMERIC_FINITE) return NT_NULL;
    return nt_integer(x.numeric->scale);
}

/* Without the zeros at the end of the fraction. */
struct nt_value nt_numeric_trim_scale(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null || x.numeric->kind != NT_NUMERIC_FINITE) return x;
    struct nt_numeric trimmed = *x.numeric;
    numeric_trunc(e->arena, trimmed, numeric_min_scale(trimmed), &trimmed);
    return numeric_result(e, trimmed);
}

/* The fewest digits after the point that x needs; none of NaN and the infinities. */
struct nt_value nt_numeric_min_scale(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null || x.numeric->kind != NT_NUMERIC_FINITE) return NT_NULL;
    return nt_integer(numeric_min_scale(*x.numeric));
}
