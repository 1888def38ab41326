/*
 * client.c: HTTP/1.0 over a socket. 1.0, because its responses end with the connection and are
 * never in chunks.
 */
#include "client/client.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define RESPONSE_BYTES_MAX (1u << 30)

/* Where the request goes; for messages too. */
struct target {
    const char *host;
    int port;
    int timeout_ms;
};

static enum nt_status target_fail(const struct target *target, const char *what,
                                  struct nt_error *error)
{
    int code = errno == EAGAIN || errno == EINPROGRESS ? ETIMEDOUT : errno;
    return error_set(error, NT_UNAVAILABLE, "cannot %s http://%s:%d: %s; is nowthen serve running?",
                     what, target->host, target->port, strerror(code));
}

static int socket_connect(const struct addrinfo *address, int timeout_ms)
{
    struct timeval timeout = {timeout_ms / 1000, (timeout_ms % 1000) * 1000};
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout); /* connect's too */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static enum nt_status target_connect(const struct target *target, int *fd, struct nt_error *error)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *addresses;
    char port[16];
    snprintf(port, sizeof port, "%d", target->port);
    int failed = getaddrinfo(target->host, port, &hints, &addresses);
    if (failed) {
        return error_set(error, NT_UNAVAILABLE, "cannot find host %s: %s", target->host,
                         gai_strerror(failed));
    }
    *fd = -1;
    for (struct addrinfo *a = addresses; a && *fd < 0; a = a->ai_next) {
        *fd = socket_connect(a, target->timeout_ms);
    }
    int saved = errno;
    freeaddrinfo(addresses);
    errno = saved;
    return *fd >= 0 ? NT_OK : target_fail(target, "reach", error);
}

static bool send_all(int fd, struct bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return false;
        bytes.data += sent;
        bytes.size -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int fd, struct buffer *response)
{
    while (response->size < RESPONSE_BYTES_MAX) {
        buffer_reserve(response, 65536);
        ssize_t got = recv(fd, response->data + response->size, 65536, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        response->size += (size_t)got;
    }
    errno = EFBIG;
    return false;
}

/* The body's size as the headers say, or -1. */
static long long length_find(const char *headers)
{
    static const char name[] = "\r\nContent-Length:";
    const char *found = strcasestr(headers, name);
    return found ? strtoll(found + sizeof name - 1, NULL, 10) : -1;
}

static enum nt_status response_read(const struct target *target, struct buffer *response, int *http,
                                    struct buffer *body, struct nt_error *error)
{
    char *text = buffer_text(response);
    char *end = strstr(text, "\r\n\r\n");
    if (response->size < 12 || strncmp(text, "HTTP/1.", 7) != 0 || text[8] != ' ' || !end) {
        return error_set(error, NT_CORRUPT, "what answers at %s:%d does not speak HTTP",
                         target->host, target->port);
    }
    *http = (int)strtol(text + 9, NULL, 10);
    *end = 0; /* the headers are a text of their own */
    const char *start = end + 4;
    size_t size = response->size - (size_t)(start - text);
    long long length = length_find(text);
    if (length >= 0 && (unsigned long long)length != size) {
        return error_set(error, NT_CORRUPT, "%s:%d sent %zu bytes of %lld and closed", target->host,
                         target->port, size, length);
    }
    buffer_append(body, start, size);
    return NT_OK;
}

static enum nt_status exchange(const struct target *target, struct bytes request, int *http,
                               struct buffer *body, struct nt_error *error)
{
    struct buffer response = {0};
    int fd;
    enum nt_status status = target_connect(target, &fd, error);
    if (status != NT_OK) return status;
    if (!send_all(fd, request)) {
        status = target_fail(target, "write to", error);
    } else if (!receive_all(fd, &response)) {
        status = target_fail(target, "read from", error);
    } else {
        status = response_read(target, &response, http, body, error);
    }
    close(fd);
    buffer_deinit(&response);
    return status;
}

enum nt_status client_get_online_features(const char *host, int port, struct bytes request,
                                          int timeout_ms, int *http, struct buffer *body,
                                          struct nt_error *error)
{
    struct target target = {host, port, timeout_ms};
    struct buffer message = {0};
    buffer_printf(&message,
                  "POST /get-online-features HTTP/1.0\r\nHost: %s:%d\r\n"
                  "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                  host, port, request.size);
    buffer_append(&message, request.data, request.size);
    enum nt_status status = exchange(&target, buffer_bytes(&message), http, body, error);
    buffer_deinit(&message);
    return status;
}

enum nt_status client_get(const char *host, int port, const char *path, int timeout_ms, int *http,
                          struct buffer *body, struct nt_error *error)
{
    struct target target = {host, port, timeout_ms};
    struct buffer message = {0};
    buffer_printf(&message, "GET %s HTTP/1.0\r\nHost: %s:%d\r\n\r\n", path, host, port);
    enum nt_status status = exchange(&target, buffer_bytes(&message), http, body, error);
    buffer_deinit(&message);
    return status;
}
