/*
 * array.h: arrays, which are one value of bytes: a varint count, then a tuple (row/tuple.h) of
 * that many values of the element's type. The bytes are canonical as those of tuples are, so
 * arrays of the same bits have the same bytes. An empty array is one zero byte.
 */
#ifndef ROW_ARRAY_H
#define ROW_ARRAY_H

#include "base/bytes.h"
#include "nowthen/eval.h"

/* Elements from the first to the last. */
struct array_reader {
    enum nt_type element;
    uint32_t count;
    uint32_t next;
    const uint8_t *nulls; /* the bitmap */
    struct reader in;
};
/* False: the bytes are no array. */
bool array_open(enum nt_type element, struct nt_value array, struct array_reader *reader);
/* False: there are no more, or what follows is no element. Text points into the array, all else
 * into arena. */
bool array_next(struct array_reader *reader, struct nt_arena *arena, struct nt_value *value);

uint32_t array_count(struct nt_value array);
/* All elements: *count of them, in arena. */
struct nt_value *array_values(enum nt_type element, struct nt_value array, struct nt_arena *arena,
                              uint32_t *count);
struct nt_value array_make(enum nt_type element, const struct nt_value *values, uint32_t count,
                           struct nt_arena *arena);

/* PostgreSQL's array_cmp, by an order of two elements that are not NULL. */
int array_compare(enum nt_type element, struct nt_value x, struct nt_value y,
                  int (*order)(enum nt_type type, struct nt_value x, struct nt_value y));

/* array_out and array_in: {1,NULL,"a b"}. False: e->error is PostgreSQL's message. */
void array_append_text(enum nt_type element, struct nt_value array, struct buffer *out);
bool array_parse(struct nt_eval *e, enum nt_type element, struct bytes text,
                 struct nt_value *value);

#endif
