/* archive.c: see archive.h. */
#include "offline/archive.h"

#include "offline/archive_tables.h"
#include "offline/copy.h"
#include "offline/erase.h"
#include "offline/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct month {
    int32_t number;
    bool is_made; /* in a transaction that came through */
};

/* A source and what is to be kept of it. */
struct kept {
    const struct nt_source *source;
    const char *history; /* quoted: its name in nowthen.archive */
    bool is_partitioned;
    struct buffer rows; /* binary COPY, begun with the header; empty: none */
    uint64_t row_count;
    struct month *months;
    size_t month_count;
};

struct mark {
    uint16_t source;
    int32_t partition;
    int64_t next; /* committed */
};

struct archive {
    const struct nt_program *program;
    const struct erasures *erasures; /* that its events were read with */
    struct nt_arena arena;
    struct kept *kept; /* by source */
    struct mark *marks;
    size_t mark_count;
    uint64_t row_count;
};

static struct mark *mark_find(const struct archive *archive, uint16_t source, int32_t partition)
{
    for (size_t i = 0; i < archive->mark_count; i++) {
        struct mark *mark = &archive->marks[i];
        if (mark->source == source && mark->partition == partition) return mark;
    }
    return NULL;
}

static struct mark *mark_get(struct archive *archive, uint16_t source, int32_t partition)
{
    struct mark *mark = mark_find(archive, source, partition);
    if (mark) return mark;
    archive->marks =
        memory_realloc(archive->marks, (archive->mark_count + 1) * sizeof *archive->marks);
    mark = &archive->marks[archive->mark_count++];
    *mark = (struct mark){source, partition, 0};
    return mark;
}

static bool reads_topic(const struct kept *kept, const char *topic)
{
    return kept->source->topic && strcmp(kept->source->topic, topic) == 0;
}

/* ---- opening ---- */

/* A history that had positions before it was an archive goes on behind them. */
static enum nt_status marks_begin(struct archive *archive, struct connection *connection,
                                  uint16_t source, struct nt_error *error)
{
    const struct nt_source *kept = archive->kept[source].source;
    struct history_position *positions;
    size_t count = 0;
    enum nt_status status = history_placed_check(connection, kept, error);
    if (status == NT_OK)
        status = history_positions(connection, kept, &archive->arena, &positions, &count, error);
    for (size_t i = 0; i < count; i++)
        mark_get(archive, source, positions[i].partition)->next = positions[i].next;
    return status;
}

static enum nt_status marks_load(struct archive *archive, struct connection *connection,
                                 uint16_t source, struct nt_error *error)
{
    struct answer *answer = NULL;
    enum nt_status status =
        archive_marks_fetch(connection, archive->kept[source].source, &answer, error);
    size_t count = status == NT_OK ? answer_row_count(answer) : 0;
    for (size_t i = 0; i < count; i++) {
        int32_t partition = (int32_t)strtol(answer_text(answer, i, 0), NULL, 10);
        mark_get(archive, source, partition)->next = strtoll(answer_text(answer, i, 1), NULL, 10);
    }
    answer_clear(answer);
    if (status == NT_OK && count == 0) status = marks_begin(archive, connection, source, error);
    return status;
}

static enum nt_status kept_open(struct archive *archive, struct connection *connection,
                                uint16_t source, struct nt_error *error)
{
    struct kept *kept = &archive->kept[source];
    struct buffer name = {0};
    kept->source = &archive->program->sources[source];
    history_append_name(kept->source, &name);
    kept->history = nt_arena_printf(&archive->arena, "%s", buffer_text(&name));
    buffer_deinit(&name);
    enum nt_status status =
        archive_table_create(connection, kept->source, &kept->is_partitioned, error);
    return status == NT_OK ? marks_load(archive, connection, source, error) : status;
}

enum nt_status archive_open(struct connection *connection, const struct nt_program *program,
                            const struct erasures *erasures, struct archive **archive,
                            struct nt_error *error)
{
    struct archive *made = memory_zalloc(sizeof *made);
    made->program = program;
    made->erasures = erasures;
    nt_arena_init(&made->arena);
    made->kept = memory_zalloc(program->source_count * sizeof *made->kept);
    enum nt_status status = archive_positions_create(connection, error);
    for (uint16_t i = 0; i < program->source_count && status == NT_OK; i++)
        status = kept_open(made, connection, i, error);
    if (status != NT_OK) {
        archive_close(made);
        return status;
    }
    *archive = made;
    return NT_OK;
}

void archive_close(struct archive *archive)
{
    if (!archive) return;
    for (uint16_t i = 0; i < archive->program->source_count; i++) {
        buffer_deinit(&archive->kept[i].rows);
        free(archive->kept[i].months);
    }
    nt_arena_deinit(&archive->arena);
    free(archive->kept);
    free(archive->marks);
    free(archive);
}

uint64_t archive_row_count(const struct archive *archive)
{
    return archive->row_count;
}

int64_t archive_position(const struct archive *archive, const char *topic, int32_t partition)
{
    int64_t least = INT64_MAX;
    for (uint16_t i = 0; i < archive->program->source_count; i++) {
        if (!reads_topic(&archive->kept[i], topic)) continue;
        const struct mark *mark = mark_find(archive, i, partition);
        int64_t next = mark ? mark->next : -1;
        if (next < least) least = next;
    }
    return least == INT64_MAX ? -1 : least;
}

/* ---- adding ---- */

static void month_want(struct kept *kept, int32_t number)
{
    if (!kept->is_partitioned || number == ARCHIVE_REST) return;
    for (size_t i = 0; i < kept->month_count; i++)
        if (kept->months[i].number == number) return;
    kept->months = memory_realloc(kept->months, (kept->month_count + 1) * sizeof *kept->months);
    kept->months[kept->month_count++] = (struct month){number, false};
}

void archive_add(struct archive *archive, uint16_t source, int32_t partition, int64_t offset,
                 struct nt_time event_time, const struct nt_value *row)
{
    struct kept *kept = &archive->kept[source];
    const struct mark *mark = mark_find(archive, source, partition);
    uint16_t count = kept->source->column_count;
    if (mark && offset < mark->next) return;
    month_want(kept, archive_month(event_time));
    if (kept->rows.size == 0) copy_append_header(&kept->rows);
    copy_append_count(&kept->rows, (uint16_t)(count + 2));
    for (uint16_t i = 0; i < count; i++)
        copy_append_value(&kept->rows, kept->source->columns[i].type, row[i]);
    copy_append_value(&kept->rows, NT_INT4, nt_integer(partition));
    copy_append_value(&kept->rows, NT_INT8, nt_integer(offset));
    kept->row_count++;
}

/* ---- committing ---- */

/* Where a mark will be. */
static int64_t mark_target(const struct archive *archive, const struct mark *mark,
                           const struct archive_position *positions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (positions[i].partition == mark->partition &&
            reads_topic(&archive->kept[mark->source], positions[i].topic))
            return positions[i].next > mark->next ? positions[i].next : mark->next;
    return mark->next;
}

static bool has_marks(const struct archive *archive, uint16_t source)
{
    for (size_t i = 0; i < archive->mark_count; i++)
        if (archive->marks[i].source == source) return true;
    return false;
}

/* Before its first commit nothing tells an import that a source is archived: what one has added
 * since this archive looked would be there twice. */
static enum nt_status first_check(struct archive *archive, struct connection *connection,
                                  uint16_t source, struct nt_error *error)
{
    const struct nt_source *kept = archive->kept[source].source;
    struct history_position *positions;
    size_t count = 0;
    enum nt_status status = history_lock(connection, kept, "ROW EXCLUSIVE", error);
    if (status == NT_OK)
        status = history_positions(connection, kept, &archive->arena, &positions, &count, error);
    for (size_t i = 0; i < count && status == NT_OK; i++) {
        const struct mark *mark = mark_find(archive, source, positions[i].partition);
        if (mark && positions[i].next <= mark->next) continue;
        status = error_set(error, NT_MISMATCH,
                           "%s, the history of source %s, was filled up to offset %" PRId64
                           " of partition %" PRId32
                           " while this archive began: start it again, and it goes on behind that",
                           archive->kept[source].history, kept->name, positions[i].next,
                           positions[i].partition);
    }
    return status;
}

/* Is what is stored what this archive committed last, or what it is about to commit? */
struct standing {
    bool is_before, is_after;
};

static void standing_look(struct archive *archive, uint16_t source, const struct answer *answer,
                          const struct archive_position *positions, size_t count,
                          struct standing *standing)
{
    for (size_t i = 0; i < archive->mark_count; i++) {
        const struct mark *mark = &archive->marks[i];
        int64_t stored = archive_marks_next(answer, mark->partition);
        int64_t target = mark_target(archive, mark, positions, count);
        if (mark->source != source) continue;
        standing->is_before &=
            stored == mark->next || (stored == 0 && answer_row_count(answer) == 0);
        standing->is_after &= stored == target;
    }
}

static enum nt_status standing_get(struct archive *archive, struct connection *connection,
                                   const struct archive_position *positions, size_t count,
                                   struct standing *standing, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    *standing = (struct standing){true, true};
    for (uint16_t i = 0; i < archive->program->source_count && status == NT_OK; i++) {
        struct answer *answer = NULL;
        status = archive_marks_fetch(connection, archive->kept[i].source, &answer, error);
        if (status == NT_OK) standing_look(archive, i, answer, positions, count, standing);
        if (status == NT_OK && answer_row_count(answer) == 0 && has_marks(archive, i))
            status = first_check(archive, connection, i, error);
        answer_clear(answer);
    }
    if (status != NT_OK || standing->is_before || standing->is_after) return status;
    return error_set(
        error, NT_MISMATCH,
        "another archive has moved the positions in nowthen.archive meanwhile: let one "
        "run at a time, and start this one again");
}

static enum nt_status rows_copy(struct kept *kept, struct connection *connection,
                                struct nt_error *error)
{
    struct buffer sql = {0};
    size_t size = kept->rows.size;
    buffer_append_text(&sql, "COPY ");
    history_append_name(kept->source, &sql);
    buffer_append_text(&sql, " (");
    for (uint16_t i = 0; i < kept->source->column_count; i++) {
        sql_append_name(&sql, kept->source->columns[i].name);
        buffer_append_text(&sql, ", ");
    }
    buffer_append_text(&sql, HISTORY_PARTITION ", " HISTORY_OFFSET ") FROM STDIN (FORMAT binary)");
    enum nt_status status = connection_copy_in(connection, buffer_text(&sql), error);
    copy_append_trailer(&kept->rows);
    if (status == NT_OK) {
        status = connection_copy_put(connection, buffer_bytes(&kept->rows), error);
        if (status == NT_OK) status = connection_copy_end(connection, error);
    }
    kept->rows.size = size; /* without the trailer: another attempt may add to it */
    buffer_deinit(&sql);
    return status;
}

static enum nt_status kept_write(struct kept *kept, struct connection *connection,
                                 struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < kept->month_count && status == NT_OK; i++)
        if (!kept->months[i].is_made)
            status = archive_month_create(connection, kept->source, kept->months[i].number, error);
    return status == NT_OK && kept->rows.size ? rows_copy(kept, connection, error) : status;
}

static enum nt_status marks_write(struct archive *archive, struct connection *connection,
                                  const struct archive_position *positions, size_t count,
                                  struct nt_error *error)
{
    struct buffer sql = {0};
    for (size_t i = 0; i < archive->mark_count; i++) {
        const struct mark *mark = &archive->marks[i];
        const struct kept *kept = &archive->kept[mark->source];
        buffer_append_text(&sql, i ? ", (" : "INSERT INTO nowthen.archive VALUES (");
        sql_append_literal(&sql,
                           (struct bytes){(const uint8_t *)kept->history, strlen(kept->history)});
        buffer_append_text(&sql, ", ");
        sql_append_literal(&sql, (struct bytes){(const uint8_t *)kept->source->topic,
                                                strlen(kept->source->topic)});
        buffer_printf(&sql, ", %" PRId32 ", %" PRId64 ")", mark->partition,
                      mark_target(archive, mark, positions, count));
    }
    buffer_append_text(&sql, " ON CONFLICT (history, topic, partition) DO UPDATE SET next_offset = "
                             "excluded.next_offset");
    enum nt_status status =
        archive->mark_count ? connection_exec(connection, buffer_text(&sql), error) : NT_OK;
    buffer_deinit(&sql);
    return status;
}

/* One attempt at the transaction. */
static enum nt_status transaction_run(struct archive *archive, struct connection *connection,
                                      const struct archive_position *positions, size_t count,
                                      struct nt_error *error)
{
    struct standing standing;
    enum nt_status status = connection_exec(
        connection, "BEGIN; LOCK TABLE nowthen.archive IN SHARE ROW EXCLUSIVE MODE", error);
    if (status == NT_OK)
        status = standing_get(archive, connection, positions, count, &standing, error);
    if (status == NT_OK && !standing.is_before)
        return connection_exec(connection, "ROLLBACK", error);
    if (status == NT_OK) status = erasures_check(connection, archive->erasures, error);
    for (uint16_t i = 0; i < archive->program->source_count && status == NT_OK; i++)
        status = kept_write(&archive->kept[i], connection, error);
    if (status == NT_OK) status = marks_write(archive, connection, positions, count, error);
    if (status == NT_OK) status = connection_exec(connection, "COMMIT", error);
    if (status != NT_OK) connection_exec(connection, "ROLLBACK", NULL);
    return status;
}

static void committed(struct archive *archive, const struct archive_position *positions,
                      size_t count)
{
    for (size_t i = 0; i < archive->mark_count; i++)
        archive->marks[i].next = mark_target(archive, &archive->marks[i], positions, count);
    for (uint16_t i = 0; i < archive->program->source_count; i++) {
        struct kept *kept = &archive->kept[i];
        archive->row_count += kept->row_count;
        kept->row_count = 0;
        buffer_clear(&kept->rows);
        for (size_t month = 0; month < kept->month_count; month++)
            kept->months[month].is_made = true;
    }
}

enum nt_status archive_commit(struct archive *archive, struct connection *connection,
                              const struct archive_position *positions, size_t count,
                              struct nt_error *error)
{
    for (size_t i = 0; i < count; i++)
        for (uint16_t s = 0; s < archive->program->source_count; s++)
            if (reads_topic(&archive->kept[s], positions[i].topic))
                mark_get(archive, s, positions[i].partition);
    enum nt_status status = transaction_run(archive, connection, positions, count, error);
    if (status == NT_OK) committed(archive, positions, count);
    return status;
}
