/* source_file.c: the event source over a file of JSON lines, read once from start to end. */
#include "stream/source.h"

#include "decode/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct source_file {
    struct source source;
    char *path;
    char *topic;
    char *rejects_path; /* NULL: rejected lines are dropped */
    FILE *file;         /* NULL before the first refresh */
    FILE *rejects;      /* NULL before the first of them */
    int64_t next;       /* number of the line to be read next */
    bool is_at_end;
    char *line; /* getline's */
    size_t line_capacity;

    struct buffer text; /* the lines of the last poll, one after the other */
    struct source_message *messages;
    size_t batch_max;
};

static struct source_file *file_of(struct source *source)
{
    return (struct source_file *)source;
}

static void file_source_close(struct source *source)
{
    struct source_file *file = file_of(source);
    if (file->file) fclose(file->file);
    if (file->rejects) fclose(file->rejects);
    buffer_deinit(&file->text);
    free(file->line);
    free(file->messages);
    free(file->path);
    free(file->topic);
    free(file->rejects_path);
    free(file);
}

/* The length of the next line without its end; -1 at the end of the file. */
static ssize_t line_read(struct source_file *file, struct nt_error *error, enum nt_status *status)
{
    errno = 0;
    ssize_t size = getline(&file->line, &file->line_capacity, file->file);
    if (size < 0 && ferror(file->file)) *status = error_errno(error, "cannot read %s", file->path);
    if (size < 0) return -1;
    file->next++;
    while (size > 0 && (file->line[size - 1] == '\n' || file->line[size - 1] == '\r')) size--;
    return size;
}

static enum nt_status lines_skip(struct source_file *file, int64_t offset, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    while (file->next < offset && line_read(file, error, &status) >= 0) {
    }
    if (status == NT_OK && file->next < offset)
        return error_set(error, NT_MISMATCH,
                         "%s has %" PRId64 " lines, but the store has read %" PRId64
                         " of them: give it the same file, or another store directory",
                         file->path, file->next, offset);
    return status;
}

static enum nt_status file_refresh(struct source *source, source_position *position, void *self,
                                   struct nt_error *error)
{
    struct source_file *file = file_of(source);
    int64_t offset;
    if (file->file) return NT_OK;
    enum nt_status status = position(self, file->topic, 0, &offset, error);
    if (status != NT_OK) return status;
    file->file = fopen(file->path, "rb");
    if (!file->file) return error_errno(error, "cannot read %s", file->path);
    return lines_skip(file, offset, error);
}

static uint32_t file_partition_count(struct source *source)
{
    return file_of(source)->file ? 1 : 0;
}

static struct source_partition file_partition(struct source *source, uint32_t slot)
{
    (void)slot;
    return (struct source_partition){file_of(source)->topic, 0};
}

static int64_t file_end(struct source *source, uint32_t slot)
{
    (void)slot;
    const struct source_file *file = file_of(source);
    return file->is_at_end ? file->next : -1;
}

/* value.data is set once the batch is complete, because text moves as it grows. */
static void message_add(struct source_file *file, size_t *count, ssize_t size)
{
    file->messages[(*count)++] = (struct source_message){
        .offset = file->next - 1,
        .value = {NULL, (size_t)size},
        .timestamp = NT_TIME_MINUS_INFINITY,
    };
    buffer_append(&file->text, file->line, (size_t)size);
}

static void values_point(struct source_file *file, size_t count)
{
    const uint8_t *at = file->text.data;
    for (size_t i = 0; i < count; i++) {
        file->messages[i].value.data = at;
        at += file->messages[i].value.size;
    }
}

static enum nt_status file_poll(struct source *source, int timeout_ms,
                                const struct source_message **messages, size_t *count,
                                struct nt_error *error)
{
    struct source_file *file = file_of(source);
    enum nt_status status = NT_OK;
    *messages = file->messages;
    *count = 0;
    buffer_clear(&file->text);
    if (file->is_at_end) { /* nothing more will come: do as a source that waited */
        usleep((useconds_t)(timeout_ms > 0 ? timeout_ms : 0) * 1000);
        return NT_OK;
    }
    while (*count < file->batch_max && !file->is_at_end) {
        ssize_t size = line_read(file, error, &status);
        if (status != NT_OK) return status;
        if (size < 0) file->is_at_end = true;
        if (size > 0) message_add(file, count, size);
    }
    values_point(file, *count);
    if (file->is_at_end) /* there is room for one more */
        file->messages[(*count)++] = (struct source_message){.offset = file->next, .is_end = true};
    return NT_OK;
}

static enum nt_status file_reject(struct source *source, const struct source_message *message,
                                  const char *stage, const char *why, struct nt_error *error)
{
    struct source_file *file = file_of(source);
    if (!file->rejects_path) return NT_OK;
    if (!file->rejects) file->rejects = fopen(file->rejects_path, "ab");
    if (!file->rejects) return error_errno(error, "cannot write %s", file->rejects_path);
    struct buffer out = {0};
    buffer_printf(&out, "{\"offset\": %" PRId64 ", \"stage\": ", message->offset);
    json_append_string((struct bytes){(const uint8_t *)stage, strlen(stage)}, &out);
    buffer_append_text(&out, ", \"error\": ");
    json_append_string((struct bytes){(const uint8_t *)why, strlen(why)}, &out);
    buffer_append_text(&out, ", \"value\": ");
    json_append_string(message->value, &out);
    buffer_append_text(&out, "}\n");
    bool is_written = fwrite(out.data, 1, out.size, file->rejects) == out.size;
    buffer_deinit(&out);
    return is_written ? NT_OK : error_errno(error, "cannot write %s", file->rejects_path);
}

static enum nt_status file_rejects_flush(struct source *source, int timeout_ms,
                                         struct nt_error *error)
{
    (void)timeout_ms;
    struct source_file *file = file_of(source);
    if (!file->rejects || fflush(file->rejects) == 0) return NT_OK;
    return error_errno(error, "cannot write %s", file->rejects_path);
}

static const struct source_ops file_ops = {
    .close = file_source_close,
    .refresh = file_refresh,
    .partition_count = file_partition_count,
    .partition = file_partition,
    .end = file_end,
    .poll = file_poll,
    .reject = file_reject,
    .rejects_flush = file_rejects_flush,
};

enum nt_status source_file_open(const char *path, const char *topic, const char *rejects_path,
                                int batch_messages, struct source **source, struct nt_error *error)
{
    if (access(path, R_OK) != 0) return error_errno(error, "cannot read %s", path);
    struct source_file *file = memory_zalloc(sizeof *file);
    file->source.ops = &file_ops;
    file->path = memory_strdup(path);
    file->topic = memory_strdup(topic);
    file->rejects_path = rejects_path ? memory_strdup(rejects_path) : NULL;
    file->batch_max = batch_messages > 0 ? (size_t)batch_messages : 1;
    file->messages = memory_alloc((file->batch_max + 1) * sizeof *file->messages);
    *source = &file->source;
    return NT_OK;
}
