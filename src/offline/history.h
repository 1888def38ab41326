/*
 * history.h: a source's past in PostgreSQL: the table of its accepted events.
 *
 * Its name is the source's OPTIONS (history 'schema.table'), else history.<source>. It needs the
 * source's columns by name, of types that cast to theirs; other columns are ignored.
 */
#ifndef OFFLINE_HISTORY_H
#define OFFLINE_HISTORY_H

#include "nowthen/program.h"
#include "offline/connection.h"
#include "offline/rows.h"

/* "schema"."table", quoted. */
void history_append_name(const struct nt_source *source, struct buffer *sql);
/* The two parts, unquoted; without a dot the table is in the schema history. */
void history_name_split(const struct nt_source *source, struct buffer *schema, const char **table);
/* Creates schema and table when they are missing; text columns compare by bytes. */
enum nt_status history_create(struct connection *connection, const struct nt_source *source,
                              struct nt_error *error);
/* LOCK TABLE ... IN mode MODE, to the end of the transaction. */
enum nt_status history_lock(struct connection *connection, const struct nt_source *source,
                            const char *mode, struct nt_error *error);
/* NT_INVALID with the ALTER TABLE to run: the table is there, but not all of the source's columns
 * are, because the definitions have more since it was made. */
enum nt_status history_require_columns(struct connection *connection,
                                       const struct nt_source *source, struct nt_error *error);
/* Rows that the tables of a view's sources have, as PostgreSQL last estimated; 0: not known. */
enum nt_status history_estimate(struct connection *connection, const struct nt_program *program,
                                const struct nt_view *view, uint64_t *rows, struct nt_error *error);

/* Which rows: all (zero positions, until NT_TIME_INFINITY), or those up to an event time, or of a
 * history that carries positions those before an offset of their partition. */
struct history_position {
    int32_t partition;
    int64_t next; /* offsets before this one */
};
struct history_bounds {
    struct nt_time until;
    bool reads_positions; /* rows have HISTORY_POSITIONS values more: where in the log they stood */
    bool has_positions;
    const struct history_position *positions;
    size_t position_count;
};
static inline struct history_bounds history_until(struct nt_time until)
{
    return (struct history_bounds){.until = until};
}

/* " WHERE ...", or nothing. */
void history_append_bounds(const struct nt_source *source, const struct history_bounds *bounds,
                           struct buffer *sql);

/* The history of a view's source, its columns in order, sorted by the view's key (text by bytes)
 * and event time where view_takes_sorted: what entities.h wants. Of several sources (UNION ALL)
 * one comes after the other. The connection is busy until close. */
struct history;
enum nt_status history_open(struct connection *connection, const struct nt_program *program,
                            uint16_t view, struct history_bounds bounds, struct history **history,
                            struct nt_error *error);
/* The same, where each source has bounds of its own; all of them with positions, or none. */
typedef struct history_bounds history_bounds_of(void *self, const struct nt_source *source);
enum nt_status history_open_each(struct connection *connection, const struct nt_program *program,
                                 uint16_t view, history_bounds_of *bounds_of, void *self,
                                 struct history **history, struct nt_error *error);
struct rows history_rows(struct history *history);
void history_close(struct history *history); /* NULL is fine */

/*
 * Positions: a history whose rows say where in the log they stood, in the columns
 *   log_partition int4, log_offset int8    of the source's topic
 * holds, for each partition, every accepted event up to its greatest offset: what nowthen archive
 * writes (archive.h). All rows of a history say so, or none: what reads by position would not see
 * the others.
 */
#define HISTORY_PARTITION "log_partition"
#define HISTORY_OFFSET    "log_offset"
#define HISTORY_POSITIONS 2

/* Adds the columns where they are missing. */
enum nt_status history_add_positions(struct connection *connection, const struct nt_source *source,
                                     struct nt_error *error);

/* NT_NOT_FOUND: there is no history. */
enum nt_status history_has_positions(struct connection *connection, const struct nt_source *source,
                                     bool *has_positions, struct nt_error *error);
struct history_placed {
    uint64_t with, without; /* rows; without the columns, or a NULL or less than 0 in one */
};
enum nt_status history_placed_count(struct connection *connection, const struct nt_source *source,
                                    struct history_placed *placed, struct nt_error *error);
/* NT_INVALID: some rows are without a position. */
enum nt_status history_placed_check(struct connection *connection, const struct nt_source *source,
                                    struct nt_error *error);
/* The offset after the last, of each partition that has any; in arena. NT_MISMATCH: they are of
 * another topic, as nowthen.archive says. */
enum nt_status history_positions(struct connection *connection, const struct nt_source *source,
                                 struct nt_arena *arena, struct history_position **positions,
                                 size_t *count, struct nt_error *error);
/* Rows within bounds, and the newest finite event time; NT_TIME_MINUS_INFINITY: none. */
enum nt_status history_measure(struct connection *connection, const struct nt_source *source,
                               struct history_bounds bounds, uint64_t *rows, struct nt_time *newest,
                               struct nt_error *error);

/* One column for SELECT: "name"::type, text with COLLATE "C", AS "name". */
void sql_append_column(struct buffer *sql, const struct nt_column *column);
/* One column for CREATE TABLE: "name" type [COLLATE "C"] [NOT NULL]. */
void sql_append_column_type(struct buffer *sql, const char *name, enum nt_type type, int32_t typmod,
                            bool is_not_null);

#endif
