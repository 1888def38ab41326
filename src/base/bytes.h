/*
 * bytes.h: a borrowed span and a growing buffer of bytes.
 *
 * Running out of memory aborts with a message, as in arena.h. Integers are little-endian unless
 * the name says otherwise.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t size;
};

/* All zero is an empty buffer. data is owned by the buffer and moves when it grows. */
struct buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

void buffer_deinit(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_reserve(struct buffer *buffer, size_t more);
/* These two are here because a record is written with a dozen of them. */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    if (!size) return;
    if (buffer->capacity - buffer->size < size) buffer_reserve(buffer, size);
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}
static inline void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
    if (buffer->capacity == buffer->size) buffer_reserve(buffer, 1);
    buffer->data[buffer->size++] = byte;
}
void buffer_append_text(struct buffer *buffer, const char *text); /* without its zero */
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_append_varint(struct buffer *buffer, uint64_t x); /* LEB128 */
void buffer_append_u32(struct buffer *buffer, uint32_t x);
void buffer_append_u64(struct buffer *buffer, uint64_t x);
void buffer_append_u64_be(struct buffer *buffer, uint64_t x);
/* A zero byte after the end, not counted: data may then be read as a C string. */
char *buffer_text(struct buffer *buffer);
static inline struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){buffer->data, buffer->size};
}

/* A reader of a span: each take moves on; past the end it sets is_short and gives zeros. */
struct reader {
    const uint8_t *next;
    const uint8_t *end;
    bool is_short;
};
static inline struct reader reader_of(struct bytes bytes)
{
    return (struct reader){bytes.data, bytes.data ? bytes.data + bytes.size : NULL, false};
}
const uint8_t *reader_take(struct reader *reader, size_t size); /* NULL when short */
uint8_t reader_byte(struct reader *reader);
uint64_t reader_varint(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);
uint64_t reader_u64_be(struct reader *reader);

/* Most names are short: two loads that may overlap, where memcmp would be a call. */
static inline bool bytes_are_equal(struct bytes a, struct bytes b)
{
    if (a.size != b.size) return false;
    if (a.size > 16) return memcmp(a.data, b.data, a.size) == 0;
    if (a.size >= 8) {
        uint64_t x[2], y[2];
        memcpy(&x[0], a.data, 8), memcpy(&x[1], a.data + a.size - 8, 8);
        memcpy(&y[0], b.data, 8), memcpy(&y[1], b.data + b.size - 8, 8);
        return x[0] == y[0] && x[1] == y[1];
    }
    if (a.size >= 4) {
        uint32_t x[2], y[2];
        memcpy(&x[0], a.data, 4), memcpy(&x[1], a.data + a.size - 4, 4);
        memcpy(&y[0], b.data, 4), memcpy(&y[1], b.data + b.size - 4, 4);
        return x[0] == y[0] && x[1] == y[1];
    }
    for (size_t i = 0; i < a.size; i++)
        if (a.data[i] != b.data[i]) return false;
    return true;
}

/* fwrite; an empty span, also one without data, is nothing. */
void bytes_print(struct bytes bytes, FILE *out);
int bytes_compare(struct bytes a, struct bytes b); /* memcmp, the shorter first */

/* malloc and realloc that abort with a message. */
void *memory_alloc(size_t size);
void *memory_zalloc(size_t size);
void *memory_realloc(void *old, size_t size);
char *memory_strdup(const char *text);

#define CACHE_LINE 64 /* bytes */

/* Asks memory for the cache lines of bytes [from, from + size), which need not be there. For gcc 12
 * a prefetch is no effect, and a call of a function that does nothing else is left out: the empty
 * asm is an effect. */
static inline void memory_prefetch(const void *from, size_t size)
{
    const char *end = (const char *)from + size;
    const char *line = (const char *)from - ((uintptr_t)from & (CACHE_LINE - 1));
    for (; line < end; line += CACHE_LINE) {
        __builtin_prefetch(line);
        __asm__ volatile("" : : "r"(line));
    }
}

/* The whole file, zero terminated, into buffer (appended). */
enum nt_status file_read(const char *path, struct buffer *buffer, struct nt_error *error);
/* Is path a device, a pipe or a socket? Such a thing is written to; a file put in its place by
 * rename would destroy it. */
bool file_is_special(const char *path);
/* Writes to a temporary name beside path, syncs, renames: all or nothing. */
enum nt_status file_write(const char *path, struct bytes bytes, struct nt_error *error);

#endif
