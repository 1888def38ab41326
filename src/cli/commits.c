/* commits.c: see commits.h. */
#include "cli/commits.h"

#include "cli/command.h"
#include "client/client.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_TIMEOUT_MS 60000

/* The number that the last line begins with; false: it is the log's end, or no line of a log. */
static bool last_commit(const struct buffer *page, uint64_t *commit)
{
    size_t size = page->size;
    while (size > 0 && page->data[size - 1] == '\n') size--;
    while (size > 0 && page->data[size - 1] != '\n') size--;
    char line[24] = {0};
    size_t left = page->size - size;
    memcpy(line, page->data + size, left < sizeof line ? left : sizeof line - 1);
    return sscanf(line, "%" SCNu64 ",", commit) == 1;
}

static enum nt_status page_fetch(const struct config *config, uint64_t after, struct buffer *page,
                                 struct nt_error *error)
{
    char path[64];
    int http = 0;
    snprintf(path, sizeof path, "/commits?after=%" PRIu64, after);
    buffer_clear(page);
    enum nt_status status = client_get(config->serve_host, (int)config->serve_port, path,
                                       PAGE_TIMEOUT_MS, &http, page, error);
    if (status != NT_OK) {
        error_prefix(error,
                     "the commit log is asked of the running service; or give --commits FILE");
        return status;
    }
    if (http == 200) return NT_OK;
    return error_set(error, NT_UNAVAILABLE, "the lookup service answered %d to %s: %s", http, path,
                     buffer_text(page));
}

static enum nt_status pages_fetch(const struct config *config, struct buffer *csv,
                                  struct nt_error *error)
{
    struct buffer page = {0};
    enum nt_status status = NT_OK;
    uint64_t after = 0, last = 0;
    bool has_more = true;
    while (status == NT_OK && has_more) {
        status = page_fetch(config, after, &page, error);
        if (status != NT_OK) break;
        buffer_append(csv, page.data, page.size);
        has_more = last_commit(&page, &last) && last > after;
        after = last;
        if (cli_is_interrupted()) status = error_set(error, NT_INTERRUPTED, "interrupted");
    }
    buffer_deinit(&page);
    return status;
}

static enum nt_status service_open(const struct config *config, struct served **served,
                                   struct nt_error *error)
{
    char path[] = "/tmp/nowthen-commits-XXXXXX";
    struct buffer csv = {0};
    enum nt_status status = pages_fetch(config, &csv, error);
    if (status == NT_OK) {
        int fd = mkstemp(path);
        if (fd < 0) status = error_errno(error, "cannot make a file in /tmp");
        if (fd >= 0) close(fd);
        if (status == NT_OK) status = file_write(path, buffer_bytes(&csv), error);
        if (status == NT_OK) status = served_open(path, served, error);
        if (fd >= 0) unlink(path);
    }
    buffer_deinit(&csv);
    return status;
}

enum nt_status commits_open(const struct config *config, const char *path, struct served **served,
                            struct nt_error *error)
{
    *served = NULL;
    return path ? served_open(path, served, error) : service_open(config, served, error);
}
