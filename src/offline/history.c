/* history.c: the SQL that creates and reads a source's history, and its rows as the seam gives
 * them. */
#include "offline/history.h"

#include "offline/copy.h"
#include "offline/stored.h"
#include "row/typmod.h"
#include "row/value_text.h"
#include "runtime/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY_SCHEMA "history"

struct history {
    struct connection *connection;
    const struct nt_program *program;
    const struct nt_view *view;
    history_bounds_of *bounds_of;
    void *self;
    struct history_bounds same; /* of every source, for history_open */
    uint16_t feed;              /* that is being read */
    bool reads_positions;
    struct stored_rows stored;
};

void history_name_split(const struct nt_source *source, struct buffer *schema, const char **table)
{
    const char *name = source->history ? source->history : source->name;
    const char *dot = source->history ? strchr(name, '.') : NULL;
    *table = dot ? dot + 1 : name;
    if (dot)
        buffer_append(schema, name, (size_t)(dot - name));
    else
        buffer_append_text(schema, HISTORY_SCHEMA);
}

void history_append_name(const struct nt_source *source, struct buffer *sql)
{
    struct buffer schema = {0};
    const char *table;
    history_name_split(source, &schema, &table);
    sql_append_name(sql, buffer_text(&schema));
    buffer_append_byte(sql, '.');
    sql_append_name(sql, table);
    buffer_deinit(&schema);
}

void sql_append_column(struct buffer *sql, const struct nt_column *column)
{
    sql_append_name(sql, column->name);
    buffer_append_text(sql, "::");
    typmod_append_type(column->type, column->typmod, sql);
    buffer_append_text(sql,
                       nt_type_element(column->type) == NT_TEXT ? " COLLATE \"C\" AS " : " AS ");
    sql_append_name(sql, column->name);
}

void sql_append_column_type(struct buffer *sql, const char *name, enum nt_type type, int32_t typmod,
                            bool is_not_null)
{
    sql_append_name(sql, name);
    buffer_append_byte(sql, ' ');
    typmod_append_type(type, typmod, sql);
    buffer_printf(sql, "%s%s", nt_type_element(type) == NT_TEXT ? " COLLATE \"C\"" : "",
                  is_not_null ? " NOT NULL" : "");
}

enum nt_status history_create(struct connection *connection, const struct nt_source *source,
                              struct nt_error *error)
{
    struct buffer sql = {0}, schema = {0};
    const char *table;
    history_name_split(source, &schema, &table);
    buffer_append_text(&sql, "CREATE SCHEMA IF NOT EXISTS ");
    sql_append_name(&sql, buffer_text(&schema));
    buffer_append_text(&sql, "; CREATE TABLE IF NOT EXISTS ");
    history_append_name(source, &sql);
    for (uint16_t i = 0; i < source->column_count; i++) {
        const struct nt_column *column = &source->columns[i];
        buffer_append_text(&sql, i ? ", " : " (");
        sql_append_column_type(&sql, column->name, column->type, column->typmod,
                               column->is_not_null || i == source->event_time);
    }
    buffer_append_text(&sql, ")");
    enum nt_status status = connection_exec(connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    buffer_deinit(&schema);
    return status;
}

enum nt_status history_lock(struct connection *connection, const struct nt_source *source,
                            const char *mode, struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "LOCK TABLE ");
    history_append_name(source, &sql);
    buffer_printf(&sql, " IN %s MODE", mode);
    enum nt_status status = connection_exec(connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status source_estimate(struct connection *connection, const struct nt_source *source,
                                      uint64_t *rows, struct nt_error *error)
{
    struct buffer name = {0};
    struct answer *answer = NULL;
    history_append_name(source, &name);
    struct parameter parameter = parameter_text(buffer_text(&name));
    enum nt_status status = connection_query_with(
        connection,
        "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass($1)",
        &parameter, 1, &answer, error);
    if (status == NT_OK && answer_row_count(answer) == 1)
        *rows += strtoull(answer_text(answer, 0, 0), NULL, 10);
    answer_clear(answer);
    buffer_deinit(&name);
    return status;
}

/* The same source in a second feed is not read again. */
static bool feed_is_first(const struct nt_view *view, uint16_t feed)
{
    for (uint16_t i = 0; i < feed; i++)
        if (view->feeds[i].source == view->feeds[feed].source) return false;
    return true;
}

enum nt_status history_estimate(struct connection *connection, const struct nt_program *program,
                                const struct nt_view *view, uint64_t *rows, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    *rows = 0;
    for (uint16_t i = 0; i < view->feed_count && status == NT_OK; i++)
        if (feed_is_first(view, i))
            status =
                source_estimate(connection, &program->sources[view->feeds[i].source], rows, error);
    return status;
}

static void not_found_prefix(const struct nt_source *source, struct nt_error *error)
{
    error_prefix(error,
                 "no history of source %s (import its events first, or name its table in OPTIONS "
                 "(history 'schema.table'))",
                 source->name);
}

static void positions_missing_prefix(const struct nt_source *source, struct nt_error *error)
{
    error_prefix(error,
                 "the history of source %s does not say where in the log its events were (fill it "
                 "by `nowthen archive`, or import with --positions PARTITION:OFFSET)",
                 source->name);
}

static void positions_append(const struct history_bounds *bounds, struct buffer *sql)
{
    buffer_append_text(sql, "(false");
    for (size_t i = 0; i < bounds->position_count; i++)
        buffer_printf(sql,
                      " OR " HISTORY_PARTITION " = %" PRId32 " AND " HISTORY_OFFSET " < %" PRId64,
                      bounds->positions[i].partition, bounds->positions[i].next);
    buffer_append_byte(sql, ')');
}

void history_append_bounds(const struct nt_source *source, const struct history_bounds *bounds,
                           struct buffer *sql)
{
    if (bounds->until.us != INT64_MAX) {
        buffer_append_text(sql, " WHERE ");
        sql_append_name(sql, source->columns[source->event_time].name);
        buffer_append_text(sql, "::timestamptz <= '");
        value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(bounds->until.us), sql);
        buffer_append_text(sql, "'");
    }
    if (!bounds->has_positions) return;
    buffer_append_text(sql, bounds->until.us != INT64_MAX ? " AND " : " WHERE ");
    positions_append(bounds, sql);
}

static void select_append(const struct nt_source *source, const struct nt_view *view,
                          const struct history_bounds *bounds, struct buffer *sql)
{
    buffer_append_text(sql, "COPY (SELECT ");
    for (uint16_t i = 0; i < source->column_count; i++) {
        if (i) buffer_append_text(sql, ", ");
        sql_append_column(sql, &source->columns[i]);
    }
    if (bounds->reads_positions)
        buffer_append_text(sql, ", " HISTORY_PARTITION "::int4, " HISTORY_OFFSET "::int8");
    buffer_append_text(sql, " FROM ");
    history_append_name(source, sql);
    history_append_bounds(source, bounds, sql);
    /* The output columns' names: typed and collated as the key bytes are ordered. */
    if (view_takes_sorted(view)) {
        buffer_append_text(sql, " ORDER BY ");
        for (uint16_t i = 0; i < view->key_count; i++)
            buffer_printf(sql, "%u, ", view->feeds[0].key_columns[i] + 1u);
        buffer_printf(sql, "%u", source->event_time + 1u);
    }
    buffer_append_text(sql, ") TO STDOUT (FORMAT binary)");
}

static const struct nt_source *feed_source(const struct history *history)
{
    return &history->program->sources[history->view->feeds[history->feed].source];
}

static enum nt_status feed_begin(struct history *history, struct nt_error *error)
{
    const struct nt_source *source = feed_source(history);
    struct history_bounds bounds = history->bounds_of(history->self, source);
    struct buffer sql = {0};
    enum nt_status status = history_require_columns(history->connection, source, error);
    if (status != NT_OK) return status;
    history->reads_positions = bounds.reads_positions;
    select_append(source, history->view, &bounds, &sql);
    status = stored_rows_begin(&history->stored, history->connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    if (status == NT_NOT_FOUND) not_found_prefix(source, error);
    if (status != NT_OK && bounds.reads_positions &&
        strcmp(connection_sqlstate(history->connection), "42703") == 0)
        positions_missing_prefix(source, error);
    return status;
}

static struct history *history_new(struct connection *connection, const struct nt_program *program,
                                   uint16_t view)
{
    struct history *history = memory_zalloc(sizeof *history);
    history->connection = connection;
    history->program = program;
    history->view = &program->views[view];
    history->stored.is_done = true; /* nothing is begun */
    return history;
}

static enum nt_status history_begin(struct history *opened, struct history **history,
                                    struct nt_error *error)
{
    enum nt_status status = feed_begin(opened, error);
    if (status != NT_OK) history_close(opened);
    *history = status == NT_OK ? opened : NULL;
    return status;
}

enum nt_status history_open_each(struct connection *connection, const struct nt_program *program,
                                 uint16_t view, history_bounds_of *bounds_of, void *self,
                                 struct history **history, struct nt_error *error)
{
    struct history *opened = history_new(connection, program, view);
    opened->bounds_of = bounds_of;
    opened->self = self;
    return history_begin(opened, history, error);
}

static struct history_bounds bounds_same(void *self, const struct nt_source *source)
{
    (void)source;
    return ((const struct history *)self)->same;
}

enum nt_status history_open(struct connection *connection, const struct nt_program *program,
                            uint16_t view, struct history_bounds bounds, struct history **history,
                            struct nt_error *error)
{
    struct history *opened = history_new(connection, program, view);
    opened->same = bounds;
    opened->bounds_of = bounds_same;
    opened->self = opened;
    return history_begin(opened, history, error);
}

static bool row_take(const struct history *history, struct bytes tuple, struct nt_arena *arena,
                     struct nt_value *row)
{
    static const enum nt_type position_types[HISTORY_POSITIONS] = {NT_INT4, NT_INT8};
    const struct nt_source *source = feed_source(history);
    struct reader in = reader_of(tuple);
    int columns, positions = history->reads_positions ? HISTORY_POSITIONS : 0;
    if (!copy_take_count(&in, &columns) || columns != source->column_count + positions)
        return false;
    for (uint16_t i = 0; i < source->column_count; i++)
        if (!copy_take_value(&in, source->columns[i].type, arena, &row[i])) return false;
    row += source->column_count;
    for (int i = 0; i < positions; i++)
        if (!copy_take_value(&in, position_types[i], arena, &row[i])) return false;
    return true;
}

/* The next source, when all rows of the one before are read. *is_end: there is none. */
static enum nt_status feed_next(struct history *history, bool *is_end, struct nt_error *error)
{
    do history->feed++;
    while (history->feed < history->view->feed_count &&
           !feed_is_first(history->view, history->feed));
    *is_end = history->feed >= history->view->feed_count;
    if (*is_end) return NT_OK;
    stored_rows_end(&history->stored);
    return feed_begin(history, error);
}

static enum nt_status row_next(void *self, struct nt_arena *arena, uint16_t *source,
                               struct nt_value *row, bool *is_end, struct nt_error *error)
{
    struct history *history = self;
    struct bytes tuple = {0};
    enum nt_status status = NT_OK;
    *is_end = history->feed >= history->view->feed_count;
    while (!*is_end && status == NT_OK) {
        status = stored_rows_next(&history->stored, &tuple, error);
        if (status != NT_OK || tuple.size > 0) break;
        status = feed_next(history, is_end, error);
    }
    if (*is_end || status != NT_OK) return status;
    *source = history->view->feeds[history->feed].source;
    if (row_take(history, tuple, arena, row)) return NT_OK;
    return error_set(
        error, NT_CORRUPT,
        "a row of the history of %s cannot be read: a numeric of more than 1000 digits",
        feed_source(history)->name);
}

struct rows history_rows(struct history *history)
{
    return (struct rows){row_next, history};
}

void history_close(struct history *history)
{
    if (!history) return;
    stored_rows_end(&history->stored);
    free(history);
}
