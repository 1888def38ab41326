/*
 * worker_sink.h: where the worker's events go: the online store, or whatever else keeps events with
 * their positions (nowthen archive). Called by the worker's thread alone.
 */
#ifndef STREAM_WORKER_SINK_H
#define STREAM_WORKER_SINK_H

#include "online/store.h"

/* An event that the program admits; all is borrowed for the call. */
struct worker_event {
    uint16_t source; /* index into program->sources */
    const char *topic;
    int32_t partition;
    int64_t offset;
    const struct nt_value *row; /* of the source's columns */
    const struct event *event;
};

struct worker_sink {
    void *self;
    /* The next offset to read; -1: the partition was never opened. */
    enum nt_status (*position)(void *self, const char *topic, int32_t partition, int64_t *offset,
                               struct nt_error *error);
    enum nt_status (*take)(void *self, const struct worker_event *event, struct nt_error *error);
    /* These are the next to be taken. May be NULL. */
    void (*expect)(void *self, const struct event *events, size_t count);
    void (*count)(void *self, enum store_counter counter, uint64_t by);
    /* What was taken since the last commit and the positions it came from: all of it or nothing.
     * NT_INTERRUPTED: the worker is to stop, and it was nothing. */
    enum nt_status (*commit)(void *self, const struct store_position *positions, size_t count,
                             struct nt_error *error);
    /* Where partitions begin that were never opened; called when nothing was taken since the last
     * commit. */
    enum nt_status (*begin)(void *self, const struct store_position *positions, size_t count,
                            struct nt_error *error);
    /* Some upkeep, when nothing is pending: often, so a little of it; *is_done: there is none left.
     * May be NULL. */
    enum nt_status (*tidy)(void *self, bool *is_done, struct nt_error *error);
    void (*close)(void *self); /* may be NULL */
};

/* The online store, less the events that came with its history. */
enum nt_status worker_sink_of_store(const struct nt_program *program, struct store *store,
                                    struct worker_sink *sink, struct nt_error *error);

#endif
