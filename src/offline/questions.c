/* questions.c: a merge of two sorted sides, the questions and what is known of the entities. */
#include "offline/questions.h"

#include "base/progress.h"
#include "offline/entities.h"
#include "offline/history.h"
#include "offline/layout.h"
#include "offline/stored.h"
#include "row/key.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_ANSWER SIZE_MAX

struct question {
    size_t key_offset; /* in keys */
    uint32_t key_size; /* 0: no entity */
    uint64_t commit;   /* as served: what it may see; else 0 */
    int64_t at_us;
    size_t index; /* of its add */
};

struct questions {
    const struct nt_program *program;
    uint16_t view_index;
    const struct nt_view *view;
    enum nt_type *types; /* of the features */
    struct question *items;
    size_t count, capacity;
    struct buffer keys;
    struct buffer answers; /* feature tuple and statuses, one after another */
    size_t *offsets;       /* in answers, by index; NO_ANSWER: no row */
    size_t next;           /* the first question not yet passed */
    struct nt_arena arena; /* one answer */
    struct progress progress;
    char what[128]; /* of progress, which borrows it */
};

struct questions *questions_create(const struct nt_program *program, uint16_t view)
{
    struct questions *q = memory_zalloc(sizeof *q);
    q->program = program;
    q->view_index = view;
    q->view = &program->views[view];
    nt_arena_init(&q->arena);
    q->types = memory_alloc(q->view->feature_count * sizeof *q->types);
    for (uint16_t i = 0; i < q->view->feature_count; i++) q->types[i] = q->view->features[i].type;
    return q;
}

void questions_destroy(struct questions *q)
{
    if (!q) return;
    nt_arena_deinit(&q->arena);
    buffer_deinit(&q->keys);
    buffer_deinit(&q->answers);
    free(q->types);
    free(q->items);
    free(q->offsets);
    free(q);
}

void questions_add(struct questions *q, const struct nt_value *key, struct nt_time at)
{
    questions_add_served(q, key, at, 0);
}

void questions_add_served(struct questions *q, const struct nt_value *key, struct nt_time at,
                          uint64_t commit)
{
    if (q->count == q->capacity) {
        q->capacity = q->capacity ? q->capacity * 2 : 1024;
        q->items = memory_realloc(q->items, q->capacity * sizeof *q->items);
    }
    size_t offset = q->keys.size;
    key_append_all(q->view->keys, q->view->key_count, key, &q->keys);
    q->items[q->count] = (struct question){
        .key_offset = offset,
        .key_size = (uint32_t)(q->keys.size - offset),
        .commit = commit,
        .at_us = at.us,
        .index = q->count,
    };
    q->count++;
}

static struct bytes question_key(const struct questions *q, const struct question *question)
{
    if (question->key_size == 0) return (struct bytes){0};
    return (struct bytes){q->keys.data + question->key_offset, question->key_size};
}

static int question_order(const void *a, const void *b, void *self)
{
    const struct question *x = a, *y = b;
    int order = bytes_compare(question_key(self, x), question_key(self, y));
    if (order == 0) order = (x->commit > y->commit) - (x->commit < y->commit);
    if (order == 0) order = (x->at_us > y->at_us) - (x->at_us < y->at_us);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Sorts the questions and forgets old answers. */
static void questions_begin(struct questions *q)
{
    q->offsets = memory_realloc(q->offsets, q->count * sizeof *q->offsets);
    for (size_t i = 0; i < q->count; i++) q->offsets[i] = NO_ANSWER;
    buffer_clear(&q->answers);
    qsort_r(q->items, q->count, sizeof *q->items, question_order, q);
    q->next = 0;
    while (q->next < q->count && q->items[q->next].key_size == 0) q->next++;
}

/* Moves to the first question of key or of a later one; is it of key? */
static bool questions_seek(struct questions *q, struct bytes key)
{
    int order = -1;
    while (q->next < q->count) {
        order = bytes_compare(question_key(q, &q->items[q->next]), key);
        if (order >= 0) break;
        q->next++;
    }
    return q->next < q->count && order == 0;
}

static bool is_of_key(const struct questions *q, size_t item, struct bytes key)
{
    return item < q->count && bytes_compare(question_key(q, &q->items[item]), key) == 0;
}

static void answer_store(struct questions *q, const struct question *question,
                         const struct view_row *row)
{
    if (!row->is_present) return;
    q->offsets[question->index] = q->answers.size;
    tuple_append(q->types, q->view->feature_count, row->features, &q->answers);
    buffer_append(&q->answers, row->statuses, q->view->feature_count);
}

static bool entity_is_asked(void *self, struct bytes key)
{
    return questions_seek(self, key);
}

/* The next question, which is of entity. */
static enum nt_status question_answer(struct questions *q, const struct entity *entity,
                                      struct nt_error *error)
{
    const struct question *question = &q->items[q->next];
    struct view_row row;
    nt_arena_reset(&q->arena);
    struct nt_time at = {question->at_us};
    struct nt_eval e = {.arena = &q->arena, .now = at};
    enum nt_status status = view_read(q->view, entity->timeline, entity->key, at, &e, &row, error);
    if (status != NT_OK) return status;
    answer_store(q, question, &row);
    q->next++;
    return NT_OK;
}

static enum nt_status entity_answer(void *self, const struct entity *entity, struct nt_error *error)
{
    struct questions *q = self;
    enum nt_status status = NT_OK;
    while (status == NT_OK && is_of_key(q, q->next, entity->key_bytes))
        status = question_answer(q, entity, error);
    return status;
}

static struct nt_time latest(const struct questions *q)
{
    struct nt_time time = NT_TIME_MINUS_INFINITY;
    for (size_t i = 0; i < q->count; i++)
        if (q->items[i].at_us > time.us) time.us = q->items[i].at_us;
    return time;
}

typedef enum nt_status entity_answerer(void *self, const struct entity *entity,
                                       struct nt_error *error);

/* Closes entities. */
static enum nt_status entities_answer(struct questions *q, struct entities *entities,
                                      entity_answerer *answer, void *self, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (;;) {
        struct entity entity;
        bool is_end;
        status = entities_next(entities, &entity, &is_end, error);
        if (status != NT_OK || is_end) break;
        if (entity.timeline) status = answer(self, &entity, error);
        if (status != NT_OK) break;
        progress_add(&q->progress, entities_row_count(entities) - q->progress.done);
    }
    entities_destroy(entities);
    return status;
}

static enum nt_status history_begin(struct questions *q, struct connection *connection,
                                    bool has_positions, struct history **history,
                                    struct nt_error *error)
{
    uint64_t estimate;
    questions_begin(q);
    snprintf(q->what, sizeof q->what, "read the history of %s", q->view->name);
    enum nt_status status = history_estimate(connection, q->program, q->view, &estimate, error);
    if (status != NT_OK) return status;
    progress_start(&q->progress, q->what, "events", estimate);
    struct history_bounds bounds = history_until(latest(q));
    bounds.reads_positions = has_positions;
    return history_open(connection, q->program, q->view_index, bounds, history, error);
}

enum nt_status questions_ask_history(struct questions *q, struct connection *connection,
                                     struct nt_error *error)
{
    struct history *history;
    enum nt_status status = history_begin(q, connection, false, &history, error);
    if (status != NT_OK) return status;
    struct entities *entities =
        entities_create(q->program, q->view_index, history_rows(history), entity_is_asked, q);
    status = entities_answer(q, entities, entity_answer, q, error);
    history_close(history);
    if (status == NT_OK) progress_finish(&q->progress);
    return status;
}

/* ---- as served ---- */

/* An event of the entity at hand, and the commit that brought it. */
struct arrival {
    uint64_t commit;
    int64_t at_us;
    size_t offset; /* of its arguments in tuples */
    size_t size;
};

struct served_merge {
    struct questions *q;
    const struct served *served;
    struct arrival *arrivals;
    size_t count, capacity;
    struct buffer tuples;
    struct nt_arena arena; /* one event's arguments */
};

static enum nt_status arrival_take(void *self, struct nt_time event_time,
                                   const struct nt_value *arguments, struct entities_origin origin,
                                   struct nt_error *error)
{
    struct served_merge *m = self;
    const struct nt_view *view = m->q->view;
    const struct nt_source *source = &m->q->program->sources[origin.source];
    if (!origin.is_known)
        return error_set(error, NT_INVALID,
                         "the history of source %s has an event without " HISTORY_PARTITION
                         " or " HISTORY_OFFSET ": whether it was served at a time is not known",
                         source->name);
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? 2 * m->capacity : 1024;
        m->arrivals = memory_realloc(m->arrivals, m->capacity * sizeof *m->arrivals);
    }
    struct arrival *arrival = &m->arrivals[m->count++];
    struct bytes topic = {(const uint8_t *)source->topic, strlen(source->topic)};
    *arrival = (struct arrival){
        .commit = served_commit_of(m->served, topic, origin.partition, origin.offset),
        .at_us = event_time.us,
        .offset = m->tuples.size,
    };
    tuple_append(view->arguments, view->argument_count, arguments, &m->tuples);
    arrival->size = m->tuples.size - arrival->offset;
    return NT_OK;
}

static int arrival_order(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    return (x->commit > y->commit) - (x->commit < y->commit);
}

static enum nt_status arrival_add(struct served_merge *m, const struct arrival *arrival,
                                  struct timeline *timeline, struct nt_error *error)
{
    const struct nt_view *view = m->q->view;
    nt_arena_reset(&m->arena);
    struct nt_value *arguments =
        nt_arena_alloc(&m->arena, view->argument_count * sizeof *arguments);
    struct reader in = reader_of(buffer_bytes(&m->tuples));
    in.next += arrival->offset;
    in.end = in.next + arrival->size;
    tuple_take(view->arguments, view->argument_count, &in, &m->arena, arguments);
    return timeline_add(timeline, (struct nt_time){arrival->at_us}, arguments, error);
}

/* The entity's questions, by commit; the timeline grows between them. */
static enum nt_status arrivals_answer(void *self, const struct entity *entity,
                                      struct nt_error *error)
{
    struct served_merge *m = self;
    struct questions *q = m->q;
    size_t next = 0;
    enum nt_status status = NT_OK;
    if (m->count) qsort(m->arrivals, m->count, sizeof *m->arrivals, arrival_order);
    while (status == NT_OK && is_of_key(q, q->next, entity->key_bytes)) {
        uint64_t commit = q->items[q->next].commit;
        while (status == NT_OK && next < m->count && m->arrivals[next].commit <= commit)
            status = arrival_add(m, &m->arrivals[next++], entity->timeline, error);
        if (status == NT_OK) status = question_answer(q, entity, error);
    }
    m->count = 0;
    buffer_clear(&m->tuples);
    return status;
}

enum nt_status questions_ask_served(struct questions *q, struct connection *connection,
                                    const struct served *served, struct nt_error *error)
{
    struct served_merge m = {.q = q, .served = served};
    struct history *history;
    uint64_t commit = 0;
    for (size_t i = 0; i < q->count; i++)
        if (q->items[i].commit > commit) commit = q->items[i].commit;
    if (q->view->has_repeats)
        return error_set(error, NT_INVALID,
                         "view %s cannot be asked as served: its source has a PRIMARY KEY without "
                         "the event time or the entity key, so what had counted by then depends on "
                         "events of other entities: ask without --as-served, or put both into the "
                         "PRIMARY KEY",
                         q->view->name);
    enum nt_status status =
        served_check_history(served, connection, q->program, q->view, commit, error);
    if (status == NT_OK) status = history_begin(q, connection, true, &history, error);
    if (status != NT_OK) return status;
    struct entities *entities =
        entities_create(q->program, q->view_index, history_rows(history), entity_is_asked, q);
    entities_take_set(entities, arrival_take, &m);
    status = entities_answer(q, entities, arrivals_answer, &m, error);
    history_close(history);
    if (status == NT_OK) progress_finish(&q->progress);
    free(m.arrivals);
    buffer_deinit(&m.tuples);
    nt_arena_deinit(&m.arena);
    return status;
}

/* ---- from the materialized table ---- */

/* One key's stored rows, two at a time: the one in force and the one that ends it. */
struct stored_merge {
    struct questions *q;
    struct layout layout;
    struct nt_arena arena, layout_arena;
    struct buffer key, tail; /* of the row in force */
    struct nt_time valid_from;
};

/* Answers the questions of the row in force before its end. */
static bool stored_answer(struct stored_merge *m, int64_t end_us)
{
    struct questions *q = m->q;
    const struct nt_view *view = q->view;
    if (m->key.size == 0 || !questions_seek(q, buffer_bytes(&m->key))) return true;
    for (; is_of_key(q, q->next, buffer_bytes(&m->key)); q->next++) {
        const struct question *question = &q->items[q->next];
        struct view_row row;
        if (question->at_us >= end_us) break;
        if (question->at_us < m->valid_from.us) continue;
        nt_arena_reset(&q->arena);
        struct nt_eval e = {.arena = &q->arena, .now = {question->at_us}};
        struct nt_value *key = nt_arena_alloc(&q->arena, view->key_count * sizeof *key);
        if (!key_decode(view->keys, view->key_count, buffer_bytes(&m->key), &q->arena, key))
            return false;
        if (!layout_finish(&m->layout, buffer_bytes(&m->tail), key, e.now, &e, &row)) return false;
        answer_store(q, question, &row);
    }
    return true;
}

static bool stored_take(struct stored_merge *m, struct bytes tuple)
{
    struct layout_row row;
    struct buffer key = {0};
    nt_arena_reset(&m->arena);
    bool is_row = layout_take_row(&m->layout, tuple, &m->arena, &row) &&
                  key_append_all(m->q->view->keys, m->q->view->key_count, row.key, &key);
    if (is_row) {
        bool is_same = bytes_compare(buffer_bytes(&key), buffer_bytes(&m->key)) == 0;
        is_row = stored_answer(m, is_same ? row.valid_from.us : INT64_MAX);
        buffer_clear(&m->key);
        buffer_append(&m->key, key.data, key.size);
        buffer_clear(&m->tail);
        buffer_append(&m->tail, row.tail.data, row.tail.size);
        m->valid_from = row.valid_from;
    }
    buffer_deinit(&key);
    return is_row;
}

static enum nt_status stored_open(struct stored_merge *m, struct connection *connection,
                                  struct stored_rows *rows, struct nt_error *error)
{
    const struct nt_view *view = m->q->view;
    struct buffer sql = {0};
    buffer_append_text(&sql, "COPY (SELECT ");
    layout_append_columns(&m->layout, &sql);
    buffer_append_text(&sql, " FROM ");
    layout_append_name(view, &sql);
    buffer_append_text(&sql, " WHERE valid_from <= '");
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(latest(m->q).us), &sql);
    buffer_append_text(&sql, "' ORDER BY ");
    for (uint16_t i = 0; i < view->key_count; i++) {
        sql_append_name(&sql, view->keys[i].name);
        buffer_append_text(&sql, ", ");
    }
    buffer_append_text(&sql, "valid_from) TO STDOUT (FORMAT binary)");
    enum nt_status status = stored_rows_begin(rows, connection, buffer_text(&sql), error);
    if (status == NT_NOT_FOUND)
        error_prefix(error, "view %s is not materialized (apply, then materialize it)", view->name);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status stored_answer_all(struct stored_merge *m, struct stored_rows *rows,
                                        struct nt_error *error)
{
    for (;;) {
        struct bytes tuple;
        enum nt_status status = stored_rows_next(rows, &tuple, error);
        if (status != NT_OK) return status;
        bool is_good = tuple.size ? stored_take(m, tuple) : stored_answer(m, INT64_MAX);
        if (!is_good)
            return error_set(error, NT_CORRUPT,
                             "a row of nowthen.%s cannot be read: materialize the view again",
                             m->q->view->name);
        if (tuple.size == 0) return NT_OK;
        progress_add(&m->q->progress, 1);
    }
}

enum nt_status questions_ask_materialized(struct questions *q, struct connection *connection,
                                          struct nt_error *error)
{
    struct stored_merge m = {.q = q};
    struct stored_rows rows;
    char what[128];
    questions_begin(q);
    snprintf(what, sizeof what, "read nowthen.%s", q->view->name);
    progress_start(&q->progress, what, "rows", 0);
    enum nt_status status = layout_init(&m.layout, q->view, &m.layout_arena, error);
    if (status == NT_OK) status = stored_open(&m, connection, &rows, error);
    if (status == NT_OK) {
        status = stored_answer_all(&m, &rows, error);
        stored_rows_end(&rows);
    }
    if (status == NT_OK) progress_finish(&q->progress);
    nt_arena_deinit(&m.arena);
    nt_arena_deinit(&m.layout_arena);
    buffer_deinit(&m.key);
    buffer_deinit(&m.tail);
    return status;
}

void questions_answer(const struct questions *q, size_t question, struct nt_arena *arena,
                      struct view_row *row)
{
    uint16_t count = q->view->feature_count;
    row->is_present = q->offsets[question] != NO_ANSWER;
    row->features = nt_arena_alloc(arena, count * sizeof *row->features);
    row->statuses = nt_arena_alloc(arena, count);
    if (!row->is_present) {
        for (uint16_t i = 0; i < count; i++) row->features[i] = NT_NULL;
        memset(row->statuses, FEATURE_NOT_FOUND, count);
        return;
    }
    struct reader in = reader_of(buffer_bytes(&q->answers));
    in.next += q->offsets[question];
    tuple_take(q->types, count, &in, arena, row->features);
    memcpy(row->statuses, reader_take(&in, count), count);
}

uint64_t questions_missing_count(const struct questions *q)
{
    uint64_t missing = 0;
    for (size_t i = 0; i < q->count; i++) missing += q->offsets[i] == NO_ANSWER;
    return missing;
}
