/*
 * diagnostics.h: everything the compiler has to say about a definition file, collected, sorted by
 * place and printed for people:
 *
 *   definitions.sql:14:22: window bound must be a constant interval of days or smaller, ...
 *          avg(x) FILTER (WHERE at > now() - interval '1 month') AS a
 *                                            ^
 *     write instead: interval '30 days'
 *
 * Lines and columns count from 1, columns in characters. Passes go on after a finding, so that one
 * run shows them all; an expression that was refused is a NULL pointer that nobody reports again.
 */
#ifndef COMPILER_DIAGNOSTICS_H
#define COMPILER_DIAGNOSTICS_H

#include "base/bytes.h"
#include "nowthen/arena.h"

struct diagnostic {
    int offset; /* in bytes from the start of the file */
    int order;  /* of being found, for equal offsets */
    bool is_warning;
    const char *reason; /* in the user's words, no full stop */
    const char *cure;   /* what to write instead, or NULL */
};

struct diagnostics {
    struct nt_arena *arena;
    const char *path;
    struct bytes text;
    struct diagnostic *list;
    int count;
    int error_count;
};

/* A finding at an offset. Returns where its cure goes: *diagnostics_error(...) = "..."; */
const char **diagnostics_error(struct diagnostics *diagnostics, int offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char **diagnostics_warn(struct diagnostics *diagnostics, int offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* All of them, by place; the same finding at the same place once. */
void diagnostics_print(struct diagnostics *diagnostics, struct buffer *out);

/* Room for one more in an array that grows by doubling; the new element is all zero. Used as
 * list = array_more(arena, list, count, sizeof *list); list[count++] = ... */
void *array_more(struct nt_arena *arena, void *array, int count, size_t size);

#endif
