/*
 * aggregate.h: one shape for all aggregates. nowthen/aggregates.def lists them; a file each.
 *
 * A state is a partial: a pure function of the multiset of arguments added to it, so add and merge
 * commute, associate and are exact, and encode gives equal bytes for equal multisets. States are
 * flat structs of state_size bytes, aligned to 16; what they point at lives in the arena.
 */
#ifndef RUNTIME_AGGREGATE_H
#define RUNTIME_AGGREGATE_H

#include "base/bytes.h"
#include "nowthen/program.h"

struct nt_aggregate {
    const char *symbol;
    const char *name;
    size_t state_size;
    int variant;     /* what its file tells its aggregates apart by */
    bool is_rounded; /* PostgreSQL's float result depends on the order of the values: contract, 3.5
                      */
    bool grows;      /* a state is as large as the set of what was added, not of a bounded size */
    void (*init)(const struct nt_measure *measure, void *state);
    /* Back to no arguments, keeping the memory the state has in its arena for the next ones. */
    void (*clear)(const struct nt_measure *measure, void *state);
    /* arguments[measure->argument_count], already picked and filtered. Borrowed: what the state
     * keeps of them it copies into arena. */
    void (*add)(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                struct nt_arena *arena);
    /* The same for `count` events at once, of an aggregate without arguments; else NULL. */
    void (*add_times)(const struct nt_measure *measure, void *state, uint64_t count);
    /* other is left as it was; what is kept of it is copied into arena. */
    void (*merge)(const struct nt_measure *measure, void *state, const void *other,
                  struct nt_arena *arena);
    /* PostgreSQL's result for this multiset. Sets e->error on overflow, as PostgreSQL would. */
    struct nt_value (*final)(struct nt_eval *e, const struct nt_measure *measure,
                             const void *state);
    void (*encode)(const struct nt_measure *measure, const void *state, struct buffer *out);
    /* Into a state of no arguments. False: the bytes are not an encoding. */
    bool (*decode)(const struct nt_measure *measure, void *state, struct reader *in,
                   struct nt_arena *arena);
};

/* The measure's own arguments of all of the view's: some in place, else copied into room[2]. NULL:
 * the filter does not let the event. */
static inline const struct nt_value *measure_pick(const struct nt_measure *measure,
                                                  const struct nt_value *arguments,
                                                  struct nt_value *room)
{
    if (measure->filter >= 0 && !nt_is_true(arguments[measure->filter])) return NULL;
    if (measure->argument_count == 1) return &arguments[measure->arguments[0]];
    for (unsigned i = 0; i < measure->argument_count; i++)
        room[i] = arguments[measure->arguments[i]];
    return room;
}

/* Adds an event's arguments (all of the view's) if the filter lets it. */
void measure_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                 struct nt_arena *arena);

#endif
