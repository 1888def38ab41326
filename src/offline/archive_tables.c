/* archive_tables.c: see archive_tables.h. */
#include "offline/archive_tables.h"

#include "offline/history.h"
#include "row/calendar.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE_MAX (63 - sizeof "_2013_07" + 1) /* PostgreSQL cuts longer names */

int32_t archive_month(struct nt_time time)
{
    if (!time_is_finite(time)) return ARCHIVE_REST;
    struct calendar at = calendar_of_time(time);
    bool is_kept = at.year >= 1 && at.year <= 9999;
    return is_kept ? (int32_t)(at.year * 12 + at.month - 1) : ARCHIVE_REST;
}

/* Like the history's own name, with suffix. */
static void part_name_append(const struct nt_source *source, const char *suffix, struct buffer *sql)
{
    struct buffer schema = {0}, table = {0};
    const char *name;
    history_name_split(source, &schema, &name);
    buffer_printf(&table, "%s%s", name, suffix);
    sql_append_name(sql, buffer_text(&schema));
    buffer_append_byte(sql, '.');
    sql_append_name(sql, buffer_text(&table));
    buffer_deinit(&schema);
    buffer_deinit(&table);
}

static enum nt_status name_check(const struct nt_source *source, struct nt_error *error)
{
    struct buffer schema = {0};
    const char *name;
    history_name_split(source, &schema, &name);
    buffer_deinit(&schema);
    if (strlen(name) <= NAME_SIZE_MAX) return NT_OK;
    return error_set(
        error, NT_INVALID,
        "the archive of source %s would be table %s, and its months' names longer "
        "than PostgreSQL's 63 bytes: give it a name of at most %zu in OPTIONS (history "
        "'schema.table')",
        source->name, name, NAME_SIZE_MAX);
}

/* What is there under the history's name. */
struct standing_table {
    char kind;     /* 'p', 'r', 'v', ...; 0: nothing */
    bool has_rest; /* it is partitioned as an archive is */
};

static enum nt_status table_look(struct connection *connection, const struct nt_source *source,
                                 struct standing_table *table, struct nt_error *error)
{
    struct buffer name = {0}, rest = {0};
    struct answer *answer = NULL;
    *table = (struct standing_table){0};
    history_append_name(source, &name);
    part_name_append(source, "_rest", &rest);
    struct parameter parameters[] = {parameter_text(buffer_text(&name)),
                                     parameter_text(buffer_text(&rest))};
    enum nt_status status =
        connection_query_with(connection,
                              "SELECT relkind, EXISTS (SELECT FROM pg_partitioned_table "
                              "WHERE partrelid = c.oid AND partdefid = to_regclass($2)) "
                              "FROM pg_class c WHERE oid = to_regclass($1)",
                              parameters, 2, &answer, error);
    if (status == NT_OK && answer_row_count(answer))
        *table = (struct standing_table){answer_text(answer, 0, 0)[0],
                                         answer_text(answer, 0, 1)[0] == 't'};
    answer_clear(answer);
    buffer_deinit(&name);
    buffer_deinit(&rest);
    return status;
}

static void table_append(const struct nt_source *source, struct buffer *sql)
{
    struct buffer schema = {0};
    const char *name, *event_time = source->columns[source->event_time].name;
    history_name_split(source, &schema, &name);
    buffer_append_text(sql, "BEGIN; CREATE SCHEMA IF NOT EXISTS ");
    sql_append_name(sql, buffer_text(&schema));
    buffer_append_text(sql, "; CREATE TABLE ");
    history_append_name(source, sql);
    buffer_append_text(sql, " (");
    for (uint16_t i = 0; i < source->column_count; i++) {
        const struct nt_column *column = &source->columns[i];
        sql_append_column_type(sql, column->name, column->type, column->typmod,
                               column->is_not_null || i == source->event_time);
        buffer_append_text(sql, ", ");
    }
    buffer_append_text(sql, HISTORY_PARTITION " int4 NOT NULL, " HISTORY_OFFSET
                                              " int8 NOT NULL) PARTITION BY RANGE (");
    sql_append_name(sql, event_time);
    buffer_append_text(sql, "); CREATE TABLE ");
    part_name_append(source, "_rest", sql);
    buffer_append_text(sql, " PARTITION OF ");
    history_append_name(source, sql);
    buffer_append_text(sql, " DEFAULT; CREATE INDEX ON ");
    history_append_name(source, sql);
    buffer_append_text(sql, " USING brin (");
    sql_append_name(sql, event_time);
    buffer_append_text(sql, ") WITH (autosummarize = on); COMMIT");
    buffer_deinit(&schema);
}

static enum nt_status table_make(struct connection *connection, const struct nt_source *source,
                                 struct nt_error *error)
{
    struct buffer sql = {0};
    enum nt_status status = name_check(source, error);
    table_append(source, &sql);
    if (status == NT_OK) status = connection_exec(connection, buffer_text(&sql), error);
    if (status != NT_OK) connection_exec(connection, "ROLLBACK", NULL);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status table_refuse(const struct nt_source *source, struct nt_error *error)
{
    struct buffer name = {0};
    history_append_name(source, &name);
    error_set(error, NT_INVALID,
              "the history of source %s, %s, is no table with columns %s int4 and %s int8, so it "
              "cannot keep positions: name another in OPTIONS (history 'schema.table'), which is "
              "then made, or rename this one",
              source->name, buffer_text(&name), HISTORY_PARTITION, HISTORY_OFFSET);
    buffer_deinit(&name);
    return NT_INVALID;
}

enum nt_status archive_table_create(struct connection *connection, const struct nt_source *source,
                                    bool *is_partitioned, struct nt_error *error)
{
    struct standing_table table;
    bool has_positions = false;
    enum nt_status status = table_look(connection, source, &table, error);
    if (status == NT_OK && !table.kind) {
        status = table_make(connection, source, error);
        table = (struct standing_table){'p', true};
    }
    if (status == NT_OK) status = history_has_positions(connection, source, &has_positions, error);
    if (status != NT_OK) return status;
    *is_partitioned = table.has_rest;
    return has_positions && (table.kind == 'p' || table.kind == 'r')
               ? history_require_columns(connection, source, error)
               : table_refuse(source, error);
}

/* A month that was dropped while an archive ran has its later events in the rest: they keep it from
 * being made again, and the rest goes on to take them. */
static enum nt_status month_is_in_rest(struct connection *connection,
                                       const struct nt_source *source, const char *from,
                                       const char *to, bool *is_in_rest, struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *answer = NULL;
    const char *event_time = source->columns[source->event_time].name;
    buffer_append_text(&sql, "SELECT EXISTS (SELECT FROM ");
    part_name_append(source, "_rest", &sql);
    buffer_append_text(&sql, " WHERE ");
    sql_append_name(&sql, event_time);
    buffer_printf(&sql, " >= '%s' AND ", from);
    sql_append_name(&sql, event_time);
    buffer_printf(&sql, " < '%s')", to);
    enum nt_status status = connection_query(connection, buffer_text(&sql), &answer, error);
    *is_in_rest = status == NT_OK && answer_text(answer, 0, 0)[0] == 't';
    answer_clear(answer);
    buffer_deinit(&sql);
    return status;
}

#define DAY_SIZE 32

/* Its first day: '2013-07-01Z'. */
static void month_day(int32_t month, char day[DAY_SIZE])
{
    snprintf(day, DAY_SIZE, "%04" PRId32 "-%02" PRId32 "-01Z", month / 12, month % 12 + 1);
}

enum nt_status archive_month_create(struct connection *connection, const struct nt_source *source,
                                    int32_t month, struct nt_error *error)
{
    struct buffer sql = {0};
    char suffix[DAY_SIZE], from[DAY_SIZE], to[DAY_SIZE];
    bool is_in_rest;
    month_day(month, from);
    month_day(month + 1, to);
    enum nt_status status = month_is_in_rest(connection, source, from, to, &is_in_rest, error);
    if (status != NT_OK || is_in_rest) return status;
    snprintf(suffix, sizeof suffix, "_%04" PRId32 "_%02" PRId32, month / 12, month % 12 + 1);
    buffer_append_text(&sql, "CREATE TABLE IF NOT EXISTS ");
    part_name_append(source, suffix, &sql);
    buffer_append_text(&sql, " PARTITION OF ");
    history_append_name(source, &sql);
    buffer_printf(&sql, " FOR VALUES FROM ('%s') TO ('%s')", from, to);
    status = connection_exec(connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

enum nt_status archive_positions_create(struct connection *connection, struct nt_error *error)
{
    return connection_exec(
        connection,
        "CREATE SCHEMA IF NOT EXISTS nowthen; CREATE TABLE IF NOT EXISTS nowthen.archive ("
        "history text COLLATE \"C\", topic text COLLATE \"C\", partition int4, "
        "next_offset int8 NOT NULL, PRIMARY KEY (history, topic, partition)); "
        "COMMENT ON TABLE nowthen.archive IS 'what nowthen archive has kept, by log position'",
        error);
}

enum nt_status archive_is_there(struct connection *connection, bool *is_there,
                                struct nt_error *error)
{
    struct answer *answer = NULL;
    enum nt_status status = connection_query(
        connection, "SELECT to_regclass('nowthen.archive') IS NOT NULL", &answer, error);
    *is_there = status == NT_OK && answer_text(answer, 0, 0)[0] == 't';
    answer_clear(answer);
    return status;
}

enum nt_status archive_marks_fetch(struct connection *connection, const struct nt_source *source,
                                   struct answer **answer, struct nt_error *error)
{
    struct buffer history = {0};
    history_append_name(source, &history);
    struct parameter parameters[] = {parameter_text(buffer_text(&history)),
                                     parameter_text(source->topic)};
    enum nt_status status = connection_query_with(
        connection,
        "SELECT partition, next_offset FROM nowthen.archive WHERE history = $1 AND topic = $2",
        parameters, 2, answer, error);
    buffer_deinit(&history);
    return status;
}

int64_t archive_marks_next(const struct answer *answer, int32_t partition)
{
    for (size_t i = 0; i < answer_row_count(answer); i++)
        if (strtol(answer_text(answer, i, 0), NULL, 10) == partition)
            return strtoll(answer_text(answer, i, 1), NULL, 10);
    return 0;
}
