/*
 * timeline_rebuild.c: a timeline made again from its events. Shape and partials are functions of
 * the events and the horizon, so comparing bytes checks every count, span and partial at once.
 */
#include "runtime/timeline_node.h"

struct rebuilding {
    struct timeline *into;
    enum nt_status status;
    struct nt_error *error;
};

static void rebuilding_visit(void *self, struct nt_time event_time,
                             const struct nt_value *arguments)
{
    struct rebuilding *rebuilding = self;
    if (rebuilding->status != NT_OK) return;
    rebuilding->status = timeline_add(rebuilding->into, event_time, arguments, rebuilding->error);
}

enum nt_status timeline_rebuild(struct timeline *timeline, struct nt_arena *arena,
                                struct timeline **rebuilt, struct nt_error *error)
{
    enum nt_status status = root_load(timeline, error);
    if (status != NT_OK) return status;
    struct timeline *made = timeline_create(arena, timeline->view, (struct timeline_source){0});
    made->horizon_us = timeline->horizon_us;
    made->newest_us = timeline->newest_us;
    made->is_dirty = true;
    lifetime_merge(made, timeline->lifetime);
    struct rebuilding rebuilding = {made, NT_OK, error};
    status = timeline_walk(timeline, rebuilding_visit, &rebuilding, error);
    *rebuilt = made;
    return status == NT_OK ? rebuilding.status : status;
}
