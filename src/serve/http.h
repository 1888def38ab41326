/*
 * http.h: routes. One struct http a thread, on that thread's evhttp.
 *
 * What is served may be replaced while requests come in (server_swap). A thread says which version
 * it reads for as long as a request takes, so that who replaces it can wait until nobody does: a
 * hazard pointer a thread (M. Michael, 2004). No request waits for that, and none sees two
 * versions.
 */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include "serve/metrics.h"
#include "serve/server.h"

#include <stdatomic.h>

struct evhttp;
struct http;

/* A program over its store, and what was counted of it. */
struct http_version {
    struct server_version served;
    struct metrics metrics;
};

/* What the threads of a server share. */
struct http_service {
    struct server_options options;
    _Atomic(struct http_version *) version;
    atomic_bool is_draining;
};

/* Answers everything that comes to evhttp. service outlives it. */
struct http *http_create(struct http_service *service, struct evhttp *evhttp);
void http_destroy(struct http *http); /* after its evhttp is freed */
/* Requests whose response is not written out yet. */
size_t http_active(const struct http *http);
/* Is a request under way that reads it? Any thread. */
bool http_reads(struct http *http, const struct http_version *version);

#endif
