/*
 * definitions.h: the registry in PostgreSQL (schemas/pg/nowthen.sql): which definitions were
 * applied, and the one that is active. apply also makes the views' offline tables.
 */
#ifndef OFFLINE_DEFINITIONS_H
#define OFFLINE_DEFINITIONS_H

#include "nowthen/program.h"
#include "offline/connection.h"

struct definitions_report {
    bool is_changed;
    int version; /* of the active program, once applied */
};

/*
 * Makes the program in directory (program.so, program.c, manifest.json, as build_program writes
 * them) the active one, in one transaction. Appends a line per change to changes:
 *   + view aircraft: offline table nowthen.aircraft is created, empty until it is materialized
 *   ~ view carrier: changed; its offline table is dropped and made anew
 *   - service delay_model_v0
 * or "nothing to change" (the file is the same to the byte). A view whose fingerprint is the same
 * keeps its offline table. is_plan: says what would change, and changes nothing. NT_INVALID: a
 * view's offline table would need a name that is taken.
 */
enum nt_status definitions_apply(struct connection *connection, const struct nt_program *program,
                                 const char *directory, bool is_plan, struct buffer *changes,
                                 struct definitions_report *report, struct nt_error *error);

/* Puts the active program into cache/<fingerprint>/ (unless it is there, whole) and that path into
 * directory, for program_open. NT_NOT_FOUND: nothing was applied yet. */
enum nt_status definitions_load(struct connection *connection, const char *cache,
                                struct buffer *directory, struct nt_error *error);

#endif
