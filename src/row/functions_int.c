/* functions_int.c: integer arithmetic (PostgreSQL's int.c, int8.c). */
#include "nowthen/eval.h"

#define EITHER_NULL (x.is_null || y.is_null)

static struct nt_value int4_result(struct nt_eval *e, int64_t x)
{
    if (x < INT32_MIN || x > INT32_MAX) return nt_fail(e, "integer out of range");
    return nt_integer(x);
}

static struct nt_value int8_overflow(struct nt_eval *e)
{
    return nt_fail(e, "bigint out of range");
}

static struct nt_value int2_result(struct nt_eval *e, int64_t x)
{
    if (x < INT16_MIN || x > INT16_MAX) return nt_fail(e, "smallint out of range");
    return nt_integer(x);
}

struct nt_value nt_int2_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return EITHER_NULL ? NT_NULL : int2_result(e, x.integer + y.integer);
}

struct nt_value nt_int2_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return EITHER_NULL ? NT_NULL : int2_result(e, x.integer - y.integer);
}

struct nt_value nt_int2_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return EITHER_NULL ? NT_NULL : int2_result(e, x.integer * y.integer);
}

struct nt_value nt_int2_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    if (y.integer == 0) return nt_fail(e, "division by zero");
    return int2_result(e, x.integer / y.integer);
}

struct nt_value nt_int2_mod(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return nt_int4_mod(e, x, y);
}

struct nt_value nt_int2_neg(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : int2_result(e, -x.integer);
}

struct nt_value nt_int2_plus(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}

struct nt_value nt_int4_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return EITHER_NULL ? NT_NULL : int4_result(e, x.integer + y.integer);
}

struct nt_value nt_int4_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return EITHER_NULL ? NT_NULL : int4_result(e, x.integer - y.integer);
}

struct nt_value nt_int4_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return EITHER_NULL ? NT_NULL : int4_result(e, x.integer * y.integer);
}

struct nt_value nt_int4_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    if (y.integer == 0) return nt_fail(e, "division by zero");
    return int4_result(e, x.integer / y.integer);
}

struct nt_value nt_int4_mod(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    if (y.integer == 0) return nt_fail(e, "division by zero");
    return nt_integer(x.integer % y.integer);
}

struct nt_value nt_int4_neg(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : int4_result(e, -x.integer);
}

struct nt_value nt_int4_plus(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}

struct nt_value nt_int8_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    int64_t z;
    if (EITHER_NULL) return NT_NULL;
    return __builtin_add_overflow(x.integer, y.integer, &z) ? int8_overflow(e) : nt_integer(z);
}

struct nt_value nt_int8_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    int64_t z;
    if (EITHER_NULL) return NT_NULL;
    return __builtin_sub_overflow(x.integer, y.integer, &z) ? int8_overflow(e) : nt_integer(z);
}

struct nt_value nt_int8_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    int64_t z;
    if (EITHER_NULL) return NT_NULL;
    return __builtin_mul_overflow(x.integer, y.integer, &z) ? int8_overflow(e) : nt_integer(z);
}

/* The least bigint over -1 has no result; the processor would trap. */
struct nt_value nt_int8_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    if (y.integer == 0) return nt_fail(e, "division by zero");
    if (y.integer == -1) return nt_int8_neg(e, x);
    return nt_integer(x.integer / y.integer);
}

struct nt_value nt_int8_mod(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (EITHER_NULL) return NT_NULL;
    if (y.integer == 0) return nt_fail(e, "division by zero");
    return nt_integer(y.integer == -1 ? 0 : x.integer % y.integer);
}

struct nt_value nt_int8_neg(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    return x.integer == INT64_MIN ? int8_overflow(e) : nt_integer(-x.integer);
}

struct nt_value nt_int8_plus(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}
