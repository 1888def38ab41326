/* functions_bucket.c: width_bucket: into which of count equal parts of [low, high) a number falls;
 * 0 and count + 1 outside. The bounds may be the other way round. */
#include "row/functions.h"
#include "row/numeric.h"

#include <math.h>

static struct nt_value bucket_after(struct nt_eval *e, int64_t count)
{
    return count == INT32_MAX ? nt_fail(e, "integer out of range") : nt_integer(count + 1);
}

struct nt_value nt_float8_width_bucket(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                       struct nt_value z, struct nt_value w)
{
    if (x.is_null || y.is_null || z.is_null || w.is_null) return NT_NULL;
    double low = y.float8, high = z.float8;
    int64_t count = w.integer;
    if (count <= 0) return nt_fail(e, "count must be greater than zero");
    if (isnan(x.float8) || isnan(low) || isnan(high))
        return nt_fail(e, "operand, lower bound, and upper bound cannot be NaN");
    if (isinf(low) || isinf(high)) return nt_fail(e, "lower and upper bounds must be finite");
    if (low == high) return nt_fail(e, "lower bound cannot equal upper bound");
    bool is_rising = low < high;
    if (is_rising ? x.float8 < low : x.float8 > low) return nt_integer(0);
    if (is_rising ? x.float8 >= high : x.float8 <= high) return bucket_after(e, count);
    double bucket = (double)count * (x.float8 - low) / (high - low);
    if (!(bucket <= INT32_MAX)) return nt_fail(e, "integer out of range"); /* or a width of inf */
    return bucket_after(e, (int64_t)bucket);
}

/* floor(count * (x - low) / (high - low)), the quotient rounded to PostgreSQL's digits first, so it
 * may be count. */
static bool numeric_part(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric low,
                         struct nt_numeric high, int64_t count, int64_t *bucket)
{
    struct nt_numeric width, distance, product, quotient;
    if (!numeric_sub(arena, high, low, &width) || !numeric_sub(arena, x, low, &distance) ||
        !numeric_mul(arena, distance, numeric_of_int(count), &product) ||
        !numeric_div(arena, product, width, &quotient) ||
        !numeric_trunc(arena, quotient, 0, &quotient))
        return false;
    *bucket = (int64_t)quotient.coefficient;
    return true;
}

struct nt_value nt_numeric_width_bucket(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                        struct nt_value z, struct nt_value w)
{
    if (x.is_null || y.is_null || z.is_null || w.is_null) return NT_NULL;
    struct nt_numeric low = *y.numeric, high = *z.numeric;
    int64_t count = w.integer, bucket;
    if (count <= 0) return nt_fail(e, "count must be greater than zero");
    if (x.numeric->kind == NT_NUMERIC_NAN || low.kind == NT_NUMERIC_NAN ||
        high.kind == NT_NUMERIC_NAN)
        return nt_fail(e, "operand, lower bound, and upper bound cannot be NaN");
    if (low.kind != NT_NUMERIC_FINITE || high.kind != NT_NUMERIC_FINITE)
        return nt_fail(e, "lower and upper bounds must be finite");
    int sign = numeric_compare(high, low);
    if (sign == 0) return nt_fail(e, "lower bound cannot equal upper bound");
    if (numeric_compare(*x.numeric, low) * sign < 0) return nt_integer(0);
    if (numeric_compare(*x.numeric, high) * sign >= 0) return bucket_after(e, count);
    if (!numeric_part(e->arena, *x.numeric, low, high, count, &bucket)) return numeric_overflow(e);
    return bucket_after(e, bucket);
}
