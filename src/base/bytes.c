#include "base/bytes.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void memory_exhausted(size_t size)
{
    fprintf(stderr, "nowthen: out of memory (%zu bytes asked for)\n", size);
    abort();
}

void *memory_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) memory_exhausted(size);
    return memory;
}

void *memory_zalloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) memory_exhausted(size);
    return memory;
}

void *memory_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory) memory_exhausted(size);
    return memory;
}

char *memory_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_alloc(size), text, size);
}

void buffer_deinit(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
}

void buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t need = buffer->size + more;
    if (need <= buffer->capacity) return;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 64;
    if (capacity < need) capacity = need;
    buffer->data = memory_realloc(buffer->data, capacity);
    buffer->capacity = capacity;
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size > 0) {
        buffer_reserve(buffer, (size_t)size + 1);
        vsnprintf((char *)buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

void buffer_append_varint(struct buffer *buffer, uint64_t x)
{
    while (x >= 0x80) {
        buffer_append_byte(buffer, (uint8_t)(x | 0x80));
        x >>= 7;
    }
    buffer_append_byte(buffer, (uint8_t)x);
}

void buffer_append_u32(struct buffer *buffer, uint32_t x)
{
    x = htole32(x);
    buffer_append(buffer, &x, sizeof x);
}

void buffer_append_u64(struct buffer *buffer, uint64_t x)
{
    x = htole64(x);
    buffer_append(buffer, &x, sizeof x);
}

void buffer_append_u64_be(struct buffer *buffer, uint64_t x)
{
    x = htobe64(x);
    buffer_append(buffer, &x, sizeof x);
}

char *buffer_text(struct buffer *buffer)
{
    buffer_reserve(buffer, 1);
    buffer->data[buffer->size] = 0;
    return (char *)buffer->data;
}

const uint8_t *reader_take(struct reader *reader, size_t size)
{
    if (reader->is_short || (size_t)(reader->end - reader->next) < size) {
        reader->is_short = true;
        return NULL;
    }
    const uint8_t *taken = reader->next;
    reader->next += size;
    return taken;
}

uint8_t reader_byte(struct reader *reader)
{
    const uint8_t *b = reader_take(reader, 1);
    return b ? *b : 0;
}

uint64_t reader_varint(struct reader *reader)
{
    uint64_t x = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t *b = reader_take(reader, 1);
        if (!b) return 0;
        x |= (uint64_t)(*b & 0x7f) << shift;
        if (!(*b & 0x80)) return x;
    }
    reader->is_short = true;
    return 0;
}

uint32_t reader_u32(struct reader *reader)
{
    uint32_t x = 0;
    const uint8_t *b = reader_take(reader, sizeof x);
    if (b) memcpy(&x, b, sizeof x);
    return le32toh(x);
}

uint64_t reader_u64(struct reader *reader)
{
    uint64_t x = 0;
    const uint8_t *b = reader_take(reader, sizeof x);
    if (b) memcpy(&x, b, sizeof x);
    return le64toh(x);
}

uint64_t reader_u64_be(struct reader *reader)
{
    uint64_t x = 0;
    const uint8_t *b = reader_take(reader, sizeof x);
    if (b) memcpy(&x, b, sizeof x);
    return be64toh(x);
}

void bytes_print(struct bytes bytes, FILE *out)
{
    if (bytes.size > 0) fwrite(bytes.data, 1, bytes.size, out);
}

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

enum nt_status file_read(const char *path, struct buffer *buffer, struct nt_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file) return error_errno(error, "cannot read %s", path);
    size_t got;
    do {
        buffer_reserve(buffer, 65536);
        got = fread(buffer->data + buffer->size, 1, 65535, file);
        buffer->size += got;
    } while (got > 0);
    bool failed = ferror(file);
    enum nt_status status = failed ? error_errno(error, "cannot read %s", path) : NT_OK;
    fclose(file);
    buffer_text(buffer);
    return status;
}

static enum nt_status write_all(int fd, struct bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t wrote = write(fd, bytes.data, bytes.size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return NT_IO;
        bytes.data += wrote;
        bytes.size -= (size_t)wrote;
    }
    return NT_OK;
}

bool file_is_special(const char *path)
{
    struct stat at;
    return stat(path, &at) == 0 && !S_ISREG(at.st_mode) && !S_ISDIR(at.st_mode);
}

static enum nt_status special_write(const char *path, struct bytes bytes, struct nt_error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    enum nt_status status = NT_OK;
    if (fd < 0 || write_all(fd, bytes) != NT_OK)
        status = error_errno(error, "cannot write %s", path);
    if (fd >= 0) close(fd);
    return status;
}

enum nt_status file_write(const char *path, struct bytes bytes, struct nt_error *error)
{
    if (file_is_special(path)) return special_write(path, bytes, error);
    struct buffer name = {0};
    buffer_printf(&name, "%s.%d.tmp", path, (int)getpid());
    const char *temporary = buffer_text(&name);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    enum nt_status status = NT_OK;
    if (fd < 0 || write_all(fd, bytes) != NT_OK || fsync(fd) != 0 || rename(temporary, path) != 0) {
        status = error_errno(error, "cannot write %s", path);
        if (fd >= 0) unlink(temporary);
    }
    if (fd >= 0) close(fd);
    buffer_deinit(&name);
    return status;
}
