/* functions_log.c: exp, logarithms and powers of numerics, with POSIX's rules for NaN and the
 * infinities as PostgreSQL has them. */
#include "row/functions.h"
#include "row/numeric.h"

static bool is_nan(struct nt_value x)
{
    return x.numeric->kind == NT_NUMERIC_NAN;
}

static bool is_special(struct nt_value x)
{
    return x.numeric->kind != NT_NUMERIC_FINITE;
}

static bool is_infinite(struct nt_value x)
{
    return is_special(x) && !is_nan(x);
}

static struct nt_value special(struct nt_eval *e, enum nt_numeric_kind kind)
{
    return numeric_result(e, (struct nt_numeric){.kind = (uint8_t)kind});
}

static struct nt_value whole(struct nt_eval *e, int x)
{
    return numeric_result(e, numeric_of_int(x));
}

struct nt_value nt_numeric_exp(struct nt_eval *e, struct nt_value x)
{
    struct nt_numeric result;
    if (x.is_null) return x;
    if (x.numeric->kind == NT_NUMERIC_MINUS_INFINITY) return whole(e, 0);
    if (is_special(x)) return x;
    if (!numeric_exp(e->arena, *x.numeric, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

/* False: of 0 or less there is no logarithm. */
static bool has_logarithm(struct nt_eval *e, struct nt_value x)
{
    int sign = is_nan(x) ? 1 : numeric_sign(*x.numeric);
    if (sign < 0) nt_fail(e, "cannot take logarithm of a negative number");
    if (sign == 0) nt_fail(e, "cannot take logarithm of zero");
    return sign > 0;
}

struct nt_value nt_numeric_ln(struct nt_eval *e, struct nt_value x)
{
    struct nt_numeric result;
    if (x.is_null || !has_logarithm(e, x)) return NT_NULL;
    if (is_special(x)) return x;
    if (!numeric_ln(e->arena, *x.numeric, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

/* The logarithm of y to the base x. */
struct nt_value nt_numeric_log(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_numeric result;
    if (x.is_null || y.is_null) return NT_NULL;
    if (is_nan(x) || is_nan(y)) return special(e, NT_NUMERIC_NAN);
    bool is_negative = numeric_sign(*x.numeric) < 0 || numeric_sign(*y.numeric) < 0;
    if (is_negative && (is_special(x) || is_special(y)))
        return nt_fail(e, "cannot take logarithm of a negative number");
    if (!has_logarithm(e, x) || !has_logarithm(e, y)) return NT_NULL;
    if (is_special(x)) return is_special(y) ? special(e, NT_NUMERIC_NAN) : whole(e, 0);
    if (is_special(y)) return y;
    if (numeric_compare(*x.numeric, numeric_of_int(1)) == 0) return nt_fail(e, "division by zero");
    if (!numeric_log(e->arena, *x.numeric, *y.numeric, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

struct nt_value nt_numeric_log10(struct nt_eval *e, struct nt_value x)
{
    struct nt_numeric ten = numeric_of_int(10);
    return nt_numeric_log(e, (struct nt_value){.numeric = &ten}, x);
}

static bool is_one(struct nt_value x)
{
    return !is_special(x) && numeric_compare(*x.numeric, numeric_of_int(1)) == 0;
}

static bool is_whole(struct nt_value x)
{
    return is_infinite(x) || (!is_special(x) && numeric_min_scale(*x.numeric) == 0);
}

/* x, which is no NaN, to the power of an infinity. */
static struct nt_value power_infinite(struct nt_eval *e, struct nt_value x, int sign)
{
    struct nt_numeric size = *x.numeric;
    if (numeric_sign(size) < 0) size = numeric_neg(size);
    int order = numeric_compare(size, numeric_of_int(1));
    if (order == 0) return whole(e, 1);
    return (order > 0) == (sign > 0) ? special(e, NT_NUMERIC_INFINITY) : whole(e, 0);
}

/* An infinite x to a finite power that is not 0. */
static struct nt_value infinite_power(struct nt_eval *e, struct nt_value x, struct nt_numeric y)
{
    struct nt_numeric rest;
    if (numeric_sign(y) < 0) return whole(e, 0);
    bool is_odd = numeric_mod(e->arena, y, numeric_of_int(2), &rest) && !numeric_is_zero(rest);
    bool is_negative = x.numeric->kind == NT_NUMERIC_MINUS_INFINITY && is_odd;
    return special(e, is_negative ? NT_NUMERIC_MINUS_INFINITY : NT_NUMERIC_INFINITY);
}

struct nt_value nt_numeric_power(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_numeric result;
    if (x.is_null || y.is_null) return NT_NULL;
    if (is_nan(x)) return numeric_is_zero(*y.numeric) ? whole(e, 1) : x;
    if (is_nan(y)) return is_one(x) ? whole(e, 1) : y;
    int x_sign = numeric_sign(*x.numeric), y_sign = numeric_sign(*y.numeric);
    if (x_sign == 0 && y_sign < 0)
        return nt_fail(e, "zero raised to a negative power is undefined");
    if (x_sign < 0 && !is_whole(y))
        return nt_fail(e,
                       "a negative number raised to a non-integer power yields a complex result");
    if (is_special(x) || is_special(y)) {
        if (is_one(x) || y_sign == 0) return whole(e, 1);
        if (x_sign == 0) return whole(e, 0);
        return is_special(y) ? power_infinite(e, x, y_sign) : infinite_power(e, x, *y.numeric);
    }
    if (!numeric_power(e->arena, *x.numeric, *y.numeric, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}
