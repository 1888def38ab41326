/*
 * verify_served.c: recorded lookups against the training reader as served. A record is a CSV line:
 * the request, event_timestamp (the lookup's now()), nowthen_commit if it is known, and the outputs
 * that came back.
 */
#include "cli/verify_served.h"

#include "decode/csv.h"
#include "offline/snapshot.h"
#include "row/value_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIFFERENCES_SHOWN_MAX 20
#define NO_OUTPUT             (-1)

struct recorded {
    const struct target *target;
    const char *path;
    struct csv_reader *reader;
    int *outputs; /* of each column: the output it is, or NO_OUTPUT */
    size_t column_count;
    struct nt_arena arena; /* one line */
};

/* A bare input stands for itself: it is asked, not compared. */
static int output_of(const struct target *target, struct bytes name)
{
    for (uint16_t o = 0; o < target->output_count; o++) {
        const char *output = target_output_name(target, o);
        if (strlen(output) == name.size && memcmp(output, name.data, name.size) == 0)
            return target_output_input(target, o) < 0 ? o : NO_OUTPUT;
    }
    return NO_OUTPUT;
}

static enum nt_status recorded_open(struct recorded *recorded, struct nt_error *error)
{
    const struct csv_field *fields;
    enum nt_status status = csv_open(recorded->path, &recorded->reader, error);
    if (status == NT_OK)
        status = csv_next(recorded->reader, &fields, &recorded->column_count, error);
    if (status != NT_OK) return status;
    int compared = 0;
    recorded->outputs = memory_alloc((recorded->column_count + 1) * sizeof *recorded->outputs);
    for (size_t i = 0; i < recorded->column_count; i++) {
        recorded->outputs[i] = output_of(recorded->target, fields[i].text);
        compared += recorded->outputs[i] != NO_OUTPUT;
    }
    if (compared) return NT_OK;
    return error_set(error, NT_INVALID,
                     "%s:1: no column is an output of %s: a record is the request, "
                     "event_timestamp, nowthen_commit if known, and what was answered",
                     recorded->path, recorded->target->name);
}

static void recorded_close(struct recorded *recorded)
{
    if (recorded->reader) csv_close(recorded->reader);
    recorded->reader = NULL;
}

/* The columns that are no outputs, to the spine; outputs of the header are left out too. */
static enum nt_status spine_write(struct recorded *recorded, const char *path,
                                  struct nt_error *error)
{
    struct buffer csv = {0};
    const struct csv_field *fields;
    size_t count = 0;
    recorded_close(recorded);
    enum nt_status status = csv_open(recorded->path, &recorded->reader, error);
    while (status == NT_OK) {
        bool is_first = true;
        status = csv_next(recorded->reader, &fields, &count, error);
        if (status != NT_OK || count == 0) break;
        for (size_t i = 0; i < count; i++) {
            if (i < recorded->column_count && recorded->outputs[i] != NO_OUTPUT) continue;
            csv_append_text(fields[i].text, fields[i].is_null, is_first, &csv);
            is_first = false;
        }
        buffer_append_byte(&csv, '\n');
    }
    recorded_close(recorded);
    if (status == NT_OK) status = file_write(path, buffer_bytes(&csv), error);
    buffer_deinit(&csv);
    return status;
}

/* A field as PostgreSQL prints its value, so that 1.50 and 1.5 of a float are one. */
static const char *field_text(struct recorded *recorded, const struct csv_field *field, int output)
{
    struct nt_eval e = {.arena = &recorded->arena};
    struct nt_value value;
    struct buffer text = {0};
    enum nt_type type = target_output_type(recorded->target, (uint16_t)output);
    if (field->is_null) return NULL;
    if (value_parse(&e, type, (const char *)field->text.data, field->text.size, &value))
        value_append_text(type, value, &text);
    else
        buffer_append(&text, field->text.data, field->text.size);
    const char *kept = nt_arena_printf(&recorded->arena, "%s", buffer_text(&text));
    buffer_deinit(&text);
    return kept;
}

static void compare_field(struct recorded *recorded, uint64_t line, int output,
                          const struct csv_field *was, const struct csv_field *is,
                          struct verify_count *counted)
{
    const char *x = field_text(recorded, was, output), *y = field_text(recorded, is, output);
    counted->values++;
    if (x == y || (x && y && strcmp(x, y) == 0)) return;
    if (counted->differences++ >= DIFFERENCES_SHOWN_MAX) return;
    printf("%s:%" PRIu64 ": %s.%s: recorded %s, as served %s\n", recorded->path, line,
           recorded->target->name, target_output_name(recorded->target, (uint16_t)output),
           x ? x : "NULL", y ? y : "NULL");
}

static size_t column_of(const struct csv_field *fields, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && (fields[i].text.size != strlen(name) ||
                         memcmp(fields[i].text.data, name, fields[i].text.size) != 0))
        i++;
    return i;
}

/* Both files line by line; the training set has the spine's columns and then the outputs. */
static enum nt_status lines_compare(struct recorded *recorded, struct csv_reader *out,
                                    struct verify_count *counted, struct nt_error *error)
{
    const struct csv_field *was, *is;
    size_t was_count, is_count;
    size_t *columns = memory_zalloc((recorded->column_count + 1) * sizeof *columns);
    enum nt_status status = csv_next(recorded->reader, &was, &was_count, error);
    if (status == NT_OK) status = csv_next(out, &is, &is_count, error);
    for (size_t i = 0; status == NT_OK && i < recorded->column_count; i++)
        if (recorded->outputs[i] != NO_OUTPUT)
            columns[i] = column_of(
                is, is_count, target_output_name(recorded->target, (uint16_t)recorded->outputs[i]));
    while (status == NT_OK) {
        status = csv_next(recorded->reader, &was, &was_count, error);
        if (status == NT_OK) status = csv_next(out, &is, &is_count, error);
        if (status != NT_OK || was_count == 0) break;
        for (size_t i = 0; i < recorded->column_count; i++)
            if (recorded->outputs[i] != NO_OUTPUT)
                compare_field(recorded, csv_line(recorded->reader), recorded->outputs[i], &was[i],
                              &is[columns[i]], counted);
        counted->questions++;
        nt_arena_reset(&recorded->arena);
    }
    free(columns);
    return status;
}

static enum nt_status recorded_verify(struct recorded *recorded, struct session *session,
                                      const struct served *served, const char *spine,
                                      const char *out, struct verify_count *counted,
                                      struct nt_error *error)
{
    struct snapshot_report report;
    struct csv_reader *reader = NULL;
    enum nt_status status = spine_write(recorded, spine, error);
    if (status == NT_OK)
        status = snapshot_write(session->connection, session->program, recorded->target->name,
                                spine, SNAPSHOT_AS_SERVED, served, out, &report, error);
    if (status == NT_OK) status = csv_open(recorded->path, &recorded->reader, error);
    if (status == NT_OK) status = csv_open(out, &reader, error);
    if (status == NT_OK) status = lines_compare(recorded, reader, counted, error);
    if (reader) csv_close(reader);
    return status;
}

enum nt_status verify_served(struct session *session, const struct target *target,
                             const struct served *served, const char *path,
                             struct verify_count *counted, struct nt_error *error)
{
    char directory[] = "/tmp/nowthen-verify-XXXXXX";
    if (!mkdtemp(directory)) return error_errno(error, "cannot make a directory in /tmp");
    struct recorded recorded = {.target = target, .path = path};
    struct nt_arena names = {0};
    const char *spine = nt_arena_printf(&names, "%s/spine.csv", directory);
    const char *out = nt_arena_printf(&names, "%s/out.csv", directory);
    enum nt_status status = recorded_open(&recorded, error);
    if (status == NT_OK)
        status = recorded_verify(&recorded, session, served, spine, out, counted, error);
    recorded_close(&recorded);
    free(recorded.outputs);
    unlink(spine);
    unlink(out);
    rmdir(directory);
    nt_arena_deinit(&names);
    nt_arena_deinit(&recorded.arena);
    return status;
}
