/* source_file.c: the event source over a file of JSON lines, read once from start to end. */
#include "stream/source.h"

#include "base/lines.h"
#include "decode/json.h"

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
    FILE *rejects;      /* NULL before the first of them */
    struct lines lines; /* closed before the first refresh; a line's offset is its number less 1 */
    bool is_at_end;

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
    lines_close(&file->lines);
    if (file->rejects) fclose(file->rejects);
    buffer_deinit(&file->text);
    free(file->messages);
    free(file->path);
    free(file->topic);
    free(file->rejects_path);
    free(file);
}

static int64_t lines_read(const struct source_file *file)
{
    return (int64_t)file->lines.number;
}

static enum nt_status lines_skip(struct source_file *file, int64_t offset, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    struct bytes line = {(const uint8_t *)"", 0};
    while (status == NT_OK && line.data && lines_read(file) < offset)
        status = lines_next(&file->lines, &line, error);
    if (status == NT_OK && lines_read(file) < offset)
        return error_set(error, NT_MISMATCH,
                         "%s has %" PRId64 " lines, but the store has read %" PRId64
                         " of them: give it the same file, or another store directory",
                         file->path, lines_read(file), offset);
    return status;
}

static enum nt_status file_refresh(struct source *source, source_position *position, void *self,
                                   struct nt_error *error)
{
    struct source_file *file = file_of(source);
    int64_t offset;
    if (file->lines.file) return NT_OK;
    enum nt_status status = position(self, file->topic, 0, &offset, error);
    if (status != NT_OK) return status;
    status = lines_open(file->path, &file->lines, error);
    if (status != NT_OK) return status;
    return lines_skip(file, offset, error);
}

static uint32_t file_partition_count(struct source *source)
{
    return file_of(source)->lines.file ? 1 : 0;
}

static struct source_partition file_partition(struct source *source, uint32_t slot)
{
    (void)slot;
    return (struct source_partition){file_of(source)->topic, 0, lines_read(file_of(source))};
}

static int64_t file_end(struct source *source, uint32_t slot)
{
    (void)slot;
    const struct source_file *file = file_of(source);
    return file->is_at_end ? lines_read(file) : -1;
}

/* value.data is set once the batch is complete, because text moves as it grows. */
static void message_add(struct source_file *file, size_t *count, struct bytes line)
{
    file->messages[(*count)++] = (struct source_message){
        .offset = lines_read(file) - 1,
        .value = {NULL, line.size},
        .timestamp = NT_TIME_MINUS_INFINITY,
    };
    buffer_append(&file->text, line.data, line.size);
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
    *messages = file->messages;
    *count = 0;
    buffer_clear(&file->text);
    if (file->is_at_end) { /* nothing more will come: do as a source that waited */
        usleep((useconds_t)(timeout_ms > 0 ? timeout_ms : 0) * 1000);
        return NT_OK;
    }
    while (*count < file->batch_max && !file->is_at_end) {
        struct bytes line;
        enum nt_status status = lines_next(&file->lines, &line, error);
        if (status != NT_OK) return status;
        file->is_at_end = !line.data;
        if (line.data) message_add(file, count, line);
    }
    values_point(file, *count);
    if (file->is_at_end) /* there is room for one more */
        file->messages[(*count)++] =
            (struct source_message){.offset = lines_read(file), .is_end = true};
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
