/*
 * oracle.h: PostgreSQL itself, asked for V(T): the definition file's SELECTs, to the byte, over the
 * history, with a now() that is set. Used by verify; never by serving or training.
 *
 * Schema asof has now(), first and last, each source as a view of its history up to now(), and each
 * view. A service would make PostgreSQL compute every entity of the views it joins, so schema
 * asof_row has tables of the views' shape that hold just the rows a question joins, and the service
 * as a view over those. Schema asof_once has the events that a view counts of a source with an
 * event key without the event time.
 *
 * The history must hold accepted events only: that is what import writes. What asof keeps is
 * recreated by oracle_create; only indexes on the history stay. One oracle_create per database at a
 * time; questions leave nothing behind, so any number may be asked at once.
 */
#ifndef OFFLINE_ORACLE_H
#define OFFLINE_ORACLE_H

#include "offline/connection.h"
#include "offline/spine.h"

struct oracle;

/* connection is borrowed until destroy, and used for nothing else meanwhile. */
enum nt_status oracle_create(struct connection *connection, const struct nt_program *program,
                             struct oracle **oracle, struct nt_error *error);
/* A further oracle over the schemas that oracle_create made, for another connection and thread. */
struct oracle *oracle_join(struct connection *connection, const struct nt_program *program);
void oracle_destroy(struct oracle *oracle); /* NULL is fine */

/* Arrays of target->output_count, in the arena. */
struct oracle_answer {
    bool is_present;    /* of a view: the entity has a row. A service always has one */
    const char **texts; /* as PostgreSQL prints it; NULL: NULL */
    bool *is_error;     /* PostgreSQL raised an error computing just this; texts NULL */
};

/* inputs[target->input_count]: a request row, or a key. target of the same program. */
enum nt_status oracle_read(struct oracle *oracle, const struct target *target,
                           const struct nt_value *inputs, struct nt_time at, struct nt_arena *arena,
                           struct oracle_answer *answer, struct nt_error *error);

#endif
