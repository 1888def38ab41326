/* event_file.c: JSON lines go through the source's decoder, CSV fields through PostgreSQL's input.
 */
#include "offline/event_file.h"

#include "base/lines.h"
#include "decode/csv.h"
#include "decode/decode.h"
#include "row/typmod.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct event_file {
    const struct nt_source *source;
    char *path;
    uint64_t line;
    /* JSON lines */
    struct lines lines;
    struct decoder *decoder;
    /* CSV */
    struct csv_reader *csv;
    size_t *fields; /* of each column, in the file's header; field_count: not there */
    bool *is_given; /* each column */
    size_t field_count;
};

static bool is_csv(const char *path)
{
    size_t size = strlen(path);
    return size >= 4 && strcmp(path + size - 4, ".csv") == 0;
}

static size_t header_find(const struct csv_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].text.size == strlen(name) &&
            memcmp(fields[i].text.data, name, fields[i].text.size) == 0)
            return i;
    return count;
}

static const struct nt_made *made_find(const struct nt_source *source, uint16_t column)
{
    for (uint16_t i = 0; i < source->made_count; i++)
        if (source->made[i].column == column) return &source->made[i];
    return NULL;
}

/* A column is in the file, or is made: then it need not be, or must not. */
static enum nt_status header_check(const struct event_file *file, uint16_t column,
                                   struct nt_error *error)
{
    const struct nt_source *source = file->source;
    const struct nt_made *made = made_find(source, column);
    const char *name = source->columns[column].name;
    if (file->is_given[column] && made && made->is_generated)
        return error_set(error, NT_INVALID,
                         "%s:1: column \"%s\" of source %s is generated: take it out of the file",
                         file->path, name, source->name);
    if (file->is_given[column] || made) return NT_OK;
    return error_set(error, NT_INVALID,
                     "%s:1: no column \"%s\", which source %s has: the first line must name "
                     "the columns",
                     file->path, name, source->name);
}

static enum nt_status csv_begin(struct event_file *file, struct nt_error *error)
{
    const struct csv_field *fields;
    const struct nt_source *source = file->source;
    enum nt_status status = csv_open(file->path, &file->csv, error);
    if (status == NT_OK) status = csv_next(file->csv, &fields, &file->field_count, error);
    if (status != NT_OK) return status;
    file->fields = memory_alloc(source->column_count * sizeof *file->fields);
    file->is_given = memory_alloc(source->column_count * sizeof *file->is_given);
    for (uint16_t i = 0; i < source->column_count && status == NT_OK; i++) {
        file->fields[i] = header_find(fields, file->field_count, source->columns[i].name);
        file->is_given[i] = file->fields[i] < file->field_count;
        status = header_check(file, i, error);
    }
    return status;
}

static enum nt_status lines_begin(struct event_file *file, struct nt_error *error)
{
    enum nt_status status = lines_open(file->path, &file->lines, error);
    return status == NT_OK ? decoder_create(file->source, &file->decoder, error) : status;
}

enum nt_status event_file_open(const char *path, const struct nt_source *source,
                               struct event_file **file, struct nt_error *error)
{
    struct event_file *opened = memory_zalloc(sizeof *opened);
    opened->source = source;
    opened->path = memory_strdup(path);
    enum nt_status status = is_csv(path) ? csv_begin(opened, error) : lines_begin(opened, error);
    if (status != NT_OK) event_file_close(opened);
    *file = status == NT_OK ? opened : NULL;
    return status;
}

void event_file_close(struct event_file *file)
{
    if (!file) return;
    lines_close(&file->lines);
    if (file->decoder) decoder_destroy(file->decoder);
    if (file->csv) csv_close(file->csv);
    free(file->fields);
    free(file->is_given);
    free(file->path);
    free(file);
}

uint64_t event_file_line(const struct event_file *file)
{
    return file->line;
}

static bool csv_parse(struct event_file *file, const struct csv_field *fields, struct nt_eval *e,
                      struct nt_value *row)
{
    for (uint16_t i = 0; i < file->source->column_count; i++) {
        const struct nt_column *column = &file->source->columns[i];
        row[i] = NT_NULL;
        if (!file->is_given[i]) continue;
        const struct csv_field *field = &fields[file->fields[i]];
        if (field->is_null) continue;
        const char *text = (const char *)field->text.data;
        if (column_parse(e, column, text, field->text.size, &row[i])) continue;
        e->error = nt_arena_printf(e->arena, "column \"%s\": %s", column->name, e->error);
        return false;
    }
    return decode_made(file->source, e, file->is_given, row);
}

/* Of a file with one column an empty line is a NULL. */
static bool is_blank(const struct event_file *file, const struct csv_field *fields, size_t count)
{
    return count == 1 && fields[0].is_null && file->field_count > 1;
}

static enum nt_status csv_row_next(struct event_file *file, struct nt_eval *e, struct nt_value *row,
                                   bool *is_good, bool *is_end, struct nt_error *error)
{
    const struct csv_field *fields;
    size_t count;
    enum nt_status status;
    do status = csv_next(file->csv, &fields, &count, error);
    while (status == NT_OK && is_blank(file, fields, count));
    *is_end = status == NT_OK && count == 0;
    if (status != NT_OK || *is_end) return status;
    file->line = csv_line(file->csv);
    *is_good = count == file->field_count;
    if (*is_good)
        *is_good = csv_parse(file, fields, e, row);
    else
        e->error =
            nt_arena_printf(e->arena, "%zu fields, the header has %zu", count, file->field_count);
    return NT_OK;
}

static enum nt_status line_next(struct event_file *file, struct nt_eval *e, struct nt_value *row,
                                bool *is_good, bool *is_end, struct nt_error *error)
{
    struct bytes line;
    enum nt_status status = lines_next(&file->lines, &line, error);
    *is_end = status == NT_OK && !line.data;
    if (status != NT_OK || *is_end) return status;
    file->line = file->lines.number;
    *is_good = decoder_decode(file->decoder, e, line, row);
    return NT_OK;
}

enum nt_status event_file_next(struct event_file *file, struct nt_eval *e, struct nt_value *row,
                               bool *is_good, bool *is_end, struct nt_error *error)
{
    e->error = NULL;
    return file->csv ? csv_row_next(file, e, row, is_good, is_end, error)
                     : line_next(file, e, row, is_good, is_end, error);
}
