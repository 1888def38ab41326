/*
 * compare.c: the total order of each type, PostgreSQL's btree order.
 */
#include "base/bytes.h"
#include "nowthen/eval.h"
#include "row/array.h"
#include "row/numeric.h"
#include "row/time.h"

#include <math.h>

static int integer_compare(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* NaN equals NaN and is greater than all else. */
static int float8_compare(double x, double y)
{
    if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

static int text_compare(struct nt_value x, struct nt_value y)
{
    return bytes_compare((struct bytes){(const uint8_t *)x.text, x.size},
                         (struct bytes){(const uint8_t *)y.text, y.size});
}

int nt_compare(enum nt_type type, struct nt_value x, struct nt_value y)
{
    if (nt_type_is_array(type)) return array_compare(nt_type_element(type), x, y, nt_compare);
    switch (type) {
    case NT_BOOL:
        return x.boolean - y.boolean;
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        return integer_compare(x.integer, y.integer);
    case NT_FLOAT4:
    case NT_FLOAT8:
        return float8_compare(x.float8, y.float8);
    case NT_NUMERIC:
        return numeric_compare(*x.numeric, *y.numeric);
    case NT_TEXT:
    case NT_UUID:
    case NT_BYTEA:
    case NT_JSONB:
        return text_compare(x, y);
    case NT_TIMESTAMPTZ:
        return integer_compare(x.time.us, y.time.us);
    case NT_INTERVAL:
        return interval_compare(*x.interval, *y.interval);
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}
