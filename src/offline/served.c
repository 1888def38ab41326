/* served.c: two kinds of sorted lists: commits by number, and the positions of each partition. */
#include "offline/served.h"

#include "decode/csv.h"
#include "row/value_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COMMIT, NOW, COMMITTED_AT, TOPIC, PARTITION, NEXT_OFFSET, FIELDS };

struct moved {
    int64_t next_offset;
    uint64_t commit;
};

struct partition {
    char *topic;
    int32_t number;
    struct moved *moved; /* ascending */
    size_t count, capacity;
};

struct served {
    const char *path;
    uint64_t first; /* number of the first commit; 0: the log is empty */
    int64_t *now_us;
    size_t count, capacity;
    int64_t until_us;     /* the log is whole up to here */
    int64_t ambiguous_us; /* up to here the clock showed some times twice */
    bool has_end;
    struct partition *partitions;
    size_t partition_count;
    struct nt_arena arena; /* one line */
    struct csv_reader *reader;
};

static bool topic_is(const struct partition *partition, struct bytes topic, int32_t number)
{
    return partition->number == number && strlen(partition->topic) == topic.size &&
           memcmp(partition->topic, topic.data, topic.size) == 0;
}

static struct partition *partition_find(const struct served *served, struct bytes topic,
                                        int32_t number)
{
    for (size_t i = 0; i < served->partition_count; i++)
        if (topic_is(&served->partitions[i], topic, number)) return &served->partitions[i];
    return NULL;
}

static struct partition *partition_add(struct served *served, struct bytes topic, int32_t number)
{
    struct buffer name = {0};
    buffer_append(&name, topic.data, topic.size);
    served->partitions = memory_realloc(served->partitions,
                                        (served->partition_count + 1) * sizeof *served->partitions);
    struct partition *added = &served->partitions[served->partition_count++];
    *added = (struct partition){.topic = memory_strdup(buffer_text(&name)), .number = number};
    buffer_deinit(&name);
    return added;
}

static void moved_add(struct partition *partition, struct moved moved)
{
    if (partition->count == partition->capacity) {
        partition->capacity = partition->capacity ? 2 * partition->capacity : 64;
        partition->moved =
            memory_realloc(partition->moved, partition->capacity * sizeof *partition->moved);
    }
    partition->moved[partition->count++] = moved;
}

static void commit_add(struct served *served, int64_t now_us)
{
    if (served->count == served->capacity) {
        served->capacity = served->capacity ? 2 * served->capacity : 1024;
        served->now_us = memory_realloc(served->now_us, served->capacity * sizeof *served->now_us);
    }
    for (size_t i = served->count; i > 0 && served->now_us[i - 1] > now_us; i = 0)
        if (served->now_us[i - 1] > served->ambiguous_us)
            served->ambiguous_us = served->now_us[i - 1];
    served->now_us[served->count++] = now_us;
}

/* ---- reading ---- */

static enum nt_status line_refuse(const struct served *served, const char *why,
                                  struct nt_error *error)
{
    return error_set(error, NT_INVALID,
                     "%s:%" PRIu64 ": %s; take a commit log as `nowthen inspect --commits` or "
                     "GET /commits gives it",
                     served->path, csv_line(served->reader), why);
}

static bool field_take(struct served *served, const struct csv_field *field, enum nt_type type,
                       struct nt_value *value)
{
    struct nt_eval e = {.arena = &served->arena};
    return !field->is_null &&
           value_parse(&e, type, (const char *)field->text.data, field->text.size, value);
}

static enum nt_status position_take(struct served *served, const struct csv_field *fields,
                                    uint64_t commit, struct nt_error *error)
{
    struct nt_value number, offset;
    if (fields[TOPIC].is_null) return NT_OK; /* a commit that moved no position */
    if (!field_take(served, &fields[PARTITION], NT_INT4, &number) ||
        !field_take(served, &fields[NEXT_OFFSET], NT_INT8, &offset))
        return line_refuse(served, "partition and next_offset must be numbers", error);
    struct bytes topic = fields[TOPIC].text;
    struct partition *partition = partition_find(served, topic, (int32_t)number.integer);
    if (!partition) partition = partition_add(served, topic, (int32_t)number.integer);
    if (partition->count && partition->moved[partition->count - 1].next_offset > offset.integer)
        return line_refuse(served, "a position moves back", error);
    moved_add(partition, (struct moved){offset.integer, commit});
    return NT_OK;
}

static enum nt_status line_take(struct served *served, const struct csv_field *fields,
                                struct nt_error *error)
{
    struct nt_value commit, now;
    struct bytes first = fields[COMMIT].text;
    if (served->has_end) return line_refuse(served, "the log goes on after its end", error);
    if (!field_take(served, &fields[NOW], NT_TIMESTAMPTZ, &now))
        return line_refuse(served, "now must be a time", error);
    if (first.size == 3 && memcmp(first.data, "end", 3) == 0) {
        served->has_end = true;
        served->until_us = now.time.us;
        return NT_OK;
    }
    if (!field_take(served, &fields[COMMIT], NT_INT8, &commit) || commit.integer < 1)
        return line_refuse(served, "commit must be a number from 1", error);
    uint64_t number = (uint64_t)commit.integer, next = served->first + served->count;
    if (!served->count) served->first = next = number;
    if (number != next && number + 1 != next)
        return line_refuse(served, "commits are missing before this one", error);
    if (number == next) commit_add(served, now.time.us);
    return position_take(served, fields, number, error);
}

static enum nt_status lines_read(struct served *served, struct nt_error *error)
{
    const struct csv_field *fields;
    size_t count;
    bool is_header = true;
    for (;;) {
        nt_arena_reset(&served->arena);
        enum nt_status status = csv_next(served->reader, &fields, &count, error);
        if (status != NT_OK || count == 0) return status;
        if (count != FIELDS) return line_refuse(served, "a line has six fields", error);
        if (!is_header) status = line_take(served, fields, error);
        if (status != NT_OK) return status;
        is_header = false;
    }
}

enum nt_status served_open(const char *path, struct served **served, struct nt_error *error)
{
    struct served *opened = memory_zalloc(sizeof *opened);
    opened->path = path;
    opened->ambiguous_us = INT64_MIN;
    enum nt_status status = csv_open(path, &opened->reader, error);
    if (status == NT_OK) status = lines_read(opened, error);
    if (status == NT_OK && !opened->has_end)
        status = line_refuse(opened, "it has no line \"end\": it was cut short", error);
    if (opened->reader) csv_close(opened->reader);
    opened->reader = NULL;
    if (status != NT_OK) served_close(opened);
    *served = status == NT_OK ? opened : NULL;
    return status;
}

void served_close(struct served *served)
{
    if (!served) return;
    for (size_t i = 0; i < served->partition_count; i++) {
        free(served->partitions[i].topic);
        free(served->partitions[i].moved);
    }
    free(served->partitions);
    free(served->now_us);
    nt_arena_deinit(&served->arena);
    free(served);
}

/* ---- asking ---- */

static enum nt_status time_refuse(enum nt_status status, struct nt_time at, const char *why,
                                  int64_t than_us, const char *cure, struct nt_error *error)
{
    struct buffer text = {0}, than = {0};
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(at.us), &text);
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(than_us), &than);
    error_set(error, status, "as served at %s: %s %s: %s", buffer_text(&text), why,
              buffer_text(&than), cure);
    buffer_deinit(&text);
    buffer_deinit(&than);
    return status;
}

enum nt_status served_commit_at(const struct served *served, struct nt_time at, uint64_t *commit,
                                struct nt_error *error)
{
    if (!served->count)
        return error_set(error, NT_EVICTED, "as served: the commit log has no commit yet");
    if (at.us > served->until_us)
        return time_refuse(NT_INVALID, at, "the commit log ends at", served->until_us,
                           "read it again after that time", error);
    if (at.us <= served->ambiguous_us)
        return time_refuse(NT_INVALID, at, "the clock was set back after it had shown",
                           served->ambiguous_us,
                           "say which commit each lookup saw (X-Nowthen-Commit) in a column "
                           "nowthen_commit",
                           error);
    size_t low = 0, high = served->count; /* the first that is later */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (served->now_us[middle] <= at.us)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return time_refuse(NT_EVICTED, at, "the commit log begins at", served->now_us[0],
                           "what was served before is not known; raise store.commit_log_s to keep "
                           "more",
                           error);
    *commit = served->first + low - 1;
    return NT_OK;
}

enum nt_status served_commit_check(const struct served *served, uint64_t commit,
                                   struct nt_error *error)
{
    /* Of a log that is whole, the store before its first commit is known too: it was empty. */
    uint64_t least = served->first == 1 ? 0 : served->first;
    if (served->count && commit >= least && commit < served->first + served->count) return NT_OK;
    uint64_t last = served->count ? served->first + served->count - 1 : 0;
    return error_set(error, commit < served->first ? NT_EVICTED : NT_INVALID,
                     "as served by commit %" PRIu64 ": the commit log has %" PRIu64 " to %" PRIu64,
                     commit, served->first, last);
}

bool served_partition(const struct served *served, const char *topic, size_t i, uint64_t commit,
                      int32_t *partition, int64_t *next_offset)
{
    for (size_t p = 0; p < served->partition_count; p++) {
        const struct partition *found = &served->partitions[p];
        if (strcmp(found->topic, topic) != 0 || i-- > 0) continue;
        *partition = found->number;
        *next_offset = 0;
        for (size_t m = 0; m < found->count && found->moved[m].commit <= commit; m++)
            *next_offset = found->moved[m].next_offset;
        return true;
    }
    return false;
}

uint64_t served_commit_of(const struct served *served, struct bytes topic, int32_t partition,
                          int64_t offset)
{
    const struct partition *found = partition_find(served, topic, partition);
    size_t low = 0, high = found ? found->count : 0; /* the first that is beyond offset */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (found->moved[middle].next_offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return found && low < found->count ? found->moved[low].commit : SERVED_NEVER;
}
