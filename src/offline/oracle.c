/*
 * oracle.c: one question is one round trip: a transaction that sets now(), fills asof_row, selects
 * and rolls back. Where PostgreSQL raises an error in an expression, each output is asked for
 * alone, so that the error is known to be of that output (contract, 4: an error inside an
 * expression).
 */
#include "offline/oracle.h"

#include "offline/history.h"
#include "offline/oracle_schema.h"
#include "row/key.h"
#include "row/value_text.h"

#include <stdlib.h>
#include <string.h>

#define DATA_EXCEPTION "22" /* SQLSTATE class: division by zero, out of range, bad cast */

struct oracle {
    struct connection *connection;
    const struct nt_program *program;
};

enum nt_status oracle_create(struct connection *connection, const struct nt_program *program,
                             struct oracle **oracle, struct nt_error *error)
{
    *oracle = NULL;
    enum nt_status status = oracle_schema_create(connection, program, error);
    if (status != NT_OK) return status;
    *oracle = oracle_join(connection, program);
    return NT_OK;
}

struct oracle *oracle_join(struct connection *connection, const struct nt_program *program)
{
    struct oracle *oracle = memory_alloc(sizeof *oracle);
    *oracle = (struct oracle){connection, program};
    return oracle;
}

void oracle_destroy(struct oracle *oracle)
{
    free(oracle);
}

static void value_append_sql(const struct nt_column *column, struct nt_value value,
                             struct buffer *sql)
{
    struct buffer text = {0};
    if (value.is_null) {
        buffer_append_text(sql, "NULL");
    } else {
        value_append_text(column->type, value, &text);
        sql_append_literal(sql, buffer_bytes(&text));
    }
    buffer_append_text(sql, "::");
    oracle_append_type(column, sql);
    buffer_deinit(&text);
}

static void begin_append(struct nt_time at, struct buffer *sql)
{
    buffer_append_text(sql, "BEGIN; SET LOCAL asof.now = '");
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(at.us), sql);
    buffer_append_text(sql, "'; ");
}

static void from_key_append(const struct nt_view *view, const struct nt_value *key,
                            struct buffer *sql)
{
    buffer_append_text(sql, " FROM ");
    oracle_append_name(ORACLE_SCHEMA, view->name, sql);
    for (uint16_t i = 0; i < view->key_count; i++) {
        buffer_append_text(sql, i ? " AND " : " WHERE ");
        sql_append_name(sql, view->keys[i].name);
        buffer_append_text(sql, " = ");
        value_append_sql(&view->keys[i], key[i], sql);
    }
}

/* Runs sql; *failed when PostgreSQL raised an error in an expression of it. */
static enum nt_status ask(struct oracle *o, struct buffer *sql, struct answer **answer,
                          bool *failed, struct nt_error *error)
{
    enum nt_status status = connection_query(o->connection, buffer_text(sql), answer, error);
    buffer_clear(sql);
    *failed =
        status == NT_INVALID && strncmp(connection_sqlstate(o->connection), DATA_EXCEPTION, 2) == 0;
    if (status == NT_OK) return NT_OK;
    connection_exec(o->connection, "ROLLBACK", NULL);
    return *failed ? NT_OK : status;
}

static const char *text_copy(const struct answer *answer, size_t column, struct nt_arena *arena)
{
    const char *text = answer_text(answer, 0, column);
    return text ? nt_arena_copy(arena, text, strlen(text) + 1) : NULL;
}

static void answer_init(struct oracle_answer *answer, uint16_t count, struct nt_arena *arena)
{
    answer->is_present = false;
    answer->texts = nt_arena_zalloc(arena, count * sizeof *answer->texts);
    answer->is_error = nt_arena_zalloc(arena, count * sizeof *answer->is_error);
}

/* What sql asks, once for all columns and, if that fails, for each alone. */
struct question {
    void (*append)(const void *self, const char *columns, struct buffer *sql);
    const void *self;
    const char *(*column)(const void *self, uint16_t i);
    uint16_t column_count;
};

static enum nt_status column_ask(struct oracle *o, const struct question *q, const char *column,
                                 const char **text, bool *is_present, bool *failed,
                                 struct nt_arena *arena, struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *rows;
    q->append(q->self, column, &sql);
    enum nt_status status = ask(o, &sql, &rows, failed, error);
    *is_present = status == NT_OK && answer_row_count(rows) > 0;
    *text = *is_present ? text_copy(rows, 0, arena) : NULL;
    answer_clear(rows);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status columns_ask(struct oracle *o, const struct question *q,
                                  struct nt_arena *arena, struct oracle_answer *answer,
                                  struct nt_error *error)
{
    const char *text;
    bool failed, is_there;
    enum nt_status status =
        column_ask(o, q, "1", &text, &answer->is_present, &failed, arena, error);
    for (uint16_t i = 0; i < q->column_count && status == NT_OK; i++) {
        struct buffer name = {0};
        sql_append_name(&name, q->column(q->self, i));
        status = column_ask(o, q, buffer_text(&name), &answer->texts[i], &is_there,
                            &answer->is_error[i], arena, error);
        buffer_deinit(&name);
    }
    return status;
}

static enum nt_status question_ask(struct oracle *o, const struct question *q,
                                   struct nt_arena *arena, struct oracle_answer *answer,
                                   struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *rows;
    bool failed;
    answer_init(answer, q->column_count, arena);
    q->append(q->self, "*", &sql);
    enum nt_status status = ask(o, &sql, &rows, &failed, error);
    buffer_deinit(&sql);
    if (status != NT_OK || failed) return failed ? columns_ask(o, q, arena, answer, error) : status;
    answer->is_present = answer_row_count(rows) > 0;
    for (uint16_t i = 0; i < q->column_count && answer->is_present; i++)
        answer->texts[i] = text_copy(rows, i, arena);
    answer_clear(rows);
    return NT_OK;
}

struct view_question {
    const struct nt_view *view;
    const struct nt_value *key;
    struct nt_time at;
};

static void view_question_append(const void *self, const char *columns, struct buffer *sql)
{
    const struct view_question *q = self;
    begin_append(q->at, sql);
    buffer_printf(sql, "SELECT %s", columns);
    from_key_append(q->view, q->key, sql);
    buffer_append_text(sql, "; ROLLBACK");
}

static const char *view_question_column(const void *self, uint16_t i)
{
    const struct view_question *q = self;
    return q->view->features[i].name;
}

static bool has_null(const struct nt_value *key, uint16_t count)
{
    for (uint16_t i = 0; i < count; i++)
        if (key[i].is_null) return true;
    return false;
}

static enum nt_status view_ask(struct oracle *o, const struct nt_view *view,
                               const struct nt_value *key, struct nt_time at,
                               struct nt_arena *arena, struct oracle_answer *answer,
                               struct nt_error *error)
{
    struct view_question question = {view, key, at};
    struct question q = {view_question_append, &question, view_question_column,
                         view->feature_count};
    answer_init(answer, view->feature_count, arena);
    if (has_null(key, view->key_count)) return NT_OK;
    return question_ask(o, &q, arena, answer, error);
}

struct service_question {
    const struct oracle *oracle;
    const struct nt_service *service;
    const struct nt_value *request;
    struct nt_value **keys;            /* per join; NULL: no row to join, or it is there already */
    const struct oracle_answer *joins; /* per join, once views had to be asked alone; else NULL */
    struct nt_time at;
};

/* Puts into asof_row what the join will find: asked of PostgreSQL here, or known already. */
static void join_append(const struct service_question *q, uint16_t join, struct buffer *sql)
{
    const struct nt_view *view = &q->oracle->program->views[q->service->joins[join].view];
    if (!q->keys[join] || (q->joins && !q->joins[join].is_present)) return;
    buffer_append_text(sql, "INSERT INTO ");
    oracle_append_name(ORACLE_ROW_SCHEMA, view->name, sql);
    if (!q->joins) {
        buffer_append_text(sql, " SELECT *");
        from_key_append(view, q->keys[join], sql);
        buffer_append_text(sql, "; ");
        return;
    }
    for (uint16_t i = 0; i < view->feature_count; i++) {
        const char *text = q->joins[join].texts[i];
        buffer_append_text(sql, i ? ", " : " VALUES (");
        if (text)
            sql_append_literal(sql, (struct bytes){(const uint8_t *)text, strlen(text)});
        else
            buffer_append_text(sql, "NULL");
    }
    buffer_append_text(sql, "); ");
}

static void service_question_append(const void *self, const char *columns, struct buffer *sql)
{
    const struct service_question *q = self;
    begin_append(q->at, sql);
    for (uint16_t j = 0; j < q->service->join_count; j++) join_append(q, j, sql);
    buffer_append_text(sql, "INSERT INTO ");
    oracle_append_name(ORACLE_ROW_SCHEMA, q->service->request, sql);
    for (uint16_t i = 0; i < q->service->column_count; i++) {
        buffer_append_text(sql, i ? ", " : " VALUES (");
        value_append_sql(&q->service->columns[i], q->request[i], sql);
    }
    buffer_printf(sql, "); SELECT %s FROM ", columns);
    oracle_append_name(ORACLE_ROW_SCHEMA, q->service->name, sql);
    buffer_append_text(sql, "; ROLLBACK");
}

static const char *service_question_column(const void *self, uint16_t i)
{
    const struct service_question *q = self;
    return q->service->outputs[i].name;
}

/* Is the same row of the same view asked for by an earlier join? */
static bool is_repeated(const struct service_question *q, uint16_t join)
{
    const struct nt_join *joins = q->service->joins;
    const struct nt_view *view = &q->oracle->program->views[joins[join].view];
    struct buffer mine = {0}, other = {0};
    bool is_same = false;
    key_append_all(view->keys, view->key_count, q->keys[join], &mine);
    for (uint16_t j = 0; j < join && !is_same; j++) {
        if (joins[j].view != joins[join].view || !q->keys[j]) continue;
        buffer_clear(&other);
        key_append_all(view->keys, view->key_count, q->keys[j], &other);
        is_same = bytes_compare(buffer_bytes(&mine), buffer_bytes(&other)) == 0;
    }
    buffer_deinit(&mine);
    buffer_deinit(&other);
    return is_same;
}

static void keys_make(struct service_question *q, struct nt_arena *arena)
{
    const struct nt_service *service = q->service;
    q->keys = nt_arena_zalloc(arena, (service->join_count + 1u) * sizeof *q->keys);
    for (uint16_t j = 0; j < service->join_count; j++) {
        uint16_t count = q->oracle->program->views[service->joins[j].view].key_count;
        struct nt_eval e = {.arena = arena, .now = q->at};
        struct nt_value *key = nt_arena_alloc(arena, count * sizeof *key);
        for (uint16_t i = 0; i < count; i++) key[i] = NT_NULL;
        service->joins[j].key(&e, q->request, key);
        if (e.error || has_null(key, count)) continue;
        q->keys[j] = key;
        if (is_repeated(q, j)) q->keys[j] = NULL;
    }
}

/* An error in a view: its row is put together feature by feature, then the service is asked. */
static enum nt_status joins_ask(struct oracle *o, struct service_question *q,
                                struct nt_arena *arena, struct nt_error *error)
{
    uint16_t count = q->service->join_count;
    struct oracle_answer *joins = nt_arena_zalloc(arena, (count + 1u) * sizeof *joins);
    enum nt_status status = NT_OK;
    for (uint16_t j = 0; j < count && status == NT_OK; j++) {
        const struct nt_view *view = &o->program->views[q->service->joins[j].view];
        if (q->keys[j]) status = view_ask(o, view, q->keys[j], q->at, arena, &joins[j], error);
    }
    q->joins = joins;
    return status;
}

static enum nt_status service_ask(struct oracle *o, const struct nt_service *service,
                                  const struct nt_value *request, struct nt_time at,
                                  struct nt_arena *arena, struct oracle_answer *answer,
                                  struct nt_error *error)
{
    struct service_question question = {
        .oracle = o, .service = service, .request = request, .at = at};
    struct question q = {service_question_append, &question, service_question_column,
                         service->output_count};
    struct buffer sql = {0};
    struct answer *rows;
    bool failed;
    keys_make(&question, arena);
    /* The fast way first, without any fallback. */
    answer_init(answer, service->output_count, arena);
    service_question_append(&question, "*", &sql);
    enum nt_status status = ask(o, &sql, &rows, &failed, error);
    buffer_deinit(&sql);
    if (status == NT_OK && failed) {
        status = joins_ask(o, &question, arena, error);
        return status == NT_OK ? question_ask(o, &q, arena, answer, error) : status;
    }
    answer->is_present = status == NT_OK && answer_row_count(rows) > 0;
    for (uint16_t i = 0; i < service->output_count && answer->is_present; i++)
        answer->texts[i] = text_copy(rows, i, arena);
    answer_clear(rows);
    return status;
}

/* A view's key is what was asked, and stands in the answer whether or not the entity has a row. */
static void keys_echo(const struct nt_view *view, const struct nt_value *key,
                      struct nt_arena *arena, struct oracle_answer *answer)
{
    for (uint16_t i = 0; i < view->feature_count; i++) {
        const struct nt_feature *feature = &view->features[i];
        if (feature->key < 0 || key[feature->key].is_null ||
            strcmp(feature->name, view->keys[feature->key].name) != 0)
            continue;
        struct buffer text = {0};
        value_append_text(feature->type, key[feature->key], &text);
        buffer_append_byte(&text, 0);
        answer->texts[i] = nt_arena_copy(arena, text.data, text.size);
        buffer_deinit(&text);
    }
}

enum nt_status oracle_read(struct oracle *oracle, const struct target *target,
                           const struct nt_value *inputs, struct nt_time at, struct nt_arena *arena,
                           struct oracle_answer *answer, struct nt_error *error)
{
    if (target->service)
        return service_ask(oracle, target->service, inputs, at, arena, answer, error);
    enum nt_status status = view_ask(oracle, target->view, inputs, at, arena, answer, error);
    if (status == NT_OK) keys_echo(target->view, inputs, arena, answer);
    return status;
}
