/*
 * dlq.h: dead letters: messages that could not become events, on the topic <topic>.dlq, made with
 * one partition when missing. Key, value and headers are the original's; what went wrong is added
 * as headers of the names that Kafka Connect uses, so that its tools show them, and nowthen.error.
 *
 * The worker commits a position only after dlq_flush has said that the letters before it are safe:
 * no letter is lost. A letter whose message is read again, because the process died between the
 * two, is written twice; its __connect.errors.offset tells. One thread.
 */
#ifndef STREAM_DLQ_H
#define STREAM_DLQ_H

#include "base/bytes.h"
#include "stream/kafka.h"

struct dlq;

struct dlq_letter {
    const char *topic; /* the original's */
    int32_t partition;
    int64_t offset;
    struct bytes key;                  /* data NULL: none */
    struct bytes value;                /* data NULL: none */
    const rd_kafka_headers_t *headers; /* of the original; NULL: none */
    const char *stage; /* in Kafka Connect's words: VALUE_CONVERTER, TRANSFORMATION */
    const char *why;
};

/* Connects to nothing yet. niceness: kafka.h. */
enum nt_status dlq_open(const char *brokers, int niceness, struct dlq **dlq,
                        struct nt_error *error);
/* Letters that are not flushed are dropped. NULL is fine. */
void dlq_close(struct dlq *dlq);
/* Copies the letter. NT_UNAVAILABLE: the topic could not be made now, or the queue is full; call
 * again. */
enum nt_status dlq_write(struct dlq *dlq, const struct dlq_letter *letter, struct nt_error *error);
/* NT_OK: all letters are with all replicas. NT_UNAVAILABLE: not yet. NT_IO: the broker refused one
 * for good (too large, no permission): its message's position must not be committed. */
enum nt_status dlq_flush(struct dlq *dlq, int timeout_ms, struct nt_error *error);

#endif
