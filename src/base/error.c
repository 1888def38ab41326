#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int http;
    int exit_code;
    bool is_retriable;
} statuses[NT_STATUS_COUNT] = {
#define NT_STATUS_ROW(name, text, http, exit, retriable) {text, http, exit, retriable},
    NT_STATUSES(NT_STATUS_ROW)
#undef NT_STATUS_ROW
};

enum nt_status error_set(struct nt_error *error, enum nt_status status, const char *format, ...)
{
    if (!error) return status;
    va_list arguments;
    va_start(arguments, format);
    error->status = status;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return status;
}

enum nt_status error_prefix(struct nt_error *error, const char *format, ...)
{
    if (!error) return NT_INVALID;
    char text[NT_ERROR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof text - 2) return error->status;
    snprintf(text + size, sizeof text - (size_t)size, ": %.*s",
             (int)(sizeof text - (size_t)size - 3), error->text);
    memcpy(error->text, text, sizeof text);
    return error->status;
}

enum nt_status error_errno(struct nt_error *error, const char *format, ...)
{
    int saved = errno;
    /* The only signals with handlers are those that end a command. */
    enum nt_status status = saved == ENOENT  ? NT_NOT_FOUND
                            : saved == EINTR ? NT_INTERRUPTED
                                             : NT_IO;
    if (!error) return status;
    char what[NT_ERROR_TEXT_MAX - 128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(error, status, "%s: %s", what, strerror(saved));
}

const char *status_name(enum nt_status status)
{
    return statuses[status].name;
}
int status_http(enum nt_status status)
{
    return statuses[status].http;
}
int status_exit_code(enum nt_status status)
{
    return statuses[status].exit_code;
}
bool status_is_retriable(enum nt_status status)
{
    return statuses[status].is_retriable;
}
