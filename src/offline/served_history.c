/*
 * served_history.c: does the history reach as far as the commit that is asked about?
 *
 * What nowthen archive has read says nowthen.archive, exactly: rejected events and tombstones are
 * behind its position too. A history that was filled by other means is believed to be whole.
 */
#include "offline/served.h"

#include "offline/archive_tables.h"

#include <inttypes.h>

static enum nt_status source_check(const struct served *served, struct connection *connection,
                                   const struct nt_source *source, uint64_t commit,
                                   struct nt_error *error)
{
    struct answer *answer = NULL;
    int32_t partition;
    int64_t reached;
    enum nt_status status = archive_marks_fetch(connection, source, &answer, error);
    bool is_archived = status == NT_OK && answer_row_count(answer) > 0;
    for (size_t i = 0; is_archived && status == NT_OK &&
                       served_partition(served, source->topic, i, commit, &partition, &reached);
         i++) {
        int64_t next = archive_marks_next(answer, partition);
        if (next >= reached) continue;
        status = error_set(error, NT_UNAVAILABLE,
                           "the archive of source %s is behind: topic %s, partition %" PRId32
                           ", is archived up to offset %" PRId64 ", and commit %" PRIu64
                           " had applied it up to %" PRId64
                           ": run `nowthen archive --until-end`, then ask again",
                           source->name, source->topic, partition, next, commit, reached);
    }
    answer_clear(answer);
    return status;
}

enum nt_status served_check_history(const struct served *served, struct connection *connection,
                                    const struct nt_program *program, const struct nt_view *view,
                                    uint64_t commit, struct nt_error *error)
{
    bool is_there;
    enum nt_status status = archive_is_there(connection, &is_there, error);
    for (uint16_t i = 0; i < view->feed_count && status == NT_OK && is_there; i++)
        status = source_check(served, connection, &program->sources[view->feeds[i].source], commit,
                              error);
    return status;
}
