/*
 * worker.c: the worker's thread: when to look for partitions, to poll, to commit, to end.
 *
 * The store, the inputs and the decoders are the thread's; others ask for worker->stats and
 * worker->shown under worker->lock, and set is_stopping.
 */
#include "base/clock.h"
#include "base/log.h"
#include "stream/worker_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define IDLE_MS      100  /* how long a poll waits when nothing is to be committed */
#define AWAY_MS      1000 /* the same, while one is away: its answer ends that */
#define RETRY_MS_MIN 250
/* While more is waiting than one poll takes, what is served is old by more than a commit's wait,
 * and commits that are further apart write each entity less often: a quarter of the worker's time.
 */
#define BEHIND_TIMES 10
#define RETRY_MS_MAX 10000
/* Commits of 20000 would write busy entities a third more often; what many more would write no
 * longer fits the processor's cache. */
#define COMMIT_EVENTS 50000

/* Of a message that comes so much later, so many bytes are asked for. */
#define MESSAGES_AHEAD 4
#define EXPECTED_BYTES 512

static const char *const state_names[] = {"starting", "running", "retrying", "failed", "stopped"};

const char *worker_state_name(enum worker_state state)
{
    return state_names[state];
}

struct worker_options worker_options_default(void)
{
    return (struct worker_options){
        .commit_ms = 100,
        .commit_events = COMMIT_EVENTS,
        .batch_messages = 1000,
        .refresh_ms = 30000,
        .has_dead_letters = true,
    };
}

static void wait_ms(int ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* ---- partitions ---- */

struct opening {
    struct worker *worker;
    struct source *source;
};

/* What was never opened is read from where it begins by now. */
static enum nt_status position_of(void *self, const char *topic, int32_t partition, int64_t *offset,
                                  struct nt_error *error)
{
    struct opening *opening = self;
    const struct worker_sink *sink = &opening->worker->sink;
    struct source *source = opening->source;
    enum nt_status status = sink->position(sink->self, topic, partition, offset, error);
    if (status != NT_OK || *offset >= 0) return status;
    *offset = 0;
    return source->ops->first ? source->ops->first(source, topic, partition, offset, error) : NT_OK;
}

static int64_t until_of(const struct worker_options *options, const struct track *track)
{
    if (!options->until) return INT64_MAX;
    for (size_t i = 0; i < options->until_count; i++) {
        const struct store_position *at = &options->until[i];
        if (at->partition == track->partition && strcmp(at->topic, track->topic) == 0)
            return at->offset;
    }
    return track->next;
}

static enum nt_status tracks_add(struct worker *worker, struct input *input, struct nt_error *error)
{
    struct source *source = input->source;
    uint32_t count = source->ops->partition_count(source);
    enum nt_status status = NT_OK;
    while (input->track_count < count && status == NT_OK) {
        struct source_partition at = source->ops->partition(source, input->track_count);
        struct track track = {.topic = at.topic, .partition = at.partition, .next = at.begin};
        status = worker->sink.position(worker->sink.self, at.topic, at.partition, &track.committed,
                                       error);
        if (track.committed < 0) worker->has_opened = true;
        track.until = until_of(&worker->options, &track);
        input->tracks =
            memory_realloc(input->tracks, (input->track_count + 1) * sizeof *input->tracks);
        input->tracks[input->track_count++] = track;
    }
    return status;
}

static enum nt_status inputs_refresh(struct worker *worker, struct nt_error *error)
{
    enum nt_status worst = NT_OK;
    for (size_t i = 0; i < worker->input_count; i++) {
        struct input *input = &worker->inputs[i];
        struct opening opening = {worker, input->source};
        struct nt_error one;
        enum nt_status status =
            input->source->ops->refresh(input->source, position_of, &opening, &one);
        enum nt_status added = tracks_add(worker, input, &one); /* those found before it failed */
        if (added != NT_OK) status = added;
        if (status == NT_OK || (worst != NT_OK && status_is_retriable(status))) continue;
        worst = status;
        *error = one;
    }
    return worst;
}

static enum nt_status refresh_if_due(struct worker *worker, struct nt_error *error)
{
    if (clock_monotonic_us() < worker->refresh_at_us) return NT_OK;
    enum nt_status status = inputs_refresh(worker, error);
    int64_t next_ms = worker->options.refresh_ms;
    if (status == NT_OK) {
        worker->retry_ms = 0;
    } else {
        worker->retry_ms = worker->retry_ms ? 2 * worker->retry_ms : RETRY_MS_MIN;
        if (worker->retry_ms > RETRY_MS_MAX) worker->retry_ms = RETRY_MS_MAX;
        next_ms = worker->retry_ms;
    }
    worker->refresh_at_us = clock_monotonic_us() + next_ms * 1000;
    return status;
}

/* ---- messages ---- */

static int poll_ms(const struct worker *worker)
{
    if (!worker->pending) return IDLE_MS;
    int64_t due_us = worker->pending_since_us + worker->options.commit_ms * INT64_C(1000);
    int64_t left_ms = (due_us - clock_monotonic_us() + 999) / 1000;
    return left_ms < 0 ? 0 : left_ms < IDLE_MS ? (int)left_ms : IDLE_MS;
}

/* Another thread wrote the message, long ago as a cache sees it. */
static void message_expect(const struct source_message *message)
{
    size_t size = message->value.size < EXPECTED_BYTES ? message->value.size : EXPECTED_BYTES;
    memory_prefetch(message->value.data, size);
}

static enum nt_status messages_take(struct worker *worker, struct input *input,
                                    const struct source_message *messages, size_t count,
                                    struct nt_error *error)
{
    uint64_t events = 0;
    enum nt_status status = NT_OK;
    if (!worker->pending) worker->pending_since_us = clock_monotonic_us();
    for (size_t i = 0; i < count && status == NT_OK; i++) {
        if (i + MESSAGES_AHEAD < count) message_expect(&messages[i + MESSAGES_AHEAD]);
        status = worker_message(worker, input, &messages[i], error);
        if (!messages[i].is_end) events++;
    }
    if (status == NT_OK) status = worker_ahead_take(worker, error);
    worker->pending += (int64_t)events;
    pthread_mutex_lock(&worker->lock);
    worker->stats.messages += events;
    pthread_mutex_unlock(&worker->lock);
    return status;
}

/* A retriable status is the source's trouble, and what came with it has been dealt with. */
static enum nt_status input_poll(struct worker *worker, struct input *input, int timeout_ms,
                                 bool *is_away, struct nt_error *error)
{
    const struct source_message *messages;
    size_t count = 0;
    struct nt_error trouble;
    if (!input->track_count) {
        wait_ms(timeout_ms);
        return NT_OK;
    }
    enum nt_status status =
        input->source->ops->poll(input->source, timeout_ms, &messages, &count, &trouble);
    if (status != NT_OK && (!status_is_retriable(status) || status == NT_IO)) {
        *error = trouble;
        return status;
    }
    if (status != NT_OK) {
        *is_away = true;
        worker_trouble(worker, &trouble);
    }
    if (count >= (size_t)worker->options.batch_messages) worker->is_behind = true;
    return count ? messages_take(worker, input, messages, count, error) : NT_OK;
}

static enum nt_status inputs_poll(struct worker *worker, bool *is_away, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    worker->is_behind = false;
    for (size_t i = 0; i < worker->input_count && status == NT_OK; i++) {
        int timeout_ms = poll_ms(worker) / (int)worker->input_count;
        status = input_poll(worker, &worker->inputs[i], timeout_ms, is_away, error);
    }
    return status;
}

/* ---- the thread ---- */

static void running_show(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool is_news = worker->stats.state != WORKER_RUNNING;
    worker->stats.state = WORKER_RUNNING;
    worker->stats.last_error = (struct nt_error){0};
    pthread_mutex_unlock(&worker->lock);
    if (is_news) log_line(LOG_INFO, "stream", "worker runs", "%s", "");
}

static bool commit_is_due(const struct worker *worker)
{
    if (!worker->pending) return false;
    if (worker->pending >= worker->options.commit_events) return true;
    int64_t wait_us = worker->options.commit_ms * INT64_C(1000);
    if (worker->is_behind) wait_us *= BEHIND_TIMES;
    return clock_monotonic_us() - worker->pending_since_us >= wait_us;
}

static enum nt_status tidy(struct worker *worker, bool *is_done, struct nt_error *error)
{
    *is_done = true;
    if (!worker->sink.tidy) return NT_OK;
    return worker->sink.tidy(worker->sink.self, is_done, error);
}

/* One round of the loop. */
static enum nt_status round_run(struct worker *worker, struct nt_error *error)
{
    struct nt_error trouble;
    enum nt_status status = refresh_if_due(worker, &trouble);
    if (status != NT_OK && !status_is_retriable(status) && status != NT_NOT_FOUND) {
        *error = trouble;
        return status;
    }
    if (status != NT_OK) worker_trouble(worker, &trouble);
    bool is_away = worker->retry_ms > 0;
    status = worker_begin(worker, error);
    if (status == NT_OK) status = inputs_poll(worker, &is_away, error);
    bool is_tidy;
    if (status == NT_OK && commit_is_due(worker)) status = worker_commit(worker, error);
    if (status == NT_OK) status = worker_call_run(worker, error);
    if (status == NT_OK && !worker->pending) status = tidy(worker, &is_tidy, error);
    if (status == NT_OK && !is_away) running_show(worker);
    int64_t again_us = clock_monotonic_us() + AWAY_MS * INT64_C(1000);
    if (is_away && !worker->retry_ms && worker->refresh_at_us > again_us)
        worker->refresh_at_us = again_us;
    if (status == NT_OK) worker_show(worker);
    return status;
}

static bool track_is_at_end(const struct worker *worker, const struct track *track)
{
    return worker->options.until ? track->next >= track->until : track->is_at_end;
}

static bool is_at_end(struct worker *worker)
{
    if (!worker->options.is_ending && !worker->options.until) return false;
    bool is_end = true;
    for (size_t i = 0; i < worker->input_count && is_end; i++) {
        const struct input *input = &worker->inputs[i];
        is_end = input->track_count > 0;
        for (uint32_t slot = 0; slot < input->track_count && is_end; slot++)
            is_end = track_is_at_end(worker, &input->tracks[slot]);
    }
    return is_end;
}

static enum nt_status loop_run(struct worker *worker, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    while (status == NT_OK && !atomic_load(&worker->is_stopping) && !is_at_end(worker))
        status = round_run(worker, error);
    worker_call_end(worker);
    if (status == NT_OK && worker->pending) status = worker_commit(worker, error);
    if (status == NT_OK) worker_show(worker);
    /* Who asks for the end of the log wants the state of the events alone. */
    for (bool is_tidy = !worker->options.is_ending;
         status == NT_OK && !is_tidy && !atomic_load(&worker->is_stopping);)
        status = tidy(worker, &is_tidy, error);
    if (status != NT_INTERRUPTED) return status;
    log_line(LOG_WARN, "stream", "stopped before a commit was possible: its events are read again",
             "%s", "");
    return NT_OK;
}

static void *thread_run(void *self)
{
    struct worker *worker = self;
    struct nt_error error = {0};
    if (worker->options.niceness > 0)
        setpriority(PRIO_PROCESS, (id_t)gettid(), worker->options.niceness);
    worker->outcome = loop_run(worker, &error);
    pthread_mutex_lock(&worker->lock);
    worker->stats.state = worker->outcome == NT_OK ? WORKER_STOPPED : WORKER_FAILED;
    worker->stats.last_error = error;
    uint64_t messages = worker->stats.messages;
    pthread_mutex_unlock(&worker->lock);
    if (worker->outcome != NT_OK)
        log_line(LOG_ERROR, "stream", error.text, "status=\"%s\"", status_name(worker->outcome));
    log_line(LOG_INFO, "stream", "worker ended", "messages=%" PRIu64, messages);
    return NULL;
}

/* ---- starting and ending ---- */

static enum nt_status decoders_create(struct worker *worker, struct nt_error *error)
{
    uint16_t count = worker->program->source_count;
    enum nt_status status = NT_OK;
    worker->decoders = memory_zalloc(count * sizeof(struct decoder *));
    for (uint16_t i = 0; i < count && status == NT_OK; i++)
        status = decoder_create(&worker->program->sources[i], &worker->decoders[i], error);
    return status;
}

static void worker_free(struct worker *worker)
{
    for (size_t i = 0; i < worker->input_count; i++) {
        worker->inputs[i].source->ops->close(worker->inputs[i].source);
        free(worker->inputs[i].tracks);
    }
    for (uint16_t i = 0; worker->decoders && i < worker->program->source_count; i++)
        decoder_destroy(worker->decoders[i]);
    if (worker->sink.close) worker->sink.close(worker->sink.self);
    nt_arena_deinit(&worker->arena);
    pthread_cond_destroy(&worker->call_changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker->decoders);
    free(worker->inputs);
    free(worker->positions);
    free(worker->shown);
    free(worker);
}

/* Waits by the monotonic clock. */
static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static enum nt_status thread_start(struct worker *worker, struct nt_error *error)
{
    int failure = pthread_create(&worker->thread, NULL, thread_run, worker);
    if (!failure) return NT_OK;
    return error_set(error, NT_IO, "cannot start the worker's thread: %s", strerror(failure));
}

enum nt_status worker_start_with(const struct nt_program *program, const struct worker_sink *sink,
                                 const struct worker_options *options,
                                 struct source *const *sources, size_t source_count,
                                 struct worker **worker, struct nt_error *error)
{
    struct worker *made = memory_zalloc(sizeof *made);
    made->program = program;
    made->sink = *sink;
    made->options = *options;
    made->inputs = memory_zalloc(source_count * sizeof *made->inputs);
    made->input_count = source_count;
    for (size_t i = 0; i < source_count; i++) made->inputs[i].source = sources[i];
    nt_arena_init(&made->arena);
    pthread_mutex_init(&made->lock, NULL);
    condition_init(&made->call_changed);
    made->stats.lag = -1;
    made->rate_since_us = clock_monotonic_us();
    enum nt_status status = decoders_create(made, error);
    if (status == NT_OK) status = thread_start(made, error);
    if (status != NT_OK) {
        worker_free(made);
        return status;
    }
    *worker = made;
    return NT_OK;
}

void worker_stop(struct worker *worker)
{
    atomic_store(&worker->is_stopping, true);
}

enum nt_status worker_join(struct worker *worker, struct nt_error *error)
{
    if (!worker->is_joined) pthread_join(worker->thread, NULL);
    worker->is_joined = true;
    if (worker->outcome != NT_OK && error) *error = worker->stats.last_error;
    return worker->outcome;
}

void worker_destroy(struct worker *worker)
{
    if (!worker) return;
    worker_stop(worker);
    worker_join(worker, NULL);
    worker_free(worker);
}

void worker_stats_get(struct worker *worker, struct worker_stats *stats)
{
    pthread_mutex_lock(&worker->lock);
    *stats = worker->stats;
    pthread_mutex_unlock(&worker->lock);
}

size_t worker_partitions_get(struct worker *worker, struct worker_partition *partitions, size_t max)
{
    pthread_mutex_lock(&worker->lock);
    size_t count = worker->shown_count;
    for (size_t i = 0; i < count && i < max; i++) partitions[i] = worker->shown[i];
    pthread_mutex_unlock(&worker->lock);
    return count;
}
