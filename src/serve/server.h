/*
 * server.h: the lookup service: HTTP over an online store.
 *
 *   POST /get-online-features   Feast's contract; see lookup.h
 *   GET  /health /livez         200 while the process answers
 *   GET  /readyz                200, or 503 and why not
 *   GET  /commits?after=N       the commit log as CSV, a page of it; see commit_log.h
 *   GET  /metrics               Prometheus text 0.0.4; see metrics.h
 *
 * Some threads of its own, each with its connections; nothing here is called from another thread
 * but what says so.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include "online/store.h"

#define SERVER_PORT           6566 /* as feast serve */
#define SERVER_THREADS_MAX    64
#define SERVER_BODY_BYTES_MAX (8u << 20)

/* Where a partition stands. */
struct server_partition {
    const char *topic;
    int32_t partition;
    int64_t position; /* the next offset to apply */
    int64_t end;      /* the next offset that will be written to it; -1: not known */
};

/* What the server shows of the rest of the process. */
struct server_status {
    bool is_ready;
    const char *reason; /* why it is not ready, for /readyz */
    uint64_t messages;  /* read by the worker since it started */
    uint64_t commits;   /* made by it */
    size_t partition_count;
    const struct server_partition *partitions;
};

/* What is served: a program over its store. */
struct server_version {
    const struct nt_program *program;
    struct store *store;
    /* Called by the server's threads, also at once. What status points at lives in arena. NULL:
     * ready as long as the server is. */
    void (*status)(void *self, struct nt_arena *arena, struct server_status *status);
    void *status_self;
};

struct server_options {
    const char *host;      /* outlives the server; address or name to listen on; NULL: 127.0.0.1 */
    int port;              /* 0: any free one, see server_port */
    int threads;           /* 0: 1 */
    size_t body_bytes_max; /* of a request; 0: SERVER_BODY_BYTES_MAX */
};

struct server;

/* Listens and answers when it returns. What version points at outlives the server or server_swap.
 * NT_UNAVAILABLE: the address cannot be listened on. */
enum nt_status server_start(const struct server_version *version,
                            const struct server_options *options, struct server **server,
                            struct nt_error *error);
/* Every request that begins from now on is answered by version; each answer is of one version
 * alone. When it returns no request reads the one before, which may be closed. Counters begin anew.
 * Another thread than the server's, one at a time. */
void server_swap(struct server *server, const struct server_version *version);
int server_port(const struct server *server);
/* /readyz says 503 from now on, and each answer asks its client to close. Any thread. */
void server_drain(struct server *server);
/* Drains, takes no more connections, lets requests under way finish for at most a few seconds,
 * joins the threads and frees the server. NULL is fine. */
void server_stop(struct server *server);

#endif
