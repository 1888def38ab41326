/*
 * sorter.c: runs of sorted records, each in a file, merged. A run is a 4-byte size and the record,
 * repeated. There are few runs, so the least head is found by looking at all.
 */
#include "offline/sorter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run {
    FILE *file;
    struct buffer head; /* size 0: the run is at its end */
};

struct sorter {
    size_t memory_max;
    struct buffer records; /* 4-byte size and record, repeated */
    size_t *offsets;       /* of each record in records */
    size_t count, capacity;
    size_t next; /* of the offsets, once sorted */
    struct run *runs;
    size_t run_count, last; /* last: whose head was given; run_count: none */
};

struct sorter *sorter_create(size_t memory_max)
{
    struct sorter *sorter = memory_zalloc(sizeof *sorter);
    sorter->memory_max = memory_max;
    return sorter;
}

void sorter_destroy(struct sorter *sorter)
{
    if (!sorter) return;
    for (size_t i = 0; i < sorter->run_count; i++) {
        if (sorter->runs[i].file) fclose(sorter->runs[i].file);
        buffer_deinit(&sorter->runs[i].head);
    }
    buffer_deinit(&sorter->records);
    free(sorter->offsets);
    free(sorter->runs);
    free(sorter);
}

static struct bytes record_at(const struct sorter *sorter, size_t offset)
{
    uint32_t size;
    memcpy(&size, sorter->records.data + offset, sizeof size);
    return (struct bytes){sorter->records.data + offset + sizeof size, size};
}

static int offset_order(const void *a, const void *b, void *self)
{
    const size_t *x = a, *y = b;
    return bytes_compare(record_at(self, *x), record_at(self, *y));
}

/* A file that has no name any more. */
static enum nt_status file_make(FILE **file, struct nt_error *error)
{
    char path[4096];
    const char *directory = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/nowthen-sort-XXXXXX", directory ? directory : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0) return error_errno(error, "cannot make a file to sort in, %s", path);
    unlink(path);
    *file = fdopen(fd, "w+b");
    if (*file) return NT_OK;
    enum nt_status status = error_errno(error, "cannot open a file to sort in");
    close(fd);
    return status;
}

static enum nt_status run_write(const struct sorter *sorter, FILE *file, struct nt_error *error)
{
    for (size_t i = 0; i < sorter->count; i++) {
        struct bytes record = record_at(sorter, sorter->offsets[i]);
        size_t size = sizeof(uint32_t) + record.size;
        if (fwrite(sorter->records.data + sorter->offsets[i], 1, size, file) != size)
            return error_errno(error, "cannot write a file to sort in");
    }
    return fflush(file) ? error_errno(error, "cannot write a file to sort in") : NT_OK;
}

static void records_sort(struct sorter *sorter)
{
    if (sorter->count)
        qsort_r(sorter->offsets, sorter->count, sizeof *sorter->offsets, offset_order, sorter);
}

/* What is in memory becomes a run. */
static enum nt_status run_add(struct sorter *sorter, struct nt_error *error)
{
    size_t count = sorter->run_count + 1;
    sorter->runs = memory_realloc(sorter->runs, count * sizeof *sorter->runs);
    struct run *run = &sorter->runs[sorter->run_count++];
    *run = (struct run){0};
    records_sort(sorter);
    enum nt_status status = file_make(&run->file, error);
    if (status == NT_OK) status = run_write(sorter, run->file, error);
    buffer_clear(&sorter->records);
    sorter->count = 0;
    return status;
}

enum nt_status sorter_add(struct sorter *sorter, struct bytes record, struct nt_error *error)
{
    uint32_t size = (uint32_t)record.size;
    if (sorter->count == sorter->capacity) {
        sorter->capacity = sorter->capacity ? 2 * sorter->capacity : 1024;
        sorter->offsets =
            memory_realloc(sorter->offsets, sorter->capacity * sizeof *sorter->offsets);
    }
    sorter->offsets[sorter->count++] = sorter->records.size;
    buffer_append(&sorter->records, &size, sizeof size);
    buffer_append(&sorter->records, record.data, record.size);
    size_t held = sorter->records.size + sorter->count * sizeof *sorter->offsets;
    return held >= sorter->memory_max ? run_add(sorter, error) : NT_OK;
}

static enum nt_status run_advance(struct run *run, struct nt_error *error)
{
    uint32_t size;
    buffer_clear(&run->head);
    if (fread(&size, sizeof size, 1, run->file) != 1)
        return ferror(run->file) ? error_errno(error, "cannot read a file to sort in") : NT_OK;
    buffer_reserve(&run->head, size);
    run->head.size = size;
    if (fread(run->head.data, 1, size, run->file) == size) return NT_OK;
    return error_set(error, NT_IO, "a file to sort in is cut short");
}

enum nt_status sorter_sort(struct sorter *sorter, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    if (sorter->run_count == 0)
        records_sort(sorter);
    else
        status = run_add(sorter, error);
    for (size_t i = 0; i < sorter->run_count && status == NT_OK; i++) {
        rewind(sorter->runs[i].file);
        status = run_advance(&sorter->runs[i], error);
    }
    sorter->last = sorter->run_count;
    return status;
}

enum nt_status sorter_next(struct sorter *sorter, struct bytes *record, struct nt_error *error)
{
    *record = (struct bytes){0};
    if (sorter->run_count == 0) {
        if (sorter->next < sorter->count)
            *record = record_at(sorter, sorter->offsets[sorter->next++]);
        return NT_OK;
    }
    if (sorter->last < sorter->run_count) {
        enum nt_status status = run_advance(&sorter->runs[sorter->last], error);
        if (status != NT_OK) return status;
    }
    sorter->last = sorter->run_count;
    for (size_t i = 0; i < sorter->run_count; i++) {
        struct bytes head = buffer_bytes(&sorter->runs[i].head);
        if (head.size == 0 || (record->size && bytes_compare(head, *record) >= 0)) continue;
        *record = head;
        sorter->last = i;
    }
    return NT_OK;
}
