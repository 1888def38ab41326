/* functions_numeric.c: numeric arithmetic over row/numeric.h. */
#include "row/functions.h"
#include "row/numeric.h"

typedef bool numeric_operation(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                               struct nt_numeric *out);

static struct nt_value apply(struct nt_eval *e, numeric_operation *operation, struct nt_value x,
                             struct nt_value y)
{
    struct nt_numeric result;
    if (x.is_null || y.is_null) return NT_NULL;
    if (!operation(e->arena, *x.numeric, *y.numeric, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

/* NaN over zero is NaN; anything else over zero is an error, infinities too. */
static struct nt_value apply_division(struct nt_eval *e, numeric_operation *operation,
                                      struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (numeric_is_zero(*y.numeric)) {
        if (x.numeric->kind == NT_NUMERIC_NAN) return x;
        return nt_fail(e, "division by zero");
    }
    return apply(e, operation, x, y);
}

struct nt_value nt_numeric_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply(e, numeric_add, x, y);
}

struct nt_value nt_numeric_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply(e, numeric_sub, x, y);
}

struct nt_value nt_numeric_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply(e, numeric_mul, x, y);
}

struct nt_value nt_numeric_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply_division(e, numeric_div, x, y);
}

struct nt_value nt_numeric_mod(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply_division(e, numeric_mod, x, y);
}

struct nt_value nt_numeric_neg(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : numeric_result(e, numeric_neg(*x.numeric));
}

struct nt_value nt_numeric_plus(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}

struct nt_value nt_numeric_sqrt(struct nt_eval *e, struct nt_value x)
{
    struct nt_numeric root;
    if (x.is_null || x.numeric->kind == NT_NUMERIC_NAN || x.numeric->kind == NT_NUMERIC_INFINITY)
        return x;
    if (x.numeric->kind == NT_NUMERIC_MINUS_INFINITY || x.numeric->coefficient < 0)
        return nt_fail(e, "cannot take square root of a negative number");
    if (!numeric_sqrt(e->arena, *x.numeric, &root)) return numeric_overflow(e);
    return numeric_result(e, root);
}

struct nt_value nt_numeric_quotient(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply_division(e, numeric_quotient, x, y);
}

/* Of what is not finite, NaN. */
static struct nt_value apply_finite(struct nt_eval *e, numeric_operation *operation,
                                    struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (x.numeric->kind != NT_NUMERIC_FINITE || y.numeric->kind != NT_NUMERIC_FINITE)
        return numeric_result(e, (struct nt_numeric){.kind = NT_NUMERIC_NAN});
    return apply(e, operation, x, y);
}

struct nt_value nt_numeric_gcd(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply_finite(e, numeric_gcd, x, y);
}

struct nt_value nt_numeric_lcm(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return apply_finite(e, numeric_lcm, x, y);
}
