/* aggregate.c: from an event's arguments to those of one measure. */
#include "runtime/aggregate.h"

void measure_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                 struct nt_arena *arena)
{
    struct nt_value room[2];
    const struct nt_value *picked = measure_pick(measure, arguments, room);
    if (picked) measure->aggregate->add(measure, state, picked, arena);
}
