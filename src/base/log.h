/*
 * log.h: what operators read: one logfmt line to stderr.
 *   ts=2026-11-21T10:17:00.123456Z level=info room=stream msg="caught up" lag=0
 *
 * Any thread. Never log a key or a feature value.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_level_set(enum log_level level);
/* "debug", "info", "warn", "error". False: no such level. */
bool log_level_parse(const char *text, enum log_level *level);
/* fields is a printf format that gives key=value pairs, or "" for none. */
void log_line(enum log_level level, const char *room, const char *message, const char *fields, ...)
    __attribute__((format(printf, 4, 5)));

#endif
