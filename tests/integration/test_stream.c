/*
 * The way from a real Kafka to RocksDB: topics are made, every event arrives once, dead letters say
 * why, and a worker that is killed again and again leaves the bytes of one that ran undisturbed.
 * NOWTHEN_KAFKA_BROKERS names the brokers; without it the tests are skipped.
 */
#include "../support/seed.h"
#include "../support/store_fixture.h"
#include "stream/kafka.h"
#include "stream/publish.h"
#include "stream/topics.h"
#include "stream/worker.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINES      60000
#define PARTITIONS 4
#define KILLS      6
#define REJECTED   (LINES / 2 / 1000)

struct world {
    const char *brokers;
    char topic[64];
    char letters[80]; /* the topic of its dead letters */
    char path[64];
    struct nt_source source;
    struct nt_program program;
};

/* In the second half every thousandth event breaks its CHECK: until then no commit has to wait for
 * dead letters, so the kills fall among many commits. */
static void lines_write(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++) {
        int second = i * 7919 % 86400; /* far out of order */
        fprintf(file,
                "{\"shop\": \"shop%d\", \"amount\": %d, \"at\": \"2013-01-01T%02d:%02d:%02dZ\"}\n",
                i % 13 ? i % 500 : 0, i > LINES / 2 && i % 1000 == 999 ? -1 : i % 100,
                second / 3600, second / 60 % 60, second % 60);
    }
    fclose(file);
}

static int setup(void **state)
{
    struct world *world = memory_zalloc(sizeof *world);
    *state = world;
    world->brokers = getenv("NOWTHEN_KAFKA_BROKERS");
    if (!world->brokers) return 0;
    snprintf(world->topic, sizeof world->topic, "test_stream_%d", (int)getpid());
    snprintf(world->letters, sizeof world->letters, "%s.dlq", world->topic);
    snprintf(world->path, sizeof world->path, "/tmp/nowthen-stream-XXXXXX");
    world->source = fixture_sources[0];
    world->source.topic = world->topic;
    world->source.brokers = world->brokers;
    world->program = fixture_program;
    world->program.sources = &world->source;
    int fd = mkstemp(world->path);
    if (fd < 0) return -1;
    close(fd);
    lines_write(world->path);
    return 0;
}

static void topics_delete(const struct world *world)
{
    const struct kafka_setting settings[] = {{NULL, NULL}};
    rd_kafka_t *client;
    if (kafka_client_open(RD_KAFKA_PRODUCER, world->brokers, settings, NULL, &client, NULL)) return;
    rd_kafka_DeleteTopic_t *topics[] = {rd_kafka_DeleteTopic_new(world->topic),
                                        rd_kafka_DeleteTopic_new(world->letters)};
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteTopics(client, topics, 2, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 10000);
    if (event) rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_DeleteTopic_destroy_array(topics, 2);
    rd_kafka_destroy(client);
}

static int teardown(void **state)
{
    struct world *world = *state;
    if (world->brokers) {
        topics_delete(world);
        unlink(world->path);
    }
    free(world);
    return 0;
}

static void topics_are_made_once(void **state)
{
    struct world *world = *state;
    struct nt_error error;
    if (!world->brokers) skip();
    for (int i = 0; i < 3; i++) {
        struct topic topic = {.name = world->topic, .partition_count = PARTITIONS};
        if (topics_ensure(world->brokers, &topic, 1, i == 0, &error) != NT_OK)
            fail_msg("%s", error.text);
        assert_int_equal(topic.was_missing, i < 2);
    }
}

static void a_file_is_published_whole(void **state)
{
    struct world *world = *state;
    struct nt_error error;
    uint64_t published;
    if (!world->brokers) skip();
    struct publish_options options = {.brokers = world->brokers,
                                      .topic = world->topic,
                                      .partition_count = PARTITIONS,
                                      .key_column = "shop"};
    if (publish_file(&options, world->path, &published, &error) != NT_OK)
        fail_msg("%s", error.text);
    assert_int_equal(published, LINES);
}

static struct store *world_open(const struct world *world, struct kv *kv)
{
    struct store *store = NULL;
    struct nt_error error;
    struct store_options options = options_event();
    if (store_open(&world->program, kv, &options, &store, &error) != NT_OK)
        fail_msg("%s", error.text);
    return store;
}

static struct worker *worker_open(const struct world *world, struct store *store, bool is_ending)
{
    struct worker *worker = NULL;
    struct nt_error error;
    struct worker_options options = worker_options_default();
    options.commit_ms = 5;
    options.commit_events = 1000;
    options.batch_messages = 100;
    options.is_ending = is_ending;
    if (worker_start(&world->program, store, &options, &worker, &error) != NT_OK)
        fail_msg("%s", error.text);
    return worker;
}

static void dump_append(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    buffer_append_byte(self, (uint8_t)family);
    buffer_append_varint(self, key.size);
    buffer_append(self, key.data, key.size);
    buffer_append_varint(self, value.size);
    buffer_append(self, value.data, value.size);
}

/* To the end of the topic, then every byte; closes the store. */
static void run_and_dump(const struct world *world, struct store *store, struct buffer *out)
{
    struct worker *worker = worker_open(world, store, true);
    struct store_snapshot *snapshot;
    struct nt_error error;
    if (worker_join(worker, &error) != NT_OK) fail_msg("%s", error.text);
    worker_destroy(worker);
    assert_int_equal(store_snapshot_open(store, &snapshot, &error), NT_OK);
    assert_int_equal(store_dump(snapshot, dump_append, out, &error), NT_OK);
    assert_int_equal(store_snapshot_counter(snapshot, STORE_ACCEPTED), LINES - REJECTED);
    assert_int_equal(store_snapshot_counter(snapshot, STORE_REJECTED), REJECTED);
    store_snapshot_close(snapshot);
    store_close(store);
}

/* A process that works until it is killed. */
static pid_t victim_start(const struct world *world, const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child) return child;
    worker_open(world, world_open(world, rocks_open(path)), false);
    for (;;) pause();
}

static void a_killed_worker_leaves_the_bytes_of_an_undisturbed_one(void **state)
{
    struct world *world = *state;
    if (!world->brokers) skip();
    char path[] = "/tmp/nowthen-stream-store-XXXXXX";
    struct buffer calm = {0}, killed = {0};
    uint64_t seed = seed_take();
    assert_non_null(mkdtemp(path));
    for (int i = 0; i < KILLS; i++) {
        pid_t victim = victim_start(world, path);
        usleep(100000 + (useconds_t)(seed_next(&seed) % 300000));
        kill(victim, SIGKILL);
        waitpid(victim, NULL, 0);
    }
    run_and_dump(world, world_open(world, rocks_open(path)), &killed);
    run_and_dump(world, world_open(world, kv_memory_open()), &calm);
    assert_true(calm.size > LINES);
    assert_int_equal(bytes_compare(buffer_bytes(&calm), buffer_bytes(&killed)), 0);
    buffer_deinit(&calm);
    buffer_deinit(&killed);
    path_remove(path);
}

static enum nt_status position_zero(void *self, const char *topic, int32_t partition,
                                    int64_t *offset, struct nt_error *error)
{
    (void)self, (void)topic, (void)partition, (void)error;
    *offset = 0;
    return NT_OK;
}

/* At least one for each rejected event and run; more where a process died before its commit. */
static void no_dead_letter_is_lost(void **state)
{
    struct world *world = *state;
    if (!world->brokers) skip();
    const char *topic = world->letters;
    struct source *source;
    struct nt_error error;
    int64_t count = 0;
    bool is_end = false;
    struct source_kafka_options options = {
        .brokers = world->brokers, .topics = &topic, .topic_count = 1, .batch_messages = 64};
    assert_int_equal(source_kafka_open(&options, &source, &error), NT_OK);
    if (source->ops->refresh(source, position_zero, NULL, &error) != NT_OK)
        fail_msg("%s", error.text);
    while (!is_end) {
        const struct source_message *messages;
        size_t got;
        assert_int_equal(source->ops->poll(source, 1000, &messages, &got, &error), NT_OK);
        for (size_t i = 0; i < got; i++) {
            is_end = messages[i].is_end;
            count += !is_end;
        }
    }
    source->ops->close(source);
    assert_true(count >= 2 * REJECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_made_once),
        cmocka_unit_test(a_file_is_published_whole),
        cmocka_unit_test(a_killed_worker_leaves_the_bytes_of_an_undisturbed_one),
        cmocka_unit_test(no_dead_letter_is_lost),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
