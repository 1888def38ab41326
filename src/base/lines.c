/* lines.c: getline, and what is to be passed over. */
#include "base/lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum nt_status lines_open(const char *path, struct lines *lines, struct nt_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *lines = (struct lines){.file = is_stdin ? stdin : fopen(path, "rb")};
    if (!lines->file) return error_errno(error, "cannot read %s", path);
    lines->path = memory_strdup(is_stdin ? "standard input" : path);
    return NT_OK;
}

void lines_close(struct lines *lines)
{
    if (lines->file && lines->file != stdin) fclose(lines->file);
    free(lines->path);
    free(lines->text);
    *lines = (struct lines){0};
}

static struct bytes line_trim(const struct lines *lines, size_t size)
{
    struct bytes line = {(const uint8_t *)lines->text, size};
    if (lines->number == 1 && size >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
        line = (struct bytes){line.data + 3, size - 3};
    if (line.size > 0 && line.data[line.size - 1] == '\n') line.size--;
    if (line.size > 0 && line.data[line.size - 1] == '\r') line.size--;
    return line;
}

static bool is_blank(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r') return false;
    return true;
}

enum nt_status lines_next(struct lines *lines, struct bytes *line, struct nt_error *error)
{
    do {
        ssize_t size = getline(&lines->text, &lines->capacity, lines->file);
        *line = (struct bytes){0};
        /* A failure may come with the part of a line that was read before it. */
        if (ferror(lines->file)) return error_errno(error, "cannot read %s", lines->path);
        if (size < 0) return NT_OK;
        lines->number++;
        *line = line_trim(lines, (size_t)size);
        if (line->size > LINE_BYTES_MAX)
            return error_set(error, NT_INVALID, "%s:%" PRIu64 ": a line of more than %u MiB",
                             lines->path, lines->number, LINE_BYTES_MAX >> 20);
    } while (is_blank(*line));
    return NT_OK;
}
