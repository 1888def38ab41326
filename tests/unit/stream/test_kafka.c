/* The Kafka bodies against librdkafka's mock cluster: publish, read, dead letters, a broker that is
 * down. What only a real broker can show is in the integration tests. */
#include "../../support/program_fixture.h"
#include "stream/dlq.h"
#include "stream/publish.h"
#include "stream/topics.h"
#include "stream/worker.h"

#include <inttypes.h>
#include <librdkafka/rdkafka_mock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define DOWN       "127.0.0.1:1"
#define PARTITIONS 4
#define LINES      200

struct fixture {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
    const char *brokers;
    char path[64];
};

static int setup(void **state)
{
    struct fixture *fixture = memory_zalloc(sizeof *fixture);
    char reason[256];
    fixture->host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason);
    fixture->cluster = rd_kafka_mock_cluster_new(fixture->host, 1);
    fixture->brokers = rd_kafka_mock_cluster_bootstraps(fixture->cluster);
    rd_kafka_mock_topic_create(fixture->cluster, "sales", PARTITIONS, 1);
    rd_kafka_mock_topic_create(fixture->cluster, "sales.dlq", 1, 1);
    snprintf(fixture->path, sizeof fixture->path, "/tmp/nowthen-publish-XXXXXX");
    int fd = mkstemp(fixture->path);
    if (fd < 0) return -1;
    close(fd);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    rd_kafka_mock_cluster_destroy(fixture->cluster);
    rd_kafka_destroy(fixture->host);
    free(fixture);
    return 0;
}

/* Every tenth line is rubbish. */
static void lines_write(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++) {
        const char *text =
            "{\"shop\": \"shop%d\", \"amount\": %d, \"at\": \"2013-01-01T00:%02d:00Z\"}\n";
        if (i % 10 == 9)
            fprintf(file, "{\"shop\": \"shop%d\", \"amount\": \"many\"}\n", i % 7);
        else
            fprintf(file, text, i % 7, i, i % 60);
    }
    fclose(file);
}

static void publish_ok(const struct fixture *fixture)
{
    struct publish_options options = {
        .brokers = fixture->brokers,
        .topic = "sales",
        .partition_count = PARTITIONS,
        .key_column = "shop",
    };
    struct nt_error error;
    uint64_t published;
    lines_write(fixture->path);
    if (publish_file(&options, fixture->path, &published, &error) != NT_OK)
        fail_msg("%s", error.text);
    assert_int_equal(published, LINES);
}

static struct store *store_make(void)
{
    struct store *store = NULL;
    struct store_options options = {
        .clock = clock_system(),
        .is_event_clock = true,
        .past_reads_us = STORE_PAST_FOREVER,
        .cache_bytes_max = 1 << 20,
    };
    assert_int_equal(store_open(&fixture_program, kv_memory_open(), &options, &store, NULL), NT_OK);
    return store;
}

static enum nt_status worker_run(const struct fixture *fixture, struct store *store,
                                 struct nt_error *error)
{
    struct worker *worker;
    struct worker_options options = worker_options_default();
    options.brokers = fixture->brokers;
    options.is_ending = true;
    options.commit_ms = 10;
    assert_int_equal(worker_start(&fixture_program, store, &options, &worker, error), NT_OK);
    enum nt_status status = worker_join(worker, error);
    worker_destroy(worker);
    return status;
}

static uint64_t counter(struct store *store, enum store_counter which)
{
    struct store_snapshot *snapshot;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    uint64_t x = store_snapshot_counter(snapshot, which);
    store_snapshot_close(snapshot);
    return x;
}

static void what_is_published_arrives_once(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = store_make();
    struct nt_error error;
    publish_ok(fixture);
    for (int i = 0; i < 2; i++) { /* the second goes on where the first ended: at the end */
        assert_int_equal(worker_run(fixture, store, &error), NT_OK);
        assert_int_equal(counter(store, STORE_ACCEPTED), LINES - LINES / 10);
        assert_int_equal(counter(store, STORE_REJECTED), LINES / 10);
    }
    int64_t sum = 0;
    for (int32_t partition = 0; partition < PARTITIONS; partition++) {
        int64_t offset;
        assert_int_equal(store_position_get(store, "sales", partition, &offset, NULL), NT_OK);
        sum += offset;
    }
    assert_int_equal(sum, LINES);
    store_close(store);
}

/* The partition that Java's DefaultPartitioner gives: toPositive(murmur2(key)) % partitions. */
static uint32_t murmur2(const char *key)
{
    const uint32_t m = 0x5bd1e995;
    size_t size = strlen(key);
    uint32_t h = 0x9747b28c ^ (uint32_t)size;
    for (; size >= 4; key += 4, size -= 4) {
        uint32_t k;
        memcpy(&k, key, sizeof k);
        k *= m;
        k ^= k >> 24;
        k *= m;
        h = (h * m) ^ k;
    }
    if (size >= 3) h ^= (uint32_t)(uint8_t)key[2] << 16;
    if (size >= 2) h ^= (uint32_t)(uint8_t)key[1] << 8;
    if (size >= 1) h = (h ^ (uint8_t)key[0]) * m;
    h ^= h >> 13;
    h *= m;
    return (h ^ (h >> 15)) & 0x7fffffff;
}

static enum nt_status position_zero(void *self, const char *topic, int32_t partition,
                                    int64_t *offset, struct nt_error *error)
{
    (void)topic, (void)partition, (void)error;
    *offset = *(const int64_t *)self;
    return NT_OK;
}

static struct source *source_open(const struct fixture *fixture, const char *topic, int64_t from)
{
    struct source *source;
    struct nt_error error;
    struct source_kafka_options options = {
        .brokers = fixture->brokers, .topics = &topic, .topic_count = 1, .batch_messages = 64};
    assert_int_equal(source_kafka_open(&options, &source, &error), NT_OK);
    if (source->ops->refresh(source, position_zero, &from, &error) != NT_OK)
        fail_msg("%s", error.text);
    return source;
}

/* Calls see with each message until every partition has ended. */
static void source_read(struct source *source,
                        void (*see)(struct source *source, const struct source_message *message))
{
    uint32_t ended = 0;
    while (ended < source->ops->partition_count(source)) {
        const struct source_message *messages;
        size_t count;
        struct nt_error error;
        if (source->ops->poll(source, 1000, &messages, &count, &error) != NT_OK)
            fail_msg("%s", error.text);
        for (size_t i = 0; i < count; i++) {
            if (messages[i].is_end)
                ended++;
            else
                see(source, &messages[i]);
        }
    }
}

static void partition_check(struct source *source, const struct source_message *message)
{
    char key[16];
    snprintf(key, sizeof key, "%.*s", (int)message->key.size, (const char *)message->key.data);
    assert_memory_equal(key, "shop", 4);
    assert_int_equal(source->ops->partition(source, message->slot).partition,
                     murmur2(key) % PARTITIONS);
    assert_true(message->timestamp.us > 0);
}

static void a_key_is_where_java_puts_it(void **state)
{
    struct fixture *fixture = *state;
    publish_ok(fixture);
    struct source *source = source_open(fixture, "sales", 0);
    source_read(source, partition_check);
    source->ops->close(source);
    assert_int_equal(murmur2("21") & 0x7fffffff,
                     (uint32_t)-973932308 & 0x7fffffff); /* Kafka's test */
}

static void header_check(const rd_kafka_headers_t *headers, const char *name, const char *part)
{
    const void *value;
    size_t size;
    assert_int_equal(rd_kafka_header_get_last(headers, name, &value, &size), 0);
    assert_non_null(strstr(value, part)); /* librdkafka ends header values with a zero */
}

static void letter_check(struct source *source, const struct source_message *message)
{
    (void)source;
    rd_kafka_headers_t *headers;
    assert_int_equal(rd_kafka_message_headers(message->origin, &headers), 0);
    header_check(headers, "__connect.errors.topic", "sales");
    header_check(headers, "__connect.errors.partition", "");
    header_check(headers, "__connect.errors.offset", "");
    header_check(headers, "__connect.errors.stage", "VALUE_CONVERTER");
    header_check(headers, "__connect.errors.exception.message", "amount");
    header_check(headers, "nowthen.error", "amount");
    assert_memory_equal(message->key.data, "shop", 4);
    assert_memory_equal(message->value.data, "{\"shop\": \"shop", 14);
}

static void dead_letters_keep_the_message_and_say_why(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = store_make();
    struct nt_error error;
    publish_ok(fixture);
    assert_int_equal(worker_run(fixture, store, &error), NT_OK);
    struct source *source = source_open(fixture, "sales.dlq", 0);
    source_read(source, letter_check);
    assert_int_equal(source->ops->end(source, 0), LINES / 10);
    source->ops->close(source);
    store_close(store);
}

static void dead_letters_keep_the_headers(void **state)
{
    struct fixture *fixture = *state;
    struct dlq *dlq;
    struct nt_error error;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
    rd_kafka_header_add(headers, "trace", -1, "amount", -1);
    struct bytes text = {(const uint8_t *)"{\"shop\": \"shop\"}", 16};
    struct dlq_letter letter = {
        .topic = "sales",
        .key = {(const uint8_t *)"shop", 4},
        .value = text,
        .headers = headers,
        .stage = "VALUE_CONVERTER",
        .why = "amount is missing",
    };
    assert_int_equal(dlq_open(fixture->brokers, 0, &dlq, &error), NT_OK);
    assert_int_equal(dlq_write(dlq, &letter, &error), NT_OK);
    while (dlq_flush(dlq, 1000, &error) == NT_UNAVAILABLE) {
    }
    dlq_close(dlq);
    rd_kafka_headers_destroy(headers);
    struct source *source = source_open(fixture, "sales.dlq", 0);
    source_read(source, letter_check);
    source->ops->close(source);
}

static void an_offset_that_is_gone_is_an_error_not_a_reset(void **state)
{
    struct fixture *fixture = *state;
    const struct source_message *messages;
    size_t count;
    struct nt_error error;
    publish_ok(fixture);
    struct source *source = source_open(fixture, "sales", 1000000);
    enum nt_status status = NT_OK;
    for (int i = 0; i < 20 && status == NT_OK; i++)
        status = source->ops->poll(source, 500, &messages, &count, &error);
    assert_int_equal(status, NT_MISMATCH);
    assert_non_null(strstr(error.text, "topic sales/"));
    source->ops->close(source);
}

static void brokers_that_are_down_are_named(void **state)
{
    struct fixture *fixture = *state;
    const char *topic = "sales";
    struct source *source;
    struct nt_error error;
    int64_t zero = 0;
    struct source_kafka_options options = {
        .brokers = DOWN, .topics = &topic, .topic_count = 1, .batch_messages = 1};
    assert_int_equal(source_kafka_open(&options, &source, &error), NT_OK);
    assert_int_equal(source->ops->refresh(source, position_zero, &zero, &error), NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, DOWN));
    source->ops->close(source);
    uint64_t published;
    struct publish_options publish = {.brokers = DOWN, .topic = "sales", .partition_count = 1};
    lines_write(fixture->path);
    assert_int_equal(publish_file(&publish, fixture->path, &published, &error), NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, DOWN));
    assert_int_equal(published, 0);
}

static void a_line_that_is_no_json_stops_publishing_by_key(void **state)
{
    struct fixture *fixture = *state;
    uint64_t published;
    struct nt_error error;
    struct publish_options options = {.brokers = fixture->brokers,
                                      .topic = "sales",
                                      .partition_count = PARTITIONS,
                                      .key_column = "shop"};
    FILE *file = fopen(fixture->path, "w");
    fputs("{\"shop\": \"a\"}\n\n{\"shop\": null}\nrubbish\n", file);
    fclose(file);
    assert_int_equal(publish_file(&options, fixture->path, &published, &error), NT_INVALID);
    assert_non_null(strstr(error.text, ":4: not JSON"));
    assert_int_equal(published, 2);
    options.key_column = NULL; /* without a key the bytes are nobody's business */
    assert_int_equal(publish_file(&options, fixture->path, &published, &error), NT_OK);
    assert_int_equal(published, 3);
}

static void topics_that_exist_are_found(void **state)
{
    struct fixture *fixture = *state;
    struct nt_error error;
    struct topic topics[] = {{"sales", PARTITIONS, true}, {"sales.dlq", 1, true}};
    assert_int_equal(topics_ensure(fixture->brokers, topics, 2, false, &error), NT_OK);
    assert_false(topics[0].was_missing);
    assert_false(topics[1].was_missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_published_arrives_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_key_is_where_java_puts_it, setup, teardown),
        cmocka_unit_test_setup_teardown(dead_letters_keep_the_message_and_say_why, setup, teardown),
        cmocka_unit_test_setup_teardown(dead_letters_keep_the_headers, setup, teardown),
        cmocka_unit_test_setup_teardown(an_offset_that_is_gone_is_an_error_not_a_reset, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(brokers_that_are_down_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_that_is_no_json_stops_publishing_by_key, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(topics_that_exist_are_found, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
