/* dlq.c: see dlq.h. */
#include "stream/dlq.h"

#include "stream/topics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOPIC_NAME_MAX 256 /* Kafka's own limit is 249 */

/* A topic whose dead letter topic is known to be there. */
struct known {
    struct known *next;
    char name[TOPIC_NAME_MAX];
};

struct dlq {
    rd_kafka_t *producer;
    char *brokers;
    struct known *known;
    bool has_failed; /* a letter was refused for good */
    char failure[512];
};

static void on_delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    (void)client;
    struct dlq *dlq = opaque;
    if (!message->err || dlq->has_failed) return;
    dlq->has_failed = true;
    snprintf(dlq->failure, sizeof dlq->failure, "dead letter topic '%s': %s",
             rd_kafka_topic_name(message->rkt), rd_kafka_err2str(message->err));
}

enum nt_status dlq_open(const char *brokers, int niceness, struct dlq **dlq, struct nt_error *error)
{
    struct dlq *made = memory_zalloc(sizeof *made);
    const struct kafka_callbacks callbacks = {
        .opaque = made, .niceness = niceness, .delivered = on_delivered};
    enum nt_status status = kafka_producer_open(brokers, &callbacks, &made->producer, error);
    if (status != NT_OK) {
        free(made);
        return status;
    }
    made->brokers = memory_strdup(brokers);
    *dlq = made;
    return NT_OK;
}

void dlq_close(struct dlq *dlq)
{
    if (!dlq) return;
    rd_kafka_purge(dlq->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(dlq->producer, 1000); /* serves the reports of what was purged */
    rd_kafka_destroy(dlq->producer);
    for (struct known *next; dlq->known; dlq->known = next) {
        next = dlq->known->next;
        free(dlq->known);
    }
    free(dlq->brokers);
    free(dlq);
}

static enum nt_status topic_make(struct dlq *dlq, const char *name, struct nt_error *error)
{
    for (const struct known *known = dlq->known; known; known = known->next) {
        if (strcmp(known->name, name) == 0) return NT_OK;
    }
    struct topic topic = {.name = name, .partition_count = 1};
    enum nt_status status = topics_ensure(dlq->brokers, &topic, 1, false, error);
    if (status != NT_OK) return status;
    struct known *known = memory_zalloc(sizeof *known);
    snprintf(known->name, sizeof known->name, "%s", name);
    known->next = dlq->known;
    dlq->known = known;
    return NT_OK;
}

static void header_add(rd_kafka_headers_t *headers, const char *name, const char *value)
{
    rd_kafka_header_add(headers, name, -1, value, (ssize_t)strlen(value));
}

static rd_kafka_headers_t *headers_make(const struct dlq_letter *letter)
{
    rd_kafka_headers_t *headers =
        letter->headers ? rd_kafka_headers_copy(letter->headers) : rd_kafka_headers_new(8);
    char number[32];
    header_add(headers, "__connect.errors.topic", letter->topic);
    snprintf(number, sizeof number, "%" PRId32, letter->partition);
    header_add(headers, "__connect.errors.partition", number);
    snprintf(number, sizeof number, "%" PRId64, letter->offset);
    header_add(headers, "__connect.errors.offset", number);
    header_add(headers, "__connect.errors.stage", letter->stage);
    header_add(headers, "__connect.errors.exception.message", letter->why);
    header_add(headers, "nowthen.error", letter->why);
    return headers;
}

static enum nt_status letter_produce(struct dlq *dlq, const char *topic,
                                     const struct dlq_letter *letter, struct nt_error *error)
{
    rd_kafka_headers_t *headers = headers_make(letter);
    rd_kafka_resp_err_t err = rd_kafka_producev(
        dlq->producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(letter->key.data, letter->key.size),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)letter->value.data, letter->value.size),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (!err) return NT_OK;
    rd_kafka_headers_destroy(headers); /* taken only when it worked */
    bool is_full = err == RD_KAFKA_RESP_ERR__QUEUE_FULL;
    return error_set(
        error, is_full ? NT_UNAVAILABLE : NT_IO,
        "cannot write the dead letter of %s/%" PRId32 " offset %" PRId64 " to '%s': %s",
        letter->topic, letter->partition, letter->offset, topic, rd_kafka_err2str(err));
}

enum nt_status dlq_write(struct dlq *dlq, const struct dlq_letter *letter, struct nt_error *error)
{
    char topic[TOPIC_NAME_MAX];
    int size = snprintf(topic, sizeof topic, "%s.dlq", letter->topic);
    if (size >= TOPIC_NAME_MAX)
        return error_set(error, NT_INVALID, "topic '%s': too long a name for dead letters",
                         letter->topic);
    enum nt_status status = topic_make(dlq, topic, error);
    if (status == NT_OK) status = letter_produce(dlq, topic, letter, error);
    rd_kafka_poll(dlq->producer, 0);
    return status;
}

enum nt_status dlq_flush(struct dlq *dlq, int timeout_ms, struct nt_error *error)
{
    rd_kafka_resp_err_t err = rd_kafka_flush(dlq->producer, timeout_ms);
    if (dlq->has_failed)
        return error_set(error, NT_IO,
                         "%s: nothing is committed past the message it was for; let the topic "
                         "take it (max.message.bytes, permissions), or switch dead letters off",
                         dlq->failure);
    if (err)
        return kafka_unreachable(dlq->brokers, "dead letters are waiting to be written", error);
    return NT_OK;
}
