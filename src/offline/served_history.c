/*
 * served_history.c: does the history reach as far as the commit that is asked about?
 *
 * What nowthen archive has read says nowthen.archive, exactly: rejected events and tombstones are
 * behind its position too. A history that was filled by other means is believed to be whole.
 */
#include "offline/served.h"

#include "offline/history.h"

#include <inttypes.h>
#include <stdlib.h>

static enum nt_status is_archiving(struct connection *connection, bool *is_there,
                                   struct nt_error *error)
{
    struct answer *answer = NULL;
    enum nt_status status = connection_query(
        connection, "SELECT to_regclass('nowthen.archive') IS NOT NULL", &answer, error);
    *is_there = status == NT_OK && answer_text(answer, 0, 0)[0] == 't';
    answer_clear(answer);
    return status;
}

/* Of a source that is archived at all, a partition without a line has not been read. */
static enum nt_status archived_fetch(struct connection *connection, const struct nt_source *source,
                                     struct answer **answer, struct nt_error *error)
{
    struct buffer history = {0};
    history_append_name(source, &history);
    struct parameter parameters[] = {parameter_text(buffer_text(&history)),
                                     parameter_text(source->topic)};
    enum nt_status status = connection_query_with(
        connection,
        "SELECT partition, next_offset FROM nowthen.archive WHERE history = $1 AND topic = $2",
        parameters, 2, answer, error);
    buffer_deinit(&history);
    return status;
}

static int64_t archived_next(const struct answer *answer, int32_t partition)
{
    for (size_t i = 0; i < answer_row_count(answer); i++)
        if (strtol(answer_text(answer, i, 0), NULL, 10) == partition)
            return strtoll(answer_text(answer, i, 1), NULL, 10);
    return 0;
}

static enum nt_status source_check(const struct served *served, struct connection *connection,
                                   const struct nt_source *source, uint64_t commit,
                                   struct nt_error *error)
{
    struct answer *answer = NULL;
    int32_t partition;
    int64_t reached;
    enum nt_status status = archived_fetch(connection, source, &answer, error);
    bool is_archived = status == NT_OK && answer_row_count(answer) > 0;
    for (size_t i = 0; is_archived && status == NT_OK &&
                       served_partition(served, source->topic, i, commit, &partition, &reached);
         i++) {
        int64_t next = archived_next(answer, partition);
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
    enum nt_status status = is_archiving(connection, &is_there, error);
    for (uint16_t i = 0; i < view->feed_count && status == NT_OK && is_there; i++)
        status = source_check(served, connection, &program->sources[view->feeds[i].source], commit,
                              error);
    return status;
}
