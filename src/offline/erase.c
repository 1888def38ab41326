/* erase.c: see erase.h. */
#include "offline/erase.h"

#include "offline/history.h"
#include "offline/layout.h"
#include "row/typmod.h"
#include "row/value_text.h"
#include "runtime/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct eraser {
    struct connection *connection;
    const struct nt_program *program;
    const struct nt_view *view;
    const struct nt_value *key;
    const struct erase_position *positions;
    size_t position_count;
    struct erase_report *report;
};

enum nt_status erase_check(const struct nt_program *program, const struct nt_view *view,
                           struct nt_error *error)
{
    for (uint16_t f = 0; f < view->feed_count; f++)
        for (uint16_t i = 0; i < view->key_count; i++)
            if (view->feeds[f].key_columns[i] == NT_NO_COLUMN)
                return error_set(error, NT_INVALID,
                                 "key %s of view %s is an expression: which events of source %s "
                                 "are the entity's is not known by columns; erase through a view "
                                 "whose GROUP BY names columns",
                                 view->keys[i].name, view->name,
                                 program->sources[view->feeds[f].source].name);
    return NT_OK;
}

/* Runs a DELETE ... RETURNING 1 and adds its rows to *count. */
static enum nt_status deleted_count(struct eraser *e, const char *delete, uint64_t *count,
                                    struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *answer = NULL;
    buffer_printf(&sql, "WITH gone AS (%s RETURNING 1) SELECT count(*) FROM gone", delete);
    enum nt_status status = connection_query(e->connection, buffer_text(&sql), &answer, error);
    if (status == NT_OK) *count += strtoull(answer_text(answer, 0, 0), NULL, 10);
    answer_clear(answer);
    buffer_deinit(&sql);
    return status;
}

/* "name"::type(modifier) = 'value'::type, as GROUP BY compares what a read of the column gives;
 * NULL is equal to nothing. */
static void condition_append(const struct nt_column *column, struct nt_value value,
                             struct buffer *sql)
{
    struct buffer text = {0};
    value_append_text(column->type, value, &text);
    sql_append_name(sql, column->name);
    buffer_append_text(sql, "::");
    typmod_append_type(column->type, column->typmod, sql);
    buffer_append_text(sql, " = ");
    sql_append_literal(sql, buffer_bytes(&text));
    buffer_printf(sql, "::%s%s", type_name(column->type),
                  nt_type_element(column->type) == NT_TEXT ? " COLLATE \"C\"" : "");
    buffer_deinit(&text);
}

static enum nt_status is_table(struct eraser *e, const char *name, bool *is_there,
                               struct nt_error *error)
{
    struct answer *answer = NULL;
    struct parameter parameter = parameter_text(name);
    enum nt_status status = connection_query_with(
        e->connection, "SELECT to_regclass($1) IS NOT NULL", &parameter, 1, &answer, error);
    *is_there = status == NT_OK && answer_text(answer, 0, 0)[0] == 't';
    answer_clear(answer);
    return status;
}

/* columns NULL: of the view's keys. */
static enum nt_status table_erase(struct eraser *e, const char *name,
                                  const struct nt_source *source, const uint16_t *columns,
                                  uint64_t *count, struct nt_error *error)
{
    struct buffer sql = {0};
    bool is_there;
    enum nt_status status = is_table(e, name, &is_there, error);
    if (status != NT_OK || !is_there) return status;
    buffer_printf(&sql, "DELETE FROM %s WHERE ", name);
    for (uint16_t i = 0; i < e->view->key_count; i++) {
        if (i) buffer_append_text(&sql, " AND ");
        condition_append(source ? &source->columns[columns[i]] : &e->view->keys[i], e->key[i],
                         &sql);
    }
    status = deleted_count(e, buffer_text(&sql), count, error);
    buffer_deinit(&sql);
    return status;
}

/* ---- the note ---- */

static enum nt_status notes_create(struct eraser *e, struct nt_error *error)
{
    return connection_exec(
        e->connection,
        "CREATE SCHEMA IF NOT EXISTS nowthen; CREATE TABLE IF NOT EXISTS nowthen.erased ("
        "source text COLLATE \"C\", key_columns text[] COLLATE \"C\", key_hash text COLLATE \"C\", "
        "topic text COLLATE \"C\", partition int4, next_offset int8 NOT NULL, "
        "erased_at timestamptz NOT NULL DEFAULT now(), "
        "PRIMARY KEY (source, key_columns, key_hash, topic, partition)); "
        "COMMENT ON TABLE nowthen.erased IS 'events of these keys before these offsets are not "
        "read again'",
        error);
}

static void literal_append(struct buffer *sql, const char *text)
{
    sql_append_literal(sql, (struct bytes){(const uint8_t *)text, strlen(text)});
}

/* 'source', ARRAY['column', ...], 'hash' */
static void note_append(const struct nt_source *source, const uint16_t *columns, uint16_t count,
                        const char *key_hash, struct buffer *sql)
{
    literal_append(sql, source->name);
    buffer_append_text(sql, ", ARRAY[");
    for (uint16_t i = 0; i < count; i++) {
        if (i) buffer_append_text(sql, ", ");
        literal_append(sql, source->columns[columns[i]].name);
    }
    buffer_append_text(sql, "], ");
    literal_append(sql, key_hash);
}

#define NOTE_COLUMNS "(source, key_columns, key_hash, topic, partition, next_offset)"
#define NOTE_CONFLICT                                                                              \
    " ON CONFLICT (source, key_columns, key_hash, topic, partition) DO UPDATE SET next_offset = "  \
    "greatest(nowthen.erased.next_offset, excluded.next_offset), erased_at = excluded.erased_at"

static enum nt_status archive_note(struct eraser *e, const struct nt_source *source,
                                   const struct buffer *note, struct nt_error *error)
{
    struct buffer sql = {0};
    bool is_there;
    enum nt_status status = is_table(e, "nowthen.archive", &is_there, error);
    if (status == NT_OK && is_there) {
        buffer_printf(&sql,
                      "INSERT INTO nowthen.erased " NOTE_COLUMNS " SELECT %.*s, topic, "
                      "partition, max(next_offset) FROM nowthen.archive WHERE topic = ",
                      (int)note->size, (const char *)note->data);
        literal_append(&sql, source->topic);
        buffer_append_text(&sql, " GROUP BY topic, partition" NOTE_CONFLICT);
        status = connection_exec(e->connection, buffer_text(&sql), error);
    }
    buffer_deinit(&sql);
    return status;
}

static enum nt_status feed_note(struct eraser *e, const struct nt_feed *feed,
                                struct nt_error *error)
{
    const struct nt_source *source = &e->program->sources[feed->source];
    struct buffer note = {0}, sql = {0};
    char key_hash[HASH_HEX_SIZE];
    enum nt_status status = NT_OK;
    if (!erasure_hash(source, feed->key_columns, e->view->key_count, e->key, key_hash))
        return NT_OK;
    note_append(source, feed->key_columns, e->view->key_count, key_hash, &note);
    for (size_t i = 0; i < e->position_count && status == NT_OK; i++) {
        const struct erase_position *position = &e->positions[i];
        if (strcmp(position->topic, source->topic) != 0) continue;
        buffer_clear(&sql);
        buffer_printf(&sql, "INSERT INTO nowthen.erased " NOTE_COLUMNS " VALUES (%.*s, ",
                      (int)note.size, (const char *)note.data);
        literal_append(&sql, position->topic);
        buffer_printf(&sql, ", %" PRId32 ", %" PRId64 ")" NOTE_CONFLICT, position->partition,
                      position->next);
        status = connection_exec(e->connection, buffer_text(&sql), error);
    }
    if (status == NT_OK) status = archive_note(e, source, &note, error);
    buffer_deinit(&note);
    buffer_deinit(&sql);
    return status;
}

/* ---- all of it ---- */

static bool reads_topic(const struct nt_program *program, const struct nt_view *view,
                        const char *topic)
{
    for (uint16_t f = 0; f < view->feed_count; f++) {
        const char *read = program->sources[view->feeds[f].source].topic;
        if (read && strcmp(read, topic) == 0) return true;
    }
    return false;
}

/* Rows are topic, partition, next offset. */
static void archived_take(const struct answer *answer, const struct nt_program *program,
                          const struct nt_view *view, struct nt_arena *arena,
                          struct erase_position **archived, size_t *count)
{
    *archived = nt_arena_alloc(arena, (answer_row_count(answer) + 1) * sizeof **archived);
    for (size_t row = 0; row < answer_row_count(answer); row++)
        if (reads_topic(program, view, answer_text(answer, row, 0)))
            (*archived)[(*count)++] =
                (struct erase_position){nt_arena_printf(arena, "%s", answer_text(answer, row, 0)),
                                        (int32_t)strtol(answer_text(answer, row, 1), NULL, 10),
                                        strtoll(answer_text(answer, row, 2), NULL, 10)};
}

enum nt_status erase_begin(struct connection *connection, const struct nt_program *program,
                           const struct nt_view *view, struct nt_arena *arena,
                           struct erase_position **archived, size_t *count, struct nt_error *error)
{
    struct eraser e = {.connection = connection};
    struct answer *answer = NULL;
    bool is_there = false;
    *count = 0;
    enum nt_status status = connection_exec(connection, "BEGIN", error);
    if (status == NT_OK) status = is_table(&e, "nowthen.archive", &is_there, error);
    if (status != NT_OK || !is_there) return status;
    status = connection_exec(connection, "LOCK TABLE nowthen.archive IN SHARE ROW EXCLUSIVE MODE",
                             error);
    if (status == NT_OK)
        status = connection_query(connection,
                                  "SELECT topic, partition, max(next_offset) FROM nowthen.archive "
                                  "GROUP BY topic, partition",
                                  &answer, error);
    if (status == NT_OK) archived_take(answer, program, view, arena, archived, count);
    answer_clear(answer);
    return status;
}

void erase_abandon(struct connection *connection)
{
    connection_exec(connection, "ROLLBACK", NULL);
}

static enum nt_status feed_erase(struct eraser *e, const struct nt_feed *feed,
                                 struct nt_error *error)
{
    const struct nt_source *source = &e->program->sources[feed->source];
    struct buffer name = {0};
    history_append_name(source, &name);
    enum nt_status status = table_erase(e, buffer_text(&name), source, feed->key_columns,
                                        &e->report->history_rows, error);
    buffer_deinit(&name);
    return status == NT_OK ? feed_note(e, feed, error) : status;
}

static enum nt_status transaction_run(struct eraser *e, struct nt_error *error)
{
    struct buffer name = {0};
    layout_append_name(e->view, &name);
    enum nt_status status = notes_create(e, error);
    if (status == NT_OK)
        status = table_erase(e, buffer_text(&name), NULL, NULL, &e->report->stored_rows, error);
    for (uint16_t f = 0; f < e->view->feed_count && status == NT_OK; f++)
        status = feed_erase(e, &e->view->feeds[f], error);
    buffer_deinit(&name);
    return status;
}

enum nt_status erase_entity(struct connection *connection, const struct nt_program *program,
                            const struct nt_view *view, const struct nt_value *key,
                            const struct erase_position *positions, size_t count,
                            struct erase_report *report, struct nt_error *error)
{
    struct eraser e = {connection, program, view, key, positions, count, report};
    *report = (struct erase_report){0};
    enum nt_status status = transaction_run(&e, error);
    if (status == NT_OK) return connection_exec(connection, "COMMIT", error);
    erase_abandon(connection);
    return status;
}

/* ---- what a worker must forget ---- */

static bool column_take(const struct nt_source *source, const char *name, struct erasure *erasure)
{
    for (uint16_t i = 0; i < source->column_count; i++) {
        if (strcmp(source->columns[i].name, name) != 0) continue;
        erasure->columns[erasure->column_count++] = i;
        return true;
    }
    return false;
}

/* Columns are rows of their own, in order: source, number of the note, column, hash, topic,
 * partition, next_offset. */
static void notes_take(const struct answer *answer, const struct nt_program *program,
                       struct nt_arena *arena, struct erasures *erasures)
{
    const char *last = "";
    bool is_whole = false;
    for (size_t row = 0; row < answer_row_count(answer); row++) {
        struct erasure *item = &erasures->items[erasures->count];
        int source = program_source(program, answer_text(answer, row, 0));
        if (source < 0) continue;
        if (strcmp(last, answer_text(answer, row, 1)) != 0) {
            *item = (struct erasure){.source = (uint16_t)source};
            is_whole = true;
        }
        last = answer_text(answer, row, 1);
        is_whole = is_whole && item->column_count < NT_KEY_COLUMNS_MAX &&
                   column_take(&program->sources[source], answer_text(answer, row, 2), item);
        if (!is_whole || answer_text(answer, row, 3)[0] != 't') continue;
        memcpy(item->key_hash, answer_text(answer, row, 4), HASH_HEX_SIZE);
        item->topic = nt_arena_printf(arena, "%s", answer_text(answer, row, 5));
        item->partition = (int32_t)strtol(answer_text(answer, row, 6), NULL, 10);
        item->next_offset = strtoll(answer_text(answer, row, 7), NULL, 10);
        erasures->count++;
    }
}

/* "": there are none. */
static enum nt_status stamp_read(struct connection *connection, char *stamp, size_t size,
                                 struct nt_error *error)
{
    struct eraser e = {.connection = connection};
    struct answer *answer = NULL;
    bool is_there;
    stamp[0] = '\0';
    enum nt_status status = is_table(&e, "nowthen.erased", &is_there, error);
    if (status != NT_OK || !is_there) return status;
    status = connection_query(connection,
                              "SELECT concat_ws(' ', count(*), sum(next_offset), max(erased_at)) "
                              "FROM nowthen.erased HAVING count(*) > 0",
                              &answer, error);
    if (status == NT_OK && answer_row_count(answer))
        snprintf(stamp, size, "%s", answer_text(answer, 0, 0));
    answer_clear(answer);
    return status;
}

enum nt_status erasures_check(struct connection *connection, const struct erasures *erasures,
                              struct nt_error *error)
{
    char stamp[sizeof erasures->stamp];
    enum nt_status status = stamp_read(connection, stamp, sizeof stamp, error);
    if (status != NT_OK || strcmp(stamp, erasures->stamp) == 0) return status;
    return error_set(error, NT_MISMATCH,
                     "an entity was erased since this process began, and what it has read may have "
                     "events of it: start it again, and it leaves them out");
}

enum nt_status erasures_load(struct connection *connection, const struct nt_program *program,
                             struct nt_arena *arena, struct erasures *erasures,
                             struct nt_error *error)
{
    struct eraser e = {.connection = connection};
    struct answer *answer = NULL;
    bool is_there;
    *erasures = (struct erasures){.program = program};
    enum nt_status status = stamp_read(connection, erasures->stamp, sizeof erasures->stamp, error);
    if (status == NT_OK) status = is_table(&e, "nowthen.erased", &is_there, error);
    if (status != NT_OK || !is_there) return status;
    status = connection_query(
        connection,
        "SELECT n.source, n.note, c.name, c.position = cardinality(n.key_columns), n.key_hash, "
        "n.topic, n.partition, n.next_offset FROM (SELECT *, row_number() OVER () AS note FROM "
        "nowthen.erased WHERE length(key_hash) = 32) AS n, unnest(n.key_columns) WITH ORDINALITY "
        "AS c(name, position) ORDER BY n.note, c.position",
        &answer, error);
    if (status == NT_OK) {
        erasures->items =
            nt_arena_zalloc(arena, (answer_row_count(answer) + 1) * sizeof *erasures->items);
        notes_take(answer, program, arena, erasures);
        erasures_sort(erasures);
    }
    answer_clear(answer);
    return status;
}
