/* functions.h: results that several functions_*.c make. */
#ifndef ROW_FUNCTIONS_H
#define ROW_FUNCTIONS_H

#include "nowthen/eval.h"
#include "row/numeric.h"

static inline struct nt_value numeric_result(struct nt_eval *e, struct nt_numeric x)
{
    return (struct nt_value){.numeric = nt_arena_copy(e->arena, &x, sizeof x)};
}

static inline struct nt_value float_overflow(struct nt_eval *e)
{
    return nt_fail(e, "value out of range: overflow");
}

static inline struct nt_value float_underflow(struct nt_eval *e)
{
    return nt_fail(e, "value out of range: underflow");
}

/* Day, month, week and year parts of a finite day; functions_time.c. */
struct nt_value days_part(struct nt_eval *e, int64_t field, int64_t days);

static inline struct nt_value numeric_overflow(struct nt_eval *e)
{
    return nt_fail(e, NUMERIC_OVERFLOW);
}

#endif
