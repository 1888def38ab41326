/* test_client.c: one request against a server of a few lines that answers what the test says. */
#include "client/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct fake {
    int listener;
    int port;
    const char *response; /* NULL: nothing, and the connection stays open until the client goes */
    char request[1024];
    pthread_t thread;
};

static void *fake_run(void *fake_)
{
    struct fake *fake = fake_;
    int fd = accept(fake->listener, NULL, NULL);
    size_t size = 0;
    while (!strstr(fake->request, "\r\n\r\n") || strstr(fake->request, "POST")) {
        ssize_t got = recv(fd, fake->request + size, sizeof fake->request - 1 - size, 0);
        if (got <= 0) break;
        size += (size_t)got;
        if (fake->request[size - 1] == '}') break; /* the end of the body the tests send */
    }
    if (fake->response) {
        send(fd, fake->response, strlen(fake->response), MSG_NOSIGNAL);
    } else {
        char byte;
        while (recv(fd, &byte, 1, 0) > 0) continue;
    }
    close(fd);
    return NULL;
}

static void fake_start(struct fake *fake, const char *response)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    *fake = (struct fake){.response = response};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fake->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fake->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fake->listener, 8), 0);
    assert_int_equal(getsockname(fake->listener, (struct sockaddr *)&address, &size), 0);
    fake->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&fake->thread, NULL, fake_run, fake), 0);
}

static void fake_end(struct fake *fake)
{
    pthread_join(fake->thread, NULL);
    close(fake->listener);
}

static enum nt_status post(struct fake *fake, const char *response, int *http, struct buffer *body,
                           struct nt_error *error)
{
    fake_start(fake, response);
    enum nt_status status = client_get_online_features(
        "127.0.0.1", fake->port, (struct bytes){(const uint8_t *)"{}", 2}, 300, http, body, error);
    fake_end(fake);
    return status;
}

static void a_request_is_posted_and_its_answer_returned(void **state)
{
    struct fake fake;
    struct buffer body = {0};
    int http = 0;
    (void)state;
    assert_int_equal(
        post(&fake, "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nhello", &http, &body, NULL),
        NT_OK);
    assert_int_equal(http, 404);
    assert_string_equal(buffer_text(&body), "hello");
    assert_non_null(strstr(fake.request, "POST /get-online-features HTTP/1.0\r\n"));
    assert_non_null(strstr(fake.request, "\r\nContent-Length: 2\r\n\r\n{}"));
    buffer_deinit(&body);
}

static void what_stops_half_way_is_no_answer(void **state)
{
    static const char *const wrong[] = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fake fake;
        struct buffer body = {0};
        struct nt_error error;
        int http;
        assert_int_equal(post(&fake, wrong[i], &http, &body, &error), NT_CORRUPT);
        assert_int_equal(body.size, 0);
        buffer_deinit(&body);
    }
}

static void silence_is_not_waited_for_long(void **state)
{
    struct fake fake;
    struct buffer body = {0};
    struct nt_error error;
    int http;
    (void)state;
    assert_int_equal(post(&fake, NULL, &http, &body, &error), NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, "timed out"));
    buffer_deinit(&body);
}

static void a_server_that_is_not_there_is_named(void **state)
{
    struct fake fake;
    struct buffer body = {0};
    struct nt_error error;
    int http;
    (void)state;
    assert_int_equal(post(&fake, "HTTP/1.1 200 OK\r\n\r\n", &http, &body, NULL), NT_OK);
    assert_int_equal(client_get("127.0.0.1", fake.port, "/readyz", 300, &http, &body, &error),
                     NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, "Connection refused; is nowthen serve running?"));
    assert_int_equal(client_get("no.such.host.invalid", 1, "/", 300, &http, &body, &error),
                     NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, "no.such.host.invalid"));
    buffer_deinit(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_posted_and_its_answer_returned),
        cmocka_unit_test(what_stops_half_way_is_no_answer),
        cmocka_unit_test(silence_is_not_waited_for_long),
        cmocka_unit_test(a_server_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
