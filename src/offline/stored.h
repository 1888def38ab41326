/* stored.h: the tuples of a binary COPY TO STDOUT, one at a time, as bytes. */
#ifndef OFFLINE_STORED_H
#define OFFLINE_STORED_H

#include "offline/connection.h"

struct stored_rows {
    struct connection *connection;
    bool has_header, is_done;
};

/* sql: COPY ... TO STDOUT (FORMAT binary). */
enum nt_status stored_rows_begin(struct stored_rows *rows, struct connection *connection,
                                 const char *sql, struct nt_error *error);
/* The next tuple with its column count, borrowed until the next call; size 0 at the end. */
enum nt_status stored_rows_next(struct stored_rows *rows, struct bytes *tuple,
                                struct nt_error *error);
/* Ends a COPY that was not read to its end; nothing to do after one that was. */
void stored_rows_end(struct stored_rows *rows);

#endif
