/*
 * archive.h: events of the stream kept in their source's history, each with its position in the
 * log, exactly once: rows and positions are one transaction, so history outlives the log's
 * retention and a store built from it goes on in the stream where the history ends.
 *
 *   history.<source>   the source's columns, log_partition int4, log_offset int8; partitioned by
 *                      month of event time, <source>_2013_07, with <source>_rest for infinities and
 *                      years that are not 1 to 9999; BRIN on event time
 *   nowthen.archive    history, topic, partition -> the next offset to read
 *
 * Made where they are missing. A table of one's own with those columns does as well. One archive of
 * a program runs at a time; a second one is refused at its first commit. One thread.
 */
#ifndef OFFLINE_ARCHIVE_H
#define OFFLINE_ARCHIVE_H

#include "nowthen/program.h"
#include "offline/connection.h"
#include "runtime/erasure.h"

struct archive;

struct archive_position {
    const char *topic;
    int32_t partition;
    int64_t next;
};

/* connection stays the caller's. NT_INVALID: a source's history is no table with positions, or rows
 * that it had before it was an archive are without one. */
enum nt_status archive_open(struct connection *connection, const struct nt_program *program,
                            const struct erasures *erasures, struct archive **archive,
                            struct nt_error *error);
void archive_close(struct archive *archive); /* NULL is fine */
/* Where to go on: the least over the sources of the topic; -1: it was never opened. */
int64_t archive_position(const struct archive *archive, const char *topic, int32_t partition);
/* In memory until commit; of a source that has the event already it is nothing. */
void archive_add(struct archive *archive, uint16_t source, int32_t partition, int64_t offset,
                 struct nt_time event_time, const struct nt_value *row);
/* All that was added, and the positions, in one transaction. After NT_UNAVAILABLE (or NT_IO) call
 * it again, over another connection if this one is lost: if the transaction came through and only
 * the answer was lost, it sees that. NT_MISMATCH: another archive is at work, or an
 * import was while this one began. */
enum nt_status archive_commit(struct archive *archive, struct connection *connection,
                              const struct archive_position *positions, size_t count,
                              struct nt_error *error);
uint64_t archive_row_count(const struct archive *archive); /* committed */

#endif
