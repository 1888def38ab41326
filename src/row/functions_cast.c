/* functions_cast.c: casts among the types. To integers floats round half to even, numerics half
 * away from zero; to and from text they go through the output and input functions. */
#include "row/functions.h"
#include "row/numeric.h"
#include "row/value_text.h"

#include <math.h>
#include <string.h>

struct nt_value nt_int4_to_int8(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}

struct nt_value nt_int8_to_numeric(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : numeric_result(e, numeric_of_int(x.integer));
}

struct nt_value nt_int4_to_numeric(struct nt_eval *e, struct nt_value x)
{
    return nt_int8_to_numeric(e, x);
}

struct nt_value nt_int8_to_float8(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_float8((double)x.integer);
}

struct nt_value nt_int4_to_float8(struct nt_eval *e, struct nt_value x)
{
    return nt_int8_to_float8(e, x);
}

struct nt_value nt_int8_to_int4(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    if (x.integer < INT32_MIN || x.integer > INT32_MAX) return nt_fail(e, "integer out of range");
    return x;
}

static struct nt_value numeric_to_integer(struct nt_eval *e, struct nt_value x, int64_t least,
                                          int64_t most, const char *type)
{
    int64_t integer;
    if (x.is_null) return NT_NULL;
    if (x.numeric->kind != NT_NUMERIC_FINITE) {
        const char *what = x.numeric->kind == NT_NUMERIC_NAN ? "NaN" : "infinity";
        return nt_fail(e, nt_arena_printf(e->arena, "cannot convert %s to %s", what, type));
    }
    if (!numeric_round_to_int(*x.numeric, &integer) || integer < least || integer > most)
        return nt_fail(e, nt_arena_printf(e->arena, "%s out of range", type));
    return nt_integer(integer);
}

struct nt_value nt_numeric_to_int4(struct nt_eval *e, struct nt_value x)
{
    return numeric_to_integer(e, x, INT32_MIN, INT32_MAX, "integer");
}

struct nt_value nt_numeric_to_int2(struct nt_eval *e, struct nt_value x)
{
    return numeric_to_integer(e, x, INT16_MIN, INT16_MAX, "smallint");
}

struct nt_value nt_numeric_to_int8(struct nt_eval *e, struct nt_value x)
{
    return numeric_to_integer(e, x, INT64_MIN, INT64_MAX, "bigint");
}

struct nt_value nt_float8_to_int4(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    double rounded = rint(x.float8);
    if (!(rounded >= INT32_MIN && rounded <= INT32_MAX)) return nt_fail(e, "integer out of range");
    return nt_integer((int64_t)rounded);
}

struct nt_value nt_float8_to_int2(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    double rounded = rint(x.float8);
    if (!(rounded >= INT16_MIN && rounded <= INT16_MAX)) return nt_fail(e, "smallint out of range");
    return nt_integer((int64_t)rounded);
}

/* The greatest bigint is no double; the first double that is too large is 2^63. */
struct nt_value nt_float8_to_int8(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    double rounded = rint(x.float8);
    if (!(rounded >= -0x1p63 && rounded < 0x1p63)) return nt_fail(e, "bigint out of range");
    return nt_integer((int64_t)rounded);
}

struct nt_value nt_float8_to_numeric(struct nt_eval *e, struct nt_value x)
{
    struct nt_numeric result;
    if (x.is_null) return NT_NULL;
    if (!numeric_of_double(e->arena, x.float8, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

struct nt_value nt_bool_to_int4(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_integer(x.boolean);
}

struct nt_value nt_int4_to_bool(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_bool(x.integer != 0);
}

/* The cast spells the words out, unlike the output function. */
struct nt_value nt_bool_to_text(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null) return NT_NULL;
    return x.boolean ? nt_text("true", 4) : nt_text("false", 5);
}

struct nt_value nt_float8_to_float4(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    double narrow = (double)(float)x.float8;
    if (isinf(narrow) && !isinf(x.float8)) return float_overflow(e);
    if (narrow == 0 && x.float8 != 0) return float_underflow(e);
    return nt_float8(narrow);
}

struct nt_value nt_int8_to_float4(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_float8((double)(float)x.integer);
}

/* Through text, so that it is rounded once, and refused beyond the range. */
static struct nt_value numeric_to_float(struct nt_eval *e, enum nt_type type, struct nt_value x)
{
    struct buffer text = {0};
    struct nt_value value;
    if (x.is_null) return NT_NULL;
    numeric_append_text(*x.numeric, &text);
    bool is_parsed = value_parse(e, type, buffer_text(&text), text.size, &value);
    buffer_deinit(&text);
    return is_parsed ? value : NT_NULL;
}

struct nt_value nt_numeric_to_float4(struct nt_eval *e, struct nt_value x)
{
    return numeric_to_float(e, NT_FLOAT4, x);
}

struct nt_value nt_numeric_to_float8(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null || !numeric_is_double(*x.numeric)) return numeric_to_float(e, NT_FLOAT8, x);
    return nt_float8(numeric_to_double(*x.numeric));
}

struct nt_value nt_float4_to_numeric(struct nt_eval *e, struct nt_value x)
{
    struct nt_numeric result;
    if (x.is_null) return NT_NULL;
    if (!numeric_of_float4(e->arena, x.float8, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

struct nt_value nt_int8_to_int2(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    if (x.integer < INT16_MIN || x.integer > INT16_MAX) return nt_fail(e, "smallint out of range");
    return x;
}

/* Casts of a narrow type are those of the wide one that it is kept in. */
#define SAME_AS(symbol, wide)                                                                      \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        return nt_##wide(e, x);                                                                    \
    }
SAME_AS(int2_to_int4, int4_to_int8)
SAME_AS(int2_to_int8, int4_to_int8)
SAME_AS(int2_to_numeric, int8_to_numeric)
SAME_AS(int2_to_float4, int8_to_float4)
SAME_AS(int2_to_float8, int8_to_float8)
SAME_AS(int4_to_int2, int8_to_int2)
SAME_AS(int4_to_float4, int8_to_float4)
SAME_AS(float4_to_float8, float8_plus)
SAME_AS(float4_to_int2, float8_to_int2)
SAME_AS(float4_to_int4, float8_to_int4)
SAME_AS(float4_to_int8, float8_to_int8)

static struct nt_value to_text(struct nt_eval *e, enum nt_type type, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    struct buffer out = {0};
    value_append_text(type, x, &out);
    struct nt_value text = nt_text(nt_arena_copy(e->arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return text;
}

static struct nt_value from_text(struct nt_eval *e, enum nt_type type, struct nt_value x)
{
    struct nt_value value;
    if (x.is_null || !value_parse(e, type, x.text, x.size, &value)) return NT_NULL;
    return value;
}

#define TO_TEXT(symbol, type)                                                                      \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        return to_text(e, type, x);                                                                \
    }
#define FROM_TEXT(symbol, type)                                                                    \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        return from_text(e, type, x);                                                              \
    }

TO_TEXT(int4_to_text, NT_INT4)
TO_TEXT(int8_to_text, NT_INT8)
TO_TEXT(float8_to_text, NT_FLOAT8)
TO_TEXT(numeric_to_text, NT_NUMERIC)
TO_TEXT(timestamptz_to_text, NT_TIMESTAMPTZ)
TO_TEXT(interval_to_text, NT_INTERVAL)
FROM_TEXT(text_to_bool, NT_BOOL)
FROM_TEXT(text_to_int4, NT_INT4)
FROM_TEXT(text_to_int8, NT_INT8)
FROM_TEXT(text_to_float8, NT_FLOAT8)
FROM_TEXT(text_to_numeric, NT_NUMERIC)
FROM_TEXT(text_to_timestamptz, NT_TIMESTAMPTZ)
FROM_TEXT(text_to_interval, NT_INTERVAL)
TO_TEXT(int2_to_text, NT_INT2)
TO_TEXT(float4_to_text, NT_FLOAT4)
TO_TEXT(date_to_text, NT_DATE)
TO_TEXT(uuid_to_text, NT_UUID)
TO_TEXT(bytea_to_text, NT_BYTEA)
FROM_TEXT(text_to_int2, NT_INT2)
FROM_TEXT(text_to_float4, NT_FLOAT4)
FROM_TEXT(text_to_date, NT_DATE)
FROM_TEXT(text_to_uuid, NT_UUID)
FROM_TEXT(text_to_bytea, NT_BYTEA)
