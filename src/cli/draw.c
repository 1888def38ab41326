/* draw.c: see draw.h. */
#include "cli/draw.h"

#include "offline/history.h"
#include "row/value_text.h"
#include "runtime/window.h"

#include <inttypes.h>
#include <string.h>

/* Where an input's value comes from: a column of a view's source, the first of several. */
struct origin {
    const struct nt_view
        *view; /* NULL: of no key; drawn from the event of the same name, or NULL */
    uint16_t key;
};

/* Events drawn from the history of one source, as text by column. */
struct sample {
    struct answer *answer;
    uint16_t source;
};

struct drawing {
    const struct target *target;
    struct nt_arena *arena;
    struct origin *origins; /* per input */
    struct sample *samples; /* per source of the program; answer NULL: not needed */
    uint64_t random;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(struct drawing *drawing)
{
    uint64_t z = drawing->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A value of each type, to see which part of a key an input reaches. */
static struct nt_value probe(enum nt_type type, struct nt_arena *arena)
{
    struct nt_numeric one = {.coefficient = 1};
    struct nt_interval day = {.days = 1};
    if (nt_type_is_array(type)) return nt_text("", 1); /* empty: no elements, in one byte */
    switch (type) {
    case NT_BOOL:
        return nt_bool(true);
    case NT_FLOAT4:
    case NT_FLOAT8:
        return nt_float8(1);
    case NT_TEXT:
    case NT_BYTEA:
        return nt_text("1", 1);
    case NT_UUID:
        return nt_text("0123456789abcdef", NT_UUID_SIZE);
    case NT_NUMERIC:
        return (struct nt_value){.numeric = nt_arena_copy(arena, &one, sizeof one)};
    case NT_INTERVAL:
        return (struct nt_value){.interval = nt_arena_copy(arena, &day, sizeof day)};
    default:
        return nt_integer(1);
    }
}

/* A service's join keys are functions of the request: an input that alone makes a part of a key is
 * where that part comes from. */
static void find_origins(struct drawing *drawing)
{
    const struct target *target = drawing->target;
    const struct nt_service *service = target->service;
    drawing->origins =
        nt_arena_zalloc(drawing->arena, (target->input_count + 1u) * sizeof drawing->origins[0]);
    struct nt_value *request =
        nt_arena_zalloc(drawing->arena, (target->input_count + 1u) * sizeof request[0]);
    for (uint16_t i = 0; i < target->input_count; i++) {
        struct origin *origin = &drawing->origins[i];
        if (target->view) *origin = (struct origin){target->view, i};
        for (uint16_t c = 0; c < target->input_count; c++) request[c] = NT_NULL;
        request[i] = probe(target->inputs[i].type, drawing->arena);
        for (uint16_t j = 0; service && j < service->join_count && !origin->view; j++) {
            struct nt_value key[NT_KEY_COLUMNS_MAX];
            struct nt_eval e = {.arena = drawing->arena};
            const struct nt_view *view = &target->program->views[service->joins[j].view];
            service->joins[j].key(&e, request, key);
            for (uint16_t k = 0; k < view->key_count && !origin->view; k++)
                if (!key[k].is_null) *origin = (struct origin){view, k};
        }
    }
}

static enum nt_status take_sample(struct drawing *drawing, struct connection *connection,
                                  uint16_t source, size_t count, struct nt_error *error)
{
    const struct nt_source *described = &drawing->target->program->sources[source];
    struct buffer sql = {0};
    /* The order before the draw is what makes it repeatable; PostgreSQL's setseed wants [-1, 1]. */
    buffer_printf(&sql, "SELECT setseed(%.9f); SELECT ",
                  (double)(next_random(drawing) >> 11) / 9007199254740992.0);
    for (uint16_t c = 0; c < described->column_count; c++) {
        if (c > 0) buffer_append_text(&sql, ", ");
        sql_append_name(&sql, described->columns[c].name);
    }
    buffer_append_text(&sql, " FROM (SELECT * FROM ");
    history_append_name(described, &sql);
    buffer_append_text(&sql, " ORDER BY ");
    for (uint16_t c = 0; c < described->column_count; c++) buffer_printf(&sql, "%d,", c + 1);
    sql.size--;
    buffer_printf(&sql, ") h ORDER BY random() LIMIT %zu", count);
    enum nt_status status = history_require_columns(connection, described, error);
    if (status == NT_OK)
        status = connection_query(connection, buffer_text(&sql), &drawing->samples[source].answer,
                                  error);
    buffer_deinit(&sql);
    bool is_empty = status == NT_OK && answer_row_count(drawing->samples[source].answer) == 0;
    if (is_empty || status == NT_NOT_FOUND)
        status = error_set(error, NT_NOT_FOUND, "the history of %s is %s: nowthen import %s FILE",
                           described->name, is_empty ? "empty" : "not there", described->name);
    return status;
}

static enum nt_status take_samples(struct drawing *drawing, struct connection *connection,
                                   size_t count, struct nt_error *error)
{
    const struct target *target = drawing->target;
    enum nt_status status = NT_OK;
    drawing->samples = nt_arena_zalloc(drawing->arena, (target->program->source_count + 1u) *
                                                           sizeof drawing->samples[0]);
    for (uint16_t i = 0; i < target->input_count && status == NT_OK; i++) {
        const struct nt_view *view = drawing->origins[i].view;
        if (view && !drawing->samples[view->feeds[0].source].answer)
            status = take_sample(drawing, connection, view->feeds[0].source, count, error);
    }
    return status;
}

static struct nt_value parse(struct drawing *drawing, enum nt_type type, const char *text)
{
    struct nt_eval e = {.arena = drawing->arena};
    struct nt_value value;
    if (!text || !value_parse(&e, type, text, strlen(text), &value)) return NT_NULL;
    return value;
}

static const char *sample_text(const struct drawing *drawing, uint16_t source, size_t question,
                               uint16_t column)
{
    const struct answer *answer = drawing->samples[source].answer;
    return answer_text(answer, question % answer_row_count(answer), column);
}

static int column_find(const struct nt_source *source, const char *name)
{
    for (uint16_t c = 0; c < source->column_count; c++)
        if (strcmp(source->columns[c].name, name) == 0) return c;
    return -1;
}

/* An input that is no key: the event's column of that name, else the time itself, else NULL. */
static struct nt_value draw_other(struct drawing *drawing, uint16_t input, size_t question,
                                  struct nt_time at)
{
    const struct nt_column *column = &drawing->target->inputs[input];
    const struct nt_program *program = drawing->target->program;
    for (uint16_t s = 0; s < program->source_count; s++) {
        int found = column_find(&program->sources[s], column->name);
        if (drawing->samples[s].answer && found >= 0)
            return parse(drawing, column->type, sample_text(drawing, s, question, (uint16_t)found));
    }
    return column->type == NT_TIMESTAMPTZ ? nt_timestamptz(at.us) : NT_NULL;
}

static const struct nt_view *any_view(struct drawing *drawing)
{
    for (uint16_t i = 0; i < drawing->target->input_count; i++)
        if (drawing->origins[i].view) return drawing->origins[i].view;
    return NULL;
}

/* The event's time or where it leaves a window, exactly or a microsecond beside; or somewhere in
 * the 40 days around. */
static struct nt_time draw_time(struct drawing *drawing, const struct nt_view *view,
                                struct nt_time event_time)
{
    struct nt_time at = event_time;
    uint64_t kind = next_random(drawing) % 4;
    if (kind == 0) {
        at.us += (int64_t)(next_random(drawing) % (UINT64_C(40) * 86400000000)) -
                 10 * INT64_C(86400000000);
        return at;
    }
    if (kind >= 2) {
        uint64_t window = next_random(drawing) % view->window_count;
        struct nt_time exit = window_exit(&view->windows[window], event_time);
        if (exit.us != INT64_MAX) at = exit;
    }
    at.us += (int64_t)(next_random(drawing) % 3) - 1;
    return at;
}

/* A part of the key that is an expression: what the program makes of the sampled event, if it is in
 * the view. */
static struct nt_value draw_key(struct drawing *drawing, const struct origin *origin,
                                size_t question)
{
    const struct nt_view *view = origin->view;
    const struct nt_source *source = &drawing->target->program->sources[view->feeds[0].source];
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    struct nt_eval e = {.arena = drawing->arena};
    struct nt_value *row =
        nt_arena_zalloc(drawing->arena, (source->column_count + 1u) * sizeof row[0]);
    struct nt_value *arguments =
        nt_arena_zalloc(drawing->arena, (view->argument_count + 1u) * sizeof arguments[0]);
    for (uint16_t c = 0; c < source->column_count; c++)
        row[c] = parse(drawing, source->columns[c].type,
                       sample_text(drawing, view->feeds[0].source, question, c));
    return view->feeds[0].admit(&e, row, key, arguments) ? key[origin->key] : NT_NULL;
}

/* A text of any words. */
static bool column_takes_strangers(const struct nt_column *column)
{
    return column->type == NT_TEXT && !column->enumeration;
}

static void draw_one(struct drawing *drawing, const struct nt_view *view, size_t question,
                     struct draw *draw)
{
    const struct target *target = drawing->target;
    const struct nt_source *source = &target->program->sources[view->feeds[0].source];
    struct nt_value time =
        parse(drawing, NT_TIMESTAMPTZ,
              sample_text(drawing, view->feeds[0].source, question, source->event_time));
    draw->at = draw_time(drawing, view, time.time);
    draw->inputs =
        nt_arena_zalloc(drawing->arena, (target->input_count + 1u) * sizeof draw->inputs[0]);
    bool is_stranger = question % DRAW_STRANGERS == DRAW_STRANGERS - 1;
    for (uint16_t i = 0; i < target->input_count; i++) {
        const struct origin *origin = &drawing->origins[i];
        if (!origin->view)
            draw->inputs[i] = draw_other(drawing, i, question, draw->at);
        else if (is_stranger && column_takes_strangers(&target->inputs[i]))
            draw->inputs[i] = nt_text("nobody", 6);
        else if (origin->view->feeds[0].key_columns[origin->key] == NT_NO_COLUMN)
            draw->inputs[i] = draw_key(drawing, origin, question);
        else
            draw->inputs[i] = parse(drawing, target->inputs[i].type,
                                    sample_text(drawing, origin->view->feeds[0].source, question,
                                                origin->view->feeds[0].key_columns[origin->key]));
    }
}

enum nt_status draw_questions(struct connection *connection, const struct target *target,
                              uint64_t seed, size_t count, struct nt_arena *arena,
                              struct draw **draws, struct nt_error *error)
{
    struct drawing drawing = {.target = target, .arena = arena, .random = seed};
    find_origins(&drawing);
    const struct nt_view *view = any_view(&drawing);
    if (!view)
        return error_set(error, NT_INVALID, "%s reads no view: there is nothing to verify",
                         target->name);
    enum nt_status status = take_samples(&drawing, connection, count, error);
    *draws = nt_arena_zalloc(arena, (count + 1) * sizeof **draws);
    for (size_t i = 0; i < count && status == NT_OK; i++) draw_one(&drawing, view, i, &(*draws)[i]);
    for (uint16_t s = 0; drawing.samples && s < target->program->source_count; s++)
        answer_clear(drawing.samples[s].answer);
    return status;
}
