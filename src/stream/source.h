/*
 * source.h: where events come from, one of the four seams. Bodies: source_kafka.c (topics of one
 * cluster), source_file.c (a file of JSON lines), and a simulated one in the tests.
 *
 * A source reads partitions, each a log in which an event is known by its offset, and sets aside
 * the events that the worker rejects. A partition is a slot: 0, 1, ... in the order of discovery,
 * for as long as the source is open. One thread.
 */
#ifndef STREAM_SOURCE_H
#define STREAM_SOURCE_H

#include "base/bytes.h"
#include "nowthen/value.h"

struct source_message {
    uint32_t slot;
    int64_t offset;
    bool is_end;              /* no event: there was nothing at offset yet */
    struct bytes key;         /* data NULL: none */
    struct bytes value;       /* data NULL: a tombstone */
    struct nt_time timestamp; /* of the message, not of the event; NT_TIME_MINUS_INFINITY: none */
    const void *origin;       /* the source's own */
};

struct source_partition {
    const char *topic;
    int32_t partition;
    int64_t begin; /* the offset that it is read from */
};

/* Where to begin in a partition: the next offset to read. */
typedef enum nt_status source_position(void *self, const char *topic, int32_t partition,
                                       int64_t *offset, struct nt_error *error);

struct source;

struct source_ops {
    void (*close)(struct source *source);
    /* Finds the partitions and begins to read the new ones where position says. To be called first,
     * and now and then. NT_UNAVAILABLE, naming the brokers or the file: call it again later. */
    enum nt_status (*refresh)(struct source *source, source_position *position, void *self,
                              struct nt_error *error);
    /* The first offset that the partition still has; called from refresh's position. NULL: 0. */
    enum nt_status (*first)(struct source *source, const char *topic, int32_t partition,
                            int64_t *offset, struct nt_error *error);
    uint32_t (*partition_count)(struct source *source);
    struct source_partition (*partition)(struct source *source, uint32_t slot);
    /* The offset after the newest event as far as it is known; -1: not known. */
    int64_t (*end)(struct source *source, uint32_t slot);
    /* Waits up to timeout_ms for the first message. Messages of one slot come in order of offset
     * and are borrowed until the next poll. A retriable status: it goes on by itself, poll again;
     * the messages that came with it count. NT_IO or another: it cannot go on, and the error says
     * why. */
    enum nt_status (*poll)(struct source *source, int timeout_ms,
                           const struct source_message **messages, size_t *count,
                           struct nt_error *error);
    /* Sets a message aside with the reason; in flight until rejects_flush. Its position must not be
     * committed before that. */
    enum nt_status (*reject)(struct source *source, const struct source_message *message,
                             const char *stage, const char *why, struct nt_error *error);
    /* NT_OK: every rejected message is safe. A retriable status: not yet, call it again. */
    enum nt_status (*rejects_flush)(struct source *source, int timeout_ms, struct nt_error *error);
};

struct source {
    const struct source_ops *ops;
};

/* ---- Kafka ---- */

struct source_kafka_options {
    const char *brokers; /* host:port,... */
    const char *const *topics;
    size_t topic_count;
    int batch_messages;    /* the most that one poll gives */
    int niceness;          /* of the threads that fetch and set aside */
    bool has_dead_letters; /* else rejected messages are dropped */
};
/* Connects to nothing yet: refresh does. NT_INVALID: brokers or a topic that cannot be. */
enum nt_status source_kafka_open(const struct source_kafka_options *options, struct source **source,
                                 struct nt_error *error);

/* ---- a file of JSON lines ---- */

/* Partition 0 of topic; the offset is the number of the line, from 0; empty lines are no events.
 * Read to its end once. rejects_path: where rejected lines are appended, as JSON lines of offset,
 * stage, error and value; NULL: they are dropped. */
enum nt_status source_file_open(const char *path, const char *topic, const char *rejects_path,
                                int batch_messages, struct source **source, struct nt_error *error);

#endif
