/* worker_impl.h: what worker.c (the thread), worker_event.c (messages), worker_commit.c (commits
 * and what is shown), worker_call.c (what others ask of the thread) and worker_open.c (the Kafka
 * sources of a program) share. */
#ifndef STREAM_WORKER_IMPL_H
#define STREAM_WORKER_IMPL_H

#include "decode/decode.h"
#include "stream/worker.h"

#include <pthread.h>
#include <stdatomic.h>

/* A partition as the worker sees it. */
struct track {
    const char *topic;
    int32_t partition;
    int64_t next;      /* the offset after the last message dealt with */
    int64_t committed; /* the same, in the store; -1: it was never opened */
    int64_t until;     /* nothing from here on is read; INT64_MAX: all is */
    bool is_at_end;    /* nothing came since the source said so */
    bool was_at_end;   /* and that much was committed once */
    int64_t goal;      /* where its end was at goal_us; 0: not looked at yet */
    int64_t goal_us;
};

/* What worker_ask waits for. */
struct worker_call {
    enum nt_status (*run)(void *self, struct nt_error *error);
    void *self;
    bool is_taken, is_done;
    enum nt_status status;
    struct nt_error error;
};

struct input {
    struct source *source;
    struct track *tracks; /* by slot */
    uint32_t track_count;
};

/* Events are taken in groups, so that what the sink will ask memory for can be on its way. */
#define AHEAD_MAX 32

struct worker {
    const struct nt_program *program;
    struct worker_sink sink;
    struct worker_options options;
    struct input *inputs;
    size_t input_count;
    bool has_opened;           /* a partition that was never opened before */
    struct decoder **decoders; /* one for each source of the program */

    /* The thread's own. */
    struct nt_arena arena; /* of the events ahead */
    /* Decoded, and not yet taken by the sink. */
    struct worker_event ahead[AHEAD_MAX];
    struct event ahead_events[AHEAD_MAX];
    size_t ahead_count;
    int64_t pending; /* messages dealt with since the last commit */
    int64_t pending_since_us;
    bool is_behind; /* the last poll left messages waiting */
    int64_t refresh_at_us;
    int64_t retry_ms; /* 0: the last refresh went well */
    int64_t rate_since_us;
    uint64_t rate_messages;
    int64_t reject_logged_us;
    struct store_position *positions; /* scratch of a commit */
    size_t positions_max;

    pthread_t thread;
    bool is_joined;
    enum nt_status outcome;
    atomic_bool is_stopping;

    pthread_mutex_t lock;        /* guards the rest */
    struct worker_call *call;    /* asked of the thread; NULL: nothing is */
    pthread_cond_t call_changed; /* call is taken, or done */
    bool is_ended;               /* the thread takes no more calls */
    struct worker_stats stats;
    struct worker_partition *shown;
    size_t shown_count, shown_max;
};

/* Takes sink and sources, also when it fails. */
enum nt_status worker_start_with(const struct nt_program *program, const struct worker_sink *sink,
                                 const struct worker_options *options,
                                 struct source *const *sources, size_t source_count,
                                 struct worker **worker, struct nt_error *error);

/* Runs what is asked, if anything is, with everything committed. A failure is the worker's own. */
enum nt_status worker_call_run(struct worker *worker, struct nt_error *error);
/* From here on worker_ask is refused. */
void worker_call_end(struct worker *worker);

#define WORKER_WAIT_MS 500 /* one round of waiting for what is away */

/* Deals with one message: applied, rejected, skipped or the end of its partition. Some may be left
 * ahead, and point into their messages, until worker_ahead_take. A failure of either is for good:
 * the worker cannot go past it. */
enum nt_status worker_message(struct worker *worker, struct input *input,
                              const struct source_message *message, struct nt_error *error);
enum nt_status worker_ahead_take(struct worker *worker, struct nt_error *error);
/* Something is away and will be tried again: shows it, and logs it when it is news. */
void worker_trouble(struct worker *worker, const struct nt_error *trouble);

/* Commits what is pending, with the dead letters before it safe. NT_INTERRUPTED: stopped before
 * that was possible; nothing was committed. */
enum nt_status worker_commit(struct worker *worker, struct nt_error *error);
enum nt_status worker_begin(struct worker *worker, struct nt_error *error);
/* Shows positions, lag and rate to those who ask. */
void worker_show(struct worker *worker);

#endif
