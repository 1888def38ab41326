/*
 * json_flat.h: a JSON object as most producers write events, read in one look: scalars only, and no
 * escapes. Not for other rooms: json_pick asks here first, and goes the careful way (json_read.c)
 * with what this leaves.
 */
#ifndef DECODE_JSON_FLAT_H
#define DECODE_JSON_FLAT_H

#include "decode/json.h"

/* json_pick of such an object. False: it is another one, or no JSON at all; values are then
 * undefined. */
bool json_flat_pick(struct bytes bytes, const struct json_want *wants, size_t count,
                    struct json *values);

/* Where the number that begins at text[at] ends; at: none does. The grammar of RFC 8259. */
size_t json_number_end(const uint8_t *text, size_t size, size_t at);

/* Space, tab and the ends of lines. */
static inline bool json_is_blank(uint8_t byte)
{
    return byte <= ' ' && (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t');
}

static inline void json_values_clear(struct json *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        values[i].kind = JSON_NULL;
        values[i].name.data = NULL;
    }
}

/* Columns usually come in one order: look first at the one after the last found. */
static inline size_t json_name_find(const struct json_want *wants, size_t count, struct bytes name,
                                    size_t guess)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = guess + i < count ? guess + i : guess + i - count;
        if (bytes_are_equal(wants[at].name, name)) return at;
    }
    return count;
}

#endif
