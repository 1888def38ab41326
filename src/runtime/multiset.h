/*
 * multiset.h: values in order, each with how often it was added: what DISTINCT, the exact
 * percentiles and mode keep. As large as its content.
 *
 * Values are told apart by their bits (value_order), so that 1.0 and 1.00 are two entries side by
 * side; those who read it group what PostgreSQL calls equal.
 */
#ifndef RUNTIME_MULTISET_H
#define RUNTIME_MULTISET_H

#include "runtime/kept.h"

struct multiset_entry {
    struct kept kept; /* never NULL */
    uint64_t count;   /* at least 1 */
};

/* All zero is empty. entries[count, capacity) are spare, with the memory they own. */
struct multiset {
    struct multiset_entry *entries;
    uint32_t count;
    uint32_t capacity;
};

void multiset_clear(struct multiset *set); /* keeps its memory */
void multiset_add(struct multiset *set, enum nt_type type, struct nt_value value, uint64_t count,
                  struct nt_arena *arena);
void multiset_merge(struct multiset *set, enum nt_type type, const struct multiset *other,
                    struct nt_arena *arena);
/* with_counts: else each value counts once, and is written alone. */
void multiset_encode(const struct multiset *set, enum nt_type type, bool with_counts,
                     struct buffer *out);
/* Into an empty one. */
bool multiset_decode(struct multiset *set, enum nt_type type, bool with_counts, struct reader *in,
                     struct nt_arena *arena);
/* All values, copies counted. */
uint64_t multiset_total(const struct multiset *set);
/* The value at a place in order, copies counted, from 0; it is there. */
struct nt_value multiset_at(const struct multiset *set, uint64_t place);
/* The entry after those that PostgreSQL calls equal to entry `first`. */
uint32_t multiset_group_end(const struct multiset *set, enum nt_type type, uint32_t first);

#endif
