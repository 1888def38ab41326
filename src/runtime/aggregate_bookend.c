/*
 * aggregate_bookend.c: first(x, ts) and last(x, ts), and the same under the names min_by and
 * max_by. Events whose ts is NULL are ignored. Among events of equal ts the greatest x wins, NULL
 * lowest; the partial keeps the greatest spelling of that ts as well (1 day, 24:00), so it stays a
 * function of the multiset.
 */
#include "runtime/aggregate.h"
#include "runtime/kept.h"

struct bookend {
    struct kept at; /* NULL: no event yet */
    struct kept value;
};

static void bookend_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct bookend *)state = (struct bookend){{.value = NT_NULL}, {.value = NT_NULL}};
}

static void bookend_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    struct bookend *bookend = state;
    bookend->at.value = bookend->value.value = NT_NULL;
}

static void bookend_set(const struct nt_measure *measure, struct bookend *bookend,
                        struct nt_value value, struct nt_value at, struct nt_arena *arena)
{
    kept_set(&bookend->value, measure->types[0], value, arena);
    kept_set(&bookend->at, measure->types[1], at, arena);
}

/* sign 1: last, -1: first. */
static void bookend_offer(const struct nt_measure *measure, struct bookend *bookend,
                          struct nt_value value, struct nt_value at, int sign,
                          struct nt_arena *arena)
{
    if (at.is_null) return;
    if (bookend->at.value.is_null) {
        bookend_set(measure, bookend, value, at, arena);
        return;
    }
    int order = sign * nt_compare(measure->types[1], at, bookend->at.value);
    if (order > 0) bookend_set(measure, bookend, value, at, arena);
    if (order != 0) return;
    if (value_order(measure->types[0], value, bookend->value.value) > 0) {
        kept_set(&bookend->value, measure->types[0], value, arena);
    }
    if (value_order(measure->types[1], at, bookend->at.value) > 0) {
        kept_set(&bookend->at, measure->types[1], at, arena);
    }
}

static void first_add(const struct nt_measure *measure, void *state,
                      const struct nt_value *arguments, struct nt_arena *arena)
{
    bookend_offer(measure, state, arguments[0], arguments[1], -1, arena);
}

static void last_add(const struct nt_measure *measure, void *state,
                     const struct nt_value *arguments, struct nt_arena *arena)
{
    bookend_offer(measure, state, arguments[0], arguments[1], 1, arena);
}

static void first_merge(const struct nt_measure *measure, void *state, const void *other,
                        struct nt_arena *arena)
{
    const struct bookend *more = other;
    bookend_offer(measure, state, more->value.value, more->at.value, -1, arena);
}

static void last_merge(const struct nt_measure *measure, void *state, const void *other,
                       struct nt_arena *arena)
{
    const struct bookend *more = other;
    bookend_offer(measure, state, more->value.value, more->at.value, 1, arena);
}

static struct nt_value bookend_final(struct nt_eval *e, const struct nt_measure *measure,
                                     const void *state)
{
    const struct bookend *bookend = state;
    return kept_get(&bookend->value, measure->types[0], e->arena);
}

static void bookend_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    const struct bookend *bookend = state;
    kept_encode(&bookend->at, measure->types[1], out);
    if (!bookend->at.value.is_null) kept_encode(&bookend->value, measure->types[0], out);
}

static bool bookend_decode(const struct nt_measure *measure, void *state, struct reader *in,
                           struct nt_arena *arena)
{
    struct bookend *bookend = state;
    return kept_decode(&bookend->at, measure->types[1], in, arena) &&
           (bookend->at.value.is_null ||
            kept_decode(&bookend->value, measure->types[0], in, arena));
}

#define BOOKEND(which, side)                                                                       \
    const struct nt_aggregate nt_aggregate_##which = {                                             \
        .symbol = #which,                                                                          \
        .name = #which,                                                                            \
        .state_size = sizeof(struct bookend),                                                      \
        .init = bookend_init,                                                                      \
        .clear = bookend_clear,                                                                    \
        .add = side##_add,                                                                         \
        .merge = side##_merge,                                                                     \
        .final = bookend_final,                                                                    \
        .encode = bookend_encode,                                                                  \
        .decode = bookend_decode,                                                                  \
    };
BOOKEND(first, first)
BOOKEND(last, last)
BOOKEND(min_by, first)
BOOKEND(max_by, last)
