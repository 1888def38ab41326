/* oracle_schema.c: the views of a definition file over a history that ends at a settable now(). */
#include "offline/oracle_schema.h"

#include "offline/history.h"
#include "offline/schemas.h"
#include "row/typmod.h"

#include <inttypes.h>
#include <string.h>

void oracle_append_name(const char *schema, const char *name, struct buffer *sql)
{
    buffer_printf(sql, "%s.", schema);
    sql_append_name(sql, name);
}

void oracle_append_type(const struct nt_column *column, struct buffer *sql)
{
    if (!column->enumeration) {
        typmod_append_type(column->type, column->typmod, sql);
        return;
    }
    oracle_append_name(ORACLE_SCHEMA, column->enumeration->name, sql);
    if (nt_type_is_array(column->type)) buffer_append_text(sql, "[]");
}

/* An enum's column in the history is a text, or an enum that is not this one. */
static void column_append(const struct nt_column *column, struct buffer *sql)
{
    if (!column->enumeration) {
        sql_append_column(sql, column);
        return;
    }
    sql_append_name(sql, column->name);
    buffer_append_text(sql, "::text::");
    oracle_append_type(column, sql);
    buffer_append_text(sql, " AS ");
    sql_append_name(sql, column->name);
}

/* Of events with equal keys the greater row, column by column, NULL lowest. The output columns'
 * numbers: typed and collated as the source says. */
static void unique_append(const struct nt_source *source, struct buffer *sql)
{
    if (!source->key_count) return;
    buffer_append_text(sql, "\n ORDER BY ");
    for (uint16_t i = 0; i < source->key_count; i++)
        buffer_printf(sql, "%s%u", i ? ", " : "", source->key[i] + 1u);
    for (uint16_t i = 0; i < source->column_count; i++)
        buffer_printf(sql, ", %u DESC NULLS LAST", i + 1u);
}

/* "SELECT ", of a source with an event key one row for each. */
static void select_append(const struct nt_source *source, struct buffer *sql)
{
    buffer_append_text(sql, " AS SELECT ");
    for (uint16_t i = 0; i < source->key_count; i++)
        buffer_printf(sql, "%s%u", i ? ", " : "DISTINCT ON (", source->key[i] + 1u);
    if (source->key_count) buffer_append_text(sql, ") ");
}

/* The source as the definition file knows it: its columns and types, nothing after now(). */
static void source_append(const struct nt_source *source, struct buffer *sql)
{
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_SCHEMA, source->name, sql);
    select_append(source, sql);
    for (uint16_t i = 0; i < source->column_count; i++) {
        if (i) buffer_append_text(sql, ", ");
        column_append(&source->columns[i], sql);
    }
    buffer_append_text(sql, " FROM ");
    history_append_name(source, sql);
    buffer_append_text(sql, " WHERE ");
    sql_append_name(sql, source->columns[source->event_time].name);
    buffer_append_text(sql, "::timestamptz <= asof.now()");
    unique_append(source, sql);
    buffer_append_text(sql, ";\n");
}

/* Without it each question would scan the whole history. */
static void index_append(const struct nt_program *program, const struct nt_view *view,
                         uint16_t index, struct buffer *sql)
{
    const struct nt_feed *feed = &view->feeds[index];
    const struct nt_source *source = &program->sources[feed->source];
    buffer_printf(sql, "CREATE INDEX IF NOT EXISTS asof_%016" PRIx64, view->fingerprint);
    if (index > 0) buffer_printf(sql, "_%u", index);
    buffer_append_text(sql, " ON ");
    history_append_name(source, sql);
    buffer_append_text(sql, " (");
    for (uint16_t i = 0; i < view->key_count; i++) {
        if (feed->key_columns[i] == NT_NO_COLUMN) continue;
        const struct nt_column *column = &source->columns[feed->key_columns[i]];
        if (column->enumeration) continue; /* it is looked for as an enum */
        sql_append_name(sql, column->name);
        buffer_append_text(sql,
                           nt_type_element(column->type) == NT_TEXT ? " COLLATE \"C\", " : ", ");
    }
    sql_append_name(sql, source->columns[source->event_time].name);
    buffer_append_text(sql, ");\n");
}

static void event_view_append(const struct nt_event_view *view, struct buffer *sql)
{
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_SCHEMA, view->name, sql);
    buffer_printf(sql, " AS\n%s;\n", view->sql);
}

static void view_append(const struct nt_view *view, struct buffer *sql)
{
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_SCHEMA, view->name, sql);
    for (uint16_t i = 0; i < view->feature_count; i++) {
        buffer_append_text(sql, i ? ", " : " (");
        sql_append_name(sql, view->features[i].name);
    }
    buffer_printf(sql, ") AS\n%s;\n", view->sql);
    buffer_append_text(sql, "CREATE UNLOGGED TABLE ");
    oracle_append_name(ORACLE_ROW_SCHEMA, view->name, sql);
    buffer_append_text(sql, " AS SELECT * FROM ");
    oracle_append_name(ORACLE_SCHEMA, view->name, sql);
    buffer_append_text(sql, " WITH NO DATA;\n");
}

static void request_append(const struct nt_service *service, struct buffer *sql)
{
    buffer_append_text(sql, "CREATE UNLOGGED TABLE IF NOT EXISTS ");
    oracle_append_name(ORACLE_ROW_SCHEMA, service->request, sql);
    for (uint16_t i = 0; i < service->column_count; i++) {
        buffer_append_text(sql, i ? ", " : " (");
        const struct nt_column *column = &service->columns[i];
        if (column->enumeration) {
            sql_append_name(sql, column->name);
            buffer_append_byte(sql, ' ');
            oracle_append_type(column, sql);
        } else {
            sql_append_column_type(sql, column->name, column->type, column->typmod, false);
        }
    }
    buffer_append_text(sql, ");\n");
}

static void service_append(const struct nt_service *service, struct buffer *sql)
{
    request_append(service, sql);
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_ROW_SCHEMA, service->name, sql);
    for (uint16_t i = 0; i < service->output_count; i++) {
        buffer_append_text(sql, i ? ", " : " (");
        sql_append_name(sql, service->outputs[i].name);
    }
    buffer_printf(sql, ") AS\n%s;\n", service->sql);
}

enum nt_status oracle_schema_create(struct connection *connection, const struct nt_program *program,
                                    struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_printf(&sql, "SET jit = off; SET max_parallel_workers_per_gather = 0; BEGIN;\n%s\n",
                  schema_asof);
    buffer_append_text(&sql, "SET LOCAL search_path = asof, pg_catalog;\n");
    for (uint16_t i = 0; i < program->enum_count; i++)
        buffer_printf(&sql, "%s;\n", program->enums[i]->sql);
    buffer_printf(&sql, "%s\n", schema_aggregates);
    for (uint16_t i = 0; i < program->source_count; i++) source_append(&program->sources[i], &sql);
    for (uint16_t i = 0; i < program->event_view_count; i++)
        event_view_append(&program->event_views[i], &sql);
    for (uint16_t i = 0; i < program->view_count; i++) {
        for (uint16_t f = 0; f < program->views[i].feed_count; f++)
            index_append(program, &program->views[i], f, &sql);
        view_append(&program->views[i], &sql);
    }
    buffer_append_text(&sql, "SET LOCAL search_path = asof_row, asof, pg_catalog;\n");
    for (uint16_t i = 0; i < program->service_count; i++)
        service_append(&program->services[i], &sql);
    buffer_append_text(&sql, "COMMIT");
    enum nt_status status = connection_exec(connection, buffer_text(&sql), error);
    if (status != NT_OK) {
        connection_exec(connection, "ROLLBACK", NULL);
        error_prefix(error, "PostgreSQL does not take the definitions as its own views");
    }
    buffer_deinit(&sql);
    return status;
}
