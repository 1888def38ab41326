/*
 * snapshot.h: a training set: for each spine row, the vector as of its time.
 *
 * From history the program runs over the events again; from the materialized tables the stored rows
 * are taken as of each row's time. Both give the same bytes. As served, each row is what the lookup
 * at its time was told: from the history, of the events that the store had then applied. The output
 * appears under its name only when it is whole. Memory: SNAPSHOT_CHUNK_ROWS spine rows with their
 * answers, and one entity; a longer spine reads the history once per chunk.
 */
#ifndef OFFLINE_SNAPSHOT_H
#define OFFLINE_SNAPSHOT_H

#include "offline/connection.h"
#include "offline/served.h"
#include "offline/spine.h"

#define SNAPSHOT_CHUNK_ROWS 500000

enum snapshot_from { SNAPSHOT_FROM_HISTORY, SNAPSHOT_FROM_MATERIALIZED, SNAPSHOT_AS_SERVED };

struct snapshot_report {
    uint64_t rows;
    uint64_t missing; /* rows and joined views where the entity had no row */
};

/* out_path "-" is standard output. served: the commit log, for SNAPSHOT_AS_SERVED, else NULL. Shows
 * progress on stderr. */
enum nt_status snapshot_write(struct connection *connection, const struct nt_program *program,
                              const char *service_or_view, const char *spine_path,
                              enum snapshot_from from, const struct served *served,
                              const char *out_path, struct snapshot_report *report,
                              struct nt_error *error);

#endif
