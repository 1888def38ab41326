/* array_text.c: the output and input functions of arrays: array_out and array_in of PostgreSQL
 * 15's utils/adt/arrayfuncs.c, of one dimension that begins at 1. */
#include "row/array.h"

#include "row/value_text.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool element_needs_quotes(struct bytes text)
{
    if (text.size == 0) return true;
    if (text.size == 4 && strncasecmp((const char *)text.data, "null", 4) == 0) return true;
    for (size_t i = 0; i < text.size; i++)
        if (is_space(text.data[i]) || (text.data[i] && strchr("\"\\{},", text.data[i])))
            return true;
    return false;
}

static void element_append(struct bytes text, struct buffer *out)
{
    if (!element_needs_quotes(text)) {
        buffer_append(out, text.data, text.size);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') buffer_append_byte(out, '\\');
        buffer_append_byte(out, text.data[i]);
    }
    buffer_append_byte(out, '"');
}

void array_append_text(enum nt_type element, struct nt_value array, struct buffer *out)
{
    struct array_reader reader = {0};
    struct nt_arena arena = {0};
    struct buffer text = {0};
    struct nt_value value;
    array_open(element, array, &reader);
    buffer_append_byte(out, '{');
    for (bool is_first = true; array_next(&reader, &arena, &value); is_first = false) {
        if (!is_first) buffer_append_byte(out, ',');
        buffer_clear(&text);
        if (value.is_null) {
            buffer_append_text(out, "NULL");
            continue;
        }
        value_append_text(element, value, &text);
        element_append(buffer_bytes(&text), out);
    }
    buffer_append_byte(out, '}');
    buffer_deinit(&text);
    nt_arena_deinit(&arena);
}

/* The literal being read, and what was found in it. */
struct array_parser {
    struct nt_eval *e;
    enum nt_type element;
    struct bytes whole;
    const uint8_t *next, *end;
    struct buffer item;   /* without quotes and escapes */
    struct buffer values; /* struct nt_value */
};

static bool parse_fail(struct array_parser *parser, const char *before, const char *after)
{
    int size = parser->whole.size > INT_MAX ? INT_MAX : (int)parser->whole.size;
    nt_fail(parser->e, nt_arena_printf(parser->e->arena, "%s: \"%.*s\"%s", before, size,
                                       (const char *)parser->whole.data, after));
    return false;
}

static bool malformed(struct array_parser *parser)
{
    return parse_fail(parser, "malformed array literal", "");
}

static void skip_spaces(struct array_parser *parser)
{
    while (parser->next < parser->end && is_space(*parser->next)) parser->next++;
}

/* From the quote to behind the one that closes it. */
static bool item_read_quoted(struct array_parser *parser)
{
    for (parser->next++; parser->next < parser->end; parser->next++) {
        uint8_t c = *parser->next;
        if (c == '"') {
            parser->next++;
            return true;
        }
        if (c == '\\' && ++parser->next == parser->end) break;
        buffer_append_byte(&parser->item, *parser->next);
    }
    return malformed(parser);
}

/* Up to the comma or brace; *is_bare: nothing of it was quoted or escaped. */
static bool item_read(struct array_parser *parser, bool *is_bare)
{
    size_t kept = 0; /* bytes that blanks at the end do not take away */
    buffer_clear(&parser->item);
    *is_bare = true;
    while (parser->next < parser->end && *parser->next != ',' && *parser->next != '}') {
        uint8_t c = *parser->next;
        if (c == '{') return parse_fail(parser, "array of more than one dimension", "");
        if (c == '"') {
            /* Text beside quotes is none of PostgreSQL's arrays. */
            if (parser->item.size > 0 || !*is_bare || !item_read_quoted(parser))
                return malformed(parser);
            *is_bare = false;
            kept = parser->item.size;
            skip_spaces(parser);
            if (parser->next == parser->end || (*parser->next != ',' && *parser->next != '}'))
                return malformed(parser);
            continue;
        }
        bool is_escaped = c == '\\';
        if (is_escaped && ++parser->next == parser->end) return malformed(parser);
        if (is_escaped) *is_bare = false;
        buffer_append_byte(&parser->item, *parser->next++);
        if (is_escaped || !is_space(c)) kept = parser->item.size;
    }
    parser->item.size = kept;
    return parser->next < parser->end || malformed(parser);
}

static bool item_add(struct array_parser *parser, bool is_bare)
{
    struct nt_value value = NT_NULL;
    struct bytes item = buffer_bytes(&parser->item);
    if (is_bare && item.size == 0) return malformed(parser);
    bool is_null =
        is_bare && item.size == 4 && strncasecmp((const char *)item.data, "null", 4) == 0;
    const char *text = item.size ? (const char *)item.data : "";
    if (!is_null && !value_parse(parser->e, parser->element, text, item.size, &value)) return false;
    buffer_append(&parser->values, &value, sizeof value);
    return true;
}

static bool items_read(struct array_parser *parser)
{
    skip_spaces(parser);
    if (parser->next < parser->end && *parser->next == '}') return true;
    for (;;) {
        bool is_bare;
        skip_spaces(parser);
        if (!item_read(parser, &is_bare) || !item_add(parser, is_bare)) return false;
        if (*parser->next == '}') return true;
        parser->next++;
    }
}

static bool array_read(struct array_parser *parser)
{
    skip_spaces(parser);
    if (parser->next < parser->end && *parser->next == '[')
        return parse_fail(parser, "array with bounds",
                          "; only the elements can be given, {1,2,3}, which begin at 1");
    if (parser->next == parser->end || *parser->next++ != '{') return malformed(parser);
    if (!items_read(parser)) return false;
    parser->next++;
    skip_spaces(parser);
    return parser->next == parser->end || malformed(parser);
}

bool array_parse(struct nt_eval *e, enum nt_type element, struct bytes text, struct nt_value *value)
{
    struct array_parser parser = {
        .e = e, .element = element, .whole = text, .next = text.data, .end = text.data + text.size};
    bool is_read = array_read(&parser);
    if (is_read)
        *value = array_make(element, (const struct nt_value *)(const void *)parser.values.data,
                            (uint32_t)(parser.values.size / sizeof *value), e->arena);
    buffer_deinit(&parser.item);
    buffer_deinit(&parser.values);
    return is_read;
}
