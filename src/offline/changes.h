/*
 * changes.h: every moment at which a view's row for one entity may change, in order.
 *
 * A term changes only where an event enters or leaves its window. Both are non-decreasing in event
 * time, over the events that ever enter, so per window there are two sorted streams over the
 * entity's event times, and the moments are their merge: no sorting, no list. Pure.
 */
#ifndef OFFLINE_CHANGES_H
#define OFFLINE_CHANGES_H

#include "nowthen/program.h"

struct changes;

struct changes *changes_create(const struct nt_view *view);
void changes_destroy(struct changes *changes); /* NULL is fine */
/* times_us: the event times, ascending; borrowed. Moments before from are passed over. */
void changes_begin(struct changes *changes, const int64_t *times_us, size_t count,
                   struct nt_time from);
/* The next moment; false: there is none. wanted: a bitmap of the terms that may differ from what
 * they were at the moment before, borrowed until the next call. */
bool changes_next(struct changes *changes, struct nt_time *moment, const uint64_t **wanted);

#endif
