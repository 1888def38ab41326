/* functions_compare.c: = <> < <= > >= of every type. Integers, floats, times and booleans are
 * compared in place, for they are in the way of every event. */
#include "nowthen/eval.h"
#include "row/time.h"

#include <math.h>
#include <string.h>

static int bool_order(struct nt_value x, struct nt_value y)
{
    return x.boolean - y.boolean;
}

static int integer_order(struct nt_value x, struct nt_value y)
{
    return (x.integer > y.integer) - (x.integer < y.integer);
}

static int time_order(struct nt_value x, struct nt_value y)
{
    return (x.time.us > y.time.us) - (x.time.us < y.time.us);
}

/* NaN is equal to itself and above all else. */
static int float8_order(struct nt_value x, struct nt_value y)
{
    if (isnan(x.float8) || isnan(y.float8)) return !!isnan(x.float8) - !!isnan(y.float8);
    return (x.float8 > y.float8) - (x.float8 < y.float8);
}

static int text_order(struct nt_value x, struct nt_value y)
{
    uint32_t size = x.size < y.size ? x.size : y.size;
    int order = size ? memcmp(x.text, y.text, size) : 0;
    return order ? order : (x.size > y.size) - (x.size < y.size);
}

static int numeric_order(struct nt_value x, struct nt_value y)
{
    return nt_compare(NT_NUMERIC, x, y);
}

static int interval_order(struct nt_value x, struct nt_value y)
{
    return nt_compare(NT_INTERVAL, x, y);
}

/* A date beyond the times is above all of them, infinity too, as date_cmp_timestamptz has it. */
static int date_timestamptz_order(struct nt_value x, struct nt_value y)
{
    struct nt_time time;
    if (!date_to_time(x.integer, &time)) return 1;
    return (time.us > y.time.us) - (time.us < y.time.us);
}

static int timestamptz_date_order(struct nt_value x, struct nt_value y)
{
    return -date_timestamptz_order(y, x);
}

#define COMPARISON(symbol, order, operation)                                                       \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x, struct nt_value y)           \
    {                                                                                              \
        (void)e;                                                                                   \
        return x.is_null || y.is_null ? NT_NULL : nt_bool(order(x, y) operation 0);                \
    }
#define COMPARISONS(type, order)                                                                   \
    COMPARISON(type##_eq, order, ==)                                                               \
    COMPARISON(type##_ne, order, !=)                                                               \
    COMPARISON(type##_lt, order, <)                                                                \
    COMPARISON(type##_le, order, <=)                                                               \
    COMPARISON(type##_gt, order, >)                                                                \
    COMPARISON(type##_ge, order, >=)

COMPARISONS(bool, bool_order)
COMPARISONS(int4, integer_order)
COMPARISONS(int8, integer_order)
COMPARISONS(float8, float8_order)
COMPARISONS(numeric, numeric_order)
COMPARISONS(text, text_order)
COMPARISONS(timestamptz, time_order)
COMPARISONS(interval, interval_order)
COMPARISONS(int2, integer_order)
COMPARISONS(float4, float8_order)
COMPARISONS(float48, float8_order)
COMPARISONS(float84, float8_order)
COMPARISONS(date, integer_order)
COMPARISONS(date_timestamptz, date_timestamptz_order)
COMPARISONS(timestamptz_date, timestamptz_date_order)
COMPARISONS(uuid, text_order)
COMPARISONS(bytea, text_order)
