/*
 * sorter.h: records of bytes in memcmp order, more of them than fit into memory: an external merge
 * sort (Knuth, volume 3, 5.4). What does not fit is in files without a name, in TMPDIR or /tmp,
 * that go with the process.
 */
#ifndef OFFLINE_SORTER_H
#define OFFLINE_SORTER_H

#include "base/bytes.h"

struct sorter;

/* memory_max: bytes of records held before they are written out. */
struct sorter *sorter_create(size_t memory_max);
void sorter_destroy(struct sorter *sorter); /* NULL is fine */
/* A record of at least one byte, copied. */
enum nt_status sorter_add(struct sorter *sorter, struct bytes record, struct nt_error *error);
/* After the last add, before the first next. */
enum nt_status sorter_sort(struct sorter *sorter, struct nt_error *error);
/* The next record, borrowed until the next call; size 0: there is none. */
enum nt_status sorter_next(struct sorter *sorter, struct bytes *record, struct nt_error *error);

#endif
