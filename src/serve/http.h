/* http.h: routes. One struct http a thread, on that thread's evhttp. */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include "serve/metrics.h"
#include "serve/server.h"

#include <stdatomic.h>

struct evhttp;
struct http;

/* What the threads of a server share. */
struct http_service {
    const struct nt_program *program;
    struct store *store;
    struct server_options options;
    struct metrics metrics;
    atomic_bool is_draining;
};

/* Answers everything that comes to evhttp. service outlives it. */
struct http *http_create(struct http_service *service, struct evhttp *evhttp);
void http_destroy(struct http *http); /* after its evhttp is freed */
/* Requests whose response is not written out yet. */
size_t http_active(const struct http *http);

#endif
