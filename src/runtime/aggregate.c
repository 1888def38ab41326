/* aggregate.c: from an event's arguments to those of one measure. */
#include "runtime/aggregate.h"

void measure_add(const struct nt_measure *measure, void *state, const struct nt_value *arguments,
                 struct nt_arena *arena)
{
    if (measure->filter >= 0 && !nt_is_true(arguments[measure->filter])) return;
    struct nt_value picked[2];
    for (unsigned i = 0; i < measure->argument_count; i++) {
        picked[i] = arguments[measure->arguments[i]];
    }
    measure->aggregate->add(measure, state, picked, arena);
}
