/* publish.h: JSON lines from a file to a Kafka topic, with a progress bar. */
#ifndef STREAM_PUBLISH_H
#define STREAM_PUBLISH_H

#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct publish_options {
    const char *brokers;
    const char *topic;   /* made when missing */
    int partition_count; /* for a topic that has to be made; -1: the cluster's default */
    const char
        *key_column; /* the member of each object whose text is the message key; NULL: none */
    const atomic_bool *is_stopping; /* NULL, or set by another thread or a signal: NT_INTERRUPTED */
};

/* Every line that is not empty becomes a message, byte for byte, in order. With key_column equal
 * keys go to one partition, the one where the Java clients would put them; a null or missing member
 * is no key. Returns when all are with all replicas. *published says how many are, also when it
 * fails; trying again publishes them twice. NT_INVALID names the line. */
enum nt_status publish_file(const struct publish_options *options, const char *path,
                            uint64_t *published, struct nt_error *error);

#endif
