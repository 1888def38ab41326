/* history_positions.c: where in the log the rows of a history stood, for those that say so. */
#include "offline/archive_tables.h"
#include "offline/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum nt_status history_has_positions(struct connection *connection, const struct nt_source *source,
                                     bool *has_positions, struct nt_error *error)
{
    struct buffer name = {0};
    struct answer *answer = NULL;
    history_append_name(source, &name);
    struct parameter parameter = parameter_text(buffer_text(&name));
    enum nt_status status = connection_query_with(
        connection,
        "SELECT to_regclass($1), (SELECT count(*) FROM pg_attribute WHERE attrelid = "
        "to_regclass($1) AND NOT attisdropped AND (attname, atttypid) IN "
        "(('" HISTORY_PARTITION "', 'int4'::regtype), ('" HISTORY_OFFSET "', 'int8'::regtype)))",
        &parameter, 1, &answer, error);
    if (status == NT_OK && !answer_text(answer, 0, 0))
        status = error_set(error, NT_NOT_FOUND,
                           "source %s has no history: there is no table %s: fill it by `nowthen "
                           "archive` or `nowthen import`, or name another in OPTIONS (history "
                           "'schema.table')",
                           source->name, buffer_text(&name));
    if (status == NT_OK) *has_positions = strcmp(answer_text(answer, 0, 1), "2") == 0;
    answer_clear(answer);
    buffer_deinit(&name);
    return status;
}

enum nt_status history_add_positions(struct connection *connection, const struct nt_source *source,
                                     struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "ALTER TABLE ");
    history_append_name(source, &sql);
    buffer_append_text(&sql, " ADD COLUMN IF NOT EXISTS " HISTORY_PARTITION " integer,"
                             " ADD COLUMN IF NOT EXISTS " HISTORY_OFFSET " bigint");
    enum nt_status status = connection_exec(connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

#define HISTORY_IS_PLACED HISTORY_PARTITION " >= 0 AND " HISTORY_OFFSET " >= 0"

enum nt_status history_placed_count(struct connection *connection, const struct nt_source *source,
                                    struct history_placed *placed, struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *answer = NULL;
    bool has_positions = false;
    enum nt_status status = history_has_positions(connection, source, &has_positions, error);
    buffer_printf(&sql,
                  "SELECT count(*) FILTER (WHERE placed), count(*) FILTER (WHERE placed IS NOT "
                  "TRUE) FROM (SELECT %s AS placed FROM ",
                  has_positions ? HISTORY_IS_PLACED : "false");
    history_append_name(source, &sql);
    buffer_append_text(&sql, ") AS h");
    if (status == NT_OK) status = connection_query(connection, buffer_text(&sql), &answer, error);
    if (status == NT_OK)
        *placed = (struct history_placed){strtoull(answer_text(answer, 0, 0), NULL, 10),
                                          strtoull(answer_text(answer, 0, 1), NULL, 10)};
    answer_clear(answer);
    buffer_deinit(&sql);
    return status;
}

enum nt_status history_placed_check(struct connection *connection, const struct nt_source *source,
                                    struct nt_error *error)
{
    struct buffer name = {0};
    struct history_placed placed;
    enum nt_status status = history_placed_count(connection, source, &placed, error);
    if (status != NT_OK || placed.without == 0) return status;
    history_append_name(source, &name);
    error_set(error, NT_INVALID,
              "%" PRIu64 " of the %" PRIu64 " rows of %s, the history of source %s, have no %s and "
              "%s, so nothing says which events of the stream they are: delete them, or give them "
              "their positions, or fill the history anew by `nowthen import --replace "
              "--positions PARTITION:OFFSET`",
              placed.without, placed.with + placed.without, buffer_text(&name), source->name,
              HISTORY_PARTITION, HISTORY_OFFSET);
    buffer_deinit(&name);
    return NT_INVALID;
}

/* An offset is of a topic, and the table does not say of which. */
static enum nt_status topic_check(struct connection *connection, const struct nt_source *source,
                                  struct nt_error *error)
{
    struct buffer name = {0};
    struct answer *answer = NULL;
    bool is_there;
    history_append_name(source, &name);
    struct parameter parameters[] = {parameter_text(buffer_text(&name)),
                                     parameter_text(source->topic)};
    enum nt_status status = archive_is_there(connection, &is_there, error);
    if (status == NT_OK && is_there)
        status = connection_query_with(
            connection,
            "SELECT min(topic) FROM nowthen.archive WHERE history = $1 AND topic <> $2 HAVING "
            "count(*) > 0",
            parameters, 2, &answer, error);
    if (status == NT_OK && answer && answer_row_count(answer))
        status =
            error_set(error, NT_MISMATCH,
                      "history %s of source %s holds events of topic '%s' with their offsets "
                      "there, and the source reads topic '%s' now: let the source keep a "
                      "table of its own, OPTIONS (history 'schema.table')",
                      buffer_text(&name), source->name, answer_text(answer, 0, 0), source->topic);
    answer_clear(answer);
    buffer_deinit(&name);
    return status;
}

enum nt_status history_positions(struct connection *connection, const struct nt_source *source,
                                 struct nt_arena *arena, struct history_position **positions,
                                 size_t *count, struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *answer = NULL;
    buffer_append_text(&sql, "SELECT " HISTORY_PARTITION ", max(" HISTORY_OFFSET ") + 1 FROM ");
    history_append_name(source, &sql);
    buffer_append_text(&sql, " WHERE " HISTORY_IS_PLACED " GROUP BY 1 ORDER BY 1");
    enum nt_status status = connection_query(connection, buffer_text(&sql), &answer, error);
    *count = status == NT_OK ? answer_row_count(answer) : 0;
    *positions = nt_arena_alloc(arena, *count * sizeof **positions);
    for (size_t i = 0; i < *count; i++) {
        (*positions)[i].partition = (int32_t)strtol(answer_text(answer, i, 0), NULL, 10);
        (*positions)[i].next = strtoll(answer_text(answer, i, 1), NULL, 10);
    }
    answer_clear(answer);
    buffer_deinit(&sql);
    return status == NT_OK && *count ? topic_check(connection, source, error) : status;
}

enum nt_status history_measure(struct connection *connection, const struct nt_source *source,
                               struct history_bounds bounds, uint64_t *rows, struct nt_time *newest,
                               struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *answer = NULL;
    buffer_append_text(&sql,
                       "SELECT count(*), (extract(epoch FROM max(e) FILTER (WHERE isfinite(e))) "
                       "* 1000000)::bigint FROM (SELECT ");
    sql_append_name(&sql, source->columns[source->event_time].name);
    buffer_append_text(&sql, "::timestamptz AS e FROM ");
    history_append_name(source, &sql);
    history_append_bounds(source, &bounds, &sql);
    buffer_append_text(&sql, ") AS h");
    enum nt_status status = connection_query(connection, buffer_text(&sql), &answer, error);
    *newest = NT_TIME_MINUS_INFINITY;
    if (status == NT_OK) {
        const char *us = answer_text(answer, 0, 1);
        *rows = strtoull(answer_text(answer, 0, 0), NULL, 10);
        if (us) newest->us = strtoll(us, NULL, 10) - NT_UNIX_EPOCH_US;
    }
    answer_clear(answer);
    buffer_deinit(&sql);
    return status;
}
