/* kafka.h: what all users of librdkafka here share: making a client, its errors and its log. */
#ifndef STREAM_KAFKA_H
#define STREAM_KAFKA_H

#include "base/error.h"

#include <librdkafka/rdkafka.h>

struct kafka_setting {
    const char *name;
    const char *value;
};

struct kafka_callbacks {
    void *opaque; /* given to both; NULL callbacks are not set */
    int niceness; /* of the library's own threads: 0 to 19, setpriority(2) */
    void (*error)(rd_kafka_t *client, int err, const char *reason, void *opaque);
    void (*delivered)(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque);
};

/* settings end with a NULL name. */
enum nt_status kafka_client_open(rd_kafka_type_t type, const char *brokers,
                                 const struct kafka_setting *settings,
                                 const struct kafka_callbacks *callbacks, rd_kafka_t **client,
                                 struct nt_error *error);

/* An idempotent producer that waits for all replicas, for as long as it takes, and puts a key on
 * the partition that the Java clients put it on. */
enum nt_status kafka_producer_open(const char *brokers, const struct kafka_callbacks *callbacks,
                                   rd_kafka_t **client, struct nt_error *error);

/* NT_UNAVAILABLE, "cannot reach Kafka at <brokers>: <reason>; is the broker running?". */
enum nt_status kafka_unreachable(const char *brokers, const char *reason, struct nt_error *error);

#endif
