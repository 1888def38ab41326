/*
 * text.h: walking over UTF-8 that is known to be valid, in characters, and growing results.
 */
#ifndef ROW_TEXT_H
#define ROW_TEXT_H

#include "nowthen/eval.h"

#include <string.h>

/* The longest text that repeat, lpad and rpad make. */
#define TEXT_MADE_MAX (1 << 20)

static inline bool text_starts_char(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* Bytes of the character at offset. */
static inline uint32_t text_char_size(struct nt_value x, uint32_t offset)
{
    uint32_t size = 1;
    while (offset + size < x.size && !text_starts_char(x.text[offset + size])) size++;
    return size;
}

static inline int64_t text_length(struct nt_value x)
{
    int64_t count = 0;
    for (uint32_t i = 0; i < x.size; i++) count += text_starts_char(x.text[i]);
    return count;
}

/* The offset of the character at index; the end where there are fewer. */
static inline uint32_t text_offset(struct nt_value x, int64_t index)
{
    uint32_t offset = 0;
    for (; index > 0 && offset < x.size; index--) offset += text_char_size(x, offset);
    return offset;
}

static inline struct nt_value text_slice(struct nt_value x, uint32_t first, uint32_t end)
{
    return nt_text(x.text + first, end > first ? end - first : 0);
}

/* The offset of part in x at or after from, or -1. An empty part is found at once. */
static inline int64_t text_find(struct nt_value x, struct nt_value part, uint32_t from)
{
    for (uint32_t i = from; i + (uint64_t)part.size <= x.size; i++)
        if (memcmp(x.text + i, part.text, part.size) == 0) return i;
    return -1;
}

/* Copies into an arena that was asked for enough. */
struct text_maker {
    char *text;
    uint32_t size;
};
static inline void text_add(struct text_maker *out, const char *text, uint32_t size)
{
    if (size) memcpy(out->text + out->size, text, size);
    out->size += size;
}

/* ASCII, as collation "C" has it. */
static inline char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
static inline char text_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

#endif
