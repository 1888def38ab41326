/* reach.c: see reach.h. A store keeps the offset that it first read of a partition; one that was
 * built of history up to a position has none, and is whole. */
#include "cli/reach.h"

#include <inttypes.h>
#include <string.h>

#define CURE                                                                                       \
    "Nothing was swapped: build the version of history (`nowthen materialize --online`, `nowthen " \
    "upgrade --from`), or say --accept-differences where no window reaches so far back"

/* Did the live version come with history up to an event time, and the new one with none? */
static enum nt_status histories_compare(const struct reach_side *live,
                                        const struct reach_side *next, const char *topic,
                                        const char *feature, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (uint16_t i = 0; i < live->program->source_count && status == NT_OK; i++) {
        const struct nt_source *source = &live->program->sources[i];
        struct nt_time before, until;
        if (!source->topic || strcmp(source->topic, topic) != 0) continue;
        status = store_handover_get(live->store, source->name, &before, error);
        if (status == NT_OK) status = store_handover_get(next->store, source->name, &until, error);
        if (status == NT_OK && until.us < before.us)
            status = error_set(error, NT_DIFFERENT,
                               "%s is new, nothing shows that its values are whole, and the live "
                               "version was built of the history of source %s. " CURE,
                               feature, source->name);
    }
    return status;
}

static enum nt_status partition_compare(const struct reach_side *live,
                                        const struct reach_side *next,
                                        const struct store_position *at, const char *feature,
                                        struct nt_error *error)
{
    int64_t before, begin;
    enum nt_status status =
        store_snapshot_begin(live->snapshot, at->topic, at->partition, &before, error);
    if (status == NT_OK)
        status = store_snapshot_begin(next->snapshot, at->topic, at->partition, &begin, error);
    if (status != NT_OK || begin < 0) return status;
    if (begin <= (before < 0 ? 0 : before))
        return histories_compare(live, next, at->topic, feature, error);
    return error_set(
        error, NT_DIFFERENT,
        "%s is new, nothing shows that its values are whole, and the log is not: topic "
        "%s/%" PRId32 " begins at offset %" PRId64 " by now, and the live version has "
        "read what was before. " CURE,
        feature, at->topic, at->partition, begin);
}

enum nt_status reach_compare(const struct reach_side *live, const struct reach_side *next,
                             const struct store_position *positions, size_t count,
                             const char *feature, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < count && status == NT_OK; i++)
        status = partition_compare(live, next, &positions[i], feature, error);
    return status;
}
