/*
 * decode_json.c: a JSON object to a row: only the source's columns are taken out of it, texts are
 * not copied, and what is wrong is said with the column, what was expected and what came.
 */
#include "decode/decoder.h"
#include "decode/json.h"
#include "row/array.h"
#include "row/jsonb.h"
#include "row/narrow.h"
#include "row/numeric.h"
#include "row/typmod.h"
#include "row/value_text.h"

#include <stdlib.h>
#include <string.h>

/* Not part of what every column goes through, whose registers it would have saved each time. */
#define RARE __attribute__((noinline, cold))

/* Bytes of a wrong value that a message shows. */
#define SHOWN_BYTES_MAX 80

struct json_decoder {
    const struct nt_source *source;
    struct json_parser *parser;
    struct json_want *wants;
    struct json *values;
    bool *is_given;
};

static const char *expectation(enum nt_type type)
{
    switch (type) {
    case NT_BOOL:
        return "true or false";
    case NT_INT2:
        return "an integer from -32768 to 32767";
    case NT_INT4:
        return "an integer from -2147483648 to 2147483647";
    case NT_INT8:
        return "an integer from -9223372036854775808 to 9223372036854775807";
    case NT_FLOAT4:
        return "a number (real)";
    case NT_FLOAT8:
        return "a number (double precision)";
    case NT_NUMERIC:
        return "a number (numeric)";
    case NT_TEXT:
        return "a string without U+0000";
    case NT_TIMESTAMPTZ:
        return "a string with a time such as \"2013-01-01T10:17:00Z\"";
    case NT_DATE:
        return "a string with a date such as \"2013-01-01\"";
    case NT_UUID:
        return "a string with a uuid such as \"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"";
    case NT_BYTEA:
        return "a string with bytes such as \"\\\\xdeadbeef\"";
    case NT_JSONB:
        return "JSON without U+0000, nested at most 500 deep";
    default:
        return "a string with an interval such as \"1 day 02:00:00\"";
    }
}

static const char *column_expectation(struct nt_arena *arena, const struct nt_column *column)
{
    const char *expected = column->enumeration ? nt_arena_printf(arena, "a label of enum %s",
                                                                 column->enumeration->name)
                                               : expectation(nt_type_element(column->type));
    return nt_type_is_array(column->type)
               ? nt_arena_printf(arena, "an array, each element null or %s", expected)
               : expected;
}

/* The value as JSON, cut short between characters. */
static const char *shown(struct nt_arena *arena, const struct json *json)
{
    struct bytes text = json->text;
    bool is_cut = text.size > SHOWN_BYTES_MAX;
    if (is_cut) {
        text.size = SHOWN_BYTES_MAX;
        while (text.size > 0 && (text.data[text.size] & 0xc0) == 0x80) text.size--;
    }
    struct buffer out = {0};
    if (json->kind == JSON_STRING) {
        json_append_string(text, &out);
    } else {
        buffer_append(&out, text.data, text.size);
    }
    buffer_append_text(&out, is_cut ? "..." : "");
    buffer_append_byte(&out, 0);
    const char *copy = nt_arena_copy(arena, out.data, out.size);
    buffer_deinit(&out);
    return copy;
}

RARE static bool value_fail(struct nt_eval *e, const struct nt_column *column,
                            const struct json *json)
{
    const char *detail = e->error; /* PostgreSQL's own words, where there are any */
    e->error = nt_arena_printf(e->arena, "column \"%s\": expected %s, got %s%s%s%s", column->name,
                               column_expectation(e->arena, column), shown(e->arena, json),
                               detail ? " (" : "", detail ? detail : "", detail ? ")" : "");
    return false;
}

static bool parse_text(struct nt_eval *e, enum nt_type type, const struct json *json,
                       struct nt_value *value)
{
    return value_parse(e, type, (const char *)json->text.data, json->text.size, value);
}

/* Up to 18 digits, which cannot overflow. */
static bool short_integer(struct bytes text, int64_t *out)
{
    size_t i = text.data[0] == '-';
    if (text.size - i > 18) return false;
    int64_t x = 0;
    for (; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        x = x * 10 + (text.data[i] - '0');
    }
    *out = text.data[0] == '-' ? -x : x;
    return true;
}

/* Through numeric: 9007199254740993, 5.0 and 1e3 lose nothing. */
RARE static bool long_integer(struct nt_eval *e, const struct json *json, int64_t *out)
{
    struct nt_value number;
    int64_t x;
    if (!parse_text(e, NT_NUMERIC, json, &number)) return false;
    if (!numeric_round_to_int(*number.numeric, &x)) return false;
    if (numeric_compare(*number.numeric, numeric_of_int(x)) != 0) return false;
    *out = x;
    return true;
}

static bool take_integer(struct nt_eval *e, enum nt_type type, const struct json *json,
                         struct nt_value *value)
{
    if (json->kind == JSON_STRING) return parse_text(e, type, json, value);
    if (json->kind != JSON_NUMBER) return false;
    int64_t x;
    if (!short_integer(json->text, &x) && !long_integer(e, json, &x)) return false;
    *value = nt_integer(x);
    return integer_is(type, x);
}

/* "yes" and 1 as PostgreSQL's json_populate_record takes them. */
static bool take_bool(struct nt_eval *e, const struct json *json, struct nt_value *value)
{
    *value = nt_bool(json->boolean);
    return json->kind == JSON_BOOL || parse_text(e, NT_BOOL, json, value);
}

/* A number or true as they are written: half of all producers send ids so. */
static bool take_text(const struct json *json, struct nt_value *value)
{
    if (json->was_escaped && memchr(json->text.data, 0, json->text.size)) return false;
    *value = nt_text((const char *)json->text.data, (uint32_t)json->text.size);
    return true;
}

/* Any JSON; a string comes without quotes and escapes. */
RARE static bool take_jsonb(struct nt_eval *e, const struct json *json, struct nt_value *value)
{
    if (json->kind != JSON_STRING) return jsonb_parse(e, json->text, value);
    if (memchr(json->text.data, 0, json->text.size)) return false;
    struct buffer out = {0};
    jsonb_append_string(json->text, &out);
    *value = nt_text(nt_arena_copy(e->arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return true;
}

static bool value_take_json(struct nt_eval *e, enum nt_type type, const struct json *json,
                            struct nt_value *value);

RARE static bool take_array(struct nt_eval *e, enum nt_type element, const struct json *json,
                            struct nt_value *array)
{
    if (json->kind == JSON_STRING) return parse_text(e, NT_ARRAY_OF(element), json, array);
    if (json->kind != JSON_ARRAY) return false;
    struct nt_value *values = nt_arena_alloc(e->arena, json->count * sizeof *values);
    for (size_t i = 0; i < json->count; i++) {
        values[i] = NT_NULL;
        if (json->children[i].kind == JSON_ARRAY) nt_fail(e, "arrays have one dimension");
        if (json->children[i].kind != JSON_NULL &&
            !value_take_json(e, element, &json->children[i], &values[i]))
            return false;
    }
    *array = array_make(element, values, (uint32_t)json->count, e->arena);
    return true;
}

static bool value_take_json(struct nt_eval *e, enum nt_type type, const struct json *json,
                            struct nt_value *value)
{
    bool is_scalar = json->kind != JSON_ARRAY && json->kind != JSON_OBJECT;
    switch (type) {
    case NT_BOOL:
        return is_scalar && take_bool(e, json, value);
    case NT_INT2:
    case NT_INT4:
    case NT_INT8:
        return take_integer(e, type, json, value);
    case NT_FLOAT4:
    case NT_FLOAT8:
    case NT_NUMERIC:
        return is_scalar && json->kind != JSON_BOOL && parse_text(e, type, json, value);
    case NT_TEXT:
        return is_scalar && take_text(json, value);
    case NT_JSONB:
        return take_jsonb(e, json, value);
    default:
        if (nt_type_is_array(type)) return take_array(e, nt_type_element(type), json, value);
        return json->kind == JSON_STRING && parse_text(e, type, json, value);
    }
}

bool decode_json_value(struct nt_eval *e, const struct nt_column *column, const struct json *json,
                       struct nt_value *value)
{
    e->error = NULL;
    *value = NT_NULL;
    if (json->kind == JSON_NULL) return true;
    bool is_bound = column->enumeration || column->typmod;
    if (value_take_json(e, column->type, json, value) &&
        (!is_bound || column_assign(e, column, value)))
        return true;
    return value_fail(e, column, json);
}

static void *json_create(const struct nt_source *source)
{
    struct json_decoder *self = memory_alloc(sizeof *self);
    size_t count = source->column_count;
    *self = (struct json_decoder){
        .source = source,
        .parser = json_parser_create(),
        .wants = memory_alloc(count * sizeof *self->wants),
        .values = memory_alloc(count * sizeof *self->values),
        .is_given = memory_alloc(count * sizeof *self->is_given),
    };
    for (size_t i = 0; i < count; i++) {
        const struct nt_column *column = &source->columns[i];
        struct bytes name = {(const uint8_t *)column->name, strlen(column->name)};
        self->wants[i] = json_want_make(name, nt_type_is_array(column->type));
    }
    return self;
}

static void json_destroy(void *self_)
{
    struct json_decoder *self = self_;
    json_parser_destroy(self->parser);
    for (size_t i = 0; i < self->source->column_count; i++) json_want_free(&self->wants[i]);
    free(self->wants);
    free(self->values);
    free(self->is_given);
    free(self);
}

static bool json_decode(void *self_, struct nt_eval *e, struct bytes bytes, struct nt_value *row)
{
    struct json_decoder *self = self_;
    const struct nt_source *source = self->source;
    const char *why;
    if (!json_pick(self->parser, bytes, self->wants, source->column_count, e->arena, self->values,
                   &why)) {
        e->error = nt_arena_printf(e->arena, "not a JSON object: %s", why);
        return false;
    }
    for (size_t i = 0; i < source->column_count; i++) {
        const struct nt_column *column = &source->columns[i];
        if (!decode_json_value(e, column, &self->values[i], &row[i])) {
            return false;
        }
        self->is_given[i] = self->values[i].name.data != NULL;
    }
    return decode_made(source, e, self->is_given, row);
}

const struct decode_format decode_format_json = {"json", json_create, json_destroy, json_decode};
