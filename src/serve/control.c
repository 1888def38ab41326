/* control.c: see control.h. */
#include "serve/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_BYTES_MAX 65536
#define CALLER_SECONDS    5 /* who says nothing that long is hung up on */
#define BACKLOG           16

struct control {
    control_handler *handler;
    void *self;
    char *path;
    int listener, wake;
    pthread_t thread;
    bool is_running;
};

/* ---- a caller ---- */

static bool request_read(int fd, struct buffer *request)
{
    while (request->size <= REQUEST_BYTES_MAX) {
        buffer_reserve(request, 4096);
        ssize_t got = recv(fd, request->data + request->size, 4096, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0 && request->size && !request->data[request->size - 1];
        request->size += (size_t)got;
    }
    return false;
}

static void answer_write(int fd, enum nt_status status, struct bytes text)
{
    struct buffer out = {0};
    buffer_printf(&out, "%d\n", (int)status);
    buffer_append(&out, text.data, text.size);
    for (size_t done = 0; done < out.size;) {
        ssize_t sent = send(fd, out.data + done, out.size - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) break;
        done += (size_t)sent;
    }
    buffer_deinit(&out);
}

static void command_run(struct control *control, int fd, const struct buffer *request)
{
    const char *words[CONTROL_WORDS_MAX];
    struct buffer answer = {0};
    struct nt_error error = {0};
    size_t count = 0;
    for (size_t at = 0; at < request->size && count < CONTROL_WORDS_MAX; count++) {
        words[count] = (const char *)request->data + at;
        at += strlen(words[count]) + 1;
    }
    enum nt_status status = control->handler(control->self, words, count, &answer, &error);
    if (status != NT_OK) {
        buffer_clear(&answer);
        buffer_append_text(&answer, error.text);
    }
    answer_write(fd, status, buffer_bytes(&answer));
    buffer_deinit(&answer);
}

static void caller_serve(struct control *control)
{
    struct timeval patience = {.tv_sec = CALLER_SECONDS};
    struct buffer request = {0};
    int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) return;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (request_read(fd, &request)) command_run(control, fd, &request);
    buffer_deinit(&request);
    close(fd);
}

static void *control_run(void *control_)
{
    struct control *control = control_;
    struct pollfd fds[] = {{control->listener, POLLIN, 0}, {control->wake, POLLIN, 0}};
    for (;;) {
        if (poll(fds, 2, -1) < 0) continue;
        if (fds[1].revents) return NULL;
        if (fds[0].revents) caller_serve(control);
    }
}

/* ---- the socket ---- */

/* Through the directory's descriptor: a socket's own path may have 107 bytes and no more. */
static bool socket_bind(struct control *control, const char *directory)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" CONTROL_NAME, fd);
    unlink(address.sun_path);
    bool is_bound = bind(control->listener, (struct sockaddr *)&address, sizeof address) == 0 &&
                    chmod(control->path, 0600) == 0 && listen(control->listener, BACKLOG) == 0;
    int saved = errno;
    close(fd);
    errno = saved;
    return is_bound;
}

static bool control_open(struct control *control, const char *directory)
{
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (control->listener < 0 || !socket_bind(control, directory)) return false;
    control->wake = eventfd(0, EFD_CLOEXEC);
    if (control->wake < 0) return false;
    errno = pthread_create(&control->thread, NULL, control_run, control);
    control->is_running = errno == 0;
    return control->is_running;
}

enum nt_status control_start(const char *directory, control_handler *handler, void *self,
                             struct control **control, struct nt_error *error)
{
    struct control *made = memory_zalloc(sizeof *made);
    struct buffer path = {0};
    buffer_printf(&path, "%s/" CONTROL_NAME, directory);
    *made = (struct control){.handler = handler, .self = self, .listener = -1, .wake = -1};
    made->path = memory_strdup(buffer_text(&path));
    buffer_deinit(&path);
    *control = made;
    if (control_open(made, directory)) return NT_OK;
    enum nt_status status = error_errno(error, "cannot listen for commands at %s", made->path);
    control_stop(made);
    *control = NULL;
    return status;
}

void control_stop(struct control *control)
{
    if (!control) return;
    if (control->is_running) {
        eventfd_write(control->wake, 1);
        pthread_join(control->thread, NULL);
        unlink(control->path);
    }
    if (control->listener >= 0) close(control->listener);
    if (control->wake >= 0) close(control->wake);
    free(control->path);
    free(control);
}
