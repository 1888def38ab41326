/* control.c: see control.h. */
#include "client/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* -1: nobody listens there, or errno says what else. */
static int control_connect(const char *directory)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0) return -1;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/control", at);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int saved = errno;
        close(fd);
        fd = -1;
        errno = saved;
    }
    int saved = errno;
    close(at);
    errno = saved;
    return fd;
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
    return shutdown(fd, SHUT_WR) == 0;
}

static bool receive_all(int fd, struct buffer *text)
{
    for (;;) {
        buffer_reserve(text, 4096);
        ssize_t got = recv(fd, text->data + text->size, 4096, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        text->size += (size_t)got;
    }
}

static enum nt_status answer_take(const char *directory, struct buffer *text, struct buffer *answer,
                                  struct nt_error *error)
{
    char *end;
    long status = strtol(buffer_text(text), &end, 10);
    if (*end != '\n' || status < 0 || status >= NT_STATUS_COUNT)
        return error_set(error, NT_UNAVAILABLE,
                         "the process that serves %s ended before it answered", directory);
    if (status != NT_OK) return error_set(error, (enum nt_status)status, "%s", end + 1);
    buffer_append_text(answer, end + 1);
    return NT_OK;
}

enum nt_status control_ask(const char *directory, const char *const *words, size_t count,
                           bool *is_served, struct buffer *answer, struct nt_error *error)
{
    struct buffer text = {0};
    int fd = control_connect(directory);
    *is_served = fd >= 0;
    if (fd < 0) {
        if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) return NT_OK;
        return error_errno(error, "cannot reach the process that serves %s", directory);
    }
    for (size_t i = 0; i < count; i++) buffer_append(&text, words[i], strlen(words[i]) + 1);
    bool is_sent = send_all(fd, buffer_bytes(&text));
    buffer_clear(&text);
    enum nt_status status = is_sent && receive_all(fd, &text)
                                ? answer_take(directory, &text, answer, error)
                                : error_errno(error, "the process that serves %s", directory);
    close(fd);
    buffer_deinit(&text);
    return status;
}
