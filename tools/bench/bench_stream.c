/*
 * bench_stream.c: the log that tools/bench/stream measures over, and the least that reading it can
 * cost.
 *
 *   produce   N payments as JSON of 300 bytes, keyed by card, a day of event time with 2 s of
 *             disorder: half of them of one card, the others Zipf 1.1 over a million
 *   consume   reads the topic to its end with librdkafka's batch call and looks at nothing
 *
 * usage: bench_stream produce BROKERS TOPIC EVENTS PARTITIONS
 *        bench_stream consume BROKERS TOPIC PARTITIONS
 *
 * The same arguments give the same events. What consume costs is its parent's to measure.
 */
#include "base/bytes.h"
#include "stream/kafka.h"
#include "stream/topics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CARDS          1000000
#define ZIPF_EXPONENT  1.1
#define EVENT_BYTES    300
#define DAY_US         INT64_C(86400000000)
#define START_UNIX_US  INT64_C(1735689600000000) /* 2025-01-01 */
#define DISORDER_US    2000000
#define POLL_MS        100
#define BATCH_MESSAGES 1000 /* as many as the worker takes at once */
#define PARTITIONS_MAX 1024

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "bench_stream: %s: %s\n", what, why);
    return 1;
}

/* ---- numbers ---- */

static uint64_t random_state = 1;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double next_unit(void)
{
    return (double)(next_random() >> 11) * 0x1p-53;
}

/* below[r]: the chance of a rank up to r. */
static double *zipf_make(void)
{
    double *below = memory_alloc(CARDS * sizeof *below), sum = 0;
    for (int rank = 0; rank < CARDS; rank++) below[rank] = sum += pow(rank + 1, -ZIPF_EXPONENT);
    for (int rank = 0; rank < CARDS; rank++) below[rank] /= sum;
    return below;
}

static int zipf_rank(const double *below)
{
    double at = next_unit();
    int low = 0, high = CARDS - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (below[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Cards that are used much must not be neighbours in the store's key order. The multiplier is a
 * prime that does not divide CARDS. */
static int64_t card_of(const double *below)
{
    if (next_random() & 1) return 0;
    return 1 + (int64_t)zipf_rank(below) * 611953 % CARDS;
}

/* ---- events ---- */

static int64_t event_unix_us(int64_t i, int64_t count)
{
    int64_t at = (int64_t)((double)DAY_US * (double)i / (double)count);
    return START_UNIX_US + at - (int64_t)(next_random() % DISORDER_US);
}

/* The day before START or that day: the only two there are. */
static int time_print(int64_t unix_us, char *out, size_t size)
{
    bool is_before = unix_us < START_UNIX_US;
    int64_t us = is_before ? unix_us - START_UNIX_US + DAY_US : unix_us - START_UNIX_US;
    int64_t s = us / 1000000;
    return snprintf(out, size, "%sT%02d:%02d:%02d.%06dZ", is_before ? "2024-12-31" : "2025-01-01",
                    (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60), (int)(us % 1000000));
}

static void event_print(int64_t i, const char *card, int64_t unix_us, char *out)
{
    static const char *const categories[] = {"groceries", "travel", "fuel", "books"};
    char time[40];
    time_print(unix_us, time, sizeof time);
    uint64_t bits = next_random();
    int size = snprintf(out, EVENT_BYTES + 1,
                        "{\"payment\":%" PRId64 ",\"card\":\"%s\",\"amount\":%d.%02d,"
                        "\"currency\":\"EUR\",\"merchant\":\"merchant-%06d\",\"category\":\"%s\","
                        "\"country\":\"DE\",\"channel\":\"chip\",\"is_declined\":%s,"
                        "\"latency_ms\":%d,\"paid_at\":\"%s\",\"trace\":\"",
                        INT64_C(7000000000) + i, card, (int)(bits % 500), (int)(bits >> 9 & 63),
                        (int)(bits >> 16 & 0xffff), categories[bits >> 32 & 3],
                        bits >> 34 & 15 ? "false" : "true", (int)(bits >> 40 & 1023), time);
    while (size < EVENT_BYTES - 2) out[size++] = (char)('a' + next_random() % 16);
    memcpy(out + size, "\"}", 2);
}

static void on_delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    (void)client;
    if (message->err) *(rd_kafka_resp_err_t *)opaque = message->err;
}

static rd_kafka_resp_err_t event_send(rd_kafka_t *producer, const char *topic, const char *card,
                                      const char *event, int64_t unix_us)
{
    for (;;) {
        rd_kafka_resp_err_t err = rd_kafka_producev(
            producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_KEY(card, strlen(card)),
            RD_KAFKA_V_VALUE((void *)(uintptr_t)event, EVENT_BYTES),
            RD_KAFKA_V_TIMESTAMP(unix_us / 1000), RD_KAFKA_V_END);
        bool is_full = err == RD_KAFKA_RESP_ERR__QUEUE_FULL;
        rd_kafka_poll(producer, is_full ? POLL_MS : 0);
        if (!is_full) return err;
    }
}

static int events_send(rd_kafka_t *producer, const char *topic, int64_t count,
                       const rd_kafka_resp_err_t *failure)
{
    double *below = zipf_make();
    char card[32], event[EVENT_BYTES + 1];
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int64_t i = 0; i < count && !err && !*failure; i++) {
        int64_t unix_us = event_unix_us(i, count);
        snprintf(card, sizeof card, "card-%07" PRId64, card_of(below));
        event_print(i, card, unix_us, event);
        err = event_send(producer, topic, card, event, unix_us);
    }
    free(below);
    while (!err && !*failure && rd_kafka_flush(producer, POLL_MS)) continue;
    if (!err) err = *failure;
    return err ? fail("cannot publish", rd_kafka_err2str(err)) : 0;
}

static int produce(const char *brokers, const char *name, int64_t count, int partitions)
{
    struct topic topic = {.name = name, .partition_count = partitions};
    rd_kafka_resp_err_t failure = RD_KAFKA_RESP_ERR_NO_ERROR;
    const struct kafka_callbacks callbacks = {.opaque = &failure, .delivered = on_delivered};
    rd_kafka_t *producer = NULL;
    struct nt_error error;
    enum nt_status status = topics_ensure(brokers, &topic, 1, false, &error);
    if (status == NT_OK) status = kafka_producer_open(brokers, &callbacks, &producer, &error);
    if (status != NT_OK) return fail(name, error.text);
    int exit_status = events_send(producer, name, count, &failure);
    rd_kafka_destroy(producer);
    return exit_status;
}

/* ---- the least ---- */

/* Partitions that have come to their end. */
static int batch_read(rd_kafka_queue_t *queue, int64_t *messages, int64_t *bytes)
{
    rd_kafka_message_t *batch[BATCH_MESSAGES];
    int ended = 0;
    ssize_t count = rd_kafka_consume_batch_queue(queue, POLL_MS, batch, BATCH_MESSAGES);
    for (ssize_t i = 0; i < count; i++) {
        ended += batch[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        *messages += !batch[i]->err;
        *bytes += batch[i]->err ? 0 : (int64_t)batch[i]->len;
        rd_kafka_message_destroy(batch[i]);
    }
    return ended;
}

static int consume(const char *brokers, const char *name, int partitions)
{
    /* librdkafka's defaults, but for what tells the end. */
    const struct kafka_setting settings[] = {{"enable.partition.eof", "true"}, {NULL, NULL}};
    struct nt_error error;
    rd_kafka_t *client;
    if (kafka_client_open(RD_KAFKA_CONSUMER, brokers, settings, NULL, &client, &error) != NT_OK)
        return fail(name, error.text);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    for (int32_t p = 0; p < partitions; p++)
        rd_kafka_consume_start_queue(topic, p, RD_KAFKA_OFFSET_BEGINNING, queue);
    int64_t messages = 0, bytes = 0;
    for (int ended = 0; ended < partitions;) ended += batch_read(queue, &messages, &bytes);
    for (int32_t p = 0; p < partitions; p++) rd_kafka_consume_stop(topic, p);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    printf("%" PRId64 " messages, %" PRId64 " bytes\n", messages, bytes);
    return 0;
}

int main(int argc, char **argv)
{
    bool is_produce = argc == 6 && strcmp(argv[1], "produce") == 0;
    bool is_consume = argc == 5 && strcmp(argv[1], "consume") == 0;
    int64_t partitions = argc > 4 ? strtoll(argv[argc - 1], NULL, 10) : 0;
    if ((!is_produce && !is_consume) || partitions < 1 || partitions > PARTITIONS_MAX)
        return fail("usage", "produce BROKERS TOPIC EVENTS PARTITIONS, or "
                             "consume BROKERS TOPIC PARTITIONS");
    if (is_consume) return consume(argv[2], argv[3], (int)partitions);
    return produce(argv[2], argv[3], strtoll(argv[4], NULL, 10), (int)partitions);
}
