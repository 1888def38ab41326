/*
 * connection.h: PostgreSQL, the one place that speaks libpq. Its errors become statuses here:
 *   NT_UNAVAILABLE  server down, connection lost, shutting down, too many connections
 *   NT_NOT_FOUND    no such database, schema or table
 *   NT_IO           disk full, out of memory on the server
 *   NT_INTERRUPTED  cancelled, by Ctrl-C or by the server
 *   NT_INVALID      everything else the server refuses
 *
 * Every session runs in UTF-8, TimeZone UTC, ISO dates, postgres intervals, shortest floats. One
 * thread at a time; at most one answer or COPY under way.
 */
#ifndef OFFLINE_CONNECTION_H
#define OFFLINE_CONNECTION_H

#include "base/bytes.h"

#include <signal.h>

struct connection;
struct answer; /* the rows a query gave */

/* conninfo: libpq's, a string of key=value pairs or a postgresql:// URI. interrupted (may be NULL)
 * is set by the caller's signal handler: a wait that sees it cancels what the server is doing. */
enum nt_status connection_open(const char *conninfo, const volatile sig_atomic_t *interrupted,
                               struct connection **connection, struct nt_error *error);
/* Has the user asked to stop? For loops that do not wait for the server; it says so in error. */
enum nt_status connection_interruption(const struct connection *connection, struct nt_error *error);
void connection_close(struct connection *connection); /* NULL is fine; rolls back */

/* One or more statements; what rows they give is dropped. */
enum nt_status connection_exec(struct connection *connection, const char *sql,
                               struct nt_error *error);
/* One or more statements; *answer is of the last one that gives rows, and is never NULL with NT_OK
 * unless none does. answer_clear it. */
enum nt_status connection_query(struct connection *connection, const char *sql,
                                struct answer **answer, struct nt_error *error);

/* A parameter $1, $2, ...: text, or bytes for a bytea. */
struct parameter {
    struct bytes bytes;
    bool is_binary; /* bytea */
    bool is_null;
};
struct parameter parameter_text(const char *text); /* NULL: NULL */
struct parameter parameter_bytea(struct bytes bytes);
/* One statement with parameters. */
enum nt_status connection_query_with(struct connection *connection, const char *sql,
                                     const struct parameter *parameters, size_t count,
                                     struct answer **answer, struct nt_error *error);

size_t answer_row_count(const struct answer *answer);
size_t answer_column_count(const struct answer *answer);
/* Zero terminated, as PostgreSQL prints it; NULL for NULL. Borrowed from the answer. */
const char *answer_text(const struct answer *answer, size_t row, size_t column);
/* A bytea; false: it is not one. */
bool answer_bytea(const struct answer *answer, size_t row, size_t column, struct buffer *out);
void answer_clear(struct answer *answer); /* NULL is fine */

/* SQLSTATE of the last refusal, "22012" for division by zero; "" for none. */
const char *connection_sqlstate(const struct connection *connection);

/* COPY ... TO STDOUT: begin, then next until row.size is 0. Rows are borrowed until the next call.
 */
enum nt_status connection_copy_out(struct connection *connection, const char *sql,
                                   struct nt_error *error);
enum nt_status connection_copy_next(struct connection *connection, struct bytes *row,
                                    struct nt_error *error);
/* Instead of reading to the end: cancels the COPY, so that the connection can be used again. */
void connection_copy_stop(struct connection *connection);
/* COPY ... FROM STDIN: begin, put pieces of any size, end. After a failed put nothing more is owed.
 */
enum nt_status connection_copy_in(struct connection *connection, const char *sql,
                                  struct nt_error *error);
enum nt_status connection_copy_put(struct connection *connection, struct bytes piece,
                                   struct nt_error *error);
enum nt_status connection_copy_end(struct connection *connection, struct nt_error *error);
/* Instead of end: the server forgets what was put. Nothing to do after a failed put. */
void connection_copy_abandon(struct connection *connection);

/* "name" as an identifier, 'text' as a literal. */
void sql_append_name(struct buffer *sql, const char *name);
void sql_append_literal(struct buffer *sql, struct bytes text);

#endif
