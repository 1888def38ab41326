/*
 * copy.h: PostgreSQL's binary COPY format.
 *
 *   header   11 bytes PGCOPY\n\377\r\n\0 · int32 flags 0 · int32 extension size 0
 *   tuple    int16 column count, then for each column int32 size (-1: NULL) and its bytes
 *   trailer  int16 -1
 * Big-endian. A value's bytes are what its type's send function gives; they are canonical, so equal
 * bytes are equal bits (every NaN is written as one NaN).
 */
#ifndef OFFLINE_COPY_H
#define OFFLINE_COPY_H

#include "base/bytes.h"
#include "nowthen/eval.h"

void copy_append_header(struct buffer *out);
void copy_append_trailer(struct buffer *out);
void copy_append_count(struct buffer *out, uint16_t columns);
/* Size and bytes; NULL too. */
void copy_append_value(struct buffer *out, enum nt_type type, struct nt_value value);
void copy_append_null(struct buffer *out);
/* A text[] of zero-terminated names; none: NULL. */
void copy_append_names(struct buffer *out, const char *const *names, size_t count);

/* Readers of one tuple. False: the bytes are not that. */
bool copy_take_header(struct reader *in);
bool copy_take_count(struct reader *in, int *columns); /* -1: the trailer */
/* Text points into what is read, all else into arena. */
bool copy_take_value(struct reader *in, enum nt_type type, struct nt_arena *arena,
                     struct nt_value *value);
/* names[*count] in arena; NULL is an array of none. */
bool copy_take_names(struct reader *in, struct nt_arena *arena, struct bytes **names,
                     size_t *count);
/* The raw bytes of a column with its size: what copy_append_value wrote. */
bool copy_take_raw(struct reader *in, struct bytes *raw);

#endif
