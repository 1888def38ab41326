/* functions_float4.c: float4 arithmetic, done in float; with a float8 beside it, in double. The
 * checks are those of float8. */
#include "row/functions.h"

#include <math.h>

#define EITHER_NULL (x.is_null || y.is_null)

static struct nt_value sum_checked(struct nt_eval *e, float x, float y, float sum)
{
    if (isinf(sum) && !isinf(x) && !isinf(y)) return float_overflow(e);
    return nt_float8((double)sum);
}

struct nt_value nt_float4_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    float a = (float)x.float8, b = (float)y.float8;
    return EITHER_NULL ? NT_NULL : sum_checked(e, a, b, a + b);
}

struct nt_value nt_float4_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    float a = (float)x.float8, b = (float)y.float8;
    return EITHER_NULL ? NT_NULL : sum_checked(e, a, b, a - b);
}

struct nt_value nt_float4_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    float a = (float)x.float8, b = (float)y.float8, product = a * b;
    if (isinf(product) && !isinf(a) && !isinf(b)) return float_overflow(e);
    if (product == 0 && a != 0 && b != 0) return float_underflow(e);
    return nt_float8((double)product);
}

struct nt_value nt_float4_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    float a = (float)x.float8, b = (float)y.float8;
    if (b == 0 && !isnan(a)) return nt_fail(e, "division by zero");
    float quotient = a / b;
    if (isinf(quotient) && !isinf(a)) return float_overflow(e);
    if (quotient == 0 && a != 0 && !isinf(b)) return float_underflow(e);
    return nt_float8((double)quotient);
}

struct nt_value nt_float4_neg(struct nt_eval *e, struct nt_value x)
{
    return nt_float8_neg(e, x);
}

struct nt_value nt_float4_plus(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}

/* A float4 is kept as the double that it is, so the mixed operators are those of float8. */
#define MIXED(operation)                                                                           \
    struct nt_value nt_float48_##operation(struct nt_eval *e, struct nt_value x,                   \
                                           struct nt_value y)                                      \
    {                                                                                              \
        return nt_float8_##operation(e, x, y);                                                     \
    }                                                                                              \
    struct nt_value nt_float84_##operation(struct nt_eval *e, struct nt_value x,                   \
                                           struct nt_value y)                                      \
    {                                                                                              \
        return nt_float8_##operation(e, x, y);                                                     \
    }
MIXED(add)
MIXED(sub)
MIXED(mul)
MIXED(div)
