/*
 * kept.h: a value that a partial keeps, and the total order that decides which it keeps.
 */
#ifndef RUNTIME_KEPT_H
#define RUNTIME_KEPT_H

#include "base/bytes.h"
#include "nowthen/eval.h"

/* A value and the memory it owns in an arena. All zero owns none; value is what is kept. */
struct kept {
    struct nt_value value;
    void *room;
    uint32_t room_size;
};

/* nt_compare, then among values that it calls equal the bits: -0 before 0, 1.0 before 1.00, 1 day
 * and 24 hours by their parts. NULL is lowest. 0 only for the same bits, so that which of several
 * values is kept cannot depend on arrival. */
int value_order(enum nt_type type, struct nt_value x, struct nt_value y);

/* Copies value; reuses its room where it fits. */
void kept_set(struct kept *kept, enum nt_type type, struct nt_value value, struct nt_arena *arena);
/* value in arena, independent of the partial. */
struct nt_value kept_get(const struct kept *kept, enum nt_type type, struct nt_arena *arena);
/* A value that may be NULL. */
void kept_encode(const struct kept *kept, enum nt_type type, struct buffer *out);
bool kept_decode(struct kept *kept, enum nt_type type, struct reader *in, struct nt_arena *arena);

#endif
