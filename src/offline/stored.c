/* stored.c: takes header and trailer off a binary COPY. */
#include "offline/stored.h"

#include "offline/copy.h"

enum nt_status stored_rows_begin(struct stored_rows *rows, struct connection *connection,
                                 const char *sql, struct nt_error *error)
{
    *rows = (struct stored_rows){.connection = connection};
    enum nt_status status = connection_copy_out(connection, sql, error);
    rows->is_done = status != NT_OK;
    return status;
}

/* The tuple of one message, empty for a header or trailer alone. False: not binary COPY. */
static bool tuple_find(struct stored_rows *rows, struct bytes message, struct bytes *tuple)
{
    struct reader in = reader_of(message);
    int columns = -1;
    if (!rows->has_header && !copy_take_header(&in)) return false;
    rows->has_header = true;
    const uint8_t *start = in.next;
    if (in.next < in.end && !copy_take_count(&in, &columns)) return false;
    *tuple = (struct bytes){0};
    if (columns >= 0) *tuple = (struct bytes){start, (size_t)(in.end - start)};
    return true;
}

enum nt_status stored_rows_next(struct stored_rows *rows, struct bytes *tuple,
                                struct nt_error *error)
{
    *tuple = (struct bytes){0};
    while (!rows->is_done && tuple->size == 0) {
        struct bytes message;
        enum nt_status status = connection_copy_next(rows->connection, &message, error);
        rows->is_done = status != NT_OK || message.size == 0;
        if (status != NT_OK) return status;
        if (!rows->is_done && !tuple_find(rows, message, tuple))
            return error_set(error, NT_CORRUPT, "PostgreSQL sent something else than binary COPY");
    }
    return NT_OK;
}

void stored_rows_end(struct stored_rows *rows)
{
    if (!rows->is_done) connection_copy_stop(rows->connection);
    rows->is_done = true;
}
