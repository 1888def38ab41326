/* history_columns.c: what a history that was made for earlier definitions lacks. */
#include "offline/history.h"

#include <string.h>

static bool has_column(const struct answer *columns, const char *name)
{
    for (size_t i = 0; i < answer_row_count(columns); i++)
        if (strcmp(answer_text(columns, i, 0), name) == 0) return true;
    return false;
}

/* ADD COLUMN "name" type, ... Without NOT NULL: there are rows that have none. */
static void additions_append(const struct nt_source *source, const struct answer *columns,
                             struct buffer *sql)
{
    for (uint16_t i = 0; i < source->column_count; i++) {
        const struct nt_column *column = &source->columns[i];
        if (has_column(columns, column->name)) continue;
        buffer_append_text(sql, sql->size ? ", ADD COLUMN " : "ADD COLUMN ");
        sql_append_column_type(sql, column->name, column->type, column->typmod, false);
    }
}

enum nt_status history_require_columns(struct connection *connection,
                                       const struct nt_source *source, struct nt_error *error)
{
    struct buffer name = {0}, additions = {0};
    struct answer *columns = NULL;
    history_append_name(source, &name);
    struct parameter parameter = parameter_text(buffer_text(&name));
    enum nt_status status =
        connection_query_with(connection,
                              "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) "
                              "AND attnum > 0 AND NOT attisdropped",
                              &parameter, 1, &columns, error);
    bool is_there = status == NT_OK && answer_row_count(columns) > 0;
    if (is_there) additions_append(source, columns, &additions);
    if (additions.size > 0)
        status = error_set(error, NT_INVALID,
                           "the history of source %s lacks columns that the definitions have: "
                           "ALTER TABLE %s %s; they are NULL in the events that are there, until "
                           "you fill them",
                           source->name, buffer_text(&name), buffer_text(&additions));
    answer_clear(columns);
    buffer_deinit(&name);
    buffer_deinit(&additions);
    return status;
}
