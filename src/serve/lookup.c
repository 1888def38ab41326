/* lookup.c: one snapshot, one now(), every row, and the response. */
#include "serve/lookup.h"

#include "base/log.h"
#include "serve/request.h"

#include <stdlib.h>
#include <string.h>

struct lookup {
    const struct nt_program *program;
    struct store *store;
    struct metrics *metrics;
    struct json_parser *parser;
    struct nt_arena arena; /* of the request */
    struct buffer body;
};

/* One request being answered. */
struct reply {
    struct lookup *lookup;
    struct request request;
    struct store_snapshot *snapshot;
    struct nt_time now;
    struct nt_eval e;
};

struct lookup *lookup_create(void)
{
    struct lookup *lookup = memory_zalloc(sizeof *lookup);
    lookup->parser = json_parser_create();
    return lookup;
}

void lookup_set(struct lookup *lookup, const struct nt_program *program, struct store *store,
                struct metrics *metrics)
{
    lookup->program = program;
    lookup->store = store;
    lookup->metrics = metrics;
}

void lookup_destroy(struct lookup *lookup)
{
    if (!lookup) return;
    json_parser_destroy(lookup->parser);
    nt_arena_deinit(&lookup->arena);
    buffer_deinit(&lookup->body);
    free(lookup);
}

static void text_append(const char *text, struct buffer *out)
{
    json_append_string((struct bytes){(const uint8_t *)text, strlen(text)}, out);
}

void lookup_error_append(const char *class, const char *message, struct buffer *out)
{
    struct buffer inner = {0};
    buffer_append_text(&inner, "{\"module\": \"feast.errors\", \"class\": ");
    text_append(class, &inner);
    buffer_append_text(&inner, ", \"message\": ");
    text_append(message, &inner);
    buffer_append_text(&inner, "}");
    json_append_string(buffer_bytes(&inner), out);
    buffer_deinit(&inner);
}

/* ---- reading ---- */

static enum nt_status service_row_read(struct reply *reply, size_t row, struct nt_value *sent,
                                       struct nt_value *values, uint8_t *statuses,
                                       struct nt_error *error)
{
    struct request *request = &reply->request;
    for (size_t i = 0; i < request->column_count; i++) sent[i] = request->columns[i].values[row];
    enum nt_status status = store_read_service(reply->snapshot, (uint16_t)request->service, sent,
                                               reply->now, &reply->e, values, statuses, error);
    if (status != NT_OK) return status;
    for (size_t i = 0; i < request->feature_count; i++) {
        request->features[i].values[row] = values[i];
        request->features[i].statuses[row] = statuses[i];
    }
    return NT_OK;
}

static enum nt_status service_rows_read(struct reply *reply, struct nt_error *error)
{
    struct request *request = &reply->request;
    struct nt_arena *arena = &reply->lookup->arena;
    struct nt_value *sent = nt_arena_alloc(arena, request->column_count * sizeof *sent);
    struct nt_value *values = nt_arena_alloc(arena, request->feature_count * sizeof *values);
    uint8_t *statuses = nt_arena_alloc(arena, request->feature_count);
    enum nt_status status = NT_OK;
    for (size_t row = 0; row < request->row_count && status == NT_OK; row++) {
        status = service_row_read(reply, row, sent, values, statuses, error);
    }
    return status;
}

/* A key with a NULL part is no entity's: row stays not present. */
static enum nt_status view_row_read(struct reply *reply, const struct request_view *wanted,
                                    size_t row, struct view_row *read, struct nt_error *error)
{
    const struct nt_view *view = &reply->lookup->program->views[wanted->view];
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    *read = (struct view_row){0};
    for (uint16_t i = 0; i < view->key_count; i++) {
        key[i] = reply->request.columns[wanted->columns[i]].values[row];
        if (key[i].is_null) return NT_OK;
    }
    return store_read(reply->snapshot, wanted->view, key, reply->now, &reply->e, read, error);
}

static enum nt_status view_rows_read(struct reply *reply, uint16_t source, struct nt_error *error)
{
    struct request *request = &reply->request;
    for (size_t row = 0; row < request->row_count; row++) {
        struct view_row read;
        enum nt_status status = view_row_read(reply, &request->views[source], row, &read, error);
        if (status != NT_OK) return status;
        for (size_t i = 0; i < request->feature_count; i++) {
            struct request_feature *feature = &request->features[i];
            if (feature->source != source) continue;
            feature->values[row] = read.features ? read.features[feature->index] : NT_NULL;
            feature->statuses[row] =
                read.features ? read.statuses[feature->index] : FEATURE_NOT_FOUND;
        }
    }
    return NT_OK;
}

static enum nt_status rows_read(struct reply *reply, struct nt_error *error)
{
    if (reply->request.service >= 0) return service_rows_read(reply, error);
    enum nt_status status = NT_OK;
    for (uint16_t i = 0; i < reply->request.view_count && status == NT_OK; i++) {
        status = view_rows_read(reply, i, error);
    }
    return status;
}

/* ---- the response ---- */

static void list_begin(const char *name, bool is_first, struct buffer *out)
{
    buffer_append_text(out, is_first ? "{\"" : "],\"");
    buffer_append_text(out, name);
    buffer_append_text(out, "\":[");
}

static void comma(size_t index, struct buffer *out)
{
    if (index) buffer_append_byte(out, ',');
}

static void values_append(enum nt_type type, const struct nt_value *values, size_t count,
                          bool is_first, struct buffer *out)
{
    if (!is_first) buffer_append_byte(out, ',');
    list_begin("values", true, out);
    for (size_t i = 0; i < count; i++) {
        comma(i, out);
        json_append_value(type, values[i], out);
    }
}

static void status_append(uint8_t status, struct buffer *out)
{
    buffer_append_byte(out, '"');
    buffer_append_text(out, feature_status_name((enum feature_status)status));
    buffer_append_byte(out, '"');
}

/* The epoch is Feast's word for "no time". */
static void time_append(struct nt_time time, bool is_known, struct buffer *out)
{
    struct nt_time shown = is_known ? time : (struct nt_time){-NT_UNIX_EPOCH_US};
    json_append_value(NT_TIMESTAMPTZ, nt_timestamptz(shown.us), out);
}

static void echo_append(const struct reply *reply, const struct request_column *column,
                        bool is_first, struct buffer *out)
{
    size_t count = reply->request.row_count;
    values_append(column->type, column->values, count, is_first, out);
    list_begin("statuses", false, out);
    for (size_t i = 0; i < count; i++) {
        comma(i, out);
        status_append(FEATURE_PRESENT, out);
    }
    list_begin("event_timestamps", false, out);
    for (size_t i = 0; i < count; i++) {
        comma(i, out);
        time_append(reply->now, false, out);
    }
    buffer_append_text(out, "]}");
}

static void feature_append(const struct reply *reply, const struct request_feature *feature,
                           bool is_first, struct buffer *out)
{
    size_t count = reply->request.row_count;
    values_append(feature->type, feature->values, count, is_first, out);
    list_begin("statuses", false, out);
    for (size_t i = 0; i < count; i++) {
        comma(i, out);
        status_append(feature->statuses[i], out);
    }
    list_begin("event_timestamps", false, out);
    for (size_t i = 0; i < count; i++) {
        comma(i, out);
        time_append(reply->now, feature->statuses[i] != FEATURE_NOT_FOUND, out);
    }
    buffer_append_text(out, "]}");
}

static void name_append(const char *name, bool is_first, struct buffer *names)
{
    if (!is_first) buffer_append_byte(names, ',');
    text_append(name, names);
}

static void response_append(const struct reply *reply, struct buffer *out)
{
    const struct request *request = &reply->request;
    struct buffer names = {0};
    bool is_first = true;
    buffer_append_text(out, "{\"results\":[");
    for (size_t i = 0; i < request->entities->count; i++) {
        const struct request_column *column =
            request_echo(request, &request->entities->children[i]);
        if (!column) continue;
        echo_append(reply, column, is_first, out);
        name_append(column->name, is_first, &names);
        is_first = false;
    }
    for (size_t i = 0; i < request->feature_count; i++) {
        const struct request_feature *feature = &request->features[i];
        if (feature->is_echoed) continue;
        feature_append(reply, feature, is_first, out);
        name_append(feature->name, is_first, &names);
        is_first = false;
    }
    buffer_append_text(out, "],\"metadata\":{\"feature_names\":[");
    buffer_append(out, names.data, names.size);
    buffer_append_text(out, "]}}");
    buffer_deinit(&names);
}

static void statuses_count(const struct reply *reply, uint16_t source,
                           uint64_t counts[METRICS_STATUSES])
{
    for (size_t i = 0; i < reply->request.feature_count; i++) {
        const struct request_feature *feature = &reply->request.features[i];
        if (feature->source != source || feature->is_echoed) continue;
        for (size_t row = 0; row < reply->request.row_count; row++) {
            counts[feature->statuses[row]]++;
        }
    }
}

static void reply_count(const struct reply *reply, int64_t read_us)
{
    const struct request *request = &reply->request;
    struct metrics *metrics = reply->lookup->metrics;
    metrics_lookup(metrics, request->row_count, read_us);
    size_t sources = request->service >= 0 ? 1 : request->view_count;
    for (uint16_t i = 0; i < sources; i++) {
        uint64_t counts[METRICS_STATUSES] = {0};
        statuses_count(reply, i, counts);
        if (request->service >= 0) {
            metrics_service(metrics, (uint16_t)request->service, counts);
        } else {
            metrics_view(metrics, request->views[i].view, counts);
        }
    }
}

static enum nt_status snapshot_answer(struct reply *reply, struct lookup_answer *answer,
                                      struct nt_error *error)
{
    struct nt_time committed_at;
    answer->commit = store_snapshot_commit(reply->snapshot, &committed_at);
    reply->now =
        reply->request.has_as_of ? reply->request.as_of : store_snapshot_now(reply->snapshot);
    answer->as_of = reply->now;
    answer->has_as_of = true;
    int64_t started_us = clock_monotonic_us();
    enum nt_status status = rows_read(reply, error);
    if (status != NT_OK) return status;
    reply_count(reply, clock_monotonic_us() - started_us);
    response_append(reply, &reply->lookup->body);
    return NT_OK;
}

static enum nt_status reply_make(struct reply *reply, struct bytes body,
                                 struct lookup_answer *answer, struct nt_error *error)
{
    struct lookup *lookup = reply->lookup;
    struct json *document;
    const char *why;
    if (!json_parse(lookup->parser, body, &lookup->arena, &document, &why)) {
        return error_set(error, NT_INVALID, "the request is not JSON: %s", why);
    }
    enum nt_status status =
        request_read(lookup->program, document, &lookup->arena, &reply->request, error);
    if (status != NT_OK) return status;
    status = store_snapshot_open(lookup->store, &reply->snapshot, error);
    if (status != NT_OK) return status;
    status = snapshot_answer(reply, answer, error);
    store_snapshot_close(reply->snapshot);
    return status;
}

void lookup_run(struct lookup *lookup, struct bytes body, struct lookup_answer *answer)
{
    struct nt_error error = {.text = ""};
    struct reply reply = {
        .lookup = lookup,
        .request = {.error_class = "FeastError"},
        .e = {.arena = &lookup->arena},
    };
    *answer = (struct lookup_answer){0};
    nt_arena_reset(&lookup->arena);
    buffer_clear(&lookup->body);
    enum nt_status status = reply_make(&reply, body, answer, &error);
    answer->http = status_http(status);
    if (status != NT_OK) {
        buffer_clear(&lookup->body);
        lookup_error_append(reply.request.error_class, error.text, &lookup->body);
        if (answer->http >= 500) {
            log_line(LOG_ERROR, "serve", "lookup failed", "error=\"%s\"", error.text);
        }
    }
    answer->body = buffer_bytes(&lookup->body);
}
