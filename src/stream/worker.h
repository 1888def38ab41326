/*
 * worker.h: the thread that carries events from the sources into the store (or another sink): poll,
 * decode, admit, apply, and a commit of the state with the positions it came from every few
 * milliseconds.
 *
 * The worker is the store's one writer from worker_start to worker_join. A source that cannot be
 * reached is tried again, at growing intervals, for as long as the worker runs: what the store
 * holds can be served meanwhile. Any other failure ends the thread; nothing of the failed commit is
 * kept, and the next start goes on from the last good one. All functions may be called from any
 * thread.
 */
#ifndef STREAM_WORKER_H
#define STREAM_WORKER_H

#include "online/store.h"
#include "runtime/erasure.h"
#include "stream/source.h"
#include "stream/worker_sink.h"

struct worker_options {
    const char *brokers;   /* in place of those of the definitions; NULL: as defined */
    int commit_ms;         /* the longest that an applied event waits for its commit; ten times that
                            * while it catches up */
    int commit_events;     /* the most events of one commit: bounds what is in memory only */
    int batch_messages;    /* the most messages of one poll */
    int refresh_ms;        /* how often new partitions are looked for */
    int niceness;          /* of its thread and of those that fetch: 0 to 19, setpriority(2) */
    bool has_dead_letters; /* else rejected events are counted and dropped */
    const struct erasures *erasures; /* events to forget; NULL: none */
    bool is_ending;                  /* stop when every partition has been read to its end */
    /* Stop when every partition is at its position here, and read none beyond it nor one that is
     * not here; borrowed. NULL: read on. */
    const struct store_position *until;
    size_t until_count;
};
/* 100 ms, 50000 events, 1000 messages, 30 s, with dead letters, without end. */
struct worker_options worker_options_default(void);

enum worker_state {
    WORKER_STARTING, /* looking for the partitions */
    WORKER_RUNNING,
    WORKER_RETRYING, /* a source or the dead letters are not to be reached: last_error says which */
    WORKER_FAILED,   /* ended by last_error */
    WORKER_STOPPED,
};
const char *worker_state_name(enum worker_state state); /* "starting", ... */

/* Numbers since the start of this worker; the store's counters go back further. */
struct worker_stats {
    enum worker_state state;
    bool
        is_caught_up; /* of every partition all was once committed that was in it two seconds ago */
    uint64_t messages; /* read */
    uint64_t rejected;
    uint64_t commits;
    double messages_per_second; /* over the last second or so */
    int64_t lag;       /* messages that are in the log and not yet committed; -1: not known */
    int64_t commit_us; /* how long the last commit took */
    struct nt_error last_error; /* status NT_OK: none, or it is over */
};

struct worker_partition {
    const char *topic; /* as long as the worker is */
    int32_t partition;
    int64_t position; /* committed */
    int64_t end;      /* -1: not known */
};

struct worker;

/* Reads every source of the program from its Kafka topic. NT_INVALID, and no thread, when the
 * definitions cannot be read so; brokers that are down are no error here. program and store must
 * outlive the worker. */
enum nt_status worker_start(const struct nt_program *program, struct store *store,
                            const struct worker_options *options, struct worker **worker,
                            struct nt_error *error);
/* The same into another sink, which it takes, also when it fails. */
enum nt_status worker_start_sink(const struct nt_program *program, const struct worker_sink *sink,
                                 const struct worker_options *options, struct worker **worker,
                                 struct nt_error *error);
/* The first from sources that are open already; takes them, also when it fails. */
enum nt_status worker_start_sources(const struct nt_program *program, struct store *store,
                                    const struct worker_options *options,
                                    struct source *const *sources, size_t source_count,
                                    struct worker **worker, struct nt_error *error);
/* Asks it to commit what it has and end; returns at once. */
void worker_stop(struct worker *worker);
/* Waits for the end. NT_OK, or why it failed. Once. */
enum nt_status worker_join(struct worker *worker, struct nt_error *error);
/* Stops and joins if need be. NULL is fine. */
void worker_destroy(struct worker *worker);

/* Calls run on the worker's thread, the store's one writer, with everything committed that was
 * read, and waits for it. NT_UNAVAILABLE: the worker has ended or does not come to it, and run was
 * not called. One caller at a time. */
enum nt_status worker_ask(struct worker *worker,
                          enum nt_status (*run)(void *self, struct nt_error *error), void *self,
                          struct nt_error *error);

void worker_stats_get(struct worker *worker, struct worker_stats *stats);
/* Fills up to max and returns how many there are. */
size_t worker_partitions_get(struct worker *worker, struct worker_partition *partitions,
                             size_t max);

#endif
