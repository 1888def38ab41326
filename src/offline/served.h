/*
 * served.h: a commit log, read from CSV (online's commit_log.h; nowthen inspect --commits, GET
 * /commits): which commit a past lookup saw, and which commit brought an event.
 *
 * Lines: commit, now, committed_at, topic, partition, next_offset; numbered without a gap; the last
 * line is "end" with the now() up to which the log is whole.
 */
#ifndef OFFLINE_SERVED_H
#define OFFLINE_SERVED_H

#include "base/bytes.h"
#include "nowthen/program.h"
#include "offline/connection.h"

#define SERVED_NEVER UINT64_MAX

struct served;

/* NT_INVALID: not a commit log, or not a whole one; with path:line. */
enum nt_status served_open(const char *path, struct served **served, struct nt_error *error);
void served_close(struct served *served); /* NULL is fine */
/* The commit that a lookup with now() = at saw. NT_EVICTED: before the log begins. NT_INVALID:
 * after its end, or the clock was set back so that the time alone does not tell. */
enum nt_status served_commit_at(const struct served *served, struct nt_time at, uint64_t *commit,
                                struct nt_error *error);
/* Whether the log has a commit: NT_EVICTED or NT_INVALID if not. 0, before the first of all, is
 * known when the log begins with 1. */
enum nt_status served_commit_check(const struct served *served, uint64_t commit,
                                   struct nt_error *error);
/* The commit that brought the event at offset, or an earlier one that the log no longer tells from
 * its first; SERVED_NEVER: none did. */
uint64_t served_commit_of(const struct served *served, struct bytes topic, int32_t partition,
                          int64_t offset);
/* The i-th partition of topic that the log speaks of, and the offset that commit had reached in it:
 * 0, as far as the log knows. False: there are not so many. */
bool served_partition(const struct served *served, const char *topic, size_t i, uint64_t commit,
                      int32_t *partition, int64_t *next_offset);
/* Does the archive of every source of the view reach as far as commit had? NT_UNAVAILABLE if not,
 * with what to do (served_history.c). */
enum nt_status served_check_history(const struct served *served, struct connection *connection,
                                    const struct nt_program *program, const struct nt_view *view,
                                    uint64_t commit, struct nt_error *error);

#endif
