/*
 * total.h: the partials that sum and avg share: exact totals and how many values are in them.
 * The functions have the shapes of struct nt_aggregate.
 */
#ifndef RUNTIME_TOTAL_H
#define RUNTIME_TOTAL_H

#include "row/numeric.h"
#include "runtime/aggregate.h"
#include "runtime/exact_sum.h"
#include "runtime/int320.h"

/* Of int4 and int8: 2^64 of them fit. */
struct total_integer {
    __int128 sum;
    uint64_t count;
};

/* Of numerics: the sum is number / 10^scale, scale the largest of the finite values. */
struct total_numeric {
    struct int320 number; /* where it is not long */
    uint64_t *words;      /* LONG_WORDS, or NULL; room for the sum where it is long */
    uint64_t count;
    uint16_t scale;
    uint8_t kinds; /* bit 1 << enum nt_numeric_kind of each kind that is there */
    bool is_long;  /* it may not fit number, or may not after one of 38 digits is added */
};

/* Are the sums of count numerics of this scale short, whatever is added to them that is? A sum of
 * their power-th powers that is in few words is given; the coefficients of short ones have 38
 * digits. */
bool sum_is_short(uint64_t count, int scale, int power, const uint64_t *words, int words_count);

/* Of intervals: the three parts do not carry into each other. */
struct total_interval {
    __int128 us, days, months;
    uint64_t count;
};

#define TOTAL_FUNCTIONS(shape)                                                                     \
    void shape##_init(const struct nt_measure *measure, void *state);                              \
    void shape##_clear(const struct nt_measure *measure, void *state);                             \
    void shape##_add(const struct nt_measure *measure, void *state,                                \
                     const struct nt_value *arguments, struct nt_arena *arena);                    \
    void shape##_merge(const struct nt_measure *measure, void *state, const void *other,           \
                       struct nt_arena *arena);                                                    \
    void shape##_encode(const struct nt_measure *measure, const void *state, struct buffer *out);  \
    bool shape##_decode(const struct nt_measure *measure, void *state, struct reader *in,          \
                        struct nt_arena *arena);
TOTAL_FUNCTIONS(total_integer)
TOTAL_FUNCTIONS(total_numeric)
TOTAL_FUNCTIONS(total_interval)
TOTAL_FUNCTIONS(total_float8) /* struct exact_sum */
#undef TOTAL_FUNCTIONS

/* Makes it long, with the same sum. */
void total_lengthen(struct total_numeric *total, struct nt_arena *arena);
/* The sum times 10^scale. */
void total_words(const struct total_numeric *total, uint64_t words[LONG_WORDS]);
/* The sum; false: beyond what a numeric holds. count is not 0. */
bool total_numeric_sum(struct nt_arena *arena, const struct total_numeric *total,
                       struct nt_numeric *sum);
/* The sum of whole numbers, which always fits. */
bool total_integer_sum(struct nt_arena *arena, const struct total_integer *total,
                       struct nt_numeric *sum);
/* False: a part is beyond the range of interval. */
bool total_interval_sum(const struct total_interval *total, struct nt_interval *sum);

/* A value of these bits in e's arena. */
struct nt_value numeric_value(struct nt_eval *e, struct nt_numeric x);

#define INTERVAL_OVERFLOW "interval out of range"

#endif
