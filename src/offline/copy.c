/* copy.c: values in PostgreSQL's binary COPY format, as the send functions of its types do it. */
#include "offline/copy.h"

#include "nowthen/program.h"
#include "row/array.h"
#include "row/narrow.h"
#include "row/numeric.h"
#include "row/value_text.h"

#include <math.h>
#include <string.h>

#define NUMERIC_NEGATIVE  0x4000
#define NUMERIC_NAN_SIGN  0xC000
#define NUMERIC_PLUS_INF  0xD000
#define NUMERIC_MINUS_INF 0xF000
#define JSONB_VERSION     1 /* before the text */
#define DIGITS_ROOM       NUMERIC_DIGITS_MAX
#define GROUP             4 /* decimal digits of one base 10000 digit */
#define GROUPS_MAX        (NUMERIC_DIGITS_MAX / GROUP + 2)

static const uint8_t signature[11] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', 0};

static void append_u16(struct buffer *out, unsigned x)
{
    uint8_t b[2] = {(uint8_t)(x >> 8), (uint8_t)x};
    buffer_append(out, b, sizeof b);
}

static void append_u32(struct buffer *out, uint32_t x)
{
    uint8_t b[4] = {(uint8_t)(x >> 24), (uint8_t)(x >> 16), (uint8_t)(x >> 8), (uint8_t)x};
    buffer_append(out, b, sizeof b);
}

static unsigned take_u16(struct reader *in)
{
    const uint8_t *b = reader_take(in, 2);
    return b ? (unsigned)b[0] << 8 | b[1] : 0;
}

static uint32_t take_u32(struct reader *in)
{
    const uint8_t *b = reader_take(in, 4);
    return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

void copy_append_header(struct buffer *out)
{
    buffer_append(out, signature, sizeof signature);
    append_u32(out, 0);
    append_u32(out, 0);
}

void copy_append_trailer(struct buffer *out)
{
    append_u16(out, 0xffff);
}
void copy_append_count(struct buffer *out, uint16_t columns)
{
    append_u16(out, columns);
}
void copy_append_null(struct buffer *out)
{
    append_u32(out, UINT32_MAX);
}

static void append_float8(struct buffer *out, double x)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    if (!isnan(x)) memcpy(&bits, &x, sizeof bits);
    append_u32(out, 8);
    buffer_append_u64_be(out, bits);
}

static void append_integer(struct buffer *out, enum nt_type type, int64_t x)
{
    if (type == NT_INT2) {
        append_u32(out, 2);
        append_u16(out, (unsigned)x & 0xffff);
    } else if (type == NT_INT4 || type == NT_DATE) {
        append_u32(out, 4);
        append_u32(out, (uint32_t)(int32_t)x);
    } else {
        append_u32(out, 8);
        buffer_append_u64_be(out, (uint64_t)x);
    }
}

/*
 * Base 10000 digits of a finite x, most significant first, without zeros at either end; *weight is
 * the power of 10000 of the first.
 */
static int numeric_groups(const struct nt_numeric *x, uint16_t groups[GROUPS_MAX], int *weight)
{
    uint8_t digits[NUMERIC_DIGITS_ROOM];
    int digits_count = numeric_digits(*x, digits), count = 0;
    int top = digits_count - 1 - x->scale; /* power of ten of the first digit */
    *weight = 0;
    if (digits_count == 0) return 0;
    *weight = top >= 0 ? top / GROUP : -((GROUP - 1 - top) / GROUP);
    int place = GROUP - 1 - (top - *weight * GROUP); /* of that digit in its group */
    for (int i = 0; i < digits_count; place = 0) {
        unsigned group = 0;
        for (int j = 0; j < GROUP; j++)
            group = group * 10 + (j >= place && i < digits_count ? digits[i++] : 0);
        groups[count++] = (uint16_t)group;
    }
    while (count > 0 && groups[count - 1] == 0) count--;
    return count;
}

static void append_numeric(struct buffer *out, const struct nt_numeric *x)
{
    uint16_t groups[GROUPS_MAX];
    int weight = 0, count = 0;
    unsigned sign = x->kind == NT_NUMERIC_NAN              ? NUMERIC_NAN_SIGN
                    : x->kind == NT_NUMERIC_INFINITY       ? NUMERIC_PLUS_INF
                    : x->kind == NT_NUMERIC_MINUS_INFINITY ? NUMERIC_MINUS_INF
                    : x->coefficient < 0                   ? NUMERIC_NEGATIVE
                                                           : 0;
    if (x->kind == NT_NUMERIC_FINITE) count = numeric_groups(x, groups, &weight);
    append_u32(out, (uint32_t)(8 + 2 * count));
    append_u16(out, (unsigned)count);
    append_u16(out, (unsigned)weight & 0xffff);
    append_u16(out, sign);
    append_u16(out, x->kind == NT_NUMERIC_FINITE ? x->scale : 0);
    for (int i = 0; i < count; i++) append_u16(out, groups[i]);
}

static void append_interval(struct buffer *out, const struct nt_interval *x)
{
    append_u32(out, 16);
    buffer_append_u64_be(out, (uint64_t)x->us);
    append_u32(out, (uint32_t)x->days);
    append_u32(out, (uint32_t)x->months);
}

/* Behind the size: an array's dimensions, whether it holds NULLs, and the type of its elements. */
static void append_array_header(struct buffer *out, uint32_t count, bool has_null, uint32_t oid)
{
    append_u32(out, count > 0);
    append_u32(out, has_null);
    append_u32(out, oid);
    if (count == 0) return;
    append_u32(out, count);
    append_u32(out, 1); /* lower bound */
}

static void append_array(struct buffer *out, enum nt_type element, struct nt_value array)
{
    struct nt_arena arena = {0};
    uint32_t count;
    const struct nt_value *values = array_values(element, array, &arena, &count);
    bool has_null = false;
    for (uint32_t i = 0; i < count; i++) has_null |= values[i].is_null;
    size_t start = out->size;
    append_u32(out, 0);
    append_array_header(out, count, has_null, type_oid(element));
    for (uint32_t i = 0; i < count; i++) copy_append_value(out, element, values[i]);
    uint32_t size = (uint32_t)(out->size - start - 4);
    for (int i = 0; i < 4; i++) out->data[start + (size_t)i] = (uint8_t)(size >> (24 - 8 * i));
    nt_arena_deinit(&arena);
}

void copy_append_value(struct buffer *out, enum nt_type type, struct nt_value value)
{
    if (value.is_null) {
        copy_append_null(out);
        return;
    }
    if (nt_type_is_array(type)) {
        append_array(out, nt_type_element(type), value);
        return;
    }
    switch (type) {
    case NT_BOOL:
        append_u32(out, 1);
        buffer_append_byte(out, value.boolean);
        break;
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        append_integer(out, type, value.integer);
        break;
    case NT_TIMESTAMPTZ:
        append_integer(out, type, value.time.us);
        break;
    case NT_FLOAT4:
        append_u32(out, 4);
        append_u32(out, float4_bits(value.float8));
        break;
    case NT_FLOAT8:
        append_float8(out, value.float8);
        break;
    case NT_NUMERIC:
        append_numeric(out, value.numeric);
        break;
    case NT_TEXT:
    case NT_UUID:
    case NT_BYTEA:
        append_u32(out, value.size);
        buffer_append(out, value.text, value.size);
        break;
    case NT_JSONB:
        append_u32(out, value.size + 1);
        buffer_append_byte(out, JSONB_VERSION);
        buffer_append(out, value.text, value.size);
        break;
    case NT_INTERVAL:
        append_interval(out, value.interval);
        break;
    case NT_TYPE_COUNT:
        break;
    }
}

void copy_append_names(struct buffer *out, const char *const *names, size_t count)
{
    if (count == 0) {
        copy_append_null(out);
        return;
    }
    size_t size = 20;
    for (size_t i = 0; i < count; i++) size += 4 + strlen(names[i]);
    append_u32(out, (uint32_t)size);
    append_array_header(out, (uint32_t)count, false, type_oid(NT_TEXT));
    for (size_t i = 0; i < count; i++) {
        append_u32(out, (uint32_t)strlen(names[i]));
        buffer_append_text(out, names[i]);
    }
}

bool copy_take_header(struct reader *in)
{
    const uint8_t *b = reader_take(in, sizeof signature);
    if (!b || memcmp(b, signature, sizeof signature) != 0) return false;
    take_u32(in);
    reader_take(in, take_u32(in));
    return !in->is_short;
}

bool copy_take_count(struct reader *in, int *columns)
{
    *columns = (int16_t)take_u16(in);
    return !in->is_short && *columns >= -1;
}

/* The digits of the groups up to the scale, the first one first; false: more than there is room. */
static bool take_digits(struct reader *in, int groups, int weight, int scale,
                        uint8_t digits[DIGITS_ROOM], int *count)
{
    int last = (weight + 1) * GROUP + scale; /* digits from the first group to the scale */
    *count = 0;
    for (int i = 0; i < groups; i++) {
        unsigned group = take_u16(in);
        if (group > 9999) return false;
        for (unsigned power = 1000; power; power /= 10) {
            unsigned digit = group / power % 10;
            if (last-- <= 0) {
                if (digit) return false; /* hidden digits: PostgreSQL has none */
            } else if (*count > 0 || digit) {
                if (*count == DIGITS_ROOM) return false;
                digits[(*count)++] = (uint8_t)digit;
            }
        }
    }
    for (; last > 0 && *count > 0; last--) {
        if (*count == DIGITS_ROOM) return false;
        digits[(*count)++] = 0;
    }
    return !in->is_short;
}

static bool take_numeric(struct reader *in, struct nt_arena *arena, struct nt_numeric *x)
{
    uint8_t digits[DIGITS_ROOM];
    int groups = (int)take_u16(in), weight = (int16_t)take_u16(in), count;
    unsigned sign = take_u16(in), scale = take_u16(in);
    *x = (struct nt_numeric){0};
    x->kind = sign == NUMERIC_NAN_SIGN    ? NT_NUMERIC_NAN
              : sign == NUMERIC_PLUS_INF  ? NT_NUMERIC_INFINITY
              : sign == NUMERIC_MINUS_INF ? NT_NUMERIC_MINUS_INFINITY
                                          : NT_NUMERIC_FINITE;
    if (x->kind != NT_NUMERIC_FINITE) return !in->is_short;
    return take_digits(in, groups, weight, (int)scale, digits, &count) &&
           numeric_of_digits(arena, digits, count, sign == NUMERIC_NEGATIVE, (int)scale, x);
}

/* False: not of one dimension that begins at 1. */
static bool array_read(struct reader *in, enum nt_type element, struct nt_arena *arena,
                       struct nt_value *array)
{
    uint32_t dimensions = take_u32(in), count = 0, lower = 1;
    take_u32(in);
    bool is_right = take_u32(in) == type_oid(element) && dimensions <= 1;
    if (dimensions == 1) {
        count = take_u32(in);
        lower = take_u32(in);
    }
    /* Each element has a size of 4 bytes before it. */
    if (!is_right || in->is_short || lower != 1 || count > (size_t)(in->end - in->next) / 4)
        return false;
    struct nt_value *values = nt_arena_alloc(arena, count * sizeof *values);
    for (uint32_t i = 0; i < count; i++)
        if (!copy_take_value(in, element, arena, &values[i])) return false;
    *array = array_make(element, values, count, arena);
    return in->next == in->end;
}

static bool value_read(struct reader *in, enum nt_type type, struct nt_arena *arena,
                       struct nt_value *value)
{
    if (nt_type_is_array(type)) return array_read(in, nt_type_element(type), arena, value);
    size_t size = (size_t)(in->end - in->next);
    switch (type) {
    case NT_BOOL:
        *value = nt_bool(reader_byte(in) != 0);
        break;
    case NT_INT2:
        *value = nt_integer((int16_t)take_u16(in));
        break;
    case NT_INT4:
    case NT_DATE:
        *value = nt_integer((int32_t)take_u32(in));
        break;
    case NT_INT8:
        *value = nt_integer((int64_t)reader_u64_be(in));
        break;
    case NT_TIMESTAMPTZ:
        *value = nt_timestamptz((int64_t)reader_u64_be(in));
        break;
    case NT_FLOAT4:
        *value = nt_float8(float4_of_bits(take_u32(in)));
        break;
    case NT_FLOAT8: {
        uint64_t bits = reader_u64_be(in);
        double x;
        memcpy(&x, &bits, sizeof x);
        *value = nt_float8(x);
        break;
    }
    case NT_UUID:
        if (size != NT_UUID_SIZE) return false;
        *value = nt_text((const char *)reader_take(in, size), NT_UUID_SIZE);
        break;
    case NT_JSONB:
        if (reader_byte(in) != JSONB_VERSION || size < 2) return false;
        *value = nt_text((const char *)reader_take(in, size - 1), (uint32_t)size - 1);
        break;
    case NT_TEXT:
    case NT_BYTEA:
        *value = nt_text((const char *)reader_take(in, size), (uint32_t)size);
        break;
    case NT_NUMERIC: {
        struct nt_numeric *x = nt_arena_alloc(arena, sizeof *x);
        *value = (struct nt_value){.numeric = x};
        if (!take_numeric(in, arena, x)) return false;
        break;
    }
    case NT_INTERVAL: {
        struct nt_interval *x = nt_arena_alloc(arena, sizeof *x);
        x->us = (int64_t)reader_u64_be(in);
        x->days = (int32_t)take_u32(in);
        x->months = (int32_t)take_u32(in);
        *value = (struct nt_value){.interval = x};
        break;
    }
    case NT_TYPE_COUNT:
        return false;
    }
    return !in->is_short && in->next == in->end;
}

/* The column's bytes; data NULL for NULL. */
static bool take_column(struct reader *in, struct bytes *column)
{
    uint32_t size = take_u32(in);
    *column = (struct bytes){0};
    if (size == UINT32_MAX) return !in->is_short;
    if (size > INT32_MAX) return false;
    column->data = reader_take(in, size);
    column->size = size;
    return !in->is_short;
}

bool copy_take_value(struct reader *in, enum nt_type type, struct nt_arena *arena,
                     struct nt_value *value)
{
    struct bytes column;
    *value = NT_NULL;
    if (!take_column(in, &column)) return false;
    if (!column.data) return true;
    struct reader inside = reader_of(column);
    return value_read(&inside, type, arena, value);
}

bool copy_take_names(struct reader *in, struct nt_arena *arena, struct bytes **names, size_t *count)
{
    struct bytes column;
    *names = NULL;
    *count = 0;
    if (!take_column(in, &column)) return false;
    if (!column.data) return true;
    struct reader inside = reader_of(column);
    uint32_t dimensions = take_u32(&inside);
    take_u32(&inside);
    take_u32(&inside);
    if (dimensions == 0) return true;
    uint32_t size = take_u32(&inside);
    take_u32(&inside);
    if (dimensions != 1 || size > NT_COLUMNS_MAX) return false;
    *names = nt_arena_alloc(arena, size * sizeof **names);
    for (*count = 0; *count < size; ++*count)
        if (!take_column(&inside, &(*names)[*count])) return false;
    return !inside.is_short;
}

bool copy_take_raw(struct reader *in, struct bytes *raw)
{
    struct bytes column;
    const uint8_t *start = in->next;
    if (!take_column(in, &column)) return false;
    *raw = (struct bytes){start, (size_t)(in->next - start)};
    return true;
}
