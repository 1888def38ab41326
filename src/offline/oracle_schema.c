/* oracle_schema.c: the views of a definition file over a history that ends at a settable now(). */
#include "offline/oracle_schema.h"

#include "offline/history.h"
#include "offline/schemas.h"
#include "row/typmod.h"
#include "runtime/repeats.h"

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

static void columns_append(const struct nt_source *source, struct buffer *sql)
{
    for (uint16_t i = 0; i < source->column_count; i++) {
        if (i) buffer_append_text(sql, ", ");
        column_append(&source->columns[i], sql);
    }
}

/* An event key with the event time: then equal events are of one time, and a view may take each
 * once. One without is settled for each view anew. */
static bool is_unique(const struct nt_source *source)
{
    for (uint16_t i = 0; i < source->key_count; i++)
        if (source->key[i] == source->event_time) return true;
    return false;
}

static void key_append_numbers(const struct nt_source *source, struct buffer *sql)
{
    for (uint16_t i = 0; i < source->key_count; i++)
        buffer_printf(sql, "%s%u", i ? ", " : "", source->key[i] + 1u);
}

/* Of events with equal keys the greater row, column by column, NULL lowest. The output columns'
 * numbers: typed and collated as the source says. */
static void unique_append(const struct nt_source *source, struct buffer *sql)
{
    buffer_append_text(sql, "\n ORDER BY ");
    key_append_numbers(source, sql);
    for (uint16_t i = 0; i < source->column_count; i++)
        buffer_printf(sql, ", %u DESC NULLS LAST", i + 1u);
}

/* The source as the definition file knows it: its columns and types, nothing after now(). */
static void source_append(const struct nt_source *source, struct buffer *sql)
{
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_SCHEMA, source->name, sql);
    buffer_append_text(sql, " AS SELECT ");
    if (is_unique(source)) {
        buffer_append_text(sql, "DISTINCT ON (");
        key_append_numbers(source, sql);
        buffer_append_text(sql, ") ");
    }
    columns_append(source, sql);
    buffer_append_text(sql, " FROM ");
    history_append_name(source, sql);
    buffer_append_text(sql, " WHERE ");
    sql_append_name(sql, source->columns[source->event_time].name);
    buffer_append_text(sql, "::timestamptz <= asof.now()");
    if (is_unique(source)) unique_append(source, sql);
    buffer_append_text(sql, ";\n");
}

/* ---- what a view counts of a source with an event key (runtime/repeats.h) ---- */

static void once_name_append(const struct nt_view *view, uint16_t source, struct buffer *sql)
{
    buffer_printf(sql, "%s.once_%016" PRIx64 "_%u", ORACLE_ONCE_SCHEMA, view->fingerprint, source);
}

/* "lag(time) OVER (PARTITION BY key ORDER BY time, row DESC)" */
static void before_append(const struct nt_source *source, struct buffer *sql)
{
    const char *time = source->columns[source->event_time].name;
    buffer_append_text(sql, "lag(");
    sql_append_name(sql, time);
    buffer_append_text(sql, ") OVER (PARTITION BY ");
    for (uint16_t i = 0; i < source->key_count; i++) {
        if (i) buffer_append_text(sql, ", ");
        sql_append_name(sql, source->columns[source->key[i]].name);
    }
    buffer_append_text(sql, " ORDER BY ");
    sql_append_name(sql, time);
    for (uint16_t i = 0; i < source->column_count; i++) {
        buffer_append_text(sql, ", ");
        sql_append_name(sql, source->columns[i].name);
        buffer_append_text(sql, " DESC NULLS LAST");
    }
    buffer_append_text(sql, ") AS \"asof.before\"");
}

/* Once for all questions: an event that comes later repeats none that is earlier. */
static void once_append(const struct nt_program *program, const struct nt_view *view,
                        uint16_t index, struct buffer *sql)
{
    const struct nt_source *source = &program->sources[index];
    const char *time = source->columns[source->event_time].name;
    buffer_append_text(sql, "CREATE UNLOGGED TABLE ");
    once_name_append(view, index, sql);
    buffer_append_text(sql, " AS SELECT * FROM (SELECT *, ");
    before_append(source, sql);
    buffer_append_text(sql, " FROM (SELECT ");
    columns_append(source, sql);
    buffer_append_text(sql, " FROM ");
    history_append_name(source, sql);
    buffer_append_text(sql, ") AS h) AS k WHERE \"asof.before\" IS NULL");
    if (view->repeats_us != NT_REPEATS_FOREVER) {
        buffer_append_text(sql, " OR \"asof.before\" < ");
        sql_append_name(sql, time);
        buffer_append_text(sql, " AND \"asof.before\" <= ");
        sql_append_name(sql, time);
        buffer_printf(sql, " - interval '%" PRId64 " microseconds'", view->repeats_us);
    }
    buffer_append_text(sql, ";\nALTER TABLE ");
    once_name_append(view, index, sql);
    buffer_append_text(sql, " DROP COLUMN \"asof.before\";\n");
}

/* Under the source's own name, which goes before that of the schema. */
static void once_with_append(const struct nt_program *program, const struct nt_view *view,
                             struct buffer *sql)
{
    const char *with = "WITH ";
    for (uint16_t i = 0; i < program->source_count; i++) {
        const struct nt_source *source = &program->sources[i];
        if (!view_has_repeats(program, view, i)) continue;
        buffer_append_text(sql, with);
        sql_append_name(sql, source->name);
        buffer_append_text(sql, " AS (SELECT * FROM ");
        once_name_append(view, i, sql);
        buffer_append_text(sql, " WHERE ");
        sql_append_name(sql, source->columns[source->event_time].name);
        buffer_append_text(sql, " <= asof.now())");
        with = ",\n";
    }
    for (uint16_t i = 0; i < program->event_view_count; i++) {
        buffer_append_text(sql, ",\n");
        sql_append_name(sql, program->event_views[i].name);
        buffer_printf(sql, " AS (\n%s\n)", program->event_views[i].sql);
    }
    buffer_append_byte(sql, '\n');
}

/* Without it each question would scan the whole history. */
static void index_append(const struct nt_program *program, const struct nt_view *view,
                         uint16_t index, struct buffer *sql)
{
    const struct nt_feed *feed = &view->feeds[index];
    const struct nt_source *source = &program->sources[feed->source];
    bool is_once = view_has_repeats(program, view, feed->source);
    buffer_printf(sql, "CREATE INDEX IF NOT EXISTS asof_%016" PRIx64, view->fingerprint);
    if (index > 0) buffer_printf(sql, "_%u", index);
    buffer_append_text(sql, " ON ");
    if (is_once)
        once_name_append(view, feed->source, sql);
    else
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

/* ---- the rest of the definitions ---- */

static void event_view_append(const struct nt_event_view *view, struct buffer *sql)
{
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_SCHEMA, view->name, sql);
    buffer_printf(sql, " AS\n%s;\n", view->sql);
}

static void view_append(const struct nt_program *program, const struct nt_view *view,
                        struct buffer *sql)
{
    buffer_append_text(sql, "CREATE VIEW ");
    oracle_append_name(ORACLE_SCHEMA, view->name, sql);
    for (uint16_t i = 0; i < view->feature_count; i++) {
        buffer_append_text(sql, i ? ", " : " (");
        sql_append_name(sql, view->features[i].name);
    }
    buffer_append_text(sql, ") AS\n");
    if (view->has_repeats) {
        once_with_append(program, view, sql);
        buffer_printf(sql, "SELECT * FROM (\n%s\n) AS v;\n", view->sql);
    } else {
        buffer_printf(sql, "%s;\n", view->sql);
    }
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
        for (uint16_t j = 0; j < program->source_count; j++)
            if (view_has_repeats(program, &program->views[i], j))
                once_append(program, &program->views[i], j, &sql);
        for (uint16_t f = 0; f < program->views[i].feed_count; f++)
            index_append(program, &program->views[i], f, &sql);
        view_append(program, &program->views[i], &sql);
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
