/*
 * lines.h: a text file read line by line, as JSON lines are.
 *
 * Lines end in \n or \r\n, the last one may do without. Blank lines are passed over, and so is a
 * byte order mark at the start. Not thread-safe.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/bytes.h"

#define LINE_BYTES_MAX (64u << 20)

/* All zero is closed. */
struct lines {
    FILE *file;
    char *path;      /* owned; of standard input its name */
    uint64_t number; /* of the line last read, from 1; blank ones count */
    char *text;      /* getline's */
    size_t capacity;
};

/* path "-" is standard input. */
enum nt_status lines_open(const char *path, struct lines *lines, struct nt_error *error);
void lines_close(struct lines *lines);

/* line is without its end and lasts until the next call; its data is NULL after the last one. A
 * line of more than LINE_BYTES_MAX is NT_INVALID. */
enum nt_status lines_next(struct lines *lines, struct bytes *line, struct nt_error *error);

#endif
