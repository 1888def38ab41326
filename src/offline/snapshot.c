/*
 * snapshot.c: a chunk of the spine is read, each joined view is asked for all of it at once in key
 * order, then the vectors are finished and printed in the spine's order.
 */
#include "offline/snapshot.h"

#include "base/progress.h"
#include "offline/questions.h"
#include "row/tuple.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUT_BYTES (1u << 20)

struct output {
    FILE *file;
    const char *path;
    struct buffer temporary; /* its name until it is whole; empty: not a file that can be renamed */
};

struct snapshot {
    struct connection *connection;
    const struct nt_program *program;
    struct target target;
    struct spine *spine;
    enum snapshot_from from;
    const struct served *served;  /* of SNAPSHOT_AS_SERVED */
    uint16_t join_count;          /* of a view: one, itself */
    struct questions **questions; /* per join, for the chunk */
    enum nt_type *input_types;
    struct buffer rows; /* per spine row: time, inputs tuple, CSV with its size */
    size_t row_count;
    struct nt_arena arena; /* one row */
    struct output output;
    struct snapshot_report *report;
};

static enum nt_status output_open(struct output *output, const char *path, struct nt_error *error)
{
    output->path = path;
    output->file = stdout;
    if (strcmp(path, "-") == 0) return NT_OK;
    if (!file_is_special(path)) buffer_printf(&output->temporary, "%s.%d.tmp", path, (int)getpid());
    output->file = fopen(output->temporary.size ? buffer_text(&output->temporary) : path, "wb");
    return output->file ? NT_OK : error_errno(error, "cannot write %s", path);
}

static enum nt_status output_put(struct output *output, struct buffer *text, struct nt_error *error)
{
    size_t size = text->size;
    buffer_clear(text);
    if (size == 0 || fwrite(text->data, 1, size, output->file) == size) return NT_OK;
    return error_errno(error, "cannot write %s", output->path);
}

/* Gives the file its name if status is good, else removes it. */
static enum nt_status output_close(struct output *output, enum nt_status status,
                                   struct nt_error *error)
{
    bool is_named = output->temporary.size > 0;
    if (output->file && status == NT_OK &&
        (fflush(output->file) != 0 || (is_named && fsync(fileno(output->file)) != 0)))
        status = error_errno(error, "cannot write %s", output->path);
    if (output->file && output->file != stdout) fclose(output->file);
    if (output->file && is_named) {
        const char *temporary = buffer_text(&output->temporary);
        if (status == NT_OK && rename(temporary, output->path) != 0)
            status = error_errno(error, "cannot write %s", output->path);
        if (status != NT_OK) unlink(temporary);
    }
    buffer_deinit(&output->temporary);
    return status;
}

static uint16_t join_view(const struct snapshot *s, uint16_t join)
{
    if (s->target.service) return s->target.service->joins[join].view;
    return (uint16_t)(s->target.view - s->program->views);
}

/* Which commit the lookup of that row saw. */
static enum nt_status row_commit(const struct snapshot *s, const struct spine_row *row,
                                 uint64_t *commit, struct nt_error *error)
{
    *commit = row->has_commit ? row->commit : 0;
    if (s->from != SNAPSHOT_AS_SERVED) return NT_OK;
    enum nt_status status = row->has_commit ? served_commit_check(s->served, row->commit, error)
                                            : served_commit_at(s->served, row->at, commit, error);
    if (status != NT_OK)
        error_prefix(error, "line %llu of the spine", (unsigned long long)row->line);
    return status;
}

/* Asks each join's question of one spine row. */
static void row_ask(struct snapshot *s, const struct spine_row *row, uint64_t commit)
{
    for (uint16_t j = 0; j < s->join_count; j++) {
        const struct nt_value *key = row->inputs;
        if (s->target.service) {
            struct nt_eval e = {.arena = &s->arena, .now = row->at};
            uint16_t count = s->program->views[join_view(s, j)].key_count;
            struct nt_value *made = nt_arena_alloc(&s->arena, count * sizeof *made);
            for (uint16_t i = 0; i < count; i++) made[i] = NT_NULL;
            s->target.service->joins[j].key(&e, row->inputs, made);
            /* A key that cannot be made, by a bad cast, is no entity. */
            if (e.error) made[0] = NT_NULL;
            key = made;
        }
        questions_add_served(s->questions[j], key, row->at, commit);
    }
}

static void row_keep(struct snapshot *s, const struct spine_row *row)
{
    buffer_append_u64(&s->rows, (uint64_t)row->at.us);
    tuple_append(s->input_types, s->target.input_count, row->inputs, &s->rows);
    buffer_append_varint(&s->rows, row->columns.size);
    buffer_append(&s->rows, row->columns.data, row->columns.size);
    s->row_count++;
}

/* The next rows of the spine, at most a chunk. */
static enum nt_status chunk_read(struct snapshot *s, struct nt_error *error)
{
    buffer_clear(&s->rows);
    s->row_count = 0;
    for (uint16_t j = 0; j < s->join_count; j++) {
        questions_destroy(s->questions[j]);
        s->questions[j] = questions_create(s->program, join_view(s, j));
    }
    while (s->row_count < SNAPSHOT_CHUNK_ROWS) {
        struct spine_row row;
        bool is_end;
        nt_arena_reset(&s->arena);
        enum nt_status status = connection_interruption(s->connection, error);
        if (status == NT_OK) status = spine_next(s->spine, &s->arena, &row, &is_end, error);
        if (status != NT_OK || is_end) return status;
        uint64_t commit;
        status = row_commit(s, &row, &commit, error);
        if (status != NT_OK) return status;
        row_ask(s, &row, commit);
        row_keep(s, &row);
    }
    return NT_OK;
}

static enum nt_status join_ask(const struct snapshot *s, struct questions *questions,
                               struct nt_error *error)
{
    switch (s->from) {
    case SNAPSHOT_FROM_MATERIALIZED:
        return questions_ask_materialized(questions, s->connection, error);
    case SNAPSHOT_AS_SERVED:
        return questions_ask_served(questions, s->connection, s->served, error);
    default:
        return questions_ask_history(questions, s->connection, error);
    }
}

static enum nt_status chunk_ask(struct snapshot *s, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (uint16_t j = 0; j < s->join_count && status == NT_OK; j++) {
        status = join_ask(s, s->questions[j], error);
        s->report->missing += status == NT_OK ? questions_missing_count(s->questions[j]) : 0;
    }
    return status;
}

static void row_print(struct snapshot *s, struct reader *in, size_t index, struct buffer *text)
{
    struct spine_row row = {.at = {(int64_t)reader_u64(in)}};
    struct nt_value *inputs = nt_arena_alloc(&s->arena, s->target.input_count * sizeof *inputs);
    tuple_take(s->input_types, s->target.input_count, in, &s->arena, inputs);
    row.inputs = inputs;
    row.columns.size = reader_varint(in);
    row.columns.data = reader_take(in, row.columns.size);
    struct view_row *joins = nt_arena_alloc(&s->arena, (s->join_count + 1u) * sizeof *joins);
    for (uint16_t j = 0; j < s->join_count; j++)
        questions_answer(s->questions[j], index, &s->arena, &joins[j]);
    const struct nt_value *values = s->target.view ? joins[0].features : NULL;
    if (s->target.service) {
        struct nt_eval e = {.arena = &s->arena, .now = row.at};
        uint16_t count = s->target.output_count;
        struct nt_value *made = nt_arena_alloc(&s->arena, count * sizeof *made);
        uint8_t *statuses = nt_arena_alloc(&s->arena, count);
        service_read(s->target.service, inputs, joins, row.at, &e, made, statuses);
        values = made;
    }
    spine_append_row(s->spine, &row, values, text);
}

static enum nt_status chunk_print(struct snapshot *s, struct nt_error *error)
{
    struct reader in = reader_of(buffer_bytes(&s->rows));
    struct buffer text = {0};
    struct progress progress;
    enum nt_status status = NT_OK;
    progress_start(&progress, "write the training set", "rows", s->row_count);
    for (size_t i = 0; i < s->row_count && status == NT_OK; i++) {
        nt_arena_reset(&s->arena);
        row_print(s, &in, i, &text);
        if (text.size >= OUT_BYTES) status = output_put(&s->output, &text, error);
        progress_add(&progress, 1);
    }
    if (status == NT_OK) status = output_put(&s->output, &text, error);
    if (status == NT_OK) progress_finish(&progress);
    buffer_deinit(&text);
    s->report->rows += s->row_count;
    return status;
}

static enum nt_status chunks_write(struct snapshot *s, struct nt_error *error)
{
    struct buffer header = {0};
    spine_append_header(s->spine, &header);
    enum nt_status status = output_put(&s->output, &header, error);
    buffer_deinit(&header);
    while (status == NT_OK) {
        status = chunk_read(s, error);
        if (status != NT_OK || s->row_count == 0) break;
        status = chunk_ask(s, error);
        if (status == NT_OK) status = chunk_print(s, error);
    }
    return status;
}

static void snapshot_init(struct snapshot *s)
{
    s->join_count = s->target.service ? s->target.service->join_count : 1;
    s->questions = memory_zalloc((s->join_count + 1u) * sizeof *s->questions);
    s->input_types = memory_alloc(s->target.input_count * sizeof *s->input_types);
    for (uint16_t i = 0; i < s->target.input_count; i++)
        s->input_types[i] = s->target.inputs[i].type;
    nt_arena_init(&s->arena);
}

static void snapshot_deinit(struct snapshot *s)
{
    for (uint16_t j = 0; j < s->join_count; j++) questions_destroy(s->questions[j]);
    free(s->questions);
    free(s->input_types);
    buffer_deinit(&s->rows);
    nt_arena_deinit(&s->arena);
    spine_close(s->spine);
}

enum nt_status snapshot_write(struct connection *connection, const struct nt_program *program,
                              const char *service_or_view, const char *spine_path,
                              enum snapshot_from from, const struct served *served,
                              const char *out_path, struct snapshot_report *report,
                              struct nt_error *error)
{
    struct snapshot s = {
        .connection = connection,
        .program = program,
        .from = from,
        .served = served,
        .report = report,
    };
    *report = (struct snapshot_report){0};
    enum nt_status status = target_find(program, service_or_view, &s.target, error);
    if (status != NT_OK) return status;
    snapshot_init(&s);
    status = spine_open(spine_path, &s.target, &s.spine, error);
    if (status == NT_OK) {
        status = output_open(&s.output, out_path, error);
        if (status == NT_OK) status = chunks_write(&s, error);
        status = output_close(&s.output, status, error);
    }
    snapshot_deinit(&s);
    return status;
}
