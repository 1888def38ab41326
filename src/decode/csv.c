/*
 * csv.c: CSV in PostgreSQL's dialect: comma, double quotes, a quote inside quotes doubled. Quotes
 * may begin and end inside a field. Lines end in \n or \r\n. A byte order mark at the start is
 * skipped.
 */
#include "decode/csv.h"
#include "decode/utf8.h"
#include "row/value_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CSV_READ_BYTES       65536
#define CSV_RECORD_BYTES_MAX (64u << 20)

struct csv_reader {
    FILE *file;
    char *path;
    uint8_t chunk[CSV_READ_BYTES];
    size_t next, end; /* of the unread bytes of chunk */
    int failure;      /* errno of the last read, if it failed */
    uint64_t line;    /* that the next byte is on */
    uint64_t record_line;
    struct buffer text;   /* the record's fields, one after another, without quotes */
    struct buffer fields; /* struct csv_field; text.data is set when the record is whole */
    size_t field_start;   /* in text */
    bool is_quoted;       /* the field being read has seen a quote */
};

enum nt_status csv_open(const char *path, struct csv_reader **reader, struct nt_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    *reader = NULL;
    if (!file) return error_errno(error, "cannot read %s", path);
    *reader = memory_zalloc(sizeof **reader);
    (*reader)->file = file;
    (*reader)->path = memory_strdup(is_stdin ? "standard input" : path);
    (*reader)->line = 1;
    return NT_OK;
}

void csv_close(struct csv_reader *reader)
{
    if (!reader) return;
    if (reader->file != stdin) fclose(reader->file);
    buffer_deinit(&reader->text);
    buffer_deinit(&reader->fields);
    free(reader->path);
    free(reader);
}

uint64_t csv_line(const struct csv_reader *reader)
{
    return reader->record_line;
}

static bool chunk_fill(struct csv_reader *reader)
{
    bool is_start = reader->end == 0;
    reader->next = 0;
    reader->end = fread(reader->chunk, 1, sizeof reader->chunk, reader->file);
    reader->failure = reader->end == 0 && ferror(reader->file) ? errno : 0;
    if (is_start && reader->end >= 3 && memcmp(reader->chunk, "\xef\xbb\xbf", 3) == 0) {
        reader->next = 3;
    }
    return reader->next < reader->end;
}

/* The next byte, or EOF. */
static int byte_peek(struct csv_reader *reader)
{
    if (reader->next == reader->end && !chunk_fill(reader)) return EOF;
    return reader->chunk[reader->next];
}

static int byte_take(struct csv_reader *reader)
{
    int byte = byte_peek(reader);
    if (byte != EOF) reader->next++;
    if (byte == '\n') reader->line++;
    return byte;
}

static enum nt_status csv_fail(const struct csv_reader *reader, const char *why,
                               struct nt_error *error)
{
    return error_set(error, NT_INVALID, "%s:%llu: %s", reader->path,
                     (unsigned long long)reader->record_line, why);
}

static void field_end(struct csv_reader *reader)
{
    size_t size = reader->text.size - reader->field_start;
    struct csv_field field = {
        .text = {NULL, size},
        .is_quoted = reader->is_quoted,
        .is_null = size == 0 && !reader->is_quoted,
    };
    buffer_append(&reader->fields, &field, sizeof field);
    reader->field_start = reader->text.size;
    reader->is_quoted = false;
}

/* From behind an opening quote to behind its closing one. */
static enum nt_status quoted_read(struct csv_reader *reader, struct nt_error *error)
{
    reader->is_quoted = true;
    for (;;) {
        int byte = byte_take(reader);
        if (byte == EOF) return csv_fail(reader, "a quoted field is not closed", error);
        if (byte == '"') {
            if (byte_peek(reader) != '"') return NT_OK;
            byte_take(reader);
        }
        buffer_append_byte(&reader->text, (uint8_t)byte);
        if (reader->text.size > CSV_RECORD_BYTES_MAX) {
            return csv_fail(reader, "a record is larger than 64 MB; is a quote not closed?", error);
        }
    }
}

/* One byte of a record outside quotes; *is_done at its end. */
static enum nt_status plain_read(struct csv_reader *reader, bool *is_done, struct nt_error *error)
{
    int byte = byte_take(reader);
    if (byte == '"') return quoted_read(reader, error);
    if (byte == '\r') {
        if (byte_peek(reader) != '\n') {
            return csv_fail(reader, "a carriage return outside quotes; quote the field", error);
        }
        byte = byte_take(reader);
    }
    *is_done = byte == '\n' || byte == EOF;
    if (*is_done || byte == ',') {
        field_end(reader);
    } else {
        buffer_append_byte(&reader->text, (uint8_t)byte);
    }
    if (reader->text.size > CSV_RECORD_BYTES_MAX) {
        return csv_fail(reader, "a record is larger than 64 MB", error);
    }
    return NT_OK;
}

static enum nt_status record_check(struct csv_reader *reader, struct nt_error *error)
{
    struct bytes text = buffer_bytes(&reader->text);
    if (text.size && memchr(text.data, 0, text.size)) {
        return csv_fail(reader, "a zero byte; text cannot hold one", error);
    }
    if (text.size && !utf8_is_valid(text)) {
        return csv_fail(reader, "the record is not valid UTF-8; convert the file", error);
    }
    return NT_OK;
}

enum nt_status csv_next(struct csv_reader *reader, const struct csv_field **fields, size_t *count,
                        struct nt_error *error)
{
    *fields = NULL;
    *count = 0;
    buffer_clear(&reader->text);
    buffer_clear(&reader->fields);
    reader->field_start = 0;
    reader->record_line = reader->line;
    bool is_done = byte_peek(reader) == EOF;
    bool is_end = is_done;
    enum nt_status status = NT_OK;
    while (!is_done && status == NT_OK) status = plain_read(reader, &is_done, error);
    if (reader->failure) {
        errno = reader->failure;
        return error_errno(error, "cannot read %s", reader->path);
    }
    if (status != NT_OK || is_end) return status;
    status = record_check(reader, error);
    if (status != NT_OK) return status;

    struct csv_field *made = (struct csv_field *)(void *)reader->fields.data;
    const uint8_t *text = (const uint8_t *)buffer_text(&reader->text);
    *count = reader->fields.size / sizeof *made;
    for (size_t i = 0; i < *count; text += made[i++].text.size) made[i].text.data = text;
    *fields = made;
    return NT_OK;
}

static bool needs_quotes(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        if (byte == ',' || byte == '"' || byte == '\n' || byte == '\r') return true;
    }
    return text.size == 0;
}

void csv_append_text(struct bytes text, bool is_null, bool is_first, struct buffer *out)
{
    if (!is_first) buffer_append_byte(out, ',');
    if (is_null) return;
    if (!needs_quotes(text)) {
        buffer_append(out, text.data, text.size);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"') buffer_append_byte(out, '"');
        buffer_append_byte(out, text.data[i]);
    }
    buffer_append_byte(out, '"');
}

void csv_append(enum nt_type type, struct nt_value value, bool is_first, struct buffer *out)
{
    if (value.is_null || type == NT_TEXT) {
        struct bytes text = {(const uint8_t *)value.text, value.is_null ? 0 : value.size};
        csv_append_text(text, value.is_null, is_first, out);
        return;
    }
    if (nt_type_is_array(type)) {
        struct buffer text = {0};
        value_append_text(type, value, &text);
        csv_append_text(buffer_bytes(&text), false, is_first, out);
        buffer_deinit(&text);
        return;
    }
    /* No other type prints anything that needs quotes. */
    if (!is_first) buffer_append_byte(out, ',');
    value_append_text(type, value, out);
}
