/* spine.c: CSV to typed questions, answers to CSV. */
#include "offline/spine.h"

#include "decode/csv.h"
#include "decode/json.h"
#include "row/typmod.h"

#include <stdlib.h>
#include <string.h>

#define NO_COLUMN SIZE_MAX

struct spine {
    const struct target *target;
    const char *path;
    struct csv_reader *reader;
    struct nt_arena arena; /* the header */
    size_t column_count;
    struct bytes *names; /* of the spine's columns */
    size_t *inputs;      /* the spine's column of each input */
    size_t time;         /* that of event_timestamp */
    size_t commit;       /* that of nowthen_commit, or NO_COLUMN */
    bool *is_printed;    /* per output */
};

static bool is_named(struct bytes text, const char *name)
{
    return text.size == strlen(name) && memcmp(text.data, name, text.size) == 0;
}

static size_t column_find(const struct spine *spine, const char *name)
{
    for (size_t i = 0; i < spine->column_count; i++)
        if (is_named(spine->names[i], name)) return i;
    return NO_COLUMN;
}

static enum nt_status column_missing(const struct spine *spine, const char *name,
                                     struct nt_error *error)
{
    struct buffer wanted = {0};
    for (uint16_t i = 0; i < spine->target->input_count; i++)
        buffer_printf(&wanted, "%s, ", spine->target->inputs[i].name);
    error_set(error, NT_INVALID, "%s:1: the spine has no column \"%s\"; %s is asked by %s%s",
              spine->path, name, spine->target->name, buffer_text(&wanted), SPINE_TIME_COLUMN);
    buffer_deinit(&wanted);
    return NT_INVALID;
}

/* Finds the inputs and decides which outputs are printed. */
static enum nt_status columns_bind(struct spine *spine, struct nt_error *error)
{
    const struct target *target = spine->target;
    for (uint16_t i = 0; i < target->input_count; i++) {
        spine->inputs[i] = column_find(spine, target->inputs[i].name);
        if (spine->inputs[i] == NO_COLUMN)
            return column_missing(spine, target->inputs[i].name, error);
    }
    spine->time = column_find(spine, SPINE_TIME_COLUMN);
    spine->commit = column_find(spine, SPINE_COMMIT_COLUMN);
    if (spine->time == NO_COLUMN) return column_missing(spine, SPINE_TIME_COLUMN, error);
    for (uint16_t i = 0; i < target->output_count; i++) {
        const char *name = target_output_name(target, i);
        bool is_there = column_find(spine, name) != NO_COLUMN;
        if (is_there && target_output_input(target, i) < 0)
            return error_set(
                error, NT_INVALID,
                "%s:1: the spine has a column \"%s\" and so has %s: rename the spine's",
                spine->path, name, target->name);
        spine->is_printed[i] = !is_there;
    }
    return NT_OK;
}

static enum nt_status header_read(struct spine *spine, struct nt_error *error)
{
    const struct csv_field *fields;
    const struct target *target = spine->target;
    enum nt_status status = csv_next(spine->reader, &fields, &spine->column_count, error);
    if (status != NT_OK) return status;
    if (spine->column_count == 0)
        return error_set(error, NT_INVALID,
                         "%s: the spine is empty: its first line must name the "
                         "columns",
                         spine->path);
    spine->names = nt_arena_alloc(&spine->arena, spine->column_count * sizeof *spine->names);
    for (size_t i = 0; i < spine->column_count; i++) {
        struct bytes text = fields[i].text;
        spine->names[i].data = nt_arena_copy(&spine->arena, text.data, text.size);
        spine->names[i].size = text.size;
    }
    spine->inputs = nt_arena_zalloc(&spine->arena, target->input_count * sizeof *spine->inputs);
    spine->is_printed =
        nt_arena_zalloc(&spine->arena, target->output_count * sizeof *spine->is_printed);
    return columns_bind(spine, error);
}

enum nt_status spine_open(const char *path, const struct target *target, struct spine **spine,
                          struct nt_error *error)
{
    struct spine *opened = memory_zalloc(sizeof *opened);
    opened->target = target;
    opened->path = strcmp(path, "-") == 0 ? "standard input" : path;
    nt_arena_init(&opened->arena);
    enum nt_status status = csv_open(path, &opened->reader, error);
    if (status == NT_OK) {
        opened->path = nt_arena_printf(&opened->arena, "%s", opened->path);
        status = header_read(opened, error);
    }
    if (status != NT_OK) spine_close(opened);
    *spine = status == NT_OK ? opened : NULL;
    return status;
}

void spine_close(struct spine *spine)
{
    if (!spine) return;
    if (spine->reader) csv_close(spine->reader);
    nt_arena_deinit(&spine->arena);
    free(spine);
}

static const struct nt_column time_column = {.type = NT_TIMESTAMPTZ};
static const struct nt_column commit_column = {.type = NT_INT8};

static enum nt_status field_parse(const struct spine *spine, size_t column,
                                  const struct nt_column *as, const struct csv_field *fields,
                                  struct nt_arena *arena, struct nt_value *value,
                                  struct nt_error *error)
{
    const struct csv_field *field = &fields[column];
    struct nt_eval e = {.arena = arena};
    *value = NT_NULL;
    if (field->is_null) return NT_OK;
    /* The field is lent until the next record; the value must last as long as the arena. */
    const char *text = nt_arena_copy(arena, field->text.data, field->text.size);
    if (column_parse(&e, as, text, field->text.size, value)) return NT_OK;
    struct bytes name = spine->names[column];
    return error_set(error, NT_INVALID, "%s:%llu: column \"%.*s\": %s", spine->path,
                     (unsigned long long)csv_line(spine->reader), (int)name.size,
                     (const char *)name.data, e.error ? e.error : "not a value of its type");
}

static struct bytes columns_print(const struct spine *spine, const struct csv_field *fields,
                                  struct nt_arena *arena)
{
    struct buffer text = {0};
    for (size_t i = 0; i < spine->column_count; i++)
        csv_append_text(fields[i].text, fields[i].is_null, i == 0, &text);
    struct bytes bytes = {nt_arena_copy(arena, text.data, text.size), text.size};
    buffer_deinit(&text);
    return bytes;
}

static const struct bytes *texts_copy(const struct spine *spine, const struct csv_field *fields,
                                      struct nt_arena *arena)
{
    struct bytes *texts = nt_arena_alloc(arena, spine->column_count * sizeof *texts);
    for (size_t i = 0; i < spine->column_count; i++) {
        texts[i] = (struct bytes){NULL, fields[i].text.size};
        if (!fields[i].is_null)
            texts[i].data = nt_arena_copy(arena, fields[i].text.data, fields[i].text.size);
    }
    return texts;
}

static enum nt_status commit_parse(const struct spine *spine, const struct csv_field *fields,
                                   struct nt_arena *arena, struct spine_row *row,
                                   struct nt_error *error)
{
    struct nt_value value;
    enum nt_status status =
        field_parse(spine, spine->commit, &commit_column, fields, arena, &value, error);
    row->has_commit = status == NT_OK && !value.is_null;
    if (row->has_commit) row->commit = (uint64_t)value.integer;
    return status;
}

static enum nt_status row_parse(const struct spine *spine, const struct csv_field *fields,
                                struct nt_arena *arena, struct spine_row *row,
                                struct nt_error *error)
{
    const struct target *target = spine->target;
    struct nt_value *inputs = nt_arena_alloc(arena, target->input_count * sizeof *inputs);
    struct nt_value at;
    enum nt_status status =
        field_parse(spine, spine->time, &time_column, fields, arena, &at, error);
    for (uint16_t i = 0; i < target->input_count && status == NT_OK; i++)
        status = field_parse(spine, spine->inputs[i], &target->inputs[i], fields, arena, &inputs[i],
                             error);
    if (status != NT_OK) return status;
    row->line = csv_line(spine->reader);
    if (at.is_null)
        return error_set(error, NT_INVALID, "%s:%llu: %s is empty: every row asks as of a time",
                         spine->path, (unsigned long long)row->line, SPINE_TIME_COLUMN);
    row->inputs = inputs;
    row->at = at.time;
    row->has_commit = false;
    if (spine->commit != NO_COLUMN) status = commit_parse(spine, fields, arena, row, error);
    row->columns = columns_print(spine, fields, arena);
    row->texts = texts_copy(spine, fields, arena);
    return status;
}

enum nt_status spine_next(struct spine *spine, struct nt_arena *arena, struct spine_row *row,
                          bool *is_end, struct nt_error *error)
{
    const struct csv_field *fields;
    size_t count;
    *is_end = true;
    enum nt_status status = csv_next(spine->reader, &fields, &count, error);
    if (status != NT_OK || count == 0) return status;
    *is_end = false;
    if (count != spine->column_count)
        return error_set(error, NT_INVALID, "%s:%llu: %zu fields, the header has %zu", spine->path,
                         (unsigned long long)csv_line(spine->reader), count, spine->column_count);
    return row_parse(spine, fields, arena, row, error);
}

void spine_append_header(const struct spine *spine, struct buffer *out)
{
    for (size_t i = 0; i < spine->column_count; i++)
        csv_append_text(spine->names[i], false, i == 0, out);
    for (uint16_t i = 0; i < spine->target->output_count; i++) {
        const char *name = target_output_name(spine->target, i);
        struct bytes text = {(const uint8_t *)name, strlen(name)};
        if (spine->is_printed[i]) csv_append_text(text, false, false, out);
    }
    buffer_append_byte(out, '\n');
}

void spine_append_row(const struct spine *spine, const struct spine_row *row,
                      const struct nt_value *values, struct buffer *out)
{
    buffer_append(out, row->columns.data, row->columns.size);
    for (uint16_t i = 0; i < spine->target->output_count; i++)
        if (spine->is_printed[i])
            csv_append(target_output_type(spine->target, i), values[i], false, out);
    buffer_append_byte(out, '\n');
}

void spine_append_row_json(const struct spine *spine, const struct spine_row *row,
                           const struct nt_value *values, struct buffer *out)
{
    for (size_t i = 0; i < spine->column_count; i++) {
        buffer_append_byte(out, i ? ',' : '{');
        json_append_string(spine->names[i], out);
        buffer_append_byte(out, ':');
        if (row->texts[i].data)
            json_append_string(row->texts[i], out);
        else
            buffer_append_text(out, "null");
    }
    for (uint16_t i = 0; i < spine->target->output_count; i++) {
        const char *name = target_output_name(spine->target, i);
        if (!spine->is_printed[i]) continue;
        buffer_append_byte(out, ',');
        json_append_string((struct bytes){(const uint8_t *)name, strlen(name)}, out);
        buffer_append_byte(out, ':');
        json_append_value(target_output_type(spine->target, i), values[i], out);
    }
    buffer_append_text(out, "}\n");
}
