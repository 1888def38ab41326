/*
 * import.h: a file of events into a source's history, decoded and admitted as the worker would.
 *
 * JSON lines (any name), or CSV with a header (a name that ends in .csv). An event that the worker
 * would dead-letter is not imported: it is counted, and the first IMPORT_SHOWN are printed on
 * stderr with line and reason. All in one transaction. Memory: one event.
 */
#ifndef OFFLINE_IMPORT_H
#define OFFLINE_IMPORT_H

#include "nowthen/program.h"
#include "offline/connection.h"

#define IMPORT_SHOWN 10

enum import_mode { IMPORT_APPEND, IMPORT_REPLACE };

/* The file is a partition's log, an event a message: the first has the offset, rejected ones have
 * theirs, blank lines have none, as nowthen publish would send them. */
struct import_origin {
    bool is_set;
    int32_t partition;
    int64_t offset;
};

struct import_report {
    uint64_t events; /* read, rejected ones too */
    uint64_t imported;
    uint64_t repeated; /* not imported: the history has their positions already */
    uint64_t rejected;
};

/* Creates the history table (history.h) when it is missing. NT_INVALID: a CSV whose header lacks a
 * column that has no default, or names a generated one. path "-" is standard input, JSON lines.
 * origin, when set, fills the columns of positions (history.h), and an event whose position is in
 * the history is passed over. NT_INVALID: the history's rows have positions and these have none, or
 * the other way round; or an archive has still to bring some of them. */
enum nt_status import_file(struct connection *connection, const struct nt_program *program,
                           uint16_t source, const char *path, enum import_mode mode,
                           struct import_origin origin, struct import_report *report,
                           struct nt_error *error);

#endif
