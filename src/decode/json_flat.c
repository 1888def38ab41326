/*
 * json_flat.c: see json_flat.h. One pass: simdjson finds the tokens of any document in a pass of
 * its own, which costs as much again as reading an event of a few hundred bytes.
 */
#include "decode/json_flat.h"

#include "decode/utf8.h"

#include <endian.h>
#include <string.h>

#define FLAT_BYTES_MAX ((size_t)1 << 20) /* the size of a text has 32 bits */

/* Sixteen bytes, compared at once by whatever the machine has for that. */
typedef uint8_t lanes __attribute__((vector_size(16)));

struct look {
    const uint8_t *text;
    size_t size, at;
    lanes seen; /* all bytes of all strings, one over the other: is any not ASCII? */
};

/* At the end a zero, which no token begins with. */
static inline uint8_t look_peek(const struct look *look)
{
    return look->at < look->size ? look->text[look->at] : 0;
}

static inline void blanks_skip(struct look *look)
{
    while (json_is_blank(look_peek(look))) look->at++;
}

static inline bool byte_take(struct look *look, uint8_t byte)
{
    if (look_peek(look) != byte) {
        blanks_skip(look);
        if (look_peek(look) != byte) return false;
    }
    look->at++;
    return true;
}

/* ---- strings ---- */

static inline bool is_ending(uint8_t byte)
{
    return byte < ' ' || byte == '"' || byte == '\\';
}

/* The number of the first byte that is not zero; 16: all are. */
static inline unsigned lanes_first(lanes x)
{
    uint64_t halves[2];
    memcpy(halves, &x, sizeof halves);
    if (halves[0]) return (unsigned)__builtin_ctzll(le64toh(halves[0])) / 8;
    return halves[1] ? 8 + (unsigned)__builtin_ctzll(le64toh(halves[1])) / 8 : 16;
}

/* To what ends a string, or is not allowed in one: sixteen bytes at a time, while there are so
 * many. */
static inline void run_skip(struct look *look)
{
    lanes x;
    while (look->size - look->at >= sizeof x) {
        memcpy(&x, look->text + look->at, sizeof x);
        look->seen |= x;
        unsigned first = lanes_first((lanes)((x < ' ') | (x == '"') | (x == '\\')));
        look->at += first;
        if (first < sizeof x) return;
    }
    for (; look->at < look->size && !is_ending(look->text[look->at]); look->at++)
        look->seen[0] |= look->text[look->at];
}

static inline bool string_take(struct look *look, struct bytes *text)
{
    if (!byte_take(look, '"')) return false;
    size_t start = look->at;
    run_skip(look);
    *text = (struct bytes){look->text + start, look->at - start};
    return look_peek(look) == '"' && ++look->at;
}

/* ---- other values ---- */

static size_t digits_end(const uint8_t *text, size_t size, size_t at)
{
    while (at < size && text[at] >= '0' && text[at] <= '9') at++;
    return at;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
size_t json_number_end(const uint8_t *text, size_t size, size_t at)
{
    size_t from = at + (at < size && text[at] == '-'), to = digits_end(text, size, from);
    if (to == from || (text[from] == '0' && to > from + 1)) return at;
    if (to < size && text[to] == '.') {
        from = to + 1;
        to = digits_end(text, size, from);
        if (to == from) return at;
    }
    if (to < size && (text[to] == 'e' || text[to] == 'E')) {
        from = to + 1;
        if (from < size && (text[from] == '+' || text[from] == '-')) from++;
        to = digits_end(text, size, from);
        if (to == from) return at;
    }
    return to;
}

/* What follows a scalar is looked at by members_take: a comma or the end of the object. */
static inline bool word_take(struct look *look, const char *word, enum json_kind kind,
                             struct json *value)
{
    size_t size = strlen(word);
    if (look->size - look->at < size || memcmp(look->text + look->at, word, size) != 0)
        return false;
    value->kind = kind;
    value->boolean = word[0] == 't';
    value->text = (struct bytes){look->text + look->at, size};
    look->at += size;
    return true;
}

static inline bool number_take(struct look *look, struct json *value)
{
    size_t start = look->at;
    look->at = json_number_end(look->text, look->size, start);
    value->kind = JSON_NUMBER;
    value->text = (struct bytes){look->text + start, look->at - start};
    return look->at > start;
}

static inline bool scalar_take(struct look *look, struct json *value)
{
    blanks_skip(look);
    switch (look_peek(look)) {
    case '"':
        value->kind = JSON_STRING;
        return string_take(look, &value->text);
    case 't':
        return word_take(look, "true", JSON_BOOL, value);
    case 'f':
        return word_take(look, "false", JSON_BOOL, value);
    case 'n':
        return word_take(look, "null", JSON_NULL, value);
    default:
        return number_take(look, value);
    }
}

/* ---- the object ---- */

/* The name that is expected, and its colon: one comparison, where any other name takes a look at
 * each byte and a search. */
static inline bool plain_take(struct look *look, const struct json_want *want)
{
    struct bytes plain = want->plain;
    if (!plain.size || look->size - look->at < plain.size ||
        memcmp(look->text + look->at, plain.data, plain.size) != 0)
        return false;
    look->at += plain.size;
    return true;
}

/* The number of the wanted member whose name comes next; count: of none. */
static inline bool name_take(struct look *look, const struct json_want *wants, size_t count,
                             size_t guess, size_t *at, struct bytes *name)
{
    blanks_skip(look);
    if (guess < count && plain_take(look, &wants[guess])) {
        *at = guess;
        *name = wants[guess].name;
        return true;
    }
    if (!string_take(look, name) || !byte_take(look, ':')) return false;
    *at = json_name_find(wants, count, *name, guess);
    return true;
}

static bool members_take(struct look *look, const struct json_want *wants, size_t count,
                         struct json *values)
{
    size_t guess = 0;
    do {
        struct json other, *value = &other;
        struct bytes name;
        size_t at;
        if (!name_take(look, wants, count, guess, &at, &name)) return false;
        if (at < count) {
            value = &values[at];
            guess = at + 1 < count ? at + 1 : 0;
        }
        *value = (struct json){.name = name};
        if (!scalar_take(look, value)) return false;
    } while (byte_take(look, ','));
    return byte_take(look, '}');
}

bool json_flat_pick(struct bytes bytes, const struct json_want *wants, size_t count,
                    struct json *values)
{
    struct look look = {.text = bytes.data, .size = bytes.size};
    json_values_clear(values, count);
    if (bytes.size > FLAT_BYTES_MAX || !byte_take(&look, '{') ||
        !members_take(&look, wants, count, values))
        return false;
    blanks_skip(&look);
    return look.at == look.size &&
           (lanes_first(look.seen & 0x80) == sizeof(lanes) || utf8_is_valid(bytes));
}
