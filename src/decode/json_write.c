/*
 * json_write.c: values as JSON, as Feast's clients expect them: a float is seen to be one (3.0),
 * and nothing is written that Python's json would refuse or read as another type.
 */
#include "decode/json.h"
#include "row/array.h"
#include "row/time.h"
#include "row/value_text.h"

#include <math.h>
#include <string.h>

/* The code point at text[*at], which moves past it. Text is UTF-8 by the time it is a value; a byte
 * that is not becomes U+FFFD. */
static uint32_t utf8_next(struct bytes text, size_t *at)
{
    uint8_t lead = text.data[(*at)++];
    if (lead < 0x80) return lead;
    size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (more == 0 || lead >= 0xf8 || text.size - *at < more) return 0xfffd;
    uint32_t code = lead & (0x3fu >> more);
    for (size_t i = 0; i < more; i++) {
        uint8_t byte = text.data[*at + i];
        if ((byte & 0xc0) != 0x80) return 0xfffd;
        code = code << 6 | (byte & 0x3f);
    }
    *at += more;
    return code;
}

static void append_unicode(uint32_t code, struct buffer *out)
{
    if (code >= 0x10000) {
        buffer_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
                      0xdc00 + ((code - 0x10000) & 0x3ff));
    } else {
        buffer_printf(out, "\\u%04x", code);
    }
}

static void append_escaped(struct bytes text, size_t *at, struct buffer *out)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* byte, letter, ... */
    const char *found = text.data[*at] ? strchr(named, text.data[*at]) : NULL;
    if (found && (found - named) % 2 == 0) {
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, (uint8_t)found[1]);
        ++*at;
    } else {
        append_unicode(utf8_next(text, at), out);
    }
}

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void json_append_string(struct bytes text, struct buffer *out)
{
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < text.size;) {
        size_t end = at;
        while (end < text.size && is_plain(text.data[end])) end++;
        buffer_append(out, text.data + at, end - at);
        at = end;
        if (at < text.size) append_escaped(text, &at, out);
    }
    buffer_append_byte(out, '"');
}

static void append_float(enum nt_type type, double x, struct buffer *out)
{
    if (!isfinite(x)) {
        buffer_append_text(out, "null");
        return;
    }
    size_t start = out->size;
    value_append_text(type, nt_float8(x), out);
    for (size_t i = start; i < out->size; i++) {
        if (out->data[i] == '.' || out->data[i] == 'e') return;
    }
    buffer_append_text(out, ".0");
}

/* RFC 3339 with no, three or six digits of a second: what Feast sends, and the only ones that
 * Python's fromisoformat took until 3.11. */
static void append_time(struct nt_time time, struct buffer *out)
{
    size_t start = out->size;
    time_append_rfc3339(time, out);
    const uint8_t *dot = memchr(out->data + start, '.', out->size - start);
    if (!dot) return;
    size_t first = (size_t)(dot - out->data) + 1, end = first;
    while (out->data[end] >= '0' && out->data[end] <= '9') end++; /* a Z is behind them */
    size_t more = (3 - (end - first) % 3) % 3;
    buffer_append(out, "00", more);
    memmove(out->data + end + more, out->data + end, out->size - more - end);
    memset(out->data + end, '0', more);
}

/* Types that print in ASCII; only the backslash of a bytea is to be escaped. */
static void append_quoted(enum nt_type type, struct nt_value value, struct buffer *out)
{
    buffer_append_byte(out, '"');
    if (type == NT_TIMESTAMPTZ) {
        append_time(value.time, out);
    } else {
        if (type == NT_BYTEA) buffer_append_byte(out, '\\');
        value_append_text(type, value, out);
    }
    buffer_append_byte(out, '"');
}

static void append_array(enum nt_type element, struct nt_value array, struct buffer *out)
{
    struct array_reader reader = {0};
    struct nt_arena arena = {0};
    struct nt_value value;
    array_open(element, array, &reader);
    buffer_append_byte(out, '[');
    for (bool is_first = true; array_next(&reader, &arena, &value); is_first = false) {
        if (!is_first) buffer_append_byte(out, ',');
        json_append_value(element, value, out);
    }
    buffer_append_byte(out, ']');
    nt_arena_deinit(&arena);
}

void json_append_value(enum nt_type type, struct nt_value value, struct buffer *out)
{
    if (value.is_null) {
        buffer_append_text(out, "null");
        return;
    }
    if (nt_type_is_array(type)) {
        append_array(nt_type_element(type), value, out);
        return;
    }
    switch (type) {
    case NT_BOOL:
        buffer_append_text(out, value.boolean ? "true" : "false");
        return;
    case NT_INT2:
    case NT_INT4:
    case NT_INT8:
    case NT_JSONB:
        value_append_text(type, value, out);
        return;
    case NT_FLOAT4:
    case NT_FLOAT8:
        append_float(type, value.float8, out);
        return;
    case NT_TEXT:
        json_append_string((struct bytes){(const uint8_t *)value.text, value.size}, out);
        return;
    default:
        append_quoted(type, value, out);
    }
}
