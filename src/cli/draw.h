/*
 * draw.h: random questions for verify: requests and keys taken from history, at times where windows
 * open and close. The same seed over the same history draws the same questions.
 */
#ifndef CLI_DRAW_H
#define CLI_DRAW_H

#include "offline/connection.h"
#include "offline/spine.h"

struct draw {
    struct nt_value *inputs; /* target->input_count */
    struct nt_time at;
};

/* draws[count], all in arena. A draw's key columns come from one event of each joined view's
 * source; its time is that event's, or one a window's length later, or a microsecond beside either,
 * or any moment of the history. One in DRAW_STRANGERS asks for an entity that is not there. */
#define DRAW_STRANGERS 32
enum nt_status draw_questions(struct connection *connection, const struct target *target,
                              uint64_t seed, size_t count, struct nt_arena *arena,
                              struct draw **draws, struct nt_error *error);

#endif
