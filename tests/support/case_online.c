/*
 * case_online.c: the online path: the worker reads each file as a partition, in small commits, into
 * a RocksDB store with a cache too small for it, which is closed and opened again; every row is a
 * lookup as of its time.
 */
#include "case_driver.h"

#include "stream/worker.h"

#include <stdlib.h>
#include <string.h>

#define COMMIT_EVENTS   7 /* so that timelines are written and read back on the way */
#define CACHE_BYTES_MAX 65536

struct online {
    const struct nt_program *program;
    char *directory;
    struct store *store;
    struct store_snapshot *snapshot;
};

static enum nt_status store_reopen(struct online *online, struct nt_error *error)
{
    struct kv *kv;
    struct store_options options = {.clock = clock_system(),
                                    .is_event_clock = true,
                                    .past_reads_us = STORE_PAST_FOREVER,
                                    .cache_bytes_max = CACHE_BYTES_MAX};
    store_snapshot_close(online->snapshot);
    store_close(online->store);
    online->snapshot = NULL;
    online->store = NULL;
    enum nt_status status = kv_rocks_open(online->directory, KV_CACHE_BYTES, &kv, error);
    if (status != NT_OK) return status;
    return store_open(online->program, kv, &options, &online->store, error);
}

static enum nt_status online_load(void *self, const struct nt_program *program, uint16_t source,
                                  const char *path, struct nt_error *error)
{
    struct online *online = self;
    struct source *file;
    struct worker *worker;
    struct worker_options options = worker_options_default();
    options.commit_events = COMMIT_EVENTS;
    options.batch_messages = COMMIT_EVENTS;
    options.is_ending = true;
    enum nt_status status = source_file_open(path, program->sources[source].topic, NULL,
                                             options.batch_messages, &file, error);
    if (status == NT_OK)
        status = worker_start_sources(program, online->store, &options, &file, 1, &worker, error);
    if (status == NT_OK) {
        status = worker_join(worker, error);
        worker_destroy(worker);
    }
    return status == NT_OK ? store_reopen(online, error) : status;
}

static enum nt_status online_read(void *self, uint16_t view, const struct nt_value *key,
                                  struct nt_time at, struct nt_eval *e, struct view_row *row,
                                  struct nt_error *error)
{
    struct online *online = self;
    if (!online->snapshot) {
        enum nt_status status = store_snapshot_open(online->store, &online->snapshot, error);
        if (status != NT_OK) return status;
    }
    return store_read(online->snapshot, view, key, at, e, row, error);
}

static enum nt_status online_open(const struct nt_program *program, struct case_body *body,
                                  struct nt_error *error)
{
    struct online *online = memory_zalloc(sizeof *online);
    online->program = program;
    *body = (struct case_body){online, online_load, online_read};
    struct buffer path = {0};
    const char *scratch = getenv("TMPDIR");
    buffer_printf(&path, "%s/nowthen-case-XXXXXX", scratch ? scratch : "/tmp");
    online->directory = buffer_text(&path); /* the buffer's memory is taken */
    if (!mkdtemp(online->directory)) return error_errno(error, "mkdtemp");
    return store_reopen(online, error);
}

/* The directory is left to the one who runs the cases, who sets TMPDIR. */
static void online_close(struct case_body *body)
{
    struct online *online = body->self;
    if (!online) return;
    store_snapshot_close(online->snapshot);
    store_close(online->store);
    free(online->directory);
    free(online);
}

int main(int argc, char **argv)
{
    return case_main(argc, argv, online_open, online_close);
}
