/*
 * key.c: entity keys as bytes in memcmp order.
 *
 *   numeric   1 byte: 0 -infinity, 1 negative, 2 zero, 3 positive, 4 infinity, 5 NaN; where it is
 *             1 or 3, of the value 0.d1d2d3... * 10^E with d1 not 0: E + 2^15 (2 bytes,
 * big-endian), 1 + 10 * d1 + d2, 1 + 10 * d3 + d4 and so on to the last digit that is not 0, and a
 *             byte 0; all of these complemented where negative
 *   interval  16 bytes: its length in microseconds, months of 30 days and days of 24 hours,
 *             big-endian, sign flipped
 *   array     for each element 01 and its bytes, or 02 for NULL; then 00
 *
 * Decoding gives one value of those that share a key: 1 for 1.00, 0 for -0, and an interval in days
 * and the time left, as justify_hours leaves it.
 */
#include "row/key.h"

#include "row/array.h"
#include "row/narrow.h"
#include "row/numeric.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define SIGN_BIT (UINT64_C(1) << 63)
#define NAN_BITS UINT64_C(0x7ff8000000000000)
#define DAY_US   INT64_C(86400000000)

#define TEXT_ESCAPED_ZERO 0xff /* after 00: a zero byte of the text */
#define TEXT_END          0x00 /* after 00: the end */

#define ARRAY_END     0
#define ARRAY_ELEMENT 1
#define ARRAY_NULL    2 /* above all elements */

enum numeric_class {
    NUMERIC_MINUS_INFINITY,
    NUMERIC_NEGATIVE,
    NUMERIC_ZERO,
    NUMERIC_POSITIVE,
    NUMERIC_INFINITY,
    NUMERIC_NAN
};

#define EXPONENT_BIAS 0x8000

typedef unsigned __int128 uint128;

static void append_u128_be(uint128 x, struct buffer *out)
{
    buffer_append_u64_be(out, (uint64_t)(x >> 64));
    buffer_append_u64_be(out, (uint64_t)x);
}

static uint128 take_u128_be(struct reader *in)
{
    uint128 high = reader_u64_be(in);
    return high << 64 | reader_u64_be(in);
}

/* float8: all bits flipped where negative, the sign bit where not: unsigned order is float order.
 */
static uint64_t float8_code(double x)
{
    uint64_t bits = NAN_BITS;
    if (x == 0)
        bits = 0;
    else if (!isnan(x))
        memcpy(&bits, &x, sizeof bits);
    return bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
}

/* False: not what float8_code gives (-0, another NaN). */
static bool float8_take(struct reader *in, struct nt_value *value)
{
    uint64_t code = reader_u64_be(in);
    uint64_t bits = code & SIGN_BIT ? code ^ SIGN_BIT : ~code;
    double x;
    memcpy(&x, &bits, sizeof x);
    *value = nt_float8(x);
    return !in->is_short && float8_code(x) == code;
}

static void text_append(const char *text, uint32_t size, struct buffer *out)
{
    static const uint8_t end[] = {0, TEXT_END}, escaped_zero[] = {0, TEXT_ESCAPED_ZERO};
    const char *stop = text + size;
    while (text < stop) {
        const char *zero = memchr(text, 0, (size_t)(stop - text));
        buffer_append(out, text, (size_t)((zero ? zero : stop) - text));
        if (!zero) break;
        buffer_append(out, escaped_zero, sizeof escaped_zero);
        text = zero + 1;
    }
    buffer_append(out, end, sizeof end);
}

static bool text_take(struct reader *in, struct nt_arena *arena, struct nt_value *value)
{
    char *text = nt_arena_alloc(arena, (size_t)(in->end - in->next));
    uint32_t size = 0;
    for (;;) {
        uint8_t byte = reader_byte(in);
        if (byte == 0) {
            uint8_t next = reader_byte(in);
            if (in->is_short) return false;
            if (next == TEXT_END) break;
            if (next != TEXT_ESCAPED_ZERO) return false;
        }
        text[size++] = (char)byte;
    }
    *value = nt_text(text, size);
    return true;
}

static enum numeric_class numeric_class_of(struct nt_numeric x)
{
    switch (x.kind) {
    case NT_NUMERIC_NAN:
        return NUMERIC_NAN;
    case NT_NUMERIC_INFINITY:
        return NUMERIC_INFINITY;
    case NT_NUMERIC_MINUS_INFINITY:
        return NUMERIC_MINUS_INFINITY;
    default:
        break;
    }
    if (x.coefficient == 0) return NUMERIC_ZERO;
    return x.coefficient < 0 ? NUMERIC_NEGATIVE : NUMERIC_POSITIVE;
}

static void numeric_append(struct nt_numeric x, struct buffer *out)
{
    enum numeric_class class = numeric_class_of(x);
    buffer_append_byte(out, (uint8_t) class);
    if (class != NUMERIC_NEGATIVE && class != NUMERIC_POSITIVE) return;
    uint8_t digits[NUMERIC_DIGITS_ROOM + 1], flip = class == NUMERIC_NEGATIVE ? 0xff : 0;
    int count = numeric_digits(x, digits);
    unsigned biased = (unsigned)(count - x.scale + EXPONENT_BIAS);
    while (digits[count - 1] == 0) count--;
    digits[count] = 0; /* the second of a pair */
    buffer_append_byte(out, (uint8_t)(biased >> 8) ^ flip);
    buffer_append_byte(out, (uint8_t)biased ^ flip);
    for (int i = 0; i < count; i += 2)
        buffer_append_byte(out, (uint8_t)(1 + 10 * digits[i] + digits[i + 1]) ^ flip);
    buffer_append_byte(out, flip);
}

/* The number of class NEGATIVE or POSITIVE, with the fewest decimals. */
static bool numeric_take_finite(struct reader *in, struct nt_arena *arena, bool is_negative,
                                struct nt_numeric *x)
{
    uint8_t digits[NUMERIC_DIGITS_MAX + 2], flip = is_negative ? 0xff : 0, pair;
    int exponent = (reader_byte(in) ^ flip) << 8, count = 0;
    exponent = (exponent | (reader_byte(in) ^ flip)) - EXPONENT_BIAS;
    while (!in->is_short && (pair = reader_byte(in) ^ flip) != 0) {
        if (pair > 100 || count >= NUMERIC_DIGITS_MAX) return false;
        digits[count++] = (uint8_t)((pair - 1) / 10);
        digits[count++] = (uint8_t)((pair - 1) % 10);
    }
    if (in->is_short || count == 0 || digits[0] == 0) return false;
    if (digits[count - 1] == 0) count--;
    if (digits[count - 1] == 0 || exponent > NUMERIC_DIGITS_MAX) return false;
    for (; count < exponent; count++) digits[count] = 0;
    return numeric_of_digits(arena, digits, count, is_negative, count - exponent, x);
}

static bool numeric_take(struct reader *in, struct nt_arena *arena, struct nt_value *value)
{
    struct nt_numeric x = {0};
    switch (reader_byte(in)) {
    case NUMERIC_MINUS_INFINITY:
        x.kind = NT_NUMERIC_MINUS_INFINITY;
        break;
    case NUMERIC_NEGATIVE:
        if (!numeric_take_finite(in, arena, true, &x)) return false;
        break;
    case NUMERIC_ZERO:
        break;
    case NUMERIC_POSITIVE:
        if (!numeric_take_finite(in, arena, false, &x)) return false;
        break;
    case NUMERIC_INFINITY:
        x.kind = NT_NUMERIC_INFINITY;
        break;
    case NUMERIC_NAN:
        x.kind = NT_NUMERIC_NAN;
        break;
    default:
        return false;
    }
    *value = (struct nt_value){.numeric = nt_arena_copy(arena, &x, sizeof x)};
    return !in->is_short;
}

/* What interval_compare compares. */
static __int128 interval_length(struct nt_interval x)
{
    return ((__int128)x.months * 30 + x.days) * DAY_US + x.us;
}

static void interval_append(struct nt_interval x, struct buffer *out)
{
    append_u128_be((uint128)interval_length(x) ^ (uint128)SIGN_BIT << 64, out);
}

static int64_t clamp(__int128 x, int64_t least, int64_t most)
{
    return x < least ? least : x > most ? most : (int64_t)x;
}

/* Days before months, for 30 days are no month to a reader; the rest goes where there is room. */
static bool interval_of_length(__int128 length, struct nt_interval *x)
{
    __int128 days = length / DAY_US;
    if (days != (int32_t)days) x->months = (int32_t)clamp(days / 30, INT32_MIN, INT32_MAX);
    x->days = (int32_t)clamp(days - (__int128)x->months * 30, INT32_MIN, INT32_MAX);
    __int128 us = length - interval_length(*x);
    x->us = (int64_t)us;
    return us == x->us;
}

static bool interval_take(struct reader *in, struct nt_arena *arena, struct nt_value *value)
{
    uint128 code = take_u128_be(in);
    struct nt_interval x = {0};
    if (in->is_short || !interval_of_length((__int128)(code ^ (uint128)SIGN_BIT << 64), &x))
        return false;
    *value = (struct nt_value){.interval = nt_arena_copy(arena, &x, sizeof x)};
    return true;
}

static bool integer_take(struct reader *in, enum nt_type type, struct nt_value *value)
{
    *value = nt_integer((int64_t)(reader_u64_be(in) ^ SIGN_BIT));
    return !in->is_short && integer_is(type, value->integer);
}

static bool bool_take(struct reader *in, struct nt_value *value)
{
    uint8_t byte = reader_byte(in);
    *value = nt_bool(byte);
    return !in->is_short && byte <= 1;
}

static void array_append(enum nt_type element, struct nt_value array, struct buffer *out)
{
    struct array_reader reader = {0};
    struct nt_arena arena = {0};
    struct nt_value value;
    array_open(element, array, &reader);
    while (array_next(&reader, &arena, &value)) {
        buffer_append_byte(out, value.is_null ? ARRAY_NULL : ARRAY_ELEMENT);
        if (!value.is_null) key_append(element, value, out);
    }
    buffer_append_byte(out, ARRAY_END);
    nt_arena_deinit(&arena);
}

void key_append(enum nt_type type, struct nt_value value, struct buffer *out)
{
    if (nt_type_is_array(type)) {
        array_append(nt_type_element(type), value, out);
        return;
    }
    switch (type) {
    case NT_BOOL:
        buffer_append_byte(out, value.boolean);
        return;
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        buffer_append_u64_be(out, (uint64_t)value.integer ^ SIGN_BIT);
        return;
    case NT_FLOAT4:
    case NT_FLOAT8:
        buffer_append_u64_be(out, float8_code(value.float8));
        return;
    case NT_NUMERIC:
        numeric_append(*value.numeric, out);
        return;
    case NT_TEXT:
    case NT_UUID:
    case NT_BYTEA:
    case NT_JSONB:
        text_append(value.text, value.size, out);
        return;
    case NT_TIMESTAMPTZ:
        buffer_append_u64_be(out, (uint64_t)value.time.us ^ SIGN_BIT);
        return;
    case NT_INTERVAL:
        interval_append(*value.interval, out);
        return;
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}

bool key_append_all(const struct nt_column *columns, uint16_t count, const struct nt_value *key,
                    struct buffer *out)
{
    for (uint16_t i = 0; i < count; i++)
        if (key[i].is_null) return false;
    for (uint16_t i = 0; i < count; i++) key_append(columns[i].type, key[i], out);
    return true;
}

#define SIZE_MAX_FIXED 23 /* of a type whose values are not bytes: a numeric's of 38 digits */

/* No element takes less than a bit, no byte of one becomes more than two. */
static size_t size_max(enum nt_type type, struct nt_value value)
{
    if (value.is_null) return 0;
    if (nt_type_is_array(type))
        return 2 * (size_t)value.size + (SIZE_MAX_FIXED + 3) * (size_t)array_count(value) + 1;
    if (type == NT_NUMERIC) return SIZE_MAX_FIXED + value.numeric->limb_count * (size_t)10;
    return nt_type_is_bytes(type) ? 2 * (size_t)value.size + 2 : SIZE_MAX_FIXED;
}

bool key_encode(const struct nt_column *columns, uint16_t count, const struct nt_value *key,
                struct nt_arena *arena, struct bytes *bytes)
{
    struct buffer out = {0}; /* over memory of the arena: it has room, and so never moves */
    for (uint16_t i = 0; i < count; i++) out.capacity += size_max(columns[i].type, key[i]);
    uint8_t *memory = out.data = nt_arena_alloc(arena, out.capacity);
    if (!key_append_all(columns, count, key, &out)) return false;
    assert(out.data == memory);
    *bytes = buffer_bytes(&out);
    return true;
}

static bool key_take(enum nt_type type, struct reader *in, struct nt_arena *arena,
                     struct nt_value *value);

static bool array_take(enum nt_type element, struct reader *in, struct nt_arena *arena,
                       struct nt_value *array)
{
    struct buffer values = {0};
    uint8_t mark;
    bool is_right = true;
    while (is_right && (mark = reader_byte(in)) != ARRAY_END) {
        struct nt_value value = NT_NULL;
        is_right =
            mark == ARRAY_NULL || (mark == ARRAY_ELEMENT && key_take(element, in, arena, &value));
        buffer_append(&values, &value, sizeof value);
    }
    *array = array_make(element, (const struct nt_value *)(const void *)values.data,
                        (uint32_t)(values.size / sizeof(struct nt_value)), arena);
    buffer_deinit(&values);
    return is_right && !in->is_short;
}

static bool key_take(enum nt_type type, struct reader *in, struct nt_arena *arena,
                     struct nt_value *value)
{
    if (nt_type_is_array(type)) return array_take(nt_type_element(type), in, arena, value);
    switch (type) {
    case NT_BOOL:
        return bool_take(in, value);
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        return integer_take(in, type, value);
    case NT_FLOAT4:
        return float8_take(in, value) && float4_is(value->float8);
    case NT_FLOAT8:
        return float8_take(in, value);
    case NT_NUMERIC:
        return numeric_take(in, arena, value);
    case NT_UUID:
        return text_take(in, arena, value) && value->size == NT_UUID_SIZE;
    case NT_TEXT:
    case NT_BYTEA:
    case NT_JSONB:
        return text_take(in, arena, value);
    case NT_TIMESTAMPTZ:
        *value = nt_timestamptz((int64_t)(reader_u64_be(in) ^ SIGN_BIT));
        return !in->is_short;
    case NT_INTERVAL:
        return interval_take(in, arena, value);
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}

bool key_decode(const struct nt_column *columns, uint16_t count, struct bytes bytes,
                struct nt_arena *arena, struct nt_value *key)
{
    struct reader in = reader_of(bytes);
    for (uint16_t i = 0; i < count; i++)
        if (!key_take(columns[i].type, &in, arena, &key[i])) return false;
    return in.next == in.end;
}
