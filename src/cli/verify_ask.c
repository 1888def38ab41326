/* verify_ask.c: one set of questions through each path; see verify.h. */
#include "base/progress.h"
#include "cli/command.h"
#include "cli/verify.h"
#include "client/client.h"
#include "decode/csv.h"
#include "decode/decode.h"
#include "decode/json.h"
#include "offline/oracle.h"
#include "offline/snapshot.h"
#include "row/array.h"
#include "row/time.h"
#include "row/value_text.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOKUP_TIMEOUT_MS 30000

struct answers answers_create(const struct target *target, size_t count, struct nt_arena *arena)
{
    return (struct answers){
        .texts = nt_arena_zalloc(arena, (count * target->output_count + 1) * sizeof(char *)),
        .is_answered = nt_arena_zalloc(arena, count + 1),
    };
}

static const char *text_of(enum nt_type type, struct nt_value value, struct nt_arena *arena)
{
    if (value.is_null) return NULL;
    struct buffer text = {0};
    value_append_text(type, value, &text);
    const char *copy = nt_arena_copy(arena, buffer_text(&text), text.size + 1);
    buffer_deinit(&text);
    return copy;
}

/* ---- snapshot: a spine file in, a training set out ---- */

static void append_spine(const struct target *target, const struct draw *draws, size_t count,
                         struct buffer *csv)
{
    for (uint16_t i = 0; i < target->input_count; i++)
        buffer_printf(csv, "\"%s\",", target->inputs[i].name);
    buffer_append_text(csv, SPINE_TIME_COLUMN "\n");
    for (size_t q = 0; q < count; q++) {
        for (uint16_t i = 0; i < target->input_count; i++)
            csv_append(target->inputs[i].type, draws[q].inputs[i], i == 0, csv);
        csv_append(NT_TIMESTAMPTZ, nt_timestamptz(draws[q].at.us), target->input_count == 0, csv);
        buffer_append_byte(csv, '\n');
    }
}

/* The column of the training set that each output is in. */
static enum nt_status read_header(struct csv_reader *reader, const struct target *target,
                                  size_t *columns, struct nt_error *error)
{
    const struct csv_field *fields;
    size_t field_count;
    enum nt_status status = csv_next(reader, &fields, &field_count, error);
    for (uint16_t o = 0; o < target->output_count && status == NT_OK; o++) {
        const char *name = target_output_name(target, o);
        size_t at = 0;
        while (at < field_count && !(fields[at].text.size == strlen(name) &&
                                     memcmp(fields[at].text.data, name, strlen(name)) == 0))
            at++;
        if (at == field_count)
            return error_set(error, NT_CORRUPT, "the training set has no column %s", name);
        columns[o] = at;
    }
    return status;
}

static enum nt_status read_training_set(const char *path, const struct target *target, size_t count,
                                        struct nt_arena *arena, struct answers *answers,
                                        struct nt_error *error)
{
    struct csv_reader *reader;
    size_t *columns = nt_arena_zalloc(arena, (target->output_count + 1u) * sizeof columns[0]);
    enum nt_status status = csv_open(path, &reader, error);
    if (status != NT_OK) return status;
    status = read_header(reader, target, columns, error);
    for (size_t q = 0; q < count && status == NT_OK; q++) {
        const struct csv_field *fields;
        size_t field_count;
        status = csv_next(reader, &fields, &field_count, error);
        if (status == NT_OK && field_count == 0)
            status = error_set(error, NT_CORRUPT, "the training set ends after %zu rows", q);
        for (uint16_t o = 0; o < target->output_count && status == NT_OK; o++) {
            const struct csv_field *field = &fields[columns[o]];
            answers->texts[q * target->output_count + o] =
                field->is_null ? NULL
                               : nt_arena_printf(arena, "%.*s", (int)field->text.size,
                                                 (const char *)field->text.data);
        }
        answers->is_answered[q] = status == NT_OK;
    }
    csv_close(reader);
    return status;
}

enum nt_status verify_ask_snapshot(struct session *session, const struct target *target,
                                   const struct draw *draws, size_t count, bool is_materialized,
                                   struct nt_arena *arena, struct answers *answers,
                                   struct nt_error *error)
{
    char directory[] = "/tmp/nowthen-verify-XXXXXX";
    if (!mkdtemp(directory)) return error_errno(error, "cannot make a directory in /tmp");
    const char *spine = nt_arena_printf(arena, "%s/spine.csv", directory);
    const char *out = nt_arena_printf(arena, "%s/out.csv", directory);
    struct buffer csv = {0};
    struct snapshot_report report;
    append_spine(target, draws, count, &csv);
    enum nt_status status = file_write(spine, buffer_bytes(&csv), error);
    if (status == NT_OK)
        status =
            snapshot_write(session->connection, session->program, target->name, spine,
                           is_materialized ? SNAPSHOT_FROM_MATERIALIZED : SNAPSHOT_FROM_HISTORY,
                           NULL, out, &report, error);
    if (status == NT_OK) status = read_training_set(out, target, count, arena, answers, error);
    buffer_deinit(&csv);
    unlink(spine);
    unlink(out);
    rmdir(directory);
    return status;
}

/* ---- online: one lookup each ---- */

struct asking {
    const struct config *config;
    const struct target *target;
    struct json_parser *parser;
    struct buffer request, body;
    struct nt_arena arena; /* of one lookup */
};

static void append_lookup(const struct target *target, const struct draw *draw,
                          struct buffer *request)
{
    if (target->service) {
        buffer_printf(request, "{\"feature_service\":\"%s\"", target->name);
    } else {
        buffer_append_text(request, "{\"features\":[");
        for (uint16_t f = 0; f < target->output_count; f++)
            buffer_printf(request, "%s\"%s:%s\"", f ? "," : "", target->name,
                          target_output_name(target, f));
        buffer_append_byte(request, ']');
    }
    buffer_append_text(request, ",\"as_of\":\"");
    time_append_rfc3339(draw->at, request);
    buffer_append_text(request, "\",\"entities\":{");
    for (uint16_t i = 0; i < target->input_count; i++) {
        buffer_printf(request, "%s\"%s\":[", i ? "," : "", target->inputs[i].name);
        json_append_value(target->inputs[i].type, draw->inputs[i], request);
        buffer_append_byte(request, ']');
    }
    buffer_append_text(request, "}}");
}

/* A JSON value back to a value of its type, printed as PostgreSQL prints it. */
static const char *json_text_of(const struct json *json, enum nt_type type, struct nt_arena *arena)
{
    if (json->kind == JSON_NULL) return NULL;
    if (json->kind == JSON_BOOL) return json->boolean ? "t" : "f";
    struct nt_eval e = {.arena = arena};
    struct nt_value value;
    const char *text =
        nt_arena_printf(arena, "%.*s", (int)json->text.size, (const char *)json->text.data);
    struct nt_column column = {.name = "", .type = type};
    if (nt_type_is_array(type))
        return decode_json_value(&e, &column, json, &value) ? text_of(type, value, arena) : text;
    if (!value_parse(&e, type, text, json->text.size, &value)) return text;
    return text_of(type, value, arena);
}

static bool has_floats(enum nt_type type)
{
    enum nt_type element = nt_type_is_array(type) ? nt_type_element(type) : type;
    return element == NT_FLOAT8 || element == NT_FLOAT4;
}

/* Floats as they come back from JSON, which has only null for NaN and the infinities. */
static struct nt_value floats_by_json(enum nt_type type, struct nt_value value,
                                      struct nt_arena *arena)
{
    if (value.is_null) return value;
    if (!nt_type_is_array(type)) return isfinite(value.float8) ? value : NT_NULL;
    enum nt_type element = nt_type_element(type);
    uint32_t count;
    struct nt_value *values = array_values(element, value, arena, &count);
    for (uint32_t i = 0; i < count; i++) values[i] = floats_by_json(element, values[i], arena);
    return array_make(element, values, count, arena);
}

/* The other path's text is believed where JSON cannot tell it from what was answered. */
static const char *answer_text_of(const struct json *json, enum nt_type type, const char *other,
                                  struct nt_arena *arena)
{
    const char *text = json_text_of(json, type, arena);
    struct nt_eval e = {.arena = arena};
    struct nt_value value;
    if (!other || !has_floats(type) || !value_parse(&e, type, other, strlen(other), &value))
        return text;
    const char *by_json = text_of(type, floats_by_json(type, value, arena), arena);
    bool is_same = text && by_json ? strcmp(text, by_json) == 0 : text == by_json;
    return is_same ? other : text;
}

/* The single value of the column of that name; NULL: the answer is not of that shape. An output
 * that repeats a request column stands among the entity columns. */
static const struct json *lookup_value(const struct json *document, const char *name)
{
    const struct json *results = json_member(document, "results");
    const struct json *metadata = json_member(document, "metadata");
    const struct json *names = metadata ? json_member(metadata, "feature_names") : NULL;
    if (!results || !names || results->count != names->count) return NULL;
    for (size_t i = 0; i < names->count; i++) {
        struct bytes text = names->children[i].text;
        if (text.size != strlen(name) || memcmp(text.data, name, text.size) != 0) continue;
        const struct json *values = json_member(&results->children[i], "values");
        return values && values->count == 1 ? &values->children[0] : NULL;
    }
    return NULL;
}

static enum nt_status take_lookup(struct asking *asking, const struct answers *expected, size_t q,
                                  struct nt_arena *arena, struct answers *answers,
                                  struct nt_error *error)
{
    const struct target *target = asking->target;
    struct json *document;
    const char *why;
    if (!json_parse(asking->parser, buffer_bytes(&asking->body), &asking->arena, &document, &why))
        return error_set(error, NT_CORRUPT, "the lookup service's answer is not JSON: %s", why);
    for (uint16_t o = 0; o < target->output_count; o++) {
        size_t at = q * target->output_count + o;
        const struct json *value = lookup_value(document, target_output_name(target, o));
        if (!value)
            return error_set(error, NT_CORRUPT, "the lookup service gave no single value of %s",
                             target_output_name(target, o));
        answers->texts[at] =
            answer_text_of(value, target_output_type(target, o), expected->texts[at], arena);
    }
    answers->is_answered[q] = true;
    return NT_OK;
}

static enum nt_status ask_online(struct asking *asking, const struct draw *draws,
                                 const struct answers *expected, size_t q, struct nt_arena *arena,
                                 struct answers *answers, struct verify_count *counted,
                                 struct nt_error *error)
{
    int http = 0;
    buffer_clear(&asking->request);
    buffer_clear(&asking->body);
    nt_arena_reset(&asking->arena);
    append_lookup(asking->target, &draws[q], &asking->request);
    enum nt_status status = client_get_online_features(
        asking->config->serve_host, (int)asking->config->serve_port, buffer_bytes(&asking->request),
        LOOKUP_TIMEOUT_MS, &http, &asking->body, error);
    if (status != NT_OK) return status;
    if (http == status_http(NT_EVICTED)) {
        counted->evicted++;
        return NT_OK;
    }
    if (http != 200)
        return error_set(error, NT_INVALID, "the lookup service answered %d: %s", http,
                         buffer_text(&asking->body));
    return take_lookup(asking, expected, q, arena, answers, error);
}

enum nt_status verify_ask_online(const struct config *config, const struct target *target,
                                 const struct draw *draws, size_t count,
                                 const struct answers *expected, struct nt_arena *arena,
                                 struct answers *answers, struct verify_count *counted,
                                 struct nt_error *error)
{
    struct asking asking = {.config = config, .target = target, .parser = json_parser_create()};
    struct progress progress;
    enum nt_status status = NT_OK;
    progress_start(&progress, "ask the online store", "lookups", count);
    for (size_t q = 0; q < count && status == NT_OK; q++) {
        status = ask_online(&asking, draws, expected, q, arena, answers, counted, error);
        progress_add(&progress, 1);
        if (cli_is_interrupted()) status = error_set(error, NT_INTERRUPTED, "interrupted");
    }
    if (status == NT_OK) progress_finish(&progress);
    json_parser_destroy(asking.parser);
    buffer_deinit(&asking.request);
    buffer_deinit(&asking.body);
    nt_arena_deinit(&asking.arena);
    return status;
}

/* ---- PostgreSQL ---- */

/* PostgreSQL computes a query on one core, and most of verify is this: two connections ask at once.
 */
#define POSTGRES_ASKERS 2

struct asker {
    pthread_t thread;
    struct connection *connection;
    struct oracle *oracle;
    const struct target *target;
    const struct draw *draws;
    size_t first, count; /* every POSTGRES_ASKERS-th question, from first */
    struct answers *answers;
    struct nt_arena arena;     /* of the answers' texts */
    struct progress *progress; /* the first asker's thread shows it for all */
    enum nt_status status;
    struct nt_error error;
};

static void asker_take(struct asker *asker, size_t q, const struct oracle_answer *answer)
{
    uint16_t outputs = asker->target->output_count;
    memcpy(&asker->answers->texts[q * outputs], answer->texts, outputs * sizeof answer->texts[0]);
    asker->answers->is_answered[q] = true;
}

static void *asker_run(void *self)
{
    struct asker *asker = self;
    for (size_t q = asker->first; q < asker->count; q += POSTGRES_ASKERS) {
        struct oracle_answer answer;
        asker->status = oracle_read(asker->oracle, asker->target, asker->draws[q].inputs,
                                    asker->draws[q].at, &asker->arena, &answer, &asker->error);
        if (asker->status == NT_OK && cli_is_interrupted())
            asker->status = error_set(&asker->error, NT_INTERRUPTED, "interrupted");
        if (asker->status != NT_OK) break;
        asker_take(asker, q, &answer);
        if (asker->progress) progress_add(asker->progress, POSTGRES_ASKERS);
    }
    return NULL;
}

/* The texts outlive the askers. */
static const char *text_keep(const char *text, struct nt_arena *arena)
{
    return text ? nt_arena_copy(arena, text, strlen(text) + 1) : NULL;
}

static enum nt_status askers_run(struct asker *askers, struct nt_error *error)
{
    size_t started = 0;
    enum nt_status status = NT_OK;
    for (; started < POSTGRES_ASKERS && status == NT_OK; started++)
        if (pthread_create(&askers[started].thread, NULL, asker_run, &askers[started]) != 0) {
            status = error_set(error, NT_IO, "cannot start a thread");
            break;
        }
    for (size_t i = 0; i < started; i++) {
        pthread_join(askers[i].thread, NULL);
        if (askers[i].status != NT_OK && status == NT_OK)
            status = error_set(error, askers[i].status, "%s", askers[i].error.text);
    }
    return status;
}

/* The first over the session's connection, which makes the schemas, the others over their own. */
static enum nt_status asker_open(struct asker *asker, const struct config *config,
                                 struct session *session, struct nt_error *error)
{
    if (asker->first == 0)
        return oracle_create(session->connection, session->program, &asker->oracle, error);
    enum nt_status status = session_connect(config, &asker->connection, error);
    if (status == NT_OK) asker->oracle = oracle_join(asker->connection, session->program);
    return status;
}

enum nt_status verify_ask_postgres(const struct config *config, struct session *session,
                                   const struct target *target, const struct draw *draws,
                                   size_t count, struct nt_arena *arena, struct answers *answers,
                                   struct nt_error *error)
{
    struct asker askers[POSTGRES_ASKERS];
    struct progress progress;
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < POSTGRES_ASKERS; i++) {
        askers[i] = (struct asker){.target = target,
                                   .draws = draws,
                                   .first = i,
                                   .count = count,
                                   .answers = answers,
                                   .progress = i == 0 ? &progress : NULL};
        if (status == NT_OK) status = asker_open(&askers[i], config, session, error);
    }
    progress_start(&progress, "ask PostgreSQL", "queries", count);
    if (status == NT_OK) status = askers_run(askers, error);
    if (status == NT_OK) {
        progress.done = count;
        progress_finish(&progress);
    }
    for (size_t i = 0; i < count * target->output_count; i++)
        answers->texts[i] = text_keep(answers->texts[i], arena);
    for (size_t i = 0; i < POSTGRES_ASKERS; i++) {
        oracle_destroy(askers[i].oracle);
        connection_close(askers[i].connection);
        nt_arena_deinit(&askers[i].arena);
    }
    return status;
}
