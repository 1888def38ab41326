/* functions_text.c: lengths, parts and searches of text, in characters (PostgreSQL 15's varlena.c
 * and oracle_compat.c). */
#include "row/functions.h"
#include "row/text.h"

struct nt_value nt_text_length(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_integer(text_length(x));
}

struct nt_value nt_bytes_length(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_integer(x.size);
}

struct nt_value nt_text_octet_length(struct nt_eval *e, struct nt_value x)
{
    return nt_bytes_length(e, x);
}

struct nt_value nt_text_bit_length(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_integer((int64_t)x.size * 8);
}

/* Where the characters from start on end that substring(x from start for length) takes; a length
 * that reaches beyond int4 takes all. False: the length is negative. */
static bool substring_end(int64_t start, int64_t length, int64_t *end)
{
    if (length < 0) return false;
    *end = start + length > INT32_MAX ? INT32_MAX : start + length;
    return true;
}

static struct nt_value negative_length(struct nt_eval *e)
{
    return nt_fail(e, "negative substring length not allowed");
}

struct nt_value nt_text_substring(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    return text_slice(x, text_offset(x, y.integer - 1), x.size);
}

struct nt_value nt_text_substring_for(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                      struct nt_value z)
{
    int64_t end;
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    if (!substring_end(y.integer, z.integer, &end)) return negative_length(e);
    return text_slice(x, text_offset(x, y.integer - 1), text_offset(x, end - 1));
}

static uint32_t byte_offset(struct nt_value x, int64_t index)
{
    return index <= 0 ? 0 : index > x.size ? x.size : (uint32_t)index;
}

struct nt_value nt_bytea_substring(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    return text_slice(x, byte_offset(x, y.integer - 1), x.size);
}

struct nt_value nt_bytea_substring_for(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                       struct nt_value z)
{
    int64_t end;
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    if (!substring_end(y.integer, z.integer, &end)) return negative_length(e);
    return text_slice(x, byte_offset(x, y.integer - 1), byte_offset(x, end - 1));
}

/* A negative count is all but so many. */
struct nt_value nt_text_left(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    int64_t count = y.integer < 0 ? text_length(x) + y.integer : y.integer;
    return text_slice(x, 0, text_offset(x, count));
}

struct nt_value nt_text_right(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    int64_t skipped = y.integer < 0 ? -y.integer : text_length(x) - y.integer;
    return text_slice(x, text_offset(x, skipped), x.size);
}

/* The first character's place from 1, or 0. */
struct nt_value nt_text_position(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    int64_t at = text_find(x, y, 0);
    return nt_integer(at < 0 ? 0 : text_length(text_slice(x, 0, (uint32_t)at)) + 1);
}

struct nt_value nt_text_starts_with(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    return nt_bool(x.size >= y.size && memcmp(x.text, y.text, y.size) == 0);
}

/* Code point of the first character; 0 of none. */
struct nt_value nt_text_ascii(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null) return NT_NULL;
    if (x.size == 0) return nt_integer(0);
    unsigned char first = (unsigned char)x.text[0];
    if (first < 0x80) return nt_integer(first);
    uint32_t size = text_char_size(x, 0);
    int64_t code = first & (0x7F >> size);
    for (uint32_t i = 1; i < size; i++) code = code << 6 | (x.text[i] & 0x3F);
    return nt_integer(code);
}

/* The part between separators that is number n from the start or, negative, from the end. */
static struct nt_value part_number(struct nt_value x, struct nt_value separator, int64_t n)
{
    int64_t count = 1, at, first = 0;
    for (uint32_t from = 0; (at = text_find(x, separator, from)) >= 0; count++)
        from = (uint32_t)at + separator.size;
    if (n < 0) n = count + n + 1;
    if (n < 1 || n > count) return nt_text("", 0);
    for (; n > 1; n--) first = text_find(x, separator, (uint32_t)first) + separator.size;
    at = text_find(x, separator, (uint32_t)first);
    return text_slice(x, (uint32_t)first, at < 0 ? x.size : (uint32_t)at);
}

struct nt_value nt_text_split_part(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                   struct nt_value z)
{
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    if (z.integer == 0) return nt_fail(e, "field position must not be zero");
    if (y.size) return part_number(x, y, z.integer);
    return z.integer == 1 || z.integer == -1 ? x : nt_text("", 0);
}

/* Is the character of x at offset one of set? */
static bool set_has(struct nt_value set, struct nt_value x, uint32_t offset, uint32_t size)
{
    for (uint32_t i = 0, next; i < set.size; i += next) {
        next = text_char_size(set, i);
        if (next == size && memcmp(set.text + i, x.text + offset, size) == 0) return true;
    }
    return false;
}

static struct nt_value trim(struct nt_value x, struct nt_value set, bool at_start, bool at_end)
{
    if (x.is_null || set.is_null) return NT_NULL;
    uint32_t first = 0, end = x.size, size;
    while (at_start && first < end && set_has(set, x, first, size = text_char_size(x, first)))
        first += size;
    while (at_end && first < end) {
        uint32_t last = end - 1;
        while (!text_starts_char(x.text[last])) last--;
        if (!set_has(set, x, last, end - last)) break;
        end = last;
    }
    return text_slice(x, first, end);
}

#define TRIM_FUNCTION(symbol, at_start, at_end)                                                    \
    struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x)                              \
    {                                                                                              \
        (void)e;                                                                                   \
        return trim(x, nt_text(" ", 1), at_start, at_end);                                         \
    }                                                                                              \
    struct nt_value nt_##symbol##_of(struct nt_eval *e, struct nt_value x, struct nt_value y)      \
    {                                                                                              \
        (void)e;                                                                                   \
        return trim(x, y, at_start, at_end);                                                       \
    }
TRIM_FUNCTION(text_btrim, true, true)
TRIM_FUNCTION(text_ltrim, true, false)
TRIM_FUNCTION(text_rtrim, false, true)
