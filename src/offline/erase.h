/*
 * erase.h: an entity taken out of PostgreSQL: its rows in the view's offline table and in the
 * histories that the view reads, and a note that keeps the log from bringing it back:
 *
 *   nowthen.erased   source, its key columns, hash of the key, topic, partition -> next_offset:
 *                    events of that key before that offset are forgotten (runtime/erasure.h)
 */
#ifndef OFFLINE_ERASE_H
#define OFFLINE_ERASE_H

#include "offline/connection.h"
#include "runtime/erasure.h"

/* Up to where a partition has been read. */
struct erase_position {
    const char *topic;
    int32_t partition;
    int64_t next;
};

struct erase_report {
    uint64_t stored_rows;  /* of the view's offline table */
    uint64_t history_rows; /* of all histories that it reads */
};

/* NT_INVALID: a part of the key is an expression, so the events of an entity are not known by
 * columns. */
enum nt_status erase_check(const struct nt_program *program, const struct nt_view *view,
                           struct nt_error *error);
/* Begins the transaction: up to its end no archive commits. Where the archives of the view's topics
 * stand, in arena. */
enum nt_status erase_begin(struct connection *connection, const struct nt_program *program,
                           const struct nt_view *view, struct nt_arena *arena,
                           struct erase_position **archived, size_t *count, struct nt_error *error);
/* Takes nothing out. */
void erase_abandon(struct connection *connection);
/* The rest of it, and its end; a second time there is nothing left to erase. What nowthen archive
 * has read is noted beside positions. */
enum nt_status erase_entity(struct connection *connection, const struct nt_program *program,
                            const struct nt_view *view, const struct nt_value *key,
                            const struct erase_position *positions, size_t count,
                            struct erase_report *report, struct nt_error *error);
/* What a worker must forget; all of it in arena. Notes about what the program does not have any
 * more are left out. */
enum nt_status erasures_load(struct connection *connection, const struct nt_program *program,
                             struct nt_arena *arena, struct erasures *erasures,
                             struct nt_error *error);
/* NT_MISMATCH: there are notes that were not there when erasures were loaded. */
enum nt_status erasures_check(struct connection *connection, const struct erasures *erasures,
                              struct nt_error *error);

#endif
