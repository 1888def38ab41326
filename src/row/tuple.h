/*
 * tuple.h: a row of typed values as bytes: a NULL bitmap, then each value that is not NULL.
 * Compact, not ordered; equal values (bit for bit; every NaN is one NaN) give equal bytes.
 */
#ifndef ROW_TUPLE_H
#define ROW_TUPLE_H

#include "base/bytes.h"
#include "nowthen/eval.h"

void value_append(enum nt_type type, struct nt_value value, struct buffer *out); /* not NULL */
bool value_take(enum nt_type type, struct reader *in, struct nt_arena *arena,
                struct nt_value *value);
void tuple_append(const enum nt_type *types, size_t count, const struct nt_value *values,
                  struct buffer *out);
/* At least as many bytes as tuple_append would add. */
size_t tuple_size_max(const enum nt_type *types, size_t count, const struct nt_value *values);
/* Text points into the bytes read, all else into arena. False: not a tuple. */
bool tuple_take(const enum nt_type *types, size_t count, struct reader *in, struct nt_arena *arena,
                struct nt_value *values);
/* Tuples one behind the other: the first begins at `begin` among the bytes `tuples`, tuple i ends
 * at ends[i]. values[count] of each. */
bool tuples_take(const enum nt_type *types, size_t count, const uint8_t *tuples, uint32_t begin,
                 const uint32_t *ends, size_t rows, struct nt_arena *arena,
                 struct nt_value *values);
/* A deep copy: what the value points at is copied into arena. */
struct nt_value value_copy(enum nt_type type, struct nt_value value, struct nt_arena *arena);
/* The same bits? NULL equals NULL, NaN equals NaN, -0 is not 0, 1.0 is not 1.00. */
bool value_is_same(enum nt_type type, struct nt_value x, struct nt_value y);

#endif
