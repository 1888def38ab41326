/* The worker over a simulated source and over a file: nothing lost, nothing twice, rejected events
 * set aside before their position is committed, sources that are away tried again. */
#include "../../support/program_fixture.h"
#include "stream/worker.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a source in memory: partitions of texts; NULL is a tombstone ---- */

struct simulated {
    struct source source;
    const char *const *logs[2];
    int64_t sizes[2];
    int64_t next[2];
    int64_t first[2]; /* what is left of them begins here */
    int64_t begun[2]; /* where the worker had them read from */
    uint32_t partitions;
    uint32_t found;
    int refreshes_failing;
    int flushes_failing;
    int polls;
    enum nt_status poll_failure; /* once everything has been read */
    int batch;
    int back; /* how many messages are repeated once, at offset 5 */
    struct source_message messages[64];
    int64_t rejected[64];
    int rejected_count, rejected_safe;
    struct store *store; /* to see what is committed when a letter is not safe yet */
};

static struct simulated *simulated_of(struct source *source)
{
    return (struct simulated *)source;
}

static void simulated_close(struct source *source)
{
    (void)source;
}

static enum nt_status simulated_refresh(struct source *source, source_position *position,
                                        void *self, struct nt_error *error)
{
    struct simulated *sim = simulated_of(source);
    if (sim->refreshes_failing-- > 0)
        return error_set(error, NT_UNAVAILABLE, "cannot reach the simulated broker");
    for (; sim->found < sim->partitions; sim->found++) {
        enum nt_status status =
            position(self, "sales", (int32_t)sim->found, &sim->next[sim->found], error);
        if (status != NT_OK) return status;
        sim->begun[sim->found] = sim->next[sim->found];
    }
    return NT_OK;
}

static enum nt_status simulated_first(struct source *source, const char *topic, int32_t partition,
                                      int64_t *offset, struct nt_error *error)
{
    (void)topic, (void)error;
    *offset = simulated_of(source)->first[partition];
    return NT_OK;
}

static uint32_t simulated_count(struct source *source)
{
    return simulated_of(source)->found;
}

static struct source_partition simulated_partition(struct source *source, uint32_t slot)
{
    return (struct source_partition){"sales", (int32_t)slot, simulated_of(source)->next[slot]};
}

static int64_t simulated_end(struct source *source, uint32_t slot)
{
    return simulated_of(source)->sizes[slot];
}

static enum nt_status simulated_poll(struct source *source, int timeout_ms,
                                     const struct source_message **messages, size_t *count,
                                     struct nt_error *error)
{
    struct simulated *sim = simulated_of(source);
    *messages = sim->messages;
    *count = 0;
    uint32_t slot = (uint32_t)sim->polls++ % sim->found;
    if (slot == 0 && sim->next[0] > 4 && sim->back) {
        sim->next[0] -= sim->back;
        sim->back = 0;
    }
    for (int i = 0; i < sim->batch && sim->next[slot] < sim->sizes[slot]; i++) {
        const char *text = sim->logs[slot][sim->next[slot]];
        sim->messages[(*count)++] = (struct source_message){
            .slot = slot,
            .offset = sim->next[slot]++,
            .value = {(const uint8_t *)text, text ? strlen(text) : 0},
        };
    }
    if (*count) return NT_OK;
    if (sim->poll_failure) return error_set(error, sim->poll_failure, "the log is cut");
    usleep((useconds_t)(timeout_ms > 2 ? 2 : timeout_ms) * 1000);
    sim->messages[(*count)++] =
        (struct source_message){.slot = slot, .offset = sim->next[slot], .is_end = true};
    return NT_OK;
}

static enum nt_status simulated_reject(struct source *source, const struct source_message *message,
                                       const char *stage, const char *why, struct nt_error *error)
{
    (void)error;
    struct simulated *sim = simulated_of(source);
    assert_non_null(stage);
    assert_true(strlen(why) > 0);
    sim->rejected[sim->rejected_count++] = message->offset;
    return NT_OK;
}

static enum nt_status simulated_flush(struct source *source, int timeout_ms, struct nt_error *error)
{
    (void)timeout_ms;
    struct simulated *sim = simulated_of(source);
    if (sim->rejected_count > sim->rejected_safe && sim->flushes_failing-- > 0) {
        int64_t committed;
        store_position_get(sim->store, "sales", 0, &committed, NULL);
        assert_true(committed <= sim->rejected[sim->rejected_safe]);
        return error_set(error, NT_UNAVAILABLE, "letters are waiting");
    }
    sim->rejected_safe = sim->rejected_count;
    return NT_OK;
}

static const struct source_ops simulated_ops = {
    .close = simulated_close,
    .refresh = simulated_refresh,
    .first = simulated_first,
    .partition_count = simulated_count,
    .partition = simulated_partition,
    .end = simulated_end,
    .poll = simulated_poll,
    .reject = simulated_reject,
    .rejects_flush = simulated_flush,
};

static const char *const log_a[] = {
    "{\"shop\": \"a\", \"amount\": 1, \"at\": \"2013-01-01T00:00:00Z\"}",
    "{\"shop\": \"b\", \"amount\": 2, \"at\": \"2013-01-01T00:10:00Z\"}",
    NULL,
    "{\"shop\": \"a\", \"amount\": -1, \"at\": \"2013-01-01T00:20:00Z\"}",
    "rubbish",
    "{\"shop\": null, \"amount\": 3, \"at\": \"2013-01-01T00:30:00Z\"}",
    "{\"shop\": \"a\", \"amount\": 4, \"at\": \"2013-01-01T00:40:00Z\"}",
};
static const char *const log_b[] = {
    "{\"shop\": \"a\", \"amount\": 8, \"at\": \"2013-01-01T00:05:00Z\"}",
    "{\"shop\": \"c\", \"amount\": 16, \"at\": \"2013-01-01T00:15:00Z\"}",
};

static struct simulated simulated_make(void)
{
    return (struct simulated){
        .source = {&simulated_ops},
        .logs = {log_a, log_b},
        .sizes = {7, 2},
        .partitions = 2,
        .batch = 2,
    };
}

static struct store *store_make(struct kv *kv)
{
    struct store *store = NULL;
    struct nt_error error;
    struct store_options options = {
        .clock = clock_system(),
        .is_event_clock = true,
        .past_reads_us = FIXTURE_HOUR_US,
        .cache_bytes_max = 1 << 20,
    };
    if (store_open(&fixture_program, kv, &options, &store, &error) != NT_OK)
        fail_msg("%s", error.text);
    return store;
}

static uint64_t counter(struct store *store, enum store_counter which)
{
    struct store_snapshot *snapshot;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    uint64_t x = store_snapshot_counter(snapshot, which);
    store_snapshot_close(snapshot);
    return x;
}

static int64_t position(struct store *store, int32_t partition)
{
    int64_t offset;
    assert_int_equal(store_position_get(store, "sales", partition, &offset, NULL), NT_OK);
    return offset;
}

static enum nt_status run(struct store *store, struct source *source, struct worker_options options,
                          struct worker_stats *stats, struct nt_error *error)
{
    struct worker *worker;
    options.is_ending = true;
    assert_int_equal(
        worker_start_sources(&fixture_program, store, &options, &source, 1, &worker, error), NT_OK);
    enum nt_status status = worker_join(worker, error);
    if (stats) worker_stats_get(worker, stats);
    worker_destroy(worker);
    return status;
}

static void assert_all_counted(struct store *store)
{
    assert_int_equal(counter(store, STORE_ACCEPTED), 6);
    assert_int_equal(counter(store, STORE_REJECTED), 2);
    assert_int_equal(counter(store, STORE_TOMBSTONES), 1);
    assert_int_equal(counter(store, STORE_NULL_KEYS), 2);
    assert_int_equal(counter(store, STORE_APPLIED), 10);
    assert_int_equal(position(store, 0), 7);
    assert_int_equal(position(store, 1), 2);
}

static void every_message_is_counted_once(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct worker_stats stats;
    struct nt_error error;
    assert_int_equal(run(store, &sim.source, worker_options_default(), &stats, &error), NT_OK);
    assert_all_counted(store);
    assert_int_equal(sim.rejected_count, 2);
    assert_int_equal(sim.rejected[0], 3);
    assert_int_equal(sim.rejected[1], 4);
    assert_int_equal(stats.messages, 9);
    assert_int_equal(stats.rejected, 2);
    assert_int_equal(stats.lag, 0);
    assert_true(stats.is_caught_up);
    assert_int_equal(stats.state, WORKER_STOPPED);
    store_close(store);
}

static void starting_again_repeats_nothing(void **state)
{
    (void)state;
    struct store *store = store_make(kv_memory_open());
    struct nt_error error;
    for (int i = 0; i < 3; i++) {
        struct simulated sim = simulated_make();
        assert_int_equal(run(store, &sim.source, worker_options_default(), NULL, &error), NT_OK);
        assert_all_counted(store);
    }
    store_close(store);
}

static int64_t begin_of(struct store *store, int32_t partition)
{
    struct store_snapshot *snapshot;
    int64_t offset;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_snapshot_begin(snapshot, "sales", partition, &offset, NULL), NT_OK);
    store_snapshot_close(snapshot);
    return offset;
}

static void where_a_partition_began_is_kept_from_its_opening_on(void **state)
{
    (void)state;
    struct simulated empty = simulated_make(), later = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct nt_error error;
    empty.partitions = 1;
    empty.sizes[0] = 0;
    assert_int_equal(begin_of(store, 0), -1);
    assert_int_equal(run(store, &empty.source, worker_options_default(), NULL, &error), NT_OK);
    assert_int_equal(position(store, 0), 0);
    assert_int_equal(begin_of(store, 0), 0);
    later.first[0] = 5; /* what has gone meanwhile is asked for, so that it is missed */
    later.first[1] = 1; /* what had gone before is not */
    assert_int_equal(run(store, &later.source, worker_options_default(), NULL, &error), NT_OK);
    assert_int_equal(later.begun[0], 0);
    assert_int_equal(later.begun[1], 1);
    assert_int_equal(begin_of(store, 0), 0);
    assert_int_equal(begin_of(store, 1), 1);
    assert_int_equal(position(store, 1), 2);
    store_close(store);
}

static void a_message_that_comes_twice_counts_once(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct nt_error error;
    sim.back = 3; /* from offset 5 on, 2 to 4 come again */
    assert_int_equal(run(store, &sim.source, worker_options_default(), NULL, &error), NT_OK);
    assert_int_equal(sim.back, 0);
    assert_all_counted(store);
    assert_int_equal(sim.rejected_count, 2);
    store_close(store);
}

static void a_source_that_is_away_is_tried_again(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct worker *worker;
    struct worker_stats stats;
    struct nt_error error;
    struct source *source = &sim.source;
    struct worker_options options = worker_options_default();
    sim.refreshes_failing = 2;
    assert_int_equal(
        worker_start_sources(&fixture_program, store, &options, &source, 1, &worker, &error),
        NT_OK);
    bool was_retrying = false;
    for (int i = 0; i < 500; i++) {
        worker_stats_get(worker, &stats);
        if (stats.state == WORKER_RETRYING) {
            was_retrying = true;
            assert_false(stats.is_caught_up);
            assert_int_equal(stats.last_error.status, NT_UNAVAILABLE);
            assert_string_equal(stats.last_error.text, "cannot reach the simulated broker");
        }
        if (stats.is_caught_up) break;
        usleep(10000);
    }
    assert_true(was_retrying);
    assert_true(stats.is_caught_up);
    assert_int_equal(stats.state, WORKER_RUNNING);
    struct worker_partition partitions[4];
    assert_int_equal(worker_partitions_get(worker, partitions, 4), 2);
    assert_int_equal(partitions[0].position, 7);
    assert_int_equal(partitions[1].end, 2);
    worker_destroy(worker);
    assert_all_counted(store);
    store_close(store);
}

static void no_position_is_committed_before_its_letters_are_safe(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct nt_error error;
    struct worker_options options = worker_options_default();
    sim.store = store;
    sim.flushes_failing = 3;
    options.commit_events = 1;
    assert_int_equal(run(store, &sim.source, options, NULL, &error), NT_OK);
    assert_true(sim.flushes_failing < 0);
    assert_int_equal(sim.rejected_safe, 2);
    assert_all_counted(store);
    store_close(store);
}

static void without_dead_letters_rejected_events_are_only_counted(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct nt_error error;
    struct worker_options options = worker_options_default();
    options.has_dead_letters = false;
    assert_int_equal(run(store, &sim.source, options, NULL, &error), NT_OK);
    assert_int_equal(sim.rejected_count, 0);
    assert_all_counted(store);
    store_close(store);
}

static void a_log_that_cannot_be_read_on_ends_the_worker(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct worker_stats stats;
    struct nt_error error;
    sim.poll_failure = NT_MISMATCH;
    assert_int_equal(run(store, &sim.source, worker_options_default(), &stats, &error),
                     NT_MISMATCH);
    assert_string_equal(error.text, "the log is cut");
    assert_int_equal(stats.state, WORKER_FAILED);
    store_close(store);
}

static void one_topic_of_two_clusters_is_refused(void **state)
{
    (void)state;
    struct nt_source sources[2] = {fixture_sources[0], fixture_sources[0]};
    struct nt_program program = fixture_program;
    struct store *store = store_make(kv_memory_open());
    struct worker_options options = worker_options_default();
    struct worker *worker;
    struct nt_error error;
    sources[1].name = "other_sales";
    sources[1].brokers = "elsewhere:9092";
    program.sources = sources;
    program.source_count = 2;
    assert_int_equal(worker_start(&program, store, &options, &worker, &error), NT_INVALID);
    assert_non_null(strstr(error.text, "other_sales"));
    assert_non_null(strstr(error.text, "elsewhere:9092"));
    store_close(store);
}

/* ---- a file ---- */

static void file_put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_file_is_read_once_and_its_rejected_lines_are_kept(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-events-XXXXXX", rejects[64];
    struct nt_error error;
    struct buffer text = {0}, kept = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(rejects, sizeof rejects, "%s.dlq", path);
    buffer_printf(&text, "%s\n\n%s\r\nrubbish\n%s", log_a[0], log_a[1], log_a[6]);
    file_put(path, buffer_text(&text));
    struct store *store = store_make(kv_memory_open());
    for (int i = 0; i < 2; i++) {
        struct source *source;
        assert_int_equal(source_file_open(path, "sales", rejects, 2, &source, &error), NT_OK);
        assert_int_equal(run(store, source, worker_options_default(), NULL, &error), NT_OK);
        assert_int_equal(counter(store, STORE_ACCEPTED), 3);
        assert_int_equal(counter(store, STORE_REJECTED), 1);
        assert_int_equal(position(store, 0), 5);
    }
    assert_int_equal(file_read(rejects, &kept, &error), NT_OK);
    assert_non_null(strstr((char *)kept.data, "{\"offset\": 3, \"stage\": \"VALUE_CONVERTER\""));
    assert_non_null(strstr((char *)kept.data, "\"value\": \"rubbish\"}\n"));
    store_close(store);
    buffer_deinit(&text);
    buffer_deinit(&kept);
    unlink(path);
    unlink(rejects);
}

static void a_file_shorter_than_the_position_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-events-XXXXXX";
    struct nt_error error;
    struct source *source;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    file_put(path, log_a[0]);
    struct store *store = store_make(kv_memory_open());
    struct store_position there = {"sales", 0, 100};
    assert_int_equal(store_commit(store, &there, 1, NULL), NT_OK);
    assert_int_equal(source_file_open(path, "sales", NULL, 2, &source, &error), NT_OK);
    assert_int_equal(run(store, source, worker_options_default(), NULL, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, path));
    store_close(store);
    unlink(path);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct nt_error error;
    struct source *source;
    assert_int_equal(source_file_open("/no/such.jsonl", "sales", NULL, 1, &source, &error),
                     NT_NOT_FOUND);
    assert_non_null(strstr(error.text, "/no/such.jsonl"));
}

static void reading_ends_at_the_positions_that_are_given(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct nt_error error;
    struct worker_options options = worker_options_default();
    const struct store_position until = {"sales", 0, 3};
    options.until = &until;
    options.until_count = 1;
    assert_int_equal(run(store, &sim.source, options, NULL, &error), NT_OK);
    assert_int_equal(position(store, 0), 3);
    assert_int_equal(position(store, 1), 0);
    sim = simulated_make();
    assert_int_equal(run(store, &sim.source, worker_options_default(), NULL, &error), NT_OK);
    assert_all_counted(store);
    store_close(store);
}

struct asking {
    struct store *store;
    int64_t position;
};

static enum nt_status asked(void *self, struct nt_error *error)
{
    struct asking *asking = self;
    asking->position = position(asking->store, 0);
    return error_set(error, NT_NOT_FOUND, "as it was asked");
}

static void a_call_runs_with_everything_committed(void **state)
{
    (void)state;
    struct simulated sim = simulated_make();
    struct store *store = store_make(kv_memory_open());
    struct source *source = &sim.source;
    struct worker *worker;
    struct nt_error error;
    struct worker_options options = worker_options_default();
    options.commit_ms = 60000;
    assert_int_equal(
        worker_start_sources(&fixture_program, store, &options, &source, 1, &worker, &error),
        NT_OK);
    struct asking asking = {.store = store};
    for (int i = 0; i < 1000 && asking.position < 7; i++) {
        assert_int_equal(worker_ask(worker, asked, &asking, &error), NT_NOT_FOUND);
        assert_string_equal(error.text, "as it was asked");
    }
    assert_int_equal(asking.position, 7);
    worker_stop(worker);
    assert_int_equal(worker_join(worker, &error), NT_OK);
    asking.position = -1;
    assert_int_equal(worker_ask(worker, asked, &asking, &error), NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, "has ended"));
    assert_int_equal(asking.position, -1);
    worker_destroy(worker);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_counted_once),
        cmocka_unit_test(starting_again_repeats_nothing),
        cmocka_unit_test(where_a_partition_began_is_kept_from_its_opening_on),
        cmocka_unit_test(a_message_that_comes_twice_counts_once),
        cmocka_unit_test(a_source_that_is_away_is_tried_again),
        cmocka_unit_test(no_position_is_committed_before_its_letters_are_safe),
        cmocka_unit_test(without_dead_letters_rejected_events_are_only_counted),
        cmocka_unit_test(a_log_that_cannot_be_read_on_ends_the_worker),
        cmocka_unit_test(one_topic_of_two_clusters_is_refused),
        cmocka_unit_test(reading_ends_at_the_positions_that_are_given),
        cmocka_unit_test(a_call_runs_with_everything_committed),
        cmocka_unit_test(a_file_is_read_once_and_its_rejected_lines_are_kept),
        cmocka_unit_test(a_file_shorter_than_the_position_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
