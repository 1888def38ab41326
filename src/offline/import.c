/* import.c: file to decode to admit to binary COPY. */
#include "offline/import.h"

#include "base/progress.h"
#include "offline/archive_tables.h"
#include "offline/copy.h"
#include "offline/event_file.h"
#include "offline/history.h"
#include "runtime/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PIECE_BYTES (256u * 1024u)
#define STAGING     "pg_temp.nowthen_import"

struct import {
    struct connection *connection;
    const struct nt_program *program;
    uint16_t source_index;
    const struct nt_source *source;
    const char *path;
    struct event_file *file;
    struct nt_value *row;
    struct nt_arena arena; /* one event */
    struct buffer piece;
    struct import_origin origin;
    bool is_staged;  /* rows go through STAGING, for those that the history has */
    int64_t reached; /* the offset after the last row's */
    struct import_report *report;
};

static void rejected_show(struct import *i, const char *why)
{
    if (i->report->rejected++ >= IMPORT_SHOWN) return;
    fprintf(stderr, "%s:%" PRIu64 ": rejected: %s\n", i->path, event_file_line(i->file),
            why ? why : "no reason given");
}

static void row_append(struct import *i)
{
    uint16_t positions = i->origin.is_set ? HISTORY_POSITIONS : 0;
    copy_append_count(&i->piece, (uint16_t)(i->source->column_count + positions));
    for (uint16_t c = 0; c < i->source->column_count; c++)
        copy_append_value(&i->piece, i->source->columns[c].type, i->row[c]);
    if (i->origin.is_set) {
        int64_t offset = i->origin.offset + (int64_t)i->report->events - 1;
        copy_append_value(&i->piece, NT_INT4, nt_integer(i->origin.partition));
        copy_append_value(&i->piece, NT_INT8, nt_integer(offset));
        i->reached = offset + 1;
    }
    i->report->imported++;
}

static enum nt_status event_import(struct import *i, bool *is_end, struct nt_error *error)
{
    struct event event;
    bool is_good = false;
    nt_arena_reset(&i->arena);
    struct nt_eval e = {.arena = &i->arena};
    enum nt_status status = event_file_next(i->file, &e, i->row, &is_good, is_end, error);
    if (status != NT_OK || *is_end) return status;
    i->report->events++;
    if (is_good) is_good = event_admit(i->program, i->source_index, &e, i->row, &event);
    if (is_good)
        row_append(i);
    else
        rejected_show(i, e.error);
    if (i->piece.size < PIECE_BYTES) return NT_OK;
    status = connection_copy_put(i->connection, buffer_bytes(&i->piece), error);
    buffer_clear(&i->piece);
    return status;
}

static enum nt_status events_import(struct import *i, struct nt_error *error)
{
    struct progress progress;
    bool is_end = false;
    enum nt_status status = NT_OK;
    progress_start(&progress, "import events", "events", 0);
    copy_append_header(&i->piece);
    while (status == NT_OK && !is_end) {
        status = event_import(i, &is_end, error);
        if (!is_end) progress_add(&progress, 1);
    }
    copy_append_trailer(&i->piece);
    if (status == NT_OK)
        status = connection_copy_put(i->connection, buffer_bytes(&i->piece), error);
    if (status == NT_OK) progress_finish(&progress);
    return status;
}

/* ---- the table ---- */

/* Rows without a position go to where no row has one. */
static enum nt_status unplaced_begin(struct import *i, struct nt_error *error)
{
    struct buffer name = {0};
    struct history_placed placed;
    enum nt_status status = history_placed_count(i->connection, i->source, &placed, error);
    if (status != NT_OK || placed.with == 0) return status;
    history_append_name(i->source, &name);
    error_set(error, NT_INVALID,
              "%" PRIu64 " rows of %s, the history of source %s, say in %s and %s where in the log "
              "they were, and what reads by position would not see those of this file: say where "
              "it was with --positions PARTITION:OFFSET, or empty the history first with --replace",
              placed.with, buffer_text(&name), i->source->name, HISTORY_PARTITION, HISTORY_OFFSET);
    buffer_deinit(&name);
    return NT_INVALID;
}

static void columns_append(const struct import *i, struct buffer *sql)
{
    for (uint16_t c = 0; c < i->source->column_count; c++) {
        buffer_append_text(sql, c ? ", " : "");
        sql_append_name(sql, i->source->columns[c].name);
    }
    if (i->origin.is_set) buffer_append_text(sql, ", " HISTORY_PARTITION ", " HISTORY_OFFSET);
}

static enum nt_status staging_create(struct import *i, struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "CREATE TEMP TABLE " STAGING " ON COMMIT DROP AS SELECT ");
    columns_append(i, &sql);
    buffer_append_text(&sql, " FROM ");
    history_append_name(i->source, &sql);
    buffer_append_text(&sql, " WITH NO DATA");
    enum nt_status status = connection_exec(i->connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

/* Rows with a position go to where all have one. Until the end nobody else adds any, so that two
 * imports at once give an event once. A lock and not a unique index: one would make the archive
 * slower, and on a table that is partitioned by event time it would have to hold that too. */
static enum nt_status placed_begin(struct import *i, enum import_mode mode, struct nt_error *error)
{
    bool has_positions = false;
    enum nt_status status = history_lock(i->connection, i->source, "SHARE ROW EXCLUSIVE", error);
    if (status == NT_OK) status = history_placed_check(i->connection, i->source, error);
    if (status == NT_OK)
        status = history_has_positions(i->connection, i->source, &has_positions, error);
    if (status == NT_OK && !has_positions)
        status = history_add_positions(i->connection, i->source, error);
    i->is_staged = has_positions && mode == IMPORT_APPEND;
    return status == NT_OK && i->is_staged ? staging_create(i, error) : status;
}

static enum nt_status transaction_begin(struct import *i, enum import_mode mode,
                                        struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "BEGIN");
    if (mode == IMPORT_REPLACE) {
        buffer_append_text(&sql, "; TRUNCATE ");
        history_append_name(i->source, &sql);
    }
    enum nt_status status = connection_exec(i->connection, buffer_text(&sql), error);
    if (status == NT_OK)
        status = i->origin.is_set ? placed_begin(i, mode, error) : unplaced_begin(i, error);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status copy_begin(struct import *i, struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "COPY ");
    if (i->is_staged)
        buffer_append_text(&sql, STAGING);
    else
        history_append_name(i->source, &sql);
    buffer_append_text(&sql, " (");
    columns_append(i, &sql);
    buffer_append_text(&sql, ") FROM STDIN (FORMAT binary)");
    enum nt_status status = connection_copy_in(i->connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status staging_move(struct import *i, struct nt_error *error)
{
    struct buffer sql = {0};
    struct answer *answer = NULL;
    buffer_append_text(&sql, "WITH put AS (INSERT INTO ");
    history_append_name(i->source, &sql);
    buffer_append_text(&sql, " (");
    columns_append(i, &sql);
    buffer_append_text(&sql, ") SELECT ");
    columns_append(i, &sql);
    buffer_append_text(&sql, " FROM " STAGING " AS n WHERE NOT EXISTS (SELECT FROM ");
    history_append_name(i->source, &sql);
    buffer_printf(&sql,
                  " AS h WHERE h." HISTORY_OFFSET " = n." HISTORY_OFFSET " AND h." HISTORY_PARTITION
                  " = %" PRId32 " AND h." HISTORY_OFFSET " >= %" PRId64 ") ORDER BY " HISTORY_OFFSET
                  " RETURNING 1) SELECT count(*) FROM put",
                  i->origin.partition, i->origin.offset);
    enum nt_status status = connection_query(i->connection, buffer_text(&sql), &answer, error);
    if (status == NT_OK) {
        uint64_t staged = i->report->imported;
        i->report->imported = strtoull(answer_text(answer, 0, 0), NULL, 10);
        i->report->repeated = staged - i->report->imported;
    }
    answer_clear(answer);
    buffer_deinit(&sql);
    return status;
}

/* An archive adds what is at or behind its mark, without looking whether it is there. */
static enum nt_status archive_check(struct import *i, struct nt_error *error)
{
    struct answer *answer = NULL;
    bool is_there = false;
    enum nt_status status = archive_is_there(i->connection, &is_there, error);
    if (status == NT_OK && is_there)
        status = archive_marks_fetch(i->connection, i->source, &answer, error);
    bool is_archived = status == NT_OK && is_there && answer_row_count(answer) > 0;
    int64_t next = is_archived ? archive_marks_next(answer, i->origin.partition) : INT64_MAX;
    answer_clear(answer);
    if (status != NT_OK || i->reached <= next) return status;
    return error_set(error, NT_INVALID,
                     "%s reaches to before offset %" PRId64 " of partition %" PRId32
                     ", and the archive of source %s has yet to bring what is at offset %" PRId64
                     " and behind it: run `nowthen archive --until-end` first; or, if the topic no "
                     "longer has those events, stop the archive and delete the source's lines in "
                     "nowthen.archive, and it will go on behind what the history holds",
                     i->path, i->reached, i->origin.partition, i->source->name, next);
}

static enum nt_status table_end(struct import *i, struct nt_error *error)
{
    struct buffer sql = {0};
    enum nt_status status = connection_copy_end(i->connection, error);
    if (status == NT_OK && i->origin.is_set) status = archive_check(i, error);
    if (status == NT_OK && i->is_staged) status = staging_move(i, error);
    buffer_append_text(&sql, "COMMIT; ANALYZE ");
    history_append_name(i->source, &sql);
    if (status == NT_OK) status = connection_exec(i->connection, buffer_text(&sql), error);
    buffer_deinit(&sql);
    return status;
}

static enum nt_status import_run(struct import *i, enum import_mode mode, struct nt_error *error)
{
    enum nt_status status = history_create(i->connection, i->source, error);
    if (status == NT_OK) status = history_require_columns(i->connection, i->source, error);
    if (status == NT_OK) status = transaction_begin(i, mode, error);
    if (status == NT_OK) status = copy_begin(i, error);
    if (status == NT_OK) {
        status = events_import(i, error);
        if (status != NT_OK) connection_copy_abandon(i->connection);
    }
    if (status == NT_OK) status = table_end(i, error);
    if (status != NT_OK) connection_exec(i->connection, "ROLLBACK", NULL);
    return status;
}

enum nt_status import_file(struct connection *connection, const struct nt_program *program,
                           uint16_t source, const char *path, enum import_mode mode,
                           struct import_origin origin, struct import_report *report,
                           struct nt_error *error)
{
    struct import i = {
        .connection = connection,
        .program = program,
        .source_index = source,
        .source = &program->sources[source],
        .path = path,
        .origin = origin,
        .report = report,
    };
    *report = (struct import_report){0};
    enum nt_status status = event_file_open(path, i.source, &i.file, error);
    if (status != NT_OK) return status;
    i.row = memory_zalloc(i.source->column_count * sizeof *i.row);
    status = import_run(&i, mode, error);
    if (report->rejected > IMPORT_SHOWN)
        fprintf(stderr, "%s: %" PRIu64 " events rejected, the first %d are shown\n", path,
                report->rejected, IMPORT_SHOWN);
    event_file_close(i.file);
    nt_arena_deinit(&i.arena);
    buffer_deinit(&i.piece);
    free(i.row);
    return status;
}
