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
/* Creates schema and table when they are missing; text columns compare by bytes. */
enum nt_status history_create(struct connection *connection, const struct nt_source *source,
                              struct nt_error *error);
/* Rows the table has, as PostgreSQL last estimated; 0: not known. */
enum nt_status history_estimate(struct connection *connection, const struct nt_source *source,
                                uint64_t *rows, struct nt_error *error);

/* The history of a view's source, its columns in order, sorted by the view's key (text by bytes)
 * and event time where its key is columns: what entities.h wants. until: no events after it. The
 * connection is busy until close. */
struct history;
enum nt_status history_open(struct connection *connection, const struct nt_program *program,
                            uint16_t view, struct nt_time until, struct history **history,
                            struct nt_error *error);
struct rows history_rows(struct history *history);
void history_close(struct history *history); /* NULL is fine */

/* One column for SELECT: "name"::type, text with COLLATE "C", AS "name". */
void sql_append_column(struct buffer *sql, const struct nt_column *column);
/* One column for CREATE TABLE: "name" type [COLLATE "C"] [NOT NULL]. */
void sql_append_column_type(struct buffer *sql, const char *name, enum nt_type type,
                            bool is_not_null);

#endif
