/*
 * rows.h: where rows come from, one of the four seams: a COPY from PostgreSQL (rows_copy.c), or an
 * array in a test.
 */
#ifndef OFFLINE_ROWS_H
#define OFFLINE_ROWS_H

#include "base/bytes.h"
#include "nowthen/eval.h"

struct rows {
    /* The next row, of *source (index into the program's), one value per column that the body was
     * opened with. What values point at lives in arena or is borrowed until the next call.
     * *is_end: there was none. */
    enum nt_status (*next)(void *self, struct nt_arena *arena, uint16_t *source,
                           struct nt_value *row, bool *is_end, struct nt_error *error);
    void *self;
};

static inline enum nt_status rows_next(struct rows rows, struct nt_arena *arena, uint16_t *source,
                                       struct nt_value *row, bool *is_end, struct nt_error *error)
{
    return rows.next(rows.self, arena, source, row, is_end, error);
}

#endif
