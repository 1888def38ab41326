/*
 * materialize.h: from history to the offline table of a view: one row per change of value.
 *
 * Everything (no range): the table is emptied, filled and indexed in one transaction. A range
 * [from, to): the rows with valid_from in it are replaced in one transaction; at from, a row is
 * written where the value then differs from the row in force. Rows outside the range stay as they
 * are: after a late event the range must reach from the event to where the last window has let go
 * of it. Readers see the table as before until the end, or wait while everything is replaced.
 * Memory: one entity.
 */
#ifndef OFFLINE_MATERIALIZE_H
#define OFFLINE_MATERIALIZE_H

#include "nowthen/program.h"
#include "offline/connection.h"
#include "offline/rows.h"

struct materialize_range {
    struct nt_time from; /* NT_TIME_MINUS_INFINITY: from the beginning */
    struct nt_time to;   /* NT_TIME_INFINITY: to the end */
};
#define MATERIALIZE_ALL ((struct materialize_range){NT_TIME_MINUS_INFINITY, NT_TIME_INFINITY})

struct materialize_report {
    uint64_t events;   /* rows of history read */
    uint64_t rejected; /* of those, dead letters of this program */
    uint64_t entities;
    uint64_t rows; /* written */
};

/* reader and writer are two connections to the database of nowthen.<view>, which apply has made.
 * Shows progress on stderr. */
enum nt_status materialize_view(struct connection *reader, struct connection *writer,
                                const struct nt_program *program, uint16_t view,
                                struct materialize_range range, struct materialize_report *report,
                                struct nt_error *error);

#endif
