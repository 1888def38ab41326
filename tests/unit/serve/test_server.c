/* test_server.c: the service over a real socket: routes, headers, keep-alive, stopping. */
#include "serve/server.h"

#include "flights.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct store *store;
    struct server_version version;
    struct server *server;
    bool is_ready;
    char response[1 << 18];
};

static const struct server_partition partition = {"flights", 0, 40, 42};

static void status_fill(void *self, struct nt_arena *arena, struct server_status *status)
{
    struct fixture *f = self;
    status->is_ready = f->is_ready;
    status->reason = nt_arena_printf(arena, "%d messages behind", 2);
    status->messages = 40;
    status->commits = 4;
    status->partitions = &partition;
    status->partition_count = 1;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->store = flights_store();
    f->is_ready = true;
    struct server_options options = {.threads = 2, .body_bytes_max = 10000};
    f->version = (struct server_version){&flights_program, f->store, status_fill, f};
    *state = f;
    return server_start(&f->version, &options, &f->server, NULL) == NT_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    server_stop(f->server);
    store_close(f->store);
    free(f);
    return 0;
}

static int dial(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = 10};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

/* Reads until the response is whole by its Content-Length, or the connection ends. */
static void receive(int fd, char *response, size_t room)
{
    size_t size = 0;
    for (;;) {
        ssize_t got = recv(fd, response + size, room - 1 - size, 0);
        if (got <= 0) break;
        size += (size_t)got;
        response[size] = 0;
        const char *body = strstr(response, "\r\n\r\n");
        const char *length = strstr(response, "Content-Length: ");
        if (body && length && length < body &&
            strlen(body + 4) >= (size_t)strtol(length + 16, NULL, 10)) {
            break;
        }
    }
    response[size] = 0;
}

static const char *ask_on(struct fixture *f, int fd, const char *method, const char *path,
                          const char *body)
{
    struct buffer request = {0};
    buffer_printf(&request, "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s", method,
                  path, strlen(body), body);
    assert_int_equal(send(fd, request.data, request.size, MSG_NOSIGNAL), request.size);
    receive(fd, f->response, sizeof f->response);
    buffer_deinit(&request);
    return f->response;
}

static const char *ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    int fd = dial(server_port(f->server));
    assert_true(fd >= 0);
    ask_on(f, fd, method, path, body);
    close(fd);
    return f->response;
}

static void assert_has(const char *response, const char *text)
{
    if (!strstr(response, text)) fail_msg("no \"%s\" in:\n%s", text, response);
}

#define QUESTION "{\"features\":[\"aircraft:legs\"],\"entities\":{\"tailnum\":[\"N1\"]}}"

static void a_lookup_is_answered_with_its_commit_and_its_moment(void **state)
{
    const char *response = ask(*state, "POST", "/get-online-features", QUESTION);
    assert_has(response, "HTTP/1.1 200 OK\r\n");
    assert_has(response, "\r\nContent-Type: application/json\r\n");
    assert_has(response, "\r\nX-Nowthen-Commit: 1\r\n");
    assert_has(response, "\r\nX-Nowthen-As-Of: 2013-01-02T10:17:00.25Z\r\n");
    assert_has(response, "\r\n\r\n{\"results\":[{\"values\":[\"N1\"]");
}

static void mistakes_are_4xx_with_a_json_body(void **state)
{
    struct fixture *f = *state;
    assert_has(ask(f, "POST", "/get-online-features", "{"), "HTTP/1.1 400 ");
    assert_has(f->response, "\r\n\r\n\"{\\\"module\\\": \\\"feast.errors\\\"");
    assert_has(ask(f, "POST", "/get-online-features", ""), "HTTP/1.1 400 ");
    assert_has(ask(f, "GET", "/get-online-features", ""), "HTTP/1.1 405 ");
    assert_has(f->response, "\r\nAllow: POST\r\n");
    assert_has(f->response, "{\"detail\":\"Method Not Allowed\"}");
    assert_has(ask(f, "POST", "/metrics", ""), "HTTP/1.1 405 ");
    assert_has(ask(f, "POST", "/push", "{}"), "HTTP/1.1 404 ");
    assert_has(f->response, "{\"detail\":\"Not Found\"}");
    assert_has(ask(f, "GET", "/", ""), "HTTP/1.1 404 ");
}

static void a_request_that_is_too_large_is_refused_in_json(void **state)
{
    char *large = calloc(1, 10002);
    memset(large, ' ', 10001);
    assert_has(ask(*state, "POST", "/get-online-features", large), "HTTP/1.1 413 ");
    assert_has(((struct fixture *)*state)->response, "the request has 10001 bytes, at most 10000");
    free(large);
}

static void health_says_whether_it_lives_and_readyz_whether_it_is_ready(void **state)
{
    struct fixture *f = *state;
    assert_has(ask(f, "GET", "/health", ""), "HTTP/1.1 200 ");
    assert_has(ask(f, "GET", "/livez", ""), "HTTP/1.1 200 ");
    assert_has(ask(f, "GET", "/readyz", ""), "\r\n\r\nready\n");
    f->is_ready = false;
    assert_has(ask(f, "GET", "/readyz?verbose", ""), "HTTP/1.1 503 ");
    assert_has(f->response, "\r\n\r\nnot ready: 2 messages behind\n");
    assert_has(ask(f, "GET", "/livez", ""), "HTTP/1.1 200 ");
}

static void metrics_count_what_was_asked(void **state)
{
    struct fixture *f = *state;
    ask(f, "POST", "/get-online-features", QUESTION);
    ask(f, "POST", "/get-online-features", "{");
    ask(f, "GET", "/wp-admin", "");
    ask(f, "GET", "/metrics", "");
    assert_has(f->response, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    static const char *const lines[] = {
        "\n# TYPE nowthen_feature_server_request_total counter\n",
        "\nnowthen_feature_server_request_total{endpoint=\"/get-online-features\","
        "status=\"success\"} 1\n",
        "\nnowthen_feature_server_request_total{endpoint=\"/get-online-features\","
        "status=\"error\"} 1\n",
        "\nnowthen_feature_server_request_total{endpoint=\"other\",status=\"error\"} 1\n",
        "\nnowthen_feature_server_request_latency_seconds_bucket{endpoint=\"/get-online-features\","
        "le=\"+Inf\"} 2\n",
        "\nnowthen_online_features_request_total 2\n",
        "\nnowthen_online_features_entity_count_bucket{le=\"1\"} 1\n",
        "\nnowthen_online_features_entity_count_sum 1\n",
        "\nnowthen_online_features_status_total{feature_view=\"aircraft\",status=\"PRESENT\"} 1\n",
        "\nnowthen_events_total{result=\"accepted\"} 3\n",
        "\nnowthen_commit_sequence 1\n",
        "\nnowthen_now_timestamp_seconds 1357121820.250000\n",
        "\nnowthen_worker_ready 1\n",
        "\nnowthen_worker_messages_total 40\n",
        "\nnowthen_kafka_position{topic=\"flights\",partition=\"0\"} 40\n",
        "\nnowthen_kafka_lag{topic=\"flights\",partition=\"0\"} 2\n",
        "\nnowthen_store_memory_bytes{part=\"timelines\"} ",
        "\nnowthen_store_memory_bytes{part=\"memtables\"} ",
        "\nprocess_open_fds ",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) assert_has(f->response, lines[i]);
}

static void a_connection_carries_many_requests(void **state)
{
    struct fixture *f = *state;
    int fd = dial(server_port(f->server));
    for (int i = 0; i < 100; i++) {
        assert_has(ask_on(f, fd, "POST", "/get-online-features", QUESTION), "\"values\":[2]");
    }
    close(fd);
}

static void head_has_no_body(void **state)
{
    struct fixture *f = *state;
    int fd = dial(server_port(f->server));
    const char *request = "HEAD /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_true(send(fd, request, strlen(request), MSG_NOSIGNAL) > 0);
    receive(fd, f->response, sizeof f->response);
    assert_has(f->response, "HTTP/1.1 200 ");
    assert_null(strstr(f->response, "ready\n"));
    close(fd);
}

/* What no client should send must not end the process. */
static void nonsense_on_the_socket_is_survived(void **state)
{
    struct fixture *f = *state;
    static const char *const nonsense[] = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\x16\x03\x01",
        "POST /get-online-features HTTP/1.1\r\n\r\n",
        "POST /get-online-features HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /get-online-features HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        "POST /get-online-features HTTP/1.1\r\nContent-Length: 100\r\n\r\n{",
        "GET http:// HTTP/1.1\r\n\r\n",
        "GET //%zz?%%% HTTP/1.1\r\nHost: x\r\n\r\n",
        "FLY /health HTTP/1.1\r\nHost: x\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        int fd = dial(server_port(f->server));
        assert_true(send(fd, nonsense[i], strlen(nonsense[i]), MSG_NOSIGNAL) > 0);
        shutdown(fd, SHUT_WR);
        receive(fd, f->response, sizeof f->response);
        close(fd);
    }
    assert_has(ask(f, "GET", "/livez", ""), "HTTP/1.1 200 ");
}

/* Asks for a large response and goes away without reading it. */
static void clients_that_go_away_are_survived(void **state)
{
    struct fixture *f = *state;
    struct linger reset = {.l_onoff = 1};
    for (int i = 0; i < 50; i++) {
        int fd = dial(server_port(f->server));
        const char *request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
        assert_true(send(fd, request, strlen(request), MSG_NOSIGNAL) > 0);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
    assert_has(ask(f, "GET", "/livez", ""), "HTTP/1.1 200 ");
}

static void draining_turns_clients_away_before_it_stops(void **state)
{
    struct fixture *f = *state;
    server_drain(f->server);
    assert_has(ask(f, "GET", "/readyz", ""), "HTTP/1.1 503 ");
    assert_has(f->response, "not ready: stopping\n");
    assert_has(ask(f, "POST", "/get-online-features", QUESTION), "HTTP/1.1 200 ");
    assert_has(f->response, "\r\nConnection: close\r\n");
    int port = server_port(f->server);
    server_stop(f->server);
    f->server = NULL;
    assert_int_equal(dial(port), -1);
}

static void a_port_that_is_taken_is_named(void **state)
{
    struct fixture *f = *state;
    struct server_options options = {.port = server_port(f->server)};
    struct server *second;
    struct nt_error error;
    assert_int_equal(server_start(&f->version, &options, &second, &error), NT_UNAVAILABLE);
    assert_null(second);
    assert_has(error.text, "cannot listen on 127.0.0.1:");
    assert_has(error.text, "Address already in use; choose another port or stop what has it");
    options = (struct server_options){.host = "no.such.host.invalid"};
    assert_int_equal(server_start(&f->version, &options, &second, &error), NT_UNAVAILABLE);
    assert_has(error.text, "no.such.host.invalid");
}

struct caller {
    struct fixture *fixture;
    int good;
};

static void *caller_run(void *caller_)
{
    struct caller *caller = caller_;
    char *response = malloc(65536);
    int fd = dial(server_port(caller->fixture->server));
    const char *body = QUESTION;
    char request[512];
    snprintf(request, sizeof request,
             "POST /get-online-features HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(body), body);
    for (int i = 0; i < 200; i++) {
        if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) break;
        receive(fd, response, 65536);
        caller->good += strstr(response, "\"values\":[2]") != NULL;
    }
    close(fd);
    free(response);
    return NULL;
}

static void many_clients_are_answered_at_once(void **state)
{
    struct caller callers[8];
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        callers[i] = (struct caller){*state, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, caller_run, &callers[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(callers[i].good, 200);
    }
}

/* The store of the other version has one more event of N1 than the first, and an answer says of
 * which program it is: the two must fit together in each. */
static void *swap_caller_run(void *caller_)
{
    struct caller *caller = caller_;
    char *response = malloc(65536);
    int fd = dial(server_port(caller->fixture->server));
    const char *request = "POST /get-online-features HTTP/1.1\r\nHost: x\r\n"
                          "Content-Length: 60\r\n\r\n" QUESTION;
    for (int i = 0; i < 400; i++) {
        if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) break;
        receive(fd, response, 65536);
        bool is_other = strstr(response, "X-Nowthen-Program: other") != NULL;
        caller->good += strstr(response, is_other ? "\"values\":[3]" : "\"values\":[2]") != NULL;
    }
    close(fd);
    free(response);
    return NULL;
}

static void versions_are_swapped_under_load(void **state)
{
    struct fixture *f = *state;
    struct nt_program other = flights_program;
    other.fingerprint = "other";
    struct caller callers[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        callers[i] = (struct caller){f, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, swap_caller_run, &callers[i]), 0);
    }
    for (int i = 0; i < 50; i++) {
        struct store *store = flights_store();
        flights_add(store, "N1", "UA", 1, 1, FLIGHTS_T0);
        assert_int_equal(store_commit(store, NULL, 0, NULL), NT_OK);
        server_swap(f->server, &(struct server_version){&other, store, NULL, NULL});
        usleep(1000);
        server_swap(f->server, &f->version);
        store_close(store); /* nobody reads it any more */
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(callers[i].good, 400);
    }
}

int main(void)
{
#define SERVED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SERVED(a_lookup_is_answered_with_its_commit_and_its_moment),
        SERVED(mistakes_are_4xx_with_a_json_body),
        SERVED(a_request_that_is_too_large_is_refused_in_json),
        SERVED(health_says_whether_it_lives_and_readyz_whether_it_is_ready),
        SERVED(metrics_count_what_was_asked),
        SERVED(a_connection_carries_many_requests),
        SERVED(head_has_no_body),
        SERVED(nonsense_on_the_socket_is_survived),
        SERVED(clients_that_go_away_are_survived),
        SERVED(draining_turns_clients_away_before_it_stops),
        SERVED(a_port_that_is_taken_is_named),
        SERVED(many_clients_are_answered_at_once),
        SERVED(versions_are_swapped_under_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
