/*
 * server.c: the listening socket and its threads. Each thread has an event loop and an evhttp over
 * a duplicate of the socket; the kernel hands a connection to whoever is free. A thread owns all
 * that its loop touches; the service struct they share is constant or atomic.
 */
#include "serve/server.h"

#include "base/log.h"
#include "serve/http.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER_BYTES_MAX 65536
#define IDLE_SECONDS_MAX 300 /* Feast's client keeps connections that long */
#define STOP_MS_MAX      3000
#define STOP_POLL_MS     10
#define SWAP_POLL_NS     100000
#define BACKLOG          1024
#define HARD_BODY_FACTOR                                                                           \
    4 /* evhttp's own refusal is HTML and cuts the connection: leave room for ours */

struct worker {
    struct server *server;
    pthread_t thread;
    bool is_running;
    struct event_base *base;
    struct evhttp *evhttp;
    struct evhttp_bound_socket *listener;
    struct event *wake;  /* the server's eventfd: stop */
    struct event *timer; /* looks whether the last requests are done */
    struct http *http;
    int64_t stop_us_max;
};

struct server {
    struct http_service service;
    int listener;
    int wake;
    int port;
    int worker_count;
    struct worker *workers;
};

/* ---- the socket ---- */

static int socket_bind(const struct addrinfo *address)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    /* Linux hands TCP_NODELAY down to the connections. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
        bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int socket_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return -1;
    if (address.ss_family == AF_INET6) {
        return ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    }
    return ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
}

static enum nt_status socket_open(struct server *server, struct nt_error *error)
{
    const struct server_options *options = &server->service.options;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *addresses;
    char port[16];
    snprintf(port, sizeof port, "%d", options->port);
    int failed = getaddrinfo(options->host, port, &hints, &addresses);
    if (failed) {
        return error_set(error, NT_UNAVAILABLE, "cannot listen on %s:%s: %s", options->host, port,
                         gai_strerror(failed));
    }
    for (struct addrinfo *a = addresses; a && server->listener < 0; a = a->ai_next) {
        server->listener = socket_bind(a);
    }
    int saved = errno;
    freeaddrinfo(addresses);
    if (server->listener < 0) {
        return error_set(error, NT_UNAVAILABLE, "cannot listen on %s:%s: %s%s", options->host, port,
                         strerror(saved),
                         saved == EADDRINUSE ? "; choose another port or stop what has it" : "");
    }
    server->port = socket_port(server->listener);
    return NT_OK;
}

/* ---- a thread ---- */

static void worker_check(evutil_socket_t fd, short what, void *worker_)
{
    struct worker *worker = worker_;
    (void)fd;
    (void)what;
    if (http_active(worker->http) == 0 || clock_monotonic_us() >= worker->stop_us_max) {
        event_base_loopbreak(worker->base);
    }
}

/* The eventfd is never read: it stays readable, and so reaches every thread. */
static void worker_stop(evutil_socket_t fd, short what, void *worker_)
{
    struct worker *worker = worker_;
    struct timeval poll = {.tv_usec = STOP_POLL_MS * 1000};
    (void)fd;
    (void)what;
    evhttp_del_accept_socket(worker->evhttp, worker->listener);
    worker->listener = NULL;
    worker->stop_us_max = clock_monotonic_us() + STOP_MS_MAX * INT64_C(1000);
    event_add(worker->timer, &poll);
}

static void *worker_run(void *worker_)
{
    struct worker *worker = worker_;
    event_base_dispatch(worker->base);
    return NULL;
}

static bool worker_listen(struct worker *worker)
{
    int fd = fcntl(worker->server->listener, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return false;
    worker->listener = evhttp_accept_socket_with_handle(worker->evhttp, fd);
    if (!worker->listener) close(fd);
    return worker->listener;
}

/* Signals stay with the thread that started the server; SIGPIPE, blocked, becomes EPIPE. */
static bool worker_spawn(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    worker->is_running = pthread_create(&worker->thread, NULL, worker_run, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return worker->is_running;
}

static bool worker_start(struct worker *worker, struct server *server)
{
    size_t body_max = server->service.options.body_bytes_max * HARD_BODY_FACTOR;
    worker->server = server;
    worker->base = event_base_new();
    worker->evhttp = worker->base ? evhttp_new(worker->base) : NULL;
    if (!worker->evhttp) return false;
    evhttp_set_max_body_size(worker->evhttp, (ssize_t)body_max);
    evhttp_set_max_headers_size(worker->evhttp, HEADER_BYTES_MAX);
    evhttp_set_timeout(worker->evhttp, IDLE_SECONDS_MAX);
    worker->http = http_create(&server->service, worker->evhttp);
    worker->wake = event_new(worker->base, server->wake, EV_READ, worker_stop, worker);
    worker->timer = event_new(worker->base, -1, EV_PERSIST, worker_check, worker);
    return worker->wake && worker->timer && event_add(worker->wake, NULL) == 0 &&
           worker_listen(worker) && worker_spawn(worker);
}

static void worker_end(struct worker *worker)
{
    if (worker->is_running) pthread_join(worker->thread, NULL);
    if (worker->wake) event_free(worker->wake);
    if (worker->timer) event_free(worker->timer);
    if (worker->evhttp) evhttp_free(worker->evhttp);
    http_destroy(worker->http);
    if (worker->base) event_base_free(worker->base);
}

/* ---- the server ---- */

static struct http_version *version_create(const struct server_version *served)
{
    struct http_version *version = memory_zalloc(sizeof *version);
    version->served = *served;
    metrics_init(&version->metrics, served->program);
    return version;
}

static void version_destroy(struct http_version *version)
{
    metrics_deinit(&version->metrics);
    free(version);
}

static struct server *server_create(const struct server_version *version,
                                    const struct server_options *options)
{
    struct server *server = memory_zalloc(sizeof *server);
    struct server_options *own = &server->service.options;
    *own = *options;
    if (!own->host) own->host = "127.0.0.1";
    if (own->threads < 1) own->threads = 1;
    if (own->threads > SERVER_THREADS_MAX) own->threads = SERVER_THREADS_MAX;
    if (!own->body_bytes_max) own->body_bytes_max = SERVER_BODY_BYTES_MAX;
    atomic_store(&server->service.version, version_create(version));
    server->listener = server->wake = -1;
    server->worker_count = own->threads;
    server->workers = memory_zalloc((size_t)own->threads * sizeof *server->workers);
    return server;
}

enum nt_status server_start(const struct server_version *version,
                            const struct server_options *options, struct server **server,
                            struct nt_error *error)
{
    struct server *made = server_create(version, options);
    *server = NULL;
    enum nt_status status = socket_open(made, error);
    if (status == NT_OK) {
        made->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (made->wake < 0) status = error_errno(error, "cannot make an eventfd");
    }
    for (int i = 0; i < made->worker_count && status == NT_OK; i++) {
        if (!worker_start(&made->workers[i], made)) {
            status =
                error_set(error, NT_UNAVAILABLE, "cannot start thread %d of the server", i + 1);
        }
    }
    if (status != NT_OK) {
        server_stop(made);
        return status;
    }
    log_line(LOG_INFO, "serve", "listening", "host=%s port=%d threads=%d",
             made->service.options.host, made->port, made->worker_count);
    *server = made;
    return NT_OK;
}

static bool is_read(struct server *server, const struct http_version *version)
{
    for (int i = 0; i < server->worker_count; i++)
        if (http_reads(server->workers[i].http, version)) return true;
    return false;
}

void server_swap(struct server *server, const struct server_version *version)
{
    struct http_version *before =
        atomic_exchange(&server->service.version, version_create(version));
    while (is_read(server, before)) nanosleep(&(struct timespec){.tv_nsec = SWAP_POLL_NS}, NULL);
    version_destroy(before);
}

int server_port(const struct server *server)
{
    return server->port;
}

void server_drain(struct server *server)
{
    atomic_store(&server->service.is_draining, true);
}

void server_stop(struct server *server)
{
    if (!server) return;
    server_drain(server);
    if (server->wake >= 0) eventfd_write(server->wake, 1);
    for (int i = 0; i < server->worker_count; i++) worker_end(&server->workers[i]);
    if (server->wake >= 0) close(server->wake);
    if (server->listener >= 0) close(server->listener);
    version_destroy(atomic_load(&server->service.version));
    free(server->workers);
    free(server);
}
