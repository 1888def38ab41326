/*
 * tuple.c: rows of typed values as bytes.
 *
 *   tuple     NULL bitmap, (count + 7) / 8 bytes, bit i % 8 of byte i / 8 set where value i is
 * NULL; then the values that are not NULL, in order, without padding bool      1 byte, 0 or 1
 *   integers  varint of the zigzag code; date the same
 *   float8    8 bytes, the bits; every NaN is 0x7ff8000000000000
 *   float4    4 bytes, the bits; every NaN is 0x7fc00000
 *   numeric   1 byte: the scale where it is less than 0x80, then the zigzag coefficient as a varint
 *             of up to 19 bytes; or 0x80 | kind of what is not finite; or 0x84 and, as a varint,
 *             the scale from 0x80 up, then the coefficient; or, of a number with limbs, 0x86, 0x87
 *             where it is negative, varints of its scale and its limbs' count, and the limbs, 8
 *             bytes each, least first
 *   text      varint size, the bytes; bytea the same; an array its bytes of row/array.h
 *   uuid      16 bytes
 *   timestamptz  8 bytes
 *   interval  zigzag varints of months, days, microseconds
 */
#include "row/tuple.h"

#include "row/narrow.h"
#include "row/numeric.h"

#include <math.h>
#include <string.h>

#define NAN_BITS        UINT64_C(0x7ff8000000000000)
#define NUMERIC_SPECIAL 0x80u
#define NUMERIC_SCALED  0x84u
#define NUMERIC_LONG    0x86u /* and one more of a negative number */
#define VALUE_SIZE_MAX  32    /* an interval of three varints is 30; but for the bytes of text */

static uint64_t float8_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return isnan(x) ? NAN_BITS : bits;
}

static uint64_t zigzag(int64_t x)
{
    return (uint64_t)x << 1 ^ (uint64_t)(x >> 63);
}
static int64_t unzigzag(uint64_t x)
{
    return (int64_t)(x >> 1 ^ -(x & 1));
}

/* reader_varint; most are of one byte or two. */
static inline uint64_t varint_take(struct reader *in)
{
    const uint8_t *next = in->next;
    if (next < in->end && next[0] < 0x80) {
        in->next = next + 1;
        return next[0];
    }
    if (in->end - next >= 2 && next[1] < 0x80) {
        in->next = next + 2;
        return (uint64_t)(next[0] & 0x7f) | (uint64_t)next[1] << 7;
    }
    return reader_varint(in);
}

/* integer_is for those that are not int8, where every value is one. */
static inline bool integer_take(enum nt_type type, struct reader *in, struct nt_value *value)
{
    *value = nt_integer(unzigzag(varint_take(in)));
    return !in->is_short && (type == NT_INT8 || integer_is(type, value->integer));
}

static void long_append(struct nt_numeric x, struct buffer *out)
{
    buffer_append_byte(out, (uint8_t)(NUMERIC_LONG + (x.coefficient < 0)));
    buffer_append_varint(out, x.scale);
    buffer_append_varint(out, x.limb_count);
    for (int i = 0; i < x.limb_count; i++) buffer_append_u64(out, x.limbs[i]);
}

/* False as well: one that has no need of limbs. */
static bool long_take(struct reader *in, struct nt_arena *arena, bool is_negative,
                      struct nt_numeric *x)
{
    uint64_t scale = reader_varint(in), count = reader_varint(in);
    struct natural digits;
    if (in->is_short || scale > NUMERIC_SCALE_MAX || count > NUMERIC_DIGITS_MAX / 19 + 1)
        return false;
    digits.count = (int)count;
    for (int i = 0; i < digits.count; i++) digits.limbs[i] = reader_u64(in);
    if (in->is_short || count == 0 || digits.limbs[count - 1] == 0) return false;
    return numeric_of_natural(arena, &digits, is_negative, (int)scale, x) && x->limb_count > 0;
}

static void numeric_append(struct nt_numeric x, struct buffer *out)
{
    if (x.kind != NT_NUMERIC_FINITE) {
        buffer_append_byte(out, (uint8_t)(NUMERIC_SPECIAL | x.kind));
        return;
    }
    if (x.limb_count > 0) {
        long_append(x, out);
        return;
    }
    if (x.scale >= NUMERIC_SPECIAL) buffer_append_byte(out, NUMERIC_SCALED);
    buffer_append_varint(out, x.scale); /* a byte where it is less than 0x80 */
    unsigned __int128 code = (unsigned __int128)x.coefficient << 1;
    if (x.coefficient < 0) code = ~code;
    for (; code >= 0x80; code >>= 7) buffer_append_byte(out, (uint8_t)(code | 0x80));
    buffer_append_byte(out, (uint8_t)code);
}

static bool coefficient_take(struct reader *in, __int128 *coefficient)
{
    unsigned __int128 code = 0;
    for (unsigned shift = 0; shift < 128; shift += 7) {
        uint8_t byte = reader_byte(in);
        if (in->is_short) return false;
        code |= (unsigned __int128)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *coefficient = (__int128)(code >> 1 ^ -(code & 1));
            return true;
        }
    }
    return false;
}

static bool numeric_take(struct reader *in, struct nt_arena *arena, struct nt_value *value)
{
    struct nt_numeric x = {0};
    uint8_t head = reader_byte(in);
    if (in->is_short) return false;
    if (head == NUMERIC_LONG || head == NUMERIC_LONG + 1) {
        if (!long_take(in, arena, head != NUMERIC_LONG, &x)) return false;
    } else if (head == NUMERIC_SCALED) {
        uint64_t scale = reader_varint(in);
        __int128 coefficient;
        if (in->is_short || scale < NUMERIC_SPECIAL || scale > NUMERIC_SCALE_MAX ||
            !coefficient_take(in, &coefficient) || !numeric_make(coefficient, (int)scale, &x))
            return false;
    } else if (head & NUMERIC_SPECIAL) {
        x.kind = (uint8_t)(head ^ NUMERIC_SPECIAL);
        if (x.kind < NT_NUMERIC_NAN || x.kind > NT_NUMERIC_MINUS_INFINITY) return false;
    } else {
        __int128 coefficient;
        if (!coefficient_take(in, &coefficient) || !numeric_make(coefficient, head, &x))
            return false;
    }
    *value = (struct nt_value){.numeric = nt_arena_copy(arena, &x, sizeof x)};
    return true;
}

static void interval_append(struct nt_interval x, struct buffer *out)
{
    buffer_append_varint(out, zigzag(x.months));
    buffer_append_varint(out, zigzag(x.days));
    buffer_append_varint(out, zigzag(x.us));
}

static bool interval_take(struct reader *in, struct nt_arena *arena, struct nt_value *value)
{
    int64_t months = unzigzag(reader_varint(in)), days = unzigzag(reader_varint(in));
    int64_t us = unzigzag(reader_varint(in));
    if (in->is_short || months != (int32_t)months || days != (int32_t)days) return false;
    struct nt_interval x = {us, (int32_t)days, (int32_t)months};
    *value = (struct nt_value){.interval = nt_arena_copy(arena, &x, sizeof x)};
    return true;
}

static bool text_take(struct reader *in, struct nt_value *value)
{
    uint64_t size = varint_take(in);
    if (in->is_short || size > UINT32_MAX) return false;
    const uint8_t *text = reader_take(in, (size_t)size);
    *value = nt_text((const char *)text, (uint32_t)size);
    return !in->is_short;
}

static double float8_take(struct reader *in)
{
    uint64_t bits = reader_u64(in);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

void value_append(enum nt_type type, struct nt_value value, struct buffer *out)
{
    if (nt_type_is_array(type)) type = NT_BYTEA;
    switch (type) {
    case NT_BOOL:
        buffer_append_byte(out, value.boolean);
        return;
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        buffer_append_varint(out, zigzag(value.integer));
        return;
    case NT_FLOAT4:
        buffer_append_u32(out, float4_bits(value.float8));
        return;
    case NT_FLOAT8:
        buffer_append_u64(out, float8_bits(value.float8));
        return;
    case NT_NUMERIC:
        numeric_append(*value.numeric, out);
        return;
    case NT_UUID:
        buffer_append(out, value.text, NT_UUID_SIZE);
        return;
    case NT_TEXT:
    case NT_BYTEA:
    case NT_JSONB:
        buffer_append_varint(out, value.size);
        buffer_append(out, value.text, value.size);
        return;
    case NT_TIMESTAMPTZ:
        buffer_append_u64(out, (uint64_t)value.time.us);
        return;
    case NT_INTERVAL:
        interval_append(*value.interval, out);
        return;
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}

bool value_take(enum nt_type type, struct reader *in, struct nt_arena *arena,
                struct nt_value *value)
{
    if (nt_type_is_array(type)) type = NT_BYTEA;
    switch (type) {
    case NT_BOOL: {
        uint8_t byte = reader_byte(in);
        *value = nt_bool(byte);
        return !in->is_short && byte <= 1;
    }
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        return integer_take(type, in, value);
    case NT_FLOAT4:
        *value = nt_float8(float4_of_bits(reader_u32(in)));
        return !in->is_short;
    case NT_FLOAT8:
        *value = nt_float8(float8_take(in));
        return !in->is_short;
    case NT_NUMERIC:
        return numeric_take(in, arena, value);
    case NT_UUID:
        *value = nt_text((const char *)reader_take(in, NT_UUID_SIZE), NT_UUID_SIZE);
        return !in->is_short;
    case NT_TEXT:
    case NT_BYTEA:
    case NT_JSONB:
        return text_take(in, value);
    case NT_TIMESTAMPTZ:
        *value = nt_timestamptz((int64_t)reader_u64(in));
        return !in->is_short;
    case NT_INTERVAL:
        return interval_take(in, arena, value);
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}

void tuple_append(const enum nt_type *types, size_t count, const struct nt_value *values,
                  struct buffer *out)
{
    for (size_t i = 0; i < count; i += 8) {
        unsigned bits = 0;
        for (size_t j = i; j < count && j < i + 8; j++)
            bits |= (unsigned)values[j].is_null << (j - i);
        buffer_append_byte(out, (uint8_t)bits);
    }
    for (size_t i = 0; i < count; i++)
        if (!values[i].is_null) value_append(types[i], values[i], out);
}

size_t tuple_size_max(const enum nt_type *types, size_t count, const struct nt_value *values)
{
    size_t size = (count + 7) / 8 + count * VALUE_SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (values[i].is_null) continue;
        if (nt_type_is_bytes(types[i])) size += values[i].size;
        if (types[i] == NT_NUMERIC) size += values[i].numeric->limb_count * sizeof(uint64_t);
    }
    return size;
}

static inline bool column_take(enum nt_type type, struct reader *in, struct nt_arena *arena,
                               struct nt_value *value)
{
    if (type == NT_INT8 || type == NT_INT4) return integer_take(type, in, value);
    return value_take(type, in, arena, value);
}

static inline bool row_take(const enum nt_type *types, size_t count, struct reader *in,
                            struct nt_arena *arena, struct nt_value *values)
{
    size_t width = (count + 7) / 8;
    const uint8_t *bitmap = in->next;
    if (in->is_short || (size_t)(in->end - in->next) < width) return false;
    in->next += width;
    if (count % 8 != 0 && bitmap[count / 8] >> count % 8 != 0) return false;
    for (size_t i = 0; i < count; i++) {
        if (bitmap[i / 8] >> i % 8 & 1)
            values[i] = NT_NULL;
        else if (!column_take(types[i], in, arena, &values[i]))
            return false;
    }
    return true;
}

bool tuple_take(const enum nt_type *types, size_t count, struct reader *in, struct nt_arena *arena,
                struct nt_value *values)
{
    return row_take(types, count, in, arena, values);
}

static bool are_integers(const enum nt_type *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (types[i] != NT_INT8 && types[i] != NT_INT4) return false;
    return 1 <= count && count <= 8;
}

/* tuples_take of at most eight integers a row: where it stands is in a register, where a reader is
 * in memory: 58 instructions a row of one, not 95. */
static bool integers_take(const enum nt_type *types, size_t count, const uint8_t *at,
                          const uint8_t *tuples, const uint32_t *ends, size_t rows,
                          struct nt_value *values)
{
    for (size_t i = 0; i < rows; i++) {
        const uint8_t *end = tuples + ends[i];
        if (at >= end || *at >> count) return false;
        unsigned nulls = *at++;
        for (size_t j = 0; j < count; j++, values++) {
            if (nulls >> j & 1) {
                *values = NT_NULL;
                continue;
            }
            if (at == end) return false;
            uint64_t byte = *at++, x = byte & 0x7f;
            for (unsigned shift = 7; byte & 0x80; shift += 7) {
                if (at == end || shift > 63) return false;
                byte = *at++;
                x |= (byte & 0x7f) << shift;
            }
            *values = nt_integer(unzigzag(x));
            if (types[j] != NT_INT8 && !integer_is(types[j], values->integer)) return false;
        }
        if (at != end) return false;
    }
    return true;
}

bool tuples_take(const enum nt_type *types, size_t count, const uint8_t *tuples, uint32_t begin,
                 const uint32_t *ends, size_t rows, struct nt_arena *arena, struct nt_value *values)
{
    struct reader in = {tuples + begin, NULL, false};
    if (are_integers(types, count))
        return integers_take(types, count, in.next, tuples, ends, rows, values);
    for (size_t i = 0; i < rows; i++, values += count) {
        in.end = tuples + ends[i];
        if (!row_take(types, count, &in, arena, values) || in.next != in.end) return false;
    }
    return true;
}

struct nt_value value_copy(enum nt_type type, struct nt_value value, struct nt_arena *arena)
{
    if (value.is_null) return NT_NULL;
    if (nt_type_is_bytes(type)) value.text = nt_arena_copy(arena, value.text, value.size);
    if (type == NT_NUMERIC) value.numeric = numeric_copy(arena, value.numeric);
    if (type == NT_INTERVAL)
        value.interval = nt_arena_copy(arena, value.interval, sizeof *value.interval);
    return value;
}

static bool interval_is_same(const struct nt_interval *x, const struct nt_interval *y)
{
    return x->us == y->us && x->days == y->days && x->months == y->months;
}

bool value_is_same(enum nt_type type, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return x.is_null && y.is_null;
    if (nt_type_is_array(type)) type = NT_BYTEA;
    switch (type) {
    case NT_BOOL:
        return x.boolean == y.boolean;
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        return x.integer == y.integer;
    case NT_FLOAT4:
    case NT_FLOAT8:
        return float8_bits(x.float8) == float8_bits(y.float8);
    case NT_NUMERIC:
        return numeric_is_same(x.numeric, y.numeric);
    case NT_TEXT:
    case NT_UUID:
    case NT_BYTEA:
    case NT_JSONB:
        return x.size == y.size && (x.size == 0 || !memcmp(x.text, y.text, x.size));
    case NT_TIMESTAMPTZ:
        return x.time.us == y.time.us;
    case NT_INTERVAL:
        return interval_is_same(x.interval, y.interval);
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}
