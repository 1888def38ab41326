/*
 * value_text.c: the output and input functions of each type, with PostgreSQL 15's messages.
 * Sources: its utils/adt/{bool,int,int8,numutils,float,numeric,timestamp}.c.
 */
#include "row/value_text.h"

#include "row/array.h"
#include "row/binary_text.h"
#include "row/float_text.h"
#include "row/jsonb.h"
#include "row/numeric.h"
#include "row/time.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

const char *type_name(enum nt_type type)
{
    static const char *const names[][2] = {
#define TYPE_NAME(name, sql, oid) [NT_##name] = {sql, sql "[]"},
        NT_TYPES(TYPE_NAME)
#undef TYPE_NAME
    };
    return names[nt_type_element(type)][nt_type_is_array(type)];
}

uint32_t type_oid(enum nt_type type)
{
    static const uint32_t oids[] = {
#define TYPE_OID(name, sql, oid) [NT_##name] = oid,
        NT_TYPES(TYPE_OID)
#undef TYPE_OID
    };
    return oids[type];
}

static void integer_append_text(int64_t x, struct buffer *out)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = x < 0 ? -(uint64_t)x : (uint64_t)x;
    do digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (x < 0) digits[--at] = '-';
    buffer_append(out, digits + at, sizeof digits - at);
}

static void float8_append_text(double x, struct buffer *out)
{
    char text[FLOAT_TEXT_MAX];
    buffer_append(out, text, float_text_shortest(x, text));
}

static void float4_append_text(double x, struct buffer *out)
{
    char text[FLOAT_TEXT_MAX];
    buffer_append(out, text, float4_text_shortest(x, text));
}

void value_append_text(enum nt_type type, struct nt_value value, struct buffer *out)
{
    if (nt_type_is_array(type)) {
        array_append_text(nt_type_element(type), value, out);
        return;
    }
    switch (type) {
    case NT_BOOL:
        buffer_append_byte(out, value.boolean ? 't' : 'f');
        return;
    case NT_INT2:
    case NT_INT4:
    case NT_INT8:
        integer_append_text(value.integer, out);
        return;
    case NT_FLOAT4:
        float4_append_text(value.float8, out);
        return;
    case NT_FLOAT8:
        float8_append_text(value.float8, out);
        return;
    case NT_NUMERIC:
        numeric_append_text(*value.numeric, out);
        return;
    case NT_TEXT:
        buffer_append(out, value.text, value.size);
        return;
    case NT_TIMESTAMPTZ:
        time_append_text(value.time, out);
        return;
    case NT_INTERVAL:
        interval_append_text(*value.interval, out);
        return;
    case NT_DATE:
        date_append_text(value.integer, out);
        return;
    case NT_UUID:
        uuid_append_text(value.text, out);
        return;
    case NT_BYTEA:
        bytea_append_text(value.text, value.size, out);
        return;
    case NT_JSONB:
        buffer_append(out, value.text, value.size);
        return;
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}

/* A message about text, which the two strings are put around. */
static bool fail_text(struct nt_eval *e, const char *before, struct bytes text, const char *after)
{
    int size = text.size > INT_MAX ? INT_MAX : (int)text.size;
    nt_fail(
        e, nt_arena_printf(e->arena, "%s\"%.*s\"%s", before, size, (const char *)text.data, after));
    return false;
}

static bool fail_syntax(struct nt_eval *e, enum nt_type type, struct bytes text)
{
    const char *before =
        nt_arena_printf(e->arena, "invalid input syntax for type %s: ", type_name(type));
    return fail_text(e, before, text, "");
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct bytes trimmed(struct bytes text)
{
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_space(text.data[text.size - 1])) text.size--;
    return text;
}

/* text is the first size >= least letters of word, in any case. */
static bool is_abbreviation(struct bytes text, const char *word, size_t least)
{
    return text.size >= least && text.size <= strlen(word) &&
           strncasecmp((const char *)text.data, word, text.size) == 0;
}

static bool bool_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    static const struct {
        const char *word;
        size_t least; /* "o" could be on or off */
        bool is_true;
    } words[] = {{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
                 {"on", 2, true},   {"off", 2, false},   {"1", 1, true},   {"0", 1, false}};
    struct bytes word = trimmed(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!is_abbreviation(word, words[i].word, words[i].least)) continue;
        *value = nt_bool(words[i].is_true);
        return true;
    }
    return fail_syntax(e, NT_BOOL, text);
}

enum integer_parse { INTEGER_PARSED, INTEGER_SYNTAX, INTEGER_RANGE };

/* Counts downwards, for the least integer has no positive. As PostgreSQL does, a number too large
 * is reported before what may be wrong after it. */
static enum integer_parse integer_parse(struct bytes text, int64_t least, int64_t *out)
{
    struct bytes rest = trimmed(text);
    bool is_negative = rest.size > 0 && rest.data[0] == '-';
    size_t i = rest.size > 0 && (rest.data[0] == '-' || rest.data[0] == '+');
    if (i == rest.size) return INTEGER_SYNTAX;
    int64_t x = 0;
    for (; i < rest.size; i++) {
        int digit = rest.data[i] - '0';
        if (digit < 0 || digit > 9) return INTEGER_SYNTAX;
        if (x < (least + digit) / 10) return INTEGER_RANGE;
        x = x * 10 - digit;
    }
    if (!is_negative && x == least) return INTEGER_RANGE;
    *out = is_negative ? x : -x;
    return INTEGER_PARSED;
}

static bool int_parse(struct nt_eval *e, enum nt_type type, struct bytes text,
                      struct nt_value *value)
{
    int64_t x = 0;
    int64_t least = type == NT_INT2 ? INT16_MIN : type == NT_INT4 ? INT32_MIN : INT64_MIN;
    switch (integer_parse(text, least, &x)) {
    case INTEGER_PARSED:
        *value = nt_integer(x);
        return true;
    case INTEGER_SYNTAX:
        return fail_syntax(e, type, text);
    case INTEGER_RANGE:
        break;
    }
    const char *after = nt_arena_printf(e->arena, " is out of range for type %s", type_name(type));
    return fail_text(e, "value ", text, after);
}

static bool float_parse(struct nt_eval *e, enum nt_type type, struct bytes text,
                        struct nt_value *value)
{
    double x = 0;
    size_t start = 0, end = 0;
    const char *data = (const char *)text.data;
    switch (type == NT_FLOAT4 ? float4_text_parse(data, text.size, &x, &start, &end)
                              : float_text_parse(data, text.size, &x, &start, &end)) {
    case FLOAT_PARSED:
        *value = nt_float8(x);
        return true;
    case FLOAT_SYNTAX:
        return fail_syntax(e, type, text);
    case FLOAT_RANGE:
        break;
    }
    struct bytes number = {text.data + start, end - start};
    const char *after = nt_arena_printf(e->arena, " is out of range for type %s", type_name(type));
    return fail_text(e, "", number, after);
}

/* The limit is ours: PostgreSQL's numeric has 131072 digits. */
static bool numeric_value_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    struct nt_numeric x;
    switch (numeric_parse(e->arena, (const char *)text.data, text.size, &x)) {
    case NUMERIC_PARSED:
        *value = (struct nt_value){.numeric = nt_arena_copy(e->arena, &x, sizeof x)};
        return true;
    case NUMERIC_SYNTAX:
        return fail_syntax(e, NT_NUMERIC, text);
    case NUMERIC_RANGE:
        break;
    }
    return fail_text(e, "value ", text, " needs more than 1000 digits, in all or after the point");
}

static bool text_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    if (text.size > UINT32_MAX) {
        nt_fail(e, "text is longer than 4294967295 bytes");
        return false;
    }
    *value = nt_text(nt_arena_copy(e->arena, text.data, text.size), (uint32_t)text.size);
    return true;
}

/* PostgreSQL words a year that no timestamp has otherwise than a month or an hour that no year has.
 * Six digits, or an era, are what such a year takes. */
static bool is_far_year(struct bytes text)
{
    struct bytes rest = trimmed(text);
    size_t digits = 0;
    while (digits < rest.size && rest.data[digits] >= '0' && rest.data[digits] <= '9') digits++;
    return digits >= 6 ||
           (rest.size > 2 && strncasecmp((const char *)rest.data + rest.size - 2, "bc", 2) == 0);
}

static bool timestamptz_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    struct nt_time time = {0};
    switch (time_parse((const char *)text.data, text.size, &time)) {
    case TIME_PARSED:
        *value = nt_timestamptz(time.us);
        return true;
    case TIME_SYNTAX:
        return fail_syntax(e, NT_TIMESTAMPTZ, text);
    case TIME_RANGE:
    case TIME_FAR:
        break;
    }
    const char *what = is_far_year(text) ? "timestamp" : "date/time field value";
    return fail_text(e, nt_arena_printf(e->arena, "%s out of range: ", what), text, "");
}

static bool interval_value_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    struct nt_interval x = {0};
    switch (interval_parse((const char *)text.data, text.size, &x)) {
    case TIME_PARSED:
        *value = (struct nt_value){.interval = nt_arena_copy(e->arena, &x, sizeof x)};
        return true;
    case TIME_SYNTAX:
        return fail_syntax(e, NT_INTERVAL, text);
    case TIME_RANGE:
    case TIME_FAR:
        break;
    }
    return fail_text(e, "interval field value out of range: ", text, "");
}

static bool date_value_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    int64_t days = 0;
    switch (date_parse((const char *)text.data, text.size, &days)) {
    case TIME_PARSED:
        *value = nt_integer(days);
        return true;
    case TIME_SYNTAX:
        return fail_syntax(e, NT_DATE, text);
    case TIME_RANGE:
        return fail_text(e, "date/time field value out of range: ", text, "");
    case TIME_FAR:
        break;
    }
    return fail_text(e, "date out of range: ", text, "");
}

static bool uuid_value_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    char *uuid = nt_arena_alloc(e->arena, NT_UUID_SIZE);
    if (!uuid_parse((const char *)text.data, text.size, uuid)) return fail_syntax(e, NT_UUID, text);
    *value = nt_text(uuid, NT_UUID_SIZE);
    return true;
}

static bool bytea_value_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    char *bytes = nt_arena_alloc(e->arena, text.size);
    size_t size, wrong;
    const char *data = (const char *)text.data;
    switch (bytea_parse(data, text.size, bytes, &size, &wrong)) {
    case BYTEA_PARSED:
        *value = nt_text(bytes, (uint32_t)size);
        return true;
    case BYTEA_SYNTAX:
        nt_fail(e, "invalid input syntax for type bytea");
        return false;
    case BYTEA_ODD:
        nt_fail(e, "invalid hexadecimal data: odd number of digits");
        return false;
    case BYTEA_DIGIT:
        break;
    }
    size_t more = 1; /* bytes of the character */
    while (wrong + more < text.size && (text.data[wrong + more] & 0xc0) == 0x80) more++;
    return fail_text(e, "invalid hexadecimal digit: ", (struct bytes){text.data + wrong, more}, "");
}

bool value_parse(struct nt_eval *e, enum nt_type type, const char *text, size_t size,
                 struct nt_value *value)
{
    struct bytes bytes = {(const uint8_t *)text, size};
    *value = NT_NULL;
    if (nt_type_is_array(type)) return array_parse(e, nt_type_element(type), bytes, value);
    switch (type) {
    case NT_BOOL:
        return bool_parse(e, bytes, value);
    case NT_INT2:
    case NT_INT4:
    case NT_INT8:
        return int_parse(e, type, bytes, value);
    case NT_FLOAT4:
    case NT_FLOAT8:
        return float_parse(e, type, bytes, value);
    case NT_NUMERIC:
        return numeric_value_parse(e, bytes, value);
    case NT_TEXT:
        return text_parse(e, bytes, value);
    case NT_TIMESTAMPTZ:
        return timestamptz_parse(e, bytes, value);
    case NT_INTERVAL:
        return interval_value_parse(e, bytes, value);
    case NT_DATE:
        return date_value_parse(e, bytes, value);
    case NT_UUID:
        return uuid_value_parse(e, bytes, value);
    case NT_BYTEA:
        return bytea_value_parse(e, bytes, value);
    case NT_JSONB:
        return jsonb_parse(e, bytes, value);
    case NT_TYPE_COUNT:
        break;
    }
    __builtin_unreachable();
}
