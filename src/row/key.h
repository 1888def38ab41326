/*
 * key.h: entity keys as bytes. memcmp order is the order of the values column by column (NULL
 * cannot occur), no key is a prefix of another, and keys that PostgreSQL's GROUP BY puts together
 * (0 and -0, 1.0 and 1.00, 1 day and 24 hours) have the same bytes.
 *
 *   bool      1 byte
 *   integers  8 bytes, big-endian, sign flipped; times too
 *   float8    8 bytes, ordered bits
 *   text      escaped: 00 -> 00 FF, ended by 00 00
 *   numeric   1 or 18 bytes, interval 16 bytes, arrays by element: see key.c
 */
#ifndef ROW_KEY_H
#define ROW_KEY_H

#include "base/bytes.h"
#include "nowthen/program.h"

void key_append(enum nt_type type, struct nt_value value, struct buffer *out);
/* All columns of a key; false (and nothing appended) when a part is NULL. */
bool key_append_all(const struct nt_column *columns, uint16_t count, const struct nt_value *key,
                    struct buffer *out);
/* The same into arena, which is all it allocates from. */
bool key_encode(const struct nt_column *columns, uint16_t count, const struct nt_value *key,
                struct nt_arena *arena, struct bytes *bytes);
/* Back to values (in arena); false: not a key of these columns. */
bool key_decode(const struct nt_column *columns, uint16_t count, struct bytes bytes,
                struct nt_arena *arena, struct nt_value *key);

#endif
