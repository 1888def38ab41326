/* functions_float.c: float8 arithmetic with PostgreSQL's checks: a finite argument may not give an
 * infinity, nor two that are not zero a zero (its float.h). */
#include "row/functions.h"

#include <math.h>

static struct nt_value sum_checked(struct nt_eval *e, double x, double y, double sum)
{
    if (isinf(sum) && !isinf(x) && !isinf(y)) return float_overflow(e);
    return nt_float8(sum);
}

struct nt_value nt_float8_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    return sum_checked(e, x.float8, y.float8, x.float8 + y.float8);
}

struct nt_value nt_float8_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    return sum_checked(e, x.float8, y.float8, x.float8 - y.float8);
}

struct nt_value nt_float8_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    double product = x.float8 * y.float8;
    if (isinf(product) && !isinf(x.float8) && !isinf(y.float8)) return float_overflow(e);
    if (product == 0 && x.float8 != 0 && y.float8 != 0) return float_underflow(e);
    return nt_float8(product);
}

struct nt_value nt_float8_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (y.float8 == 0 && !isnan(x.float8)) return nt_fail(e, "division by zero");
    double quotient = x.float8 / y.float8;
    if (isinf(quotient) && !isinf(x.float8)) return float_overflow(e);
    if (quotient == 0 && x.float8 != 0 && !isinf(y.float8)) return float_underflow(e);
    return nt_float8(quotient);
}

struct nt_value nt_float8_neg(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_float8(-x.float8);
}

struct nt_value nt_float8_plus(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}
