/*
 * materialize.c: for each entity, V at every moment it may change; a row is written where the
 * stored bytes differ from those of the row before.
 */
#include "offline/materialize.h"

#include "base/progress.h"
#include "offline/changes.h"
#include "offline/copy.h"
#include "offline/entities.h"
#include "offline/history.h"
#include "offline/layout.h"
#include "offline/stored.h"
#include "row/key.h"
#include "row/value_text.h"

#define PIECE_BYTES      (256u * 1024u)  /* what is handed to libpq at once */
#define VALUES_BYTES_MAX (1024u * 1024u) /* of term values, before all are read anew */

/*
 * The rows in force at the range's from, one per key in key order, held in memory: the writer's
 * connection is needed for writing by the time they are compared.
 */
struct baseline {
    struct buffer bytes; /* varint key size, key, varint tail size, tail; repeated */
    struct reader next;
    struct bytes key, tail;
    bool has_row;
};

struct materializer {
    const struct nt_program *program;
    uint16_t view_index;
    const struct nt_view *view;
    struct materialize_range range;
    struct connection *reader, *writer;
    struct materialize_report *report;
    struct layout layout;
    struct changes *changes;
    struct baseline baseline;
    struct progress progress;

    struct nt_value *terms; /* as of the last moment; they point into values_arena */
    const char **errors;
    bool has_terms;
    struct nt_arena layout_arena, values_arena, row_arena;

    struct buffer head;      /* column count and key, of each of the entity's rows */
    struct buffer tail;      /* of the moment being looked at */
    struct buffer last_tail; /* of the row in force; empty: there is none */
    struct buffer piece;     /* rows on their way to libpq */
};

static bool has_from(const struct materializer *m)
{
    return m->range.from.us != INT64_MIN;
}
static bool has_to(const struct materializer *m)
{
    return m->range.to.us != INT64_MAX;
}
static bool is_everything(const struct materializer *m)
{
    return !has_from(m) && !has_to(m);
}

static void span_append(struct buffer *out, struct bytes bytes)
{
    buffer_append_varint(out, bytes.size);
    buffer_append(out, bytes.data, bytes.size);
}

static struct bytes span_take(struct reader *in)
{
    size_t size = reader_varint(in);
    return (struct bytes){reader_take(in, size), size};
}

static void baseline_advance(struct baseline *b)
{
    b->has_row = b->next.next < b->next.end;
    if (!b->has_row) return;
    b->key = span_take(&b->next);
    b->tail = span_take(&b->next);
}

static enum nt_status baseline_row_add(struct materializer *m, struct bytes tuple,
                                       struct nt_error *error)
{
    struct layout_row row;
    struct buffer key = {0};
    nt_arena_reset(&m->row_arena);
    bool is_row = layout_take_row(&m->layout, tuple, &m->row_arena, &row) &&
                  key_append_all(m->view->keys, m->view->key_count, row.key, &key);
    if (is_row) {
        span_append(&m->baseline.bytes, buffer_bytes(&key));
        span_append(&m->baseline.bytes, row.tail);
    }
    buffer_deinit(&key);
    if (is_row) return NT_OK;
    return error_set(error, NT_CORRUPT,
                     "a row of nowthen.%s cannot be read: materialize the view without a range",
                     m->view->name);
}

static void baseline_sql_append(const struct materializer *m, struct buffer *sql)
{
    struct buffer keys = {0};
    for (uint16_t i = 0; i < m->view->key_count; i++) {
        if (i) buffer_append_text(&keys, ", ");
        sql_append_name(&keys, m->view->keys[i].name);
    }
    buffer_printf(sql, "COPY (SELECT DISTINCT ON (%s) ", buffer_text(&keys));
    layout_append_columns(&m->layout, sql);
    buffer_append_text(sql, " FROM ");
    layout_append_name(m->view, sql);
    buffer_append_text(sql, " WHERE valid_from < '");
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(m->range.from.us), sql);
    buffer_printf(sql, "' ORDER BY %s, valid_from DESC) TO STDOUT (FORMAT binary)",
                  buffer_text(&keys));
    buffer_deinit(&keys);
}

static enum nt_status baseline_read(struct materializer *m, struct nt_error *error)
{
    struct buffer sql = {0};
    struct stored_rows rows;
    baseline_sql_append(m, &sql);
    enum nt_status status = stored_rows_begin(&rows, m->writer, buffer_text(&sql), error);
    buffer_deinit(&sql);
    for (;;) {
        struct bytes tuple;
        if (status == NT_OK) status = stored_rows_next(&rows, &tuple, error);
        if (status != NT_OK || tuple.size == 0) break;
        status = baseline_row_add(m, tuple, error);
    }
    stored_rows_end(&rows);
    m->baseline.next = reader_of(buffer_bytes(&m->baseline.bytes));
    baseline_advance(&m->baseline);
    return status;
}

static enum nt_status piece_flush(struct materializer *m, struct nt_error *error)
{
    enum nt_status status = connection_copy_put(m->writer, buffer_bytes(&m->piece), error);
    buffer_clear(&m->piece);
    return status;
}

/* Writes the row at moment if it is another than the one in force. */
static enum nt_status tail_emit(struct materializer *m, struct nt_time moment, bool is_present,
                                struct nt_error *error)
{
    bool is_first = m->last_tail.size == 0;
    if (is_first && !is_present) return NT_OK;
    if (bytes_compare(buffer_bytes(&m->tail), buffer_bytes(&m->last_tail)) == 0) return NT_OK;
    buffer_append(&m->piece, m->head.data, m->head.size);
    copy_append_value(&m->piece, NT_TIMESTAMPTZ, nt_timestamptz(moment.us));
    buffer_append(&m->piece, m->tail.data, m->tail.size);
    struct buffer spare = m->last_tail;
    m->last_tail = m->tail;
    m->tail = spare;
    m->report->rows++;
    return m->piece.size >= PIECE_BYTES ? piece_flush(m, error) : NT_OK;
}

static void entity_head(struct materializer *m, const struct nt_value *key, struct bytes last_tail)
{
    const struct nt_view *view = m->view;
    buffer_clear(&m->head);
    copy_append_count(&m->head, (uint16_t)(view->key_count + 3 + m->layout.column_count));
    for (uint16_t i = 0; i < view->key_count; i++)
        copy_append_value(&m->head, view->keys[i].type, key[i]);
    buffer_clear(&m->last_tail);
    buffer_append(&m->last_tail, last_tail.data, last_tail.size);
    m->has_terms = false;
}

static enum nt_status terms_read(struct materializer *m, struct timeline *timeline,
                                 struct nt_time moment, const uint64_t *wanted,
                                 struct nt_error *error)
{
    if (m->values_arena.used > VALUES_BYTES_MAX || !m->has_terms) {
        nt_arena_reset(&m->values_arena);
        wanted = NULL;
    }
    for (uint16_t i = 0; i < m->view->term_count; i++)
        if (!wanted || i == 0 || wanted[i / 64] >> (i % 64) & 1) m->errors[i] = NULL;
    struct nt_eval eval = {.arena = &m->values_arena, .now = moment};
    m->has_terms = true;
    return timeline_read(timeline, moment, wanted, &eval, m->terms, m->errors, error);
}

static enum nt_status moment_emit(struct materializer *m, const struct entity *entity,
                                  struct nt_time moment, const uint64_t *wanted,
                                  struct nt_error *error)
{
    struct view_row row = {0};
    enum nt_status status = terms_read(m, entity->timeline, moment, wanted, error);
    if (status != NT_OK) return status;
    nt_arena_reset(&m->row_arena);
    struct nt_eval eval = {.arena = &m->row_arena, .now = moment};
    view_finish(m->view, entity->key, m->terms, m->errors, moment, &eval, &row);
    buffer_clear(&m->tail);
    bool is_present = layout_append_tail(&m->layout, &row, m->terms, m->errors, &m->tail);
    return tail_emit(m, moment, is_present, error);
}

/* A key with a row in force but no history any more: it is gone from the range's from on. */
static enum nt_status vanished_emit(struct materializer *m, struct nt_error *error)
{
    struct view_row row = {0};
    nt_arena_reset(&m->row_arena);
    struct nt_value *key = nt_arena_alloc(&m->row_arena, m->view->key_count * sizeof *key);
    if (!key_decode(m->view->keys, m->view->key_count, m->baseline.key, &m->row_arena, key))
        return error_set(error, NT_CORRUPT, "a key of nowthen.%s cannot be read", m->view->name);
    entity_head(m, key, m->baseline.tail);
    buffer_clear(&m->tail);
    layout_append_tail(&m->layout, &row, NULL, NULL, &m->tail);
    baseline_advance(&m->baseline);
    return tail_emit(m, m->range.from, true, error);
}

/* Keys of the baseline before key (all: key.data NULL); then the tail in force of key itself. */
static enum nt_status baseline_match(struct materializer *m, struct bytes key, struct bytes *tail,
                                     struct nt_error *error)
{
    *tail = (struct bytes){0};
    while (m->baseline.has_row && (!key.data || bytes_compare(m->baseline.key, key) < 0)) {
        enum nt_status status = vanished_emit(m, error);
        if (status != NT_OK) return status;
    }
    if (!m->baseline.has_row || !key.data || bytes_compare(m->baseline.key, key) != 0) return NT_OK;
    *tail = m->baseline.tail;
    baseline_advance(&m->baseline);
    return NT_OK;
}

static enum nt_status entity_emit(struct materializer *m, const struct entity *entity,
                                  struct nt_error *error)
{
    struct bytes last_tail;
    struct nt_time moment;
    const uint64_t *wanted;
    enum nt_status status = baseline_match(m, entity->key_bytes, &last_tail, error);
    if (status != NT_OK) return status;
    entity_head(m, entity->key, last_tail);
    if (has_from(m)) status = moment_emit(m, entity, m->range.from, NULL, error);
    changes_begin(m->changes, entity->times_us, entity->time_count, m->range.from);
    while (status == NT_OK && changes_next(m->changes, &moment, &wanted)) {
        if (moment.us >= m->range.to.us) break;
        status = moment_emit(m, entity, moment, wanted, error);
    }
    return status;
}

static enum nt_status entities_emit(struct materializer *m, struct rows rows,
                                    struct nt_error *error)
{
    struct entities *entities = entities_create(m->program, m->view_index, rows, NULL, NULL);
    struct bytes none = {0}, tail;
    enum nt_status status = NT_OK;
    while (status == NT_OK) {
        struct entity entity;
        bool is_end;
        status = entities_next(entities, &entity, &is_end, error);
        if (status != NT_OK || is_end) break;
        status = entity_emit(m, &entity, error);
        m->report->entities++;
        progress_add(&m->progress, entities_row_count(entities) - m->progress.done);
    }
    m->report->events = entities_row_count(entities);
    m->report->rejected = entities_counts(entities).rejected;
    entities_destroy(entities);
    if (status == NT_OK) status = baseline_match(m, none, &tail, error);
    return status;
}

static void where_append(const struct materializer *m, struct buffer *sql)
{
    const char *and = " WHERE ";
    if (has_from(m)) {
        buffer_printf(sql, "%svalid_from >= '", and);
        value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(m->range.from.us), sql);
        buffer_append_text(sql, "'");
        and = " AND ";
    }
    if (!has_to(m)) return;
    buffer_printf(sql, "%svalid_from < '", and);
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(m->range.to.us), sql);
    buffer_append_text(sql, "'");
}

/* Opens the writer's transaction and takes away what will be replaced. */
static enum nt_status replaced_delete(struct materializer *m, struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "BEGIN; LOCK TABLE ");
    layout_append_name(m->view, &sql);
    buffer_append_text(&sql, is_everything(m) ? " IN ACCESS EXCLUSIVE MODE"
                                              : " IN SHARE ROW EXCLUSIVE MODE");
    enum nt_status status = connection_exec(m->writer, buffer_text(&sql), error);
    if (status == NT_NOT_FOUND)
        return error_prefix(error, "view %s has no offline table (apply the definitions first)",
                            m->view->name);
    if (status == NT_OK && has_from(m)) status = baseline_read(m, error);
    buffer_clear(&sql);
    buffer_append_text(&sql, is_everything(m) ? "TRUNCATE " : "DELETE FROM ");
    layout_append_name(m->view, &sql);
    where_append(m, &sql);
    if (is_everything(m)) {
        buffer_append_text(&sql, "; ");
        layout_append_key(&m->layout, false, &sql);
    }
    if (status == NT_OK) status = connection_exec(m->writer, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status copy_start(struct materializer *m, struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "COPY ");
    layout_append_name(m->view, &sql);
    buffer_append_text(&sql, " (");
    layout_append_columns(&m->layout, &sql);
    /* FREEZE: the table was emptied in this very transaction, so no one can see it half full. */
    buffer_append_text(&sql, is_everything(m) ? ") FROM STDIN (FORMAT binary, FREEZE)"
                                              : ") FROM STDIN (FORMAT binary)");
    enum nt_status status = connection_copy_in(m->writer, buffer_text(&sql), error);
    buffer_deinit(&sql);
    copy_append_header(&m->piece);
    return status;
}

static enum nt_status copy_finish(struct materializer *m, struct nt_error *error)
{
    copy_append_trailer(&m->piece);
    enum nt_status status = piece_flush(m, error);
    return status == NT_OK ? connection_copy_end(m->writer, error) : status;
}

static enum nt_status table_finish(struct materializer *m, struct nt_error *error)
{
    struct buffer sql = {0};
    if (is_everything(m)) {
        buffer_append_text(&sql, "SET LOCAL maintenance_work_mem = '256MB'; ");
        layout_append_key(&m->layout, true, &sql);
        buffer_append_text(&sql, "; ");
    }
    buffer_append_text(&sql, "COMMIT; ANALYZE ");
    layout_append_name(m->view, &sql);
    enum nt_status status = connection_exec(m->writer, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status history_emit(struct materializer *m, struct nt_error *error)
{
    struct history *history = NULL;
    enum nt_status status = history_open(m->reader, m->program, m->view_index,
                                         history_until(NT_TIME_INFINITY), &history, error);
    if (status == NT_OK) status = copy_start(m, error);
    if (status == NT_OK) {
        status = entities_emit(m, history_rows(history), error);
        /* A COPY that fails half way is given up by name, so the server drops it at once. */
        if (status == NT_OK)
            status = copy_finish(m, error);
        else
            connection_copy_abandon(m->writer);
    }
    history_close(history);
    return status;
}

static void materializer_deinit(struct materializer *m)
{
    changes_destroy(m->changes);
    nt_arena_deinit(&m->layout_arena);
    nt_arena_deinit(&m->values_arena);
    nt_arena_deinit(&m->row_arena);
    buffer_deinit(&m->head);
    buffer_deinit(&m->tail);
    buffer_deinit(&m->last_tail);
    buffer_deinit(&m->piece);
    buffer_deinit(&m->baseline.bytes);
}

static enum nt_status materializer_run(struct materializer *m, struct nt_error *error)
{
    uint64_t estimate;
    struct buffer what = {0};
    enum nt_status status = history_estimate(m->reader, m->program, m->view, &estimate, error);
    buffer_printf(&what, "materialize %s", m->view->name);
    progress_start(&m->progress, buffer_text(&what), "events", estimate);
    if (status == NT_OK) status = replaced_delete(m, error);
    if (status == NT_OK) status = history_emit(m, error);
    if (status == NT_OK) status = table_finish(m, error);
    if (status == NT_OK) progress_finish(&m->progress);
    if (status != NT_OK) connection_exec(m->writer, "ROLLBACK", NULL);
    buffer_deinit(&what);
    return status;
}

enum nt_status materialize_view(struct connection *reader, struct connection *writer,
                                const struct nt_program *program, uint16_t view,
                                struct materialize_range range, struct materialize_report *report,
                                struct nt_error *error)
{
    struct materializer m = {
        .program = program,
        .view_index = view,
        .view = &program->views[view],
        .range = range,
        .reader = reader,
        .writer = writer,
        .report = report,
    };
    *report = (struct materialize_report){0};
    if (range.from.us >= range.to.us)
        return error_set(error, NT_INVALID,
                         "the range of materialize is empty: --from must be "
                         "before --to");
    m.terms = nt_arena_zalloc(&m.layout_arena, m.view->term_count * sizeof *m.terms);
    m.errors = nt_arena_zalloc(&m.layout_arena, m.view->term_count * sizeof *m.errors);
    m.changes = changes_create(m.view);
    enum nt_status status = layout_init(&m.layout, m.view, &m.layout_arena, error);
    if (status == NT_OK) status = materializer_run(&m, error);
    materializer_deinit(&m);
    return status;
}
