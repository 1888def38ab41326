/* aggregate_bool.c: bool_and(x), every(x) and bool_or(x). The partial says which values are there.
 * NULL for none. */
#include "runtime/aggregate.h"

enum { TRUE_IS_THERE = 1, FALSE_IS_THERE = 2 };

static void bool_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(uint8_t *)state = 0;
}

static void bool_add(const struct nt_measure *measure, void *state,
                     const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    if (arguments[0].is_null) return;
    *(uint8_t *)state |= arguments[0].boolean ? TRUE_IS_THERE : FALSE_IS_THERE;
}

static void bool_merge(const struct nt_measure *measure, void *state, const void *other,
                       struct nt_arena *arena)
{
    (void)measure, (void)arena;
    *(uint8_t *)state |= *(const uint8_t *)other;
}

static struct nt_value bool_and_final(struct nt_eval *e, const struct nt_measure *measure,
                                      const void *state)
{
    (void)e, (void)measure;
    uint8_t there = *(const uint8_t *)state;
    return there ? nt_bool(!(there & FALSE_IS_THERE)) : NT_NULL;
}

static struct nt_value bool_or_final(struct nt_eval *e, const struct nt_measure *measure,
                                     const void *state)
{
    (void)e, (void)measure;
    uint8_t there = *(const uint8_t *)state;
    return there ? nt_bool(there & TRUE_IS_THERE) : NT_NULL;
}

static void bool_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    buffer_append_byte(out, *(const uint8_t *)state);
}

static bool bool_decode(const struct nt_measure *measure, void *state, struct reader *in,
                        struct nt_arena *arena)
{
    (void)measure, (void)arena;
    uint8_t there = reader_byte(in);
    *(uint8_t *)state = there;
    return !in->is_short && there <= (TRUE_IS_THERE | FALSE_IS_THERE);
}

#define BOOL(which, finish)                                                                        \
    const struct nt_aggregate nt_aggregate_##which = {                                             \
        .symbol = #which,                                                                          \
        .name = #which,                                                                            \
        .state_size = sizeof(uint8_t),                                                             \
        .init = bool_init,                                                                         \
        .clear = bool_init,                                                                        \
        .add = bool_add,                                                                           \
        .merge = bool_merge,                                                                       \
        .final = finish,                                                                           \
        .encode = bool_encode,                                                                     \
        .decode = bool_decode,                                                                     \
    };
BOOL(bool_and, bool_and_final)
BOOL(every, bool_and_final)
BOOL(bool_or, bool_or_final)
