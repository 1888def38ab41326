/*
 * backfill.h: nowthen materialize --online: an online store built from the histories in PostgreSQL.
 * Offline gives the entities, online takes them; this is where they meet.
 */
#ifndef CLI_BACKFILL_H
#define CLI_BACKFILL_H

#include "base/config.h"
#include "cli/session.h"
#include "offline/history.h"
#include "online/bulk.h"

struct backfill {
    struct connection *connection;
    const struct nt_program *program;
    bool is_event_clock;
    bool has_handover; /* --handover-at was given */
    struct nt_time handover;
    uint64_t rate_max; /* events a second; 0: as fast as it goes */
    struct bulk *bulk;
    struct nt_arena arena; /* of the plan */
    struct bulk_plan plan;
};

struct backfill_options {
    const struct nt_time *handover; /* NULL: not given */
    uint64_t rate_max;              /* events a second; 0: as fast as it goes */
};
/* Builds the store at store.path and says on stdout what it holds and where the stream goes on. */
enum nt_status backfill_run(const struct session *session, const struct config *config,
                            const struct backfill_options *options, struct nt_error *error);

/* ---- backfill_plan.c ---- */

/* What to take of each history, and where the stream goes on after it. NT_INVALID: a history
 * without positions, and no --handover-at; or only some rows have one. */
enum nt_status backfill_plan_make(struct backfill *backfill, struct clock wall,
                                  struct nt_error *error);
/* Is what the plan takes of the histories still what it was? NT_MISMATCH. */
enum nt_status backfill_plan_check(struct backfill *backfill, struct nt_error *error);
/* NULL: no view reads the source. */
const struct bulk_source *backfill_source(const struct bulk_plan *plan, const char *name);
/* In arena. */
struct history_bounds backfill_bounds(const struct bulk_plan *plan, const struct nt_source *source,
                                      struct nt_arena *arena);

#endif
