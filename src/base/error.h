/*
 * error.h: statuses and the error a caller hands in. One table says everything of a status.
 *
 * A function that can fail returns an enum nt_status; the detail goes into the caller's struct
 * nt_error, last parameter, which may be NULL. Nothing is kept in thread-locals.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* X(enumerator, name, HTTP status, exit code, retriable) */
#define NT_STATUSES(X)                                                                             \
    X(OK, "ok", 200, 0, false)                                                                     \
    X(DIFFERENT, "different", 409, 1, false)      /* verify found a difference */                  \
    X(INVALID, "invalid", 400, 2, false)          /* the user's input or definition is wrong */    \
    X(NOT_FOUND, "not found", 404, 3, false)      /* no such file, view, service, key */           \
    X(CORRUPT, "corrupt", 500, 4, false)          /* bytes that fail their checks */               \
    X(MISMATCH, "mismatch", 409, 5, false)        /* a fingerprint or version is another */        \
    X(UNAVAILABLE, "unavailable", 503, 6, true)   /* a server is down or not ready */              \
    X(IO, "i/o error", 503, 7, true)              /* the operating system said no: disk full */    \
    X(EVICTED, "evicted", 410, 8, false)          /* as_of is before what is still kept */         \
    X(INTERRUPTED, "interrupted", 503, 130, true) /* Ctrl-C */

enum nt_status {
#define NT_STATUS_ENUM(name, text, http, exit, retriable) NT_##name,
    NT_STATUSES(NT_STATUS_ENUM)
#undef NT_STATUS_ENUM
        NT_STATUS_COUNT
};

#define NT_ERROR_TEXT_MAX 2048

struct nt_error {
    enum nt_status status;
    char
        text[NT_ERROR_TEXT_MAX]; /* says the thing, the value and the cure; no newline at the end */
};

/* Fills *error (which may be NULL) and returns status: return error_set(error, NT_INVALID, ...); */
enum nt_status error_set(struct nt_error *error, enum nt_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts "what: " before the text, to say where it happened. Returns error->status. */
enum nt_status error_prefix(struct nt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Status from errno, text "what: strerror". */
enum nt_status error_errno(struct nt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *status_name(enum nt_status status);
int status_http(enum nt_status status);
int status_exit_code(enum nt_status status);
bool status_is_retriable(enum nt_status status);

#endif
