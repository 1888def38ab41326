/*
 * check.h: is the state what its events make of it? Every timeline is read, built again from its
 * events, and compared with what is stored byte by byte: checksums, shape, counts, spans and
 * partials. Records that belong to no timeline are found too; what is kept by event key is read
 * and must be in order, and the commit log is read.
 *
 * What it cannot see: an event that is missing as a whole, and the partials of what was evicted.
 * Memory: one entity. One thread; the store may be written meanwhile, a snapshot is read.
 */
#ifndef ONLINE_CHECK_H
#define ONLINE_CHECK_H

#include "online/store.h"

struct check_report {
    uint64_t entities, nodes, events, commits;
    uint64_t keyed; /* events kept by their event key */
    uint64_t faults;
};

struct check_visitor {
    void (*fault)(void *self, const struct nt_error *error); /* each fault, NT_CORRUPT */
    bool (*goes_on)(void *self);                             /* false: NT_INTERRUPTED */
    void *self;
};

/* NT_OK with report->faults, when all could be read. */
enum nt_status store_check(struct store_snapshot *snapshot, const struct check_visitor *visitor,
                           struct check_report *report, struct nt_error *error);

#endif
