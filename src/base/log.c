#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static enum log_level level_min = LOG_INFO; /* set once, before threads start */
static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_level_set(enum log_level level)
{
    level_min = level;
}

bool log_level_parse(const char *text, enum log_level *level)
{
    for (int i = 0; i <= LOG_ERROR; i++) {
        if (strcmp(text, level_names[i]) != 0) continue;
        *level = (enum log_level)i;
        return true;
    }
    return false;
}

void log_line(enum log_level level, const char *room, const char *message, const char *fields, ...)
{
    if (level < level_min) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm utc;
    gmtime_r(&now.tv_sec, &utc);
    char line[4096];
    size_t size = strftime(line, sizeof line, "ts=%Y-%m-%dT%H:%M:%S", &utc);
    size += (size_t)snprintf(line + size, sizeof line - size,
                             ".%06ldZ level=%s room=%s msg=\"%.1000s\"", now.tv_nsec / 1000,
                             level_names[level], room, message);
    if (fields[0]) {
        line[size++] = ' ';
        va_list arguments;
        va_start(arguments, fields);
        int more = vsnprintf(line + size, sizeof line - size - 1, fields, arguments);
        va_end(arguments);
        if (more > 0) size += (size_t)more;
        if (size > sizeof line - 2) size = sizeof line - 2;
    }
    line[size++] = '\n';
    fwrite(line, 1, size, stderr); /* one write: lines of threads do not mix */
}
