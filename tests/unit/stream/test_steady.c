/* The steady state of the worker takes no memory per event: from the message to the timeline, with
 * entities that are in the cache, memory grows by blocks. (A commit takes some for every record.)
 */
#include "../../support/store_fixture.h"
#include "stream/worker.h"

#include <stdatomic.h>

#define SHOPS    40
#define EVENTS   40000
#define BATCH    500
#define LATE_MAX (40 * 60) /* s */

/* ---- every call of malloc in this process, by thread ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_COUNTING 0 /* they have allocators of their own */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_COUNTING 0
#endif
#endif
#ifndef IS_COUNTING
#define IS_COUNTING 1
#endif

static _Thread_local uint64_t mallocs;

#if IS_COUNTING
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    mallocs++;
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size)
{
    mallocs++;
    return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size)
{
    mallocs++;
    return __libc_realloc(old, size);
}
#endif

/* ---- a log in memory, which looks at the worker's thread as it is read ---- */

struct memory_log {
    struct source source;
    char (*texts)[96];
    int64_t next;
    struct source_message messages[BATCH];
    uint64_t mallocs_warm, mallocs_end;
};

static void log_close(struct source *source)
{
    (void)source;
}

static enum nt_status log_refresh(struct source *source, source_position *position, void *self,
                                  struct nt_error *error)
{
    return position(self, "sales", 0, &((struct memory_log *)source)->next, error);
}

static uint32_t log_partition_count(struct source *source)
{
    (void)source;
    return 1;
}

static struct source_partition log_partition(struct source *source, uint32_t slot)
{
    (void)slot;
    return (struct source_partition){"sales", 0, ((struct memory_log *)source)->next};
}

static int64_t log_end(struct source *source, uint32_t slot)
{
    (void)source, (void)slot;
    return EVENTS;
}

static enum nt_status log_poll(struct source *source, int timeout_ms,
                               const struct source_message **messages, size_t *count,
                               struct nt_error *error)
{
    (void)timeout_ms, (void)error;
    struct memory_log *log = (struct memory_log *)source;
    if (log->next == EVENTS / 2) log->mallocs_warm = mallocs;
    *messages = log->messages;
    *count = 0;
    while (*count < BATCH && log->next < EVENTS) {
        const char *text = log->texts[log->next];
        log->messages[(*count)++] = (struct source_message){
            .offset = log->next++, .value = {(const uint8_t *)text, strlen(text)}};
    }
    if (*count) return NT_OK;
    log->mallocs_end = mallocs;
    log->messages[(*count)++] = (struct source_message){.offset = log->next, .is_end = true};
    return NT_OK;
}

static enum nt_status log_reject(struct source *source, const struct source_message *message,
                                 const char *stage, const char *why, struct nt_error *error)
{
    (void)source, (void)message, (void)stage, (void)error;
    fail_msg("rejected: %s", why);
    return NT_INVALID;
}

static enum nt_status log_flush(struct source *source, int timeout_ms, struct nt_error *error)
{
    (void)source, (void)timeout_ms, (void)error;
    return NT_OK;
}

static const struct source_ops log_ops = {log_close,     log_refresh, NULL,     log_partition_count,
                                          log_partition, log_end,     log_poll, log_reject,
                                          log_flush};

static void log_make(struct memory_log *log)
{
    unsigned seed = 1;
    *log = (struct memory_log){.source = {&log_ops}, .texts = malloc(EVENTS * sizeof *log->texts)};
    for (int i = 0; i < EVENTS; i++) {
        int at = i / 4 + LATE_MAX - rand_r(&seed) % LATE_MAX;
        snprintf(log->texts[i], sizeof log->texts[i],
                 "{\"shop\": \"shop%d\", \"amount\": %d, \"at\": \"2013-01-01T%02d:%02d:%02dZ\"}",
                 rand_r(&seed) % SHOPS, rand_r(&seed) % 1000, at / 3600, at / 60 % 60, at % 60);
    }
}

static double mallocs_per_event(void)
{
    static struct memory_log log;
    struct store *store = open_with(kv_memory_open(), options_event());
    struct worker_options options = worker_options_default();
    struct source *source = &log.source;
    struct worker *worker;
    struct nt_error error;
    options.is_ending = true;
    options.commit_events = 2 * EVENTS; /* once, when all was counted */
    options.commit_ms = 60000;
    log_make(&log);
    assert_int_equal(
        worker_start_sources(&fixture_program, store, &options, &source, 1, &worker, &error),
        NT_OK);
    assert_int_equal(worker_join(worker, &error), NT_OK);
    worker_destroy(worker);
    store_close(store);
    free(log.texts);
    double each = (double)(log.mallocs_end - log.mallocs_warm) / (EVENTS / 2);
    print_message("%.4f allocations an event\n", each);
    return each;
}

static void an_event_takes_no_memory_of_its_own(void **state)
{
    (void)state;
    if (!IS_COUNTING) skip();
    assert_true(mallocs_per_event() < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_event_takes_no_memory_of_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
