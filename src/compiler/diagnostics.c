/* diagnostics.c: findings, collected, sorted and printed. */
#include "compiler/diagnostics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A longer line is cut around the caret: nobody reads it whole. */
#define LINE_SHOWN_MAX 400

void *array_more(struct nt_arena *arena, void *array, int count, size_t size)
{
    size_t used = (size_t)count;
    if (used > 0 && (used & (used - 1)) != 0) {
        memset((char *)array + used * size, 0, size);
        return array;
    }
    void *grown = nt_arena_zalloc(arena, (used ? 2 * used : 1) * size);
    if (used) memcpy(grown, array, used * size);
    return grown;
}

static char *text_format(struct nt_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0) size = 0;
    char *text = nt_arena_zalloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    return text;
}

static const char **diagnostic_add(struct diagnostics *diagnostics, int offset, bool is_warning,
                                   const char *reason)
{
    if (offset < 0) offset = 0;
    if ((size_t)offset > diagnostics->text.size) offset = (int)diagnostics->text.size;
    diagnostics->list = array_more(diagnostics->arena, diagnostics->list, diagnostics->count,
                                   sizeof *diagnostics->list);
    struct diagnostic *diagnostic = &diagnostics->list[diagnostics->count];
    diagnostic->offset = offset;
    diagnostic->order = diagnostics->count++;
    diagnostic->is_warning = is_warning;
    diagnostic->reason = reason;
    diagnostics->error_count += !is_warning;
    return &diagnostic->cure;
}

const char **diagnostics_error(struct diagnostics *diagnostics, int offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *reason = text_format(diagnostics->arena, format, arguments);
    va_end(arguments);
    return diagnostic_add(diagnostics, offset, false, reason);
}

const char **diagnostics_warn(struct diagnostics *diagnostics, int offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *reason = text_format(diagnostics->arena, format, arguments);
    va_end(arguments);
    return diagnostic_add(diagnostics, offset, true, reason);
}

/* Bytes that continue a UTF-8 character are no column of their own. */
static bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

static size_t line_start(struct bytes text, size_t offset)
{
    while (offset > 0 && text.data[offset - 1] != '\n') offset--;
    return offset;
}

static size_t line_end(struct bytes text, size_t offset)
{
    while (offset < text.size && text.data[offset] != '\n') offset++;
    return offset > 0 && offset < text.size && text.data[offset - 1] == '\r' ? offset - 1 : offset;
}

/* A finding at the end of the file belongs behind the last thing that is written there. */
static size_t shown_offset(struct bytes text, size_t offset)
{
    if (offset < text.size) return offset;
    offset = text.size;
    while (offset > 0 && (text.data[offset - 1] == '\n' || text.data[offset - 1] == ' ' ||
                          text.data[offset - 1] == '\r' || text.data[offset - 1] == '\t'))
        offset--;
    return offset;
}

static void line_print(struct bytes text, size_t offset, struct buffer *out)
{
    size_t start = line_start(text, offset), end = line_end(text, offset);
    if (end < offset) end = offset;
    if (offset - start > LINE_SHOWN_MAX / 2) start = offset - LINE_SHOWN_MAX / 2;
    if (end - start > LINE_SHOWN_MAX) end = start + LINE_SHOWN_MAX;
    while (start < offset && is_continuation(text.data[start])) start++;
    while (end > offset && end < text.size && is_continuation(text.data[end])) end--;
    buffer_append(out, text.data + start, end - start);
    buffer_append_byte(out, '\n');
    for (size_t i = start; i < offset; i++)
        if (!is_continuation(text.data[i]))
            buffer_append_byte(out, text.data[i] == '\t' ? '\t' : ' ');
    buffer_append_text(out, "^\n");
}

static void diagnostic_print(const struct diagnostics *diagnostics,
                             const struct diagnostic *diagnostic, struct buffer *out)
{
    struct bytes text = diagnostics->text;
    size_t offset = shown_offset(text, (size_t)diagnostic->offset);
    int line = 1, column = 1;
    for (size_t i = 0; i < offset; i++) {
        column = text.data[i] == '\n' ? 1 : column + !is_continuation(text.data[i]);
        line += text.data[i] == '\n';
    }
    buffer_printf(out, "%s:%d:%d: %s%s\n", diagnostics->path, line, column,
                  diagnostic->is_warning ? "warning: " : "", diagnostic->reason);
    if (text.size > 0) line_print(text, offset, out);
    if (diagnostic->cure) buffer_printf(out, "  write instead: %s\n", diagnostic->cure);
}

static int diagnostic_compare(const void *left, const void *right)
{
    const struct diagnostic *a = left, *b = right;
    if (a->offset != b->offset) return a->offset < b->offset ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

void diagnostics_print(struct diagnostics *diagnostics, struct buffer *out)
{
    const struct diagnostic *last = NULL;
    if (diagnostics->count > 0)
        qsort(diagnostics->list, (size_t)diagnostics->count, sizeof *diagnostics->list,
              diagnostic_compare);
    for (int i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *next = &diagnostics->list[i];
        bool is_repeated =
            last && last->offset == next->offset && strcmp(last->reason, next->reason) == 0;
        if (!is_repeated) diagnostic_print(diagnostics, next, out);
        last = next;
    }
}
