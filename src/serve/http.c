/* http.c: from evhttp's requests to answers. Each is answered before its callback returns. */
#include "serve/http.h"

#include "row/time.h"
#include "serve/lookup.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_JSON    "application/json"
#define TYPE_TEXT    "text/plain; charset=utf-8"
#define TYPE_CSV     "text/csv; charset=utf-8"
#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

#define COMMITS_PAGE 2000 /* a few milliseconds of the thread that answers lookups too */

struct http {
    struct http_service *service;
    _Atomic(struct http_version *) reading; /* of the request under way; NULL: none is */
    struct http_version *version;           /* the same, to the thread itself */
    struct lookup *lookup;
    struct nt_arena arena;
    struct buffer out;
    size_t active;
};

/* Read again after it is announced: a version that was replaced in between is not touched. */
static void version_enter(struct http *http)
{
    do {
        http->version = atomic_load(&http->service->version);
        atomic_store(&http->reading, http->version);
    } while (http->version != atomic_load(&http->service->version));
    const struct server_version *served = &http->version->served;
    lookup_set(http->lookup, served->program, served->store, &http->version->metrics);
}

static void version_leave(struct http *http)
{
    http->version = NULL;
    atomic_store(&http->reading, NULL);
}

bool http_reads(struct http *http, const struct http_version *version)
{
    return atomic_load(&http->reading) == version;
}

/* A response. */
struct answer {
    int code;
    const char *type;
    struct bytes body;
};

struct route {
    const char *path;
    enum metrics_endpoint endpoint;
    enum evhttp_cmd_type method; /* HEAD goes where GET does */
    struct answer (*handle)(struct http *http, struct evhttp_request *request);
};

static struct answer answer_text(struct http *http, int code, const char *text)
{
    buffer_append_text(&http->out, text);
    return (struct answer){code, TYPE_TEXT, buffer_bytes(&http->out)};
}

static struct answer answer_json(struct http *http, int code, const char *json)
{
    buffer_append_text(&http->out, json);
    return (struct answer){code, TYPE_JSON, buffer_bytes(&http->out)};
}

static struct answer answer_error(struct http *http, int code, const char *message)
{
    lookup_error_append("FeastError", message, &http->out);
    return (struct answer){code, TYPE_JSON, buffer_bytes(&http->out)};
}

static void header_add(struct evhttp_request *request, const char *name, const char *value)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), name, value);
}

/* Which program, which commit and which T the answer is of. */
static void answer_headers(struct http *http, struct evhttp_request *request,
                           const struct lookup_answer *found)
{
    char commit[24];
    header_add(request, "X-Nowthen-Program", http->version->served.program->fingerprint);
    if (!found->has_as_of) return;
    snprintf(commit, sizeof commit, "%" PRIu64, found->commit);
    header_add(request, "X-Nowthen-Commit", commit);
    buffer_clear(&http->out);
    time_append_rfc3339(found->as_of, &http->out);
    header_add(request, "X-Nowthen-As-Of", buffer_text(&http->out));
}

static struct answer handle_online_features(struct http *http, struct evhttp_request *request)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(request);
    size_t size = evbuffer_get_length(input), size_max = http->service->options.body_bytes_max;
    if (size > size_max) {
        return answer_error(
            http, 413,
            nt_arena_printf(&http->arena,
                            "the request has %zu bytes, at most %zu are read; ask for "
                            "fewer rows at a time",
                            size, size_max));
    }
    struct lookup_answer found;
    struct bytes body = {size ? evbuffer_pullup(input, -1) : NULL, size};
    lookup_run(http->lookup, body, &found);
    answer_headers(http, request, &found);
    return (struct answer){found.http, TYPE_JSON, found.body};
}

static struct answer handle_health(struct http *http, struct evhttp_request *request)
{
    (void)request;
    return answer_text(http, 200, "");
}

static void status_fill(struct http *http, struct server_status *status)
{
    const struct server_version *served = &http->version->served;
    *status = (struct server_status){.is_ready = true};
    if (served->status) served->status(served->status_self, &http->arena, status);
    if (atomic_load(&http->service->is_draining)) {
        status->is_ready = false;
        status->reason = "stopping";
    }
}

static struct answer handle_readyz(struct http *http, struct evhttp_request *request)
{
    (void)request;
    struct server_status status;
    status_fill(http, &status);
    if (status.is_ready) return answer_text(http, 200, "ready\n");
    const char *reason = status.reason ? status.reason : "starting";
    return answer_text(http, 503, nt_arena_printf(&http->arena, "not ready: %s\n", reason));
}

static struct answer handle_metrics(struct http *http, struct evhttp_request *request)
{
    (void)request;
    struct server_status status;
    struct store_snapshot *snapshot;
    struct nt_error error;
    status_fill(http, &status);
    if (store_snapshot_open(http->version->served.store, &snapshot, &error) != NT_OK) {
        return answer_text(http, status_http(error.status), error.text);
    }
    metrics_append(&http->version->metrics, &status, snapshot, &http->out);
    store_snapshot_close(snapshot);
    return (struct answer){200, TYPE_METRICS, buffer_bytes(&http->out)};
}

/* ?after=N: a page of the commit log. */
static struct answer handle_commits(struct http *http, struct evhttp_request *request)
{
    const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
    struct store_snapshot *snapshot;
    struct nt_error error;
    uint64_t after = 0;
    if (query && sscanf(query, "after=%" SCNu64, &after) != 1)
        return answer_error(http, 400, "expected /commits?after=N, N the last commit known");
    enum nt_status status = store_snapshot_open(http->version->served.store, &snapshot, &error);
    if (status == NT_OK) {
        status = store_log_print(snapshot, after, COMMITS_PAGE, &http->out, &error);
        store_snapshot_close(snapshot);
    }
    if (status == NT_OK) return (struct answer){200, TYPE_CSV, buffer_bytes(&http->out)};
    buffer_clear(&http->out);
    return answer_error(http, status_http(status), error.text);
}

static const struct route routes[] = {
    {"/get-online-features", ENDPOINT_ONLINE_FEATURES, EVHTTP_REQ_POST, handle_online_features},
    {"/health", ENDPOINT_HEALTH, EVHTTP_REQ_GET, handle_health},
    {"/livez", ENDPOINT_LIVEZ, EVHTTP_REQ_GET, handle_health},
    {"/readyz", ENDPOINT_READYZ, EVHTTP_REQ_GET, handle_readyz},
    {"/commits", ENDPOINT_COMMITS, EVHTTP_REQ_GET, handle_commits},
    {"/metrics", ENDPOINT_METRICS, EVHTTP_REQ_GET, handle_metrics},
};

static const struct route *route_find(struct evhttp_request *request)
{
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    for (size_t i = 0; path && i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].path, path) == 0) return &routes[i];
    }
    return NULL;
}

/* FastAPI's words for what it does not know, which Feast's clients have seen before. */
static struct answer route_run(struct http *http, const struct route *route,
                               struct evhttp_request *request)
{
    enum evhttp_cmd_type method = evhttp_request_get_command(request);
    if (!route) return answer_json(http, 404, "{\"detail\":\"Not Found\"}");
    if (method == EVHTTP_REQ_HEAD) method = EVHTTP_REQ_GET;
    if (method != route->method) {
        header_add(request, "Allow", route->method == EVHTTP_REQ_POST ? "POST" : "GET, HEAD");
        return answer_json(http, 405, "{\"detail\":\"Method Not Allowed\"}");
    }
    return route->handle(http, request);
}

/* The response of a connection is written out, or never will be. evhttp has one request of a
 * connection under way at a time, so each is counted once. */
static void request_done(struct evhttp_request *request, void *http_)
{
    struct http *http = http_;
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
    http->active--;
}

static void connection_closed(struct evhttp_connection *connection, void *http_)
{
    struct http *http = http_;
    (void)connection;
    http->active--;
}

static void answer_send(struct http *http, struct evhttp_request *request, struct answer answer)
{
    struct evbuffer *body = evbuffer_new();
    bool is_head = evhttp_request_get_command(request) == EVHTTP_REQ_HEAD;
    if (body && answer.body.size && !is_head)
        evbuffer_add(body, answer.body.data, answer.body.size);
    header_add(request, "Content-Type", answer.type);
    if (atomic_load(&http->service->is_draining)) header_add(request, "Connection", "close");
    evhttp_request_set_on_complete_cb(request, request_done, http);
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), connection_closed, http);
    http->active++;
    evhttp_send_reply(request, answer.code, NULL, body);
    if (body) evbuffer_free(body);
}

static void request_handle(struct evhttp_request *request, void *http_)
{
    struct http *http = http_;
    int64_t started_us = clock_monotonic_us();
    const struct route *route = route_find(request);
    nt_arena_reset(&http->arena);
    buffer_clear(&http->out);
    version_enter(http);
    struct answer answer = route_run(http, route, request);
    answer_send(http, request, answer);
    metrics_request(&http->version->metrics, route ? route->endpoint : ENDPOINT_OTHER,
                    answer.code < 400, clock_monotonic_us() - started_us);
    version_leave(http);
}

struct http *http_create(struct http_service *service, struct evhttp *evhttp)
{
    struct http *http = memory_zalloc(sizeof *http);
    http->service = service;
    http->lookup = lookup_create();
    /* Every method comes through, so that the answer to a wrong one is ours. */
    evhttp_set_allowed_methods(evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                           EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
                                           EVHTTP_REQ_PATCH);
    evhttp_set_gencb(evhttp, request_handle, http);
    return http;
}

void http_destroy(struct http *http)
{
    if (!http) return;
    lookup_destroy(http->lookup);
    nt_arena_deinit(&http->arena);
    buffer_deinit(&http->out);
    free(http);
}

size_t http_active(const struct http *http)
{
    return http->active;
}
