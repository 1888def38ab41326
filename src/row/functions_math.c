/* functions_math.c: roots, powers, logarithms and trigonometry of float8, with PostgreSQL 15's
 * checks (its float.c) around the C library's functions. */
#include "row/functions.h"

#include <errno.h>
#include <math.h>

/* PostgreSQL's own constant: not exactly pi / 180, rounded. */
#define RADIANS_PER_DEGREE 0.0174532925199432957692

static struct nt_value range_checked(struct nt_eval *e, double x, double result)
{
    if (isinf(result) && !isinf(x)) return float_overflow(e);
    if (result == 0 && x != 0) return float_underflow(e);
    return nt_float8(result);
}

struct nt_value nt_float8_sqrt(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    if (x.float8 < 0) return nt_fail(e, "cannot take square root of a negative number");
    return range_checked(e, x.float8, sqrt(x.float8));
}

struct nt_value nt_float8_cbrt(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : range_checked(e, x.float8, cbrt(x.float8));
}

/* Where one of them is infinite; no NaN, and 0 not to a negative power. */
static double infinite_power(double x, double y)
{
    if (isinf(y)) {
        if (fabs(x) == 1) return 1;
        return (fabs(x) > 1) == (y > 0) ? fabs(y) : 0;
    }
    if (y == 0) return 1;
    bool is_odd = floor(y / 2) != y / 2;
    double size = y > 0 ? INFINITY : 0;
    return x < 0 && is_odd ? -size : size;
}

struct nt_value nt_float8_power(struct nt_eval *e, struct nt_value base, struct nt_value exponent)
{
    if (base.is_null || exponent.is_null) return NT_NULL;
    double x = base.float8, y = exponent.float8;
    if (isnan(x)) return nt_float8(y == 0 ? 1 : x);
    if (isnan(y)) return nt_float8(x == 1 ? 1 : y);
    if (x == 0 && y < 0) return nt_fail(e, "zero raised to a negative power is undefined");
    if (x < 0 && floor(y) != y)
        return nt_fail(e,
                       "a negative number raised to a non-integer power yields a complex result");
    if (isinf(x) || isinf(y)) return nt_float8(infinite_power(x, y));
    errno = 0;
    double power = pow(x, y);
    if (errno == ERANGE) return power != 0 ? float_overflow(e) : float_underflow(e);
    return range_checked(e, x, power);
}

struct nt_value nt_float8_exp(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    if (isnan(x.float8)) return x;
    if (isinf(x.float8)) return nt_float8(x.float8 > 0 ? x.float8 : 0);
    errno = 0;
    double power = exp(x.float8);
    if (errno == ERANGE) return power != 0 ? float_overflow(e) : float_underflow(e);
    if (isinf(power)) return float_overflow(e);
    return power == 0 ? float_underflow(e) : nt_float8(power);
}

static struct nt_value logarithm(struct nt_eval *e, struct nt_value x, double (*function)(double))
{
    if (x.is_null) return NT_NULL;
    if (x.float8 == 0) return nt_fail(e, "cannot take logarithm of zero");
    if (x.float8 < 0) return nt_fail(e, "cannot take logarithm of a negative number");
    double result = function(x.float8);
    if (isinf(result) && !isinf(x.float8)) return float_overflow(e);
    if (result == 0 && x.float8 != 1) return float_underflow(e);
    return nt_float8(result);
}

struct nt_value nt_float8_ln(struct nt_eval *e, struct nt_value x)
{
    return logarithm(e, x, log);
}

struct nt_value nt_float8_log10(struct nt_eval *e, struct nt_value x)
{
    return logarithm(e, x, log10);
}

struct nt_value nt_float8_pi(struct nt_eval *e)
{
    (void)e;
    return nt_float8(M_PI);
}

struct nt_value nt_float8_degrees(struct nt_eval *e, struct nt_value x)
{
    return nt_float8_div(e, x, nt_float8(RADIANS_PER_DEGREE));
}

struct nt_value nt_float8_radians(struct nt_eval *e, struct nt_value x)
{
    return nt_float8_mul(e, x, nt_float8(RADIANS_PER_DEGREE));
}

static struct nt_value out_of_range(struct nt_eval *e)
{
    return nt_fail(e, "input is out of range");
}

/* Of angles: not of the infinities. */
#define CIRCLE_FUNCTION(symbol, expression)                                                        \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        if (x.is_null) return NT_NULL;                                                             \
        return isinf(x.float8) ? out_of_range(e) : nt_float8(expression);                          \
    }
CIRCLE_FUNCTION(float8_sin, sin(x.float8))
CIRCLE_FUNCTION(float8_cos, cos(x.float8))
CIRCLE_FUNCTION(float8_tan, tan(x.float8))
CIRCLE_FUNCTION(float8_cot, 1.0 / tan(x.float8))

#define BOUNDED_FUNCTION(symbol, is_outside, expression)                                           \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        if (x.is_null) return NT_NULL;                                                             \
        return is_outside ? out_of_range(e) : nt_float8(expression);                               \
    }
BOUNDED_FUNCTION(float8_asin, (fabs(x.float8) > 1), asin(x.float8))
BOUNDED_FUNCTION(float8_acos, (fabs(x.float8) > 1), acos(x.float8))
BOUNDED_FUNCTION(float8_atan, false, atan(x.float8))
BOUNDED_FUNCTION(float8_sinh, false, sinh(x.float8))
BOUNDED_FUNCTION(float8_cosh, false, cosh(x.float8))
BOUNDED_FUNCTION(float8_tanh, false, tanh(x.float8))
BOUNDED_FUNCTION(float8_asinh, false, asinh(x.float8))
BOUNDED_FUNCTION(float8_acosh, (x.float8 < 1), acosh(x.float8))
BOUNDED_FUNCTION(float8_atanh, (fabs(x.float8) > 1), atanh(x.float8))

struct nt_value nt_float8_atan2(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    return x.is_null || y.is_null ? NT_NULL : nt_float8(atan2(x.float8, y.float8));
}
