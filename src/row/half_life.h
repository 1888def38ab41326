/*
 * half_life.h: exponential decay, to the same bits on every machine: 2^x from whole numbers alone,
 * no pow() of a library.
 */
#ifndef ROW_HALF_LIFE_H
#define ROW_HALF_LIFE_H

#include "nowthen/eval.h"

/* A span of time, or a time since 2000, in half-lives: whole + log2(growth), 1 <= growth <= 2. */
struct half_lives {
    int64_t whole;
    double growth; /* rounded to nearest */
};
/* half_us is positive. */
int64_t half_lives_whole(__int128 us, int64_t half_us);
struct half_lives half_lives_of(__int128 us, int64_t half_us);

/* A decayed sum as a term keeps it, a bytea: its value at a moment, and how to go on from there:
 * nt_decay() of functions.def gives its value at another. */
struct decayed {
    double sum;
    int64_t at_us;
    int64_t half_us;
};
struct nt_value decayed_value(struct decayed decayed, struct nt_arena *arena);

#endif
