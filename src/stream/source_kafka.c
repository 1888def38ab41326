/*
 * source_kafka.c: the event source over the topics of one Kafka cluster.
 *
 * The partitions are taken explicitly, each from the position that the store has for it, into one
 * queue (librdkafka's simple consumer): there is no consumer group, for the store alone knows what
 * has been applied. Nor is one told of it, for tools that show lag: with librdkafka 2.0.2, once a
 * broker has been away, AlterConsumerGroupOffsets fails an assertion, and a client with a group.id
 * may never end. Taking a new partition leaves the others as they are.
 *
 * One thread calls; librdkafka's threads only fill the queue and write to the log.
 */
#include "stream/dlq.h"
#include "stream/kafka.h"
#include "stream/source.h"

#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS   3000 /* short, so that a stop is not held up by a broker that is away */
#define WAKE_MS     1    /* the question is what wakes; nobody needs its answer */
#define HELD_AHEAD  8    /* messages: librdkafka's thread made them, none is in the cache */
#define TIME_NEWEST (-1) /* ListOffsets: the end of the log */

struct slot {
    struct topic_handle *topic;
    int32_t partition;
    int64_t begin; /* the offset that it is read from */
    int64_t end;   /* the last one told; -1: none yet */
};

struct topic_handle {
    rd_kafka_topic_t *handle;
    char *name;
    uint32_t *slots; /* by partition */
    int32_t partition_count;
};

struct source_kafka {
    struct source source;
    char *brokers;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    struct topic_handle *topics;
    size_t topic_count;
    struct slot *slots;
    uint32_t slot_count;
    struct dlq *dlq; /* NULL: rejected messages are dropped */

    rd_kafka_message_t **held; /* of the last poll */
    struct source_message *messages;
    size_t held_count, batch_max;
    size_t queued_most; /* messages, since the fetcher was last woken */
    bool is_away;       /* since the last message no broker could be reached */
    char away[256];
};

static struct source_kafka *kafka_of(struct source *source)
{
    return (struct source_kafka *)source;
}

/* Called from rd_kafka_poll, on our thread. */
static void on_error(rd_kafka_t *client, int err, const char *reason, void *opaque)
{
    (void)client;
    struct source_kafka *kafka = opaque;
    if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        kafka->is_away = true;
        snprintf(kafka->away, sizeof kafka->away, "%s", reason);
    }
}

static void held_release(struct source_kafka *kafka)
{
    for (size_t i = 0; i < kafka->held_count; i++) rd_kafka_message_destroy(kafka->held[i]);
    kafka->held_count = 0;
}

static void kafka_close(struct source *source)
{
    struct source_kafka *kafka = kafka_of(source);
    held_release(kafka);
    for (uint32_t i = 0; i < kafka->slot_count; i++)
        rd_kafka_consume_stop(kafka->slots[i].topic->handle, kafka->slots[i].partition);
    if (kafka->queue) rd_kafka_queue_destroy(kafka->queue);
    for (size_t i = 0; i < kafka->topic_count; i++) {
        if (kafka->topics[i].handle) rd_kafka_topic_destroy(kafka->topics[i].handle);
        free(kafka->topics[i].name);
        free(kafka->topics[i].slots);
    }
    if (kafka->client) rd_kafka_destroy(kafka->client);
    dlq_close(kafka->dlq);
    free(kafka->topics);
    free(kafka->slots);
    free(kafka->held);
    free(kafka->messages);
    free(kafka->brokers);
    free(kafka);
}

/* ---- partitions ---- */

static enum nt_status slot_start(struct source_kafka *kafka, struct topic_handle *topic,
                                 int32_t partition, int64_t offset, struct nt_error *error)
{
    if (rd_kafka_consume_start_queue(topic->handle, partition, offset, kafka->queue) != 0)
        return error_set(error, NT_UNAVAILABLE, "cannot read topic %s/%" PRId32 " at %s: %s",
                         topic->name, partition, kafka->brokers,
                         rd_kafka_err2str(rd_kafka_last_error()));
    kafka->slots = memory_realloc(kafka->slots, (kafka->slot_count + 1) * sizeof *kafka->slots);
    kafka->slots[kafka->slot_count] = (struct slot){topic, partition, offset, -1};
    topic->slots =
        memory_realloc(topic->slots, ((size_t)topic->partition_count + 1) * sizeof *topic->slots);
    topic->slots[topic->partition_count++] = kafka->slot_count++;
    log_line(LOG_INFO, "stream", "reading partition",
             "topic=%s partition=%" PRId32 " offset=%" PRId64, topic->name, partition, offset);
    return NT_OK;
}

/* Kafka numbers partitions from 0 and only ever adds some. */
static enum nt_status partitions_add(struct source_kafka *kafka, struct topic_handle *topic,
                                     int32_t count, source_position *position, void *self,
                                     struct nt_error *error)
{
    enum nt_status status = NT_OK;
    while (status == NT_OK && topic->partition_count < count) {
        int64_t offset;
        status = position(self, topic->name, topic->partition_count, &offset, error);
        if (status == NT_OK)
            status = slot_start(kafka, topic, topic->partition_count, offset, error);
    }
    return status;
}

static enum nt_status topic_refresh(struct source_kafka *kafka, struct topic_handle *topic,
                                    source_position *position, void *self, struct nt_error *error)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t err =
        rd_kafka_metadata(kafka->client, 0, topic->handle, &metadata, ANSWER_MS);
    if (err) return kafka_unreachable(kafka->brokers, rd_kafka_err2str(err), error);
    enum nt_status status;
    rd_kafka_resp_err_t why =
        metadata->topic_cnt ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (why == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        status = error_set(error, NT_UNAVAILABLE,
                           "topic %s does not exist at %s: nowthen apply makes it", topic->name,
                           kafka->brokers);
    } else if (why) {
        status = error_set(error, NT_UNAVAILABLE, "topic %s at %s: %s", topic->name, kafka->brokers,
                           rd_kafka_err2str(why));
    } else {
        status =
            partitions_add(kafka, topic, metadata->topics[0].partition_cnt, position, self, error);
    }
    rd_kafka_metadata_destroy(metadata);
    return status;
}

static enum nt_status kafka_refresh(struct source *source, source_position *position, void *self,
                                    struct nt_error *error)
{
    struct source_kafka *kafka = kafka_of(source);
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < kafka->topic_count && status == NT_OK; i++)
        status = topic_refresh(kafka, &kafka->topics[i], position, self, error);
    if (status == NT_OK) kafka->is_away = false; /* it answered */
    return status;
}

static uint32_t kafka_partition_count(struct source *source)
{
    return kafka_of(source)->slot_count;
}

static struct source_partition kafka_partition(struct source *source, uint32_t slot)
{
    const struct slot *at = &kafka_of(source)->slots[slot];
    return (struct source_partition){at->topic->name, at->partition, at->begin};
}

static enum nt_status kafka_first(struct source *source, const char *topic, int32_t partition,
                                  int64_t *offset, struct nt_error *error)
{
    struct source_kafka *kafka = kafka_of(source);
    int64_t end;
    rd_kafka_resp_err_t err =
        rd_kafka_query_watermark_offsets(kafka->client, topic, partition, offset, &end, ANSWER_MS);
    return err ? kafka_unreachable(kafka->brokers, rd_kafka_err2str(err), error) : NT_OK;
}

static int64_t kafka_end(struct source *source, uint32_t slot)
{
    struct source_kafka *kafka = kafka_of(source);
    struct slot *at = &kafka->slots[slot];
    int64_t low, high;
    /* What the last fetch said: asks nobody. */
    rd_kafka_resp_err_t err =
        rd_kafka_get_watermark_offsets(kafka->client, at->topic->name, at->partition, &low, &high);
    if (!err && high >= 0) at->end = high;
    return at->end;
}

/* ---- messages ---- */

static struct bytes span_of(const void *data, size_t size)
{
    return (struct bytes){data, size};
}

static struct nt_time timestamp_of(const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    int64_t us;
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || ms < 0 ||
        __builtin_mul_overflow(ms, INT64_C(1000), &us))
        return NT_TIME_MINUS_INFINITY;
    return (struct nt_time){us - NT_UNIX_EPOCH_US};
}

static enum nt_status message_error(const struct source_kafka *kafka,
                                    const rd_kafka_message_t *message, struct nt_error *error)
{
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
        return error_set(error, NT_MISMATCH,
                         "topic %s/%" PRId32 " at %s no longer has the offset the store goes on "
                         "from: %s. Its retention was too short, or it was made anew; let the "
                         "worker replay the log into another store directory, an archive into "
                         "another history (OPTIONS (history 'schema.table'))",
                         topic, message->partition, kafka->brokers,
                         rd_kafka_message_errstr(message));
    return error_set(error, NT_UNAVAILABLE, "reading topic %s/%" PRId32 " at %s: %s", topic,
                     message->partition, kafka->brokers, rd_kafka_message_errstr(message));
}

static struct source_message message_of(const rd_kafka_message_t *message)
{
    const struct topic_handle *topic = rd_kafka_topic_opaque(message->rkt);
    struct source_message out = {
        .slot = topic->slots[message->partition],
        .offset = message->offset,
        .origin = message,
    };
    if (message->err) {
        out.is_end = true;
        return out;
    }
    out.key = span_of(message->key, message->key_len);
    out.value = span_of(message->payload, message->len);
    out.timestamp = timestamp_of(message);
    return out;
}

/* Asks the leader of every partition where it ends: something to do for each thread that fetches.
 * An answer that comes too late is dropped (librdkafka's offsets_for_times provides for that). */
static void fetcher_wake(struct source_kafka *kafka)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)kafka->slot_count);
    for (uint32_t i = 0; i < kafka->slot_count; i++) {
        const struct slot *slot = &kafka->slots[i];
        rd_kafka_topic_partition_list_add(list, slot->topic->name, slot->partition)->offset =
            TIME_NEWEST;
    }
    rd_kafka_offsets_for_times(kafka->client, list, WAKE_MS);
    rd_kafka_topic_partition_list_destroy(list);
}

/* librdkafka 2.0 sleeps up to a second once its queue is full, and looks at the queue again only
 * then or when it has something else to do (2.2 has fetch.queue.backoff.ms): a worker that empties
 * a full queue in a fifth of a second stood still for the rest of it. So when the queue has halved,
 * give the threads that fetch something to do. At the end of the log the queue is never long. */
static void fetcher_look(struct source_kafka *kafka)
{
    size_t queued = rd_kafka_queue_length(kafka->queue);
    if (queued > kafka->queued_most) kafka->queued_most = queued;
    if (kafka->queued_most < 2 * kafka->batch_max || queued > kafka->queued_most / 2) return;
    fetcher_wake(kafka);
    kafka->queued_most = queued;
}

/* consume_batch_queue waits until the batch is full: so wait for one message, then take what is
 * there besides. */
static void batch_take(struct source_kafka *kafka, int timeout_ms)
{
    held_release(kafka);
    rd_kafka_message_t *first = rd_kafka_consume_queue(kafka->queue, timeout_ms);
    if (!first) return;
    kafka->held[kafka->held_count++] = first;
    ssize_t more =
        rd_kafka_consume_batch_queue(kafka->queue, 0, kafka->held + 1, kafka->batch_max - 1);
    if (more > 0) kafka->held_count += (size_t)more;
    fetcher_look(kafka);
}

static enum nt_status kafka_poll(struct source *source, int timeout_ms,
                                 const struct source_message **messages, size_t *count,
                                 struct nt_error *error)
{
    struct source_kafka *kafka = kafka_of(source);
    *messages = kafka->messages;
    *count = 0;
    rd_kafka_poll(kafka->client, 0); /* calls on_error */
    batch_take(kafka, timeout_ms);
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < kafka->held_count; i++) {
        const rd_kafka_message_t *message = kafka->held[i];
        if (i + HELD_AHEAD < kafka->held_count)
            memory_prefetch(kafka->held[i + HELD_AHEAD], sizeof *kafka->held[0]);
        if (message->err && message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            enum nt_status one = message_error(kafka, message, error);
            if (status == NT_OK || !status_is_retriable(one)) status = one;
            continue;
        }
        kafka->messages[(*count)++] = message_of(message);
    }
    if (*count > 0) kafka->is_away = false;
    if (status == NT_OK && kafka->is_away)
        return kafka_unreachable(kafka->brokers, kafka->away, error);
    return status;
}

static enum nt_status kafka_reject(struct source *source, const struct source_message *message,
                                   const char *stage, const char *why, struct nt_error *error)
{
    struct source_kafka *kafka = kafka_of(source);
    if (!kafka->dlq) return NT_OK;
    struct source_partition at = kafka_partition(source, message->slot);
    struct dlq_letter letter = {
        .topic = at.topic,
        .partition = at.partition,
        .offset = message->offset,
        .key = message->key,
        .value = message->value,
        .stage = stage,
        .why = why,
    };
    rd_kafka_headers_t *headers = NULL;
    if (!rd_kafka_message_headers(message->origin, &headers)) letter.headers = headers;
    return dlq_write(kafka->dlq, &letter, error);
}

static enum nt_status kafka_rejects_flush(struct source *source, int timeout_ms,
                                          struct nt_error *error)
{
    struct source_kafka *kafka = kafka_of(source);
    return kafka->dlq ? dlq_flush(kafka->dlq, timeout_ms, error) : NT_OK;
}

static const struct source_ops kafka_ops = {
    .close = kafka_close,
    .refresh = kafka_refresh,
    .first = kafka_first,
    .partition_count = kafka_partition_count,
    .partition = kafka_partition,
    .end = kafka_end,
    .poll = kafka_poll,
    .reject = kafka_reject,
    .rejects_flush = kafka_rejects_flush,
};

/* ---- opening ---- */

static enum nt_status topic_open(struct source_kafka *kafka, struct topic_handle *topic,
                                 const char *name, struct nt_error *error)
{
    rd_kafka_topic_conf_t *conf = rd_kafka_topic_conf_new();
    topic->name = memory_strdup(name);
    rd_kafka_topic_conf_set_opaque(conf, topic);
    /* An offset that is gone must never become "the oldest there is" in silence: that loses events.
     */
    rd_kafka_topic_conf_set(conf, "auto.offset.reset", "error", NULL, 0);
    rd_kafka_topic_conf_set(conf, "auto.commit.enable", "false", NULL, 0);
    topic->handle = rd_kafka_topic_new(kafka->client, name, conf);
    if (topic->handle) return NT_OK;
    return error_set(error, NT_INVALID, "topic '%s': %s", name,
                     rd_kafka_err2str(rd_kafka_last_error()));
}

static enum nt_status client_open(struct source_kafka *kafka,
                                  const struct source_kafka_options *options,
                                  struct nt_error *error)
{
    const struct kafka_setting settings[] = {
        {"enable.auto.commit", "false"},       /* the store keeps the positions */
        {"enable.auto.offset.store", "false"}, /* the same */
        {"isolation.level", "read_committed"}, /* what a transaction took back never happened */
        {"enable.partition.eof", "true"},      /* how "caught up" is known */
        {"allow.auto.create.topics", "false"}, /* a misspelt topic is an error, not a new topic */
        {"check.crcs", "true"},                /* a flipped bit must not become a feature */
        /* Memory for what is fetched ahead, for all partitions together. */
        {"queued.max.messages.kbytes", "65536"},
        {NULL, NULL},
    };
    const struct kafka_callbacks callbacks = {
        .opaque = kafka, .niceness = options->niceness, .error = on_error};
    return kafka_client_open(RD_KAFKA_CONSUMER, options->brokers, settings, &callbacks,
                             &kafka->client, error);
}

static enum nt_status kafka_fill(struct source_kafka *kafka,
                                 const struct source_kafka_options *options, struct nt_error *error)
{
    enum nt_status status = client_open(kafka, options, error);
    if (status != NT_OK) return status;
    kafka->brokers = memory_strdup(options->brokers);
    kafka->queue = rd_kafka_queue_new(kafka->client);
    kafka->topics = memory_zalloc(options->topic_count * sizeof *kafka->topics);
    for (size_t i = 0; i < options->topic_count && status == NT_OK; i++) {
        kafka->topic_count++;
        status = topic_open(kafka, &kafka->topics[i], options->topics[i], error);
    }
    if (status == NT_OK && options->has_dead_letters)
        status = dlq_open(options->brokers, options->niceness, &kafka->dlq, error);
    return status;
}

enum nt_status source_kafka_open(const struct source_kafka_options *options, struct source **source,
                                 struct nt_error *error)
{
    struct source_kafka *kafka = memory_zalloc(sizeof *kafka);
    kafka->source.ops = &kafka_ops;
    kafka->batch_max = options->batch_messages > 0 ? (size_t)options->batch_messages : 1;
    kafka->held = memory_alloc(kafka->batch_max * sizeof *kafka->held);
    kafka->messages = memory_alloc(kafka->batch_max * sizeof *kafka->messages);
    enum nt_status status = kafka_fill(kafka, options, error);
    if (status != NT_OK) {
        kafka_close(&kafka->source);
        return status;
    }
    *source = &kafka->source;
    return NT_OK;
}
