/* worker_event.c: one message: to the sources of its topic, decoded, admitted, applied; or set
 * aside. */
#include "base/clock.h"
#include "base/log.h"
#include "stream/worker_impl.h"

#include <inttypes.h>
#include <string.h>

#define REJECT_LOG_US 1000000 /* at most one line a second: the counter has them all */

/* Where an event failed, in Kafka Connect's words. */
#define STAGE_DECODE "VALUE_CONVERTER"
#define STAGE_CHECK  "TRANSFORMATION"

/* Never logs the reason itself: it quotes values of the event. */
static void reject_log(struct worker *worker, const struct track *track, int64_t offset,
                       const char *stage)
{
    int64_t now_us = clock_monotonic_us();
    if (worker->reject_logged_us && now_us - worker->reject_logged_us < REJECT_LOG_US) return;
    worker->reject_logged_us = now_us;
    log_line(LOG_WARN, "stream", "event rejected",
             "topic=%s partition=%" PRId32 " offset=%" PRId64 " stage=%s dead_letter=%s",
             track->topic, track->partition, offset, stage,
             worker->options.has_dead_letters ? "true" : "false");
}

/* A letter that cannot be sent now is waited for: the message may already be in the views of
 * another source, so it cannot be given again. */
static enum nt_status letter_send(struct worker *worker, struct source *source,
                                  const struct source_message *message, const char *stage,
                                  const char *why, struct nt_error *error)
{
    struct nt_error trouble;
    for (;;) {
        enum nt_status status = source->ops->reject(source, message, stage, why, &trouble);
        if (status == NT_OK) return NT_OK;
        if (!status_is_retriable(status) || status == NT_IO) {
            if (error) *error = trouble;
            return status;
        }
        worker_trouble(worker, &trouble);
        if (atomic_load(&worker->is_stopping))
            return error_set(error, NT_INTERRUPTED, "stopped while waiting: %.1500s", trouble.text);
        source->ops->rejects_flush(source, WORKER_WAIT_MS, NULL); /* makes room, or waits */
    }
}

static enum nt_status reject(struct worker *worker, struct input *input,
                             const struct source_message *message, const char *stage,
                             const char *why, struct nt_error *error)
{
    if (worker->options.has_dead_letters) {
        enum nt_status status = letter_send(worker, input->source, message, stage, why, error);
        if (status != NT_OK) return status;
    }
    worker->sink.count(worker->sink.self, STORE_REJECTED, 1);
    reject_log(worker, &input->tracks[message->slot], message->offset, stage);
    pthread_mutex_lock(&worker->lock);
    worker->stats.rejected++;
    pthread_mutex_unlock(&worker->lock);
    return NT_OK;
}

/* One of the program's sources reads the message. */
static enum nt_status event_read(struct worker *worker, struct input *input, uint16_t index,
                                 const struct source_message *message, struct nt_error *error)
{
    const struct nt_source *source = &worker->program->sources[index];
    struct nt_eval e = {.arena = &worker->arena};
    struct nt_value *row = nt_arena_alloc(e.arena, source->column_count * sizeof *row);
    struct event *event = &worker->ahead_events[worker->ahead_count];
    if (!decoder_decode(worker->decoders[index], &e, message->value, row))
        return reject(worker, input, message, STAGE_DECODE, e.error, error);
    const struct track *track = &input->tracks[message->slot];
    const struct erasures *erasures = worker->options.erasures;
    if (erasures &&
        erasures_match(erasures, index, row, track->topic, track->partition, message->offset))
        return NT_OK;
    if (!event_admit(worker->program, index, &e, row, event))
        return reject(worker, input, message, STAGE_CHECK, e.error, error);
    worker->ahead[worker->ahead_count] =
        (struct worker_event){index, track->topic, track->partition, message->offset, row, event};
    return ++worker->ahead_count < AHEAD_MAX ? NT_OK : worker_ahead_take(worker, error);
}

enum nt_status worker_ahead_take(struct worker *worker, struct nt_error *error)
{
    const struct worker_sink *sink = &worker->sink;
    size_t count = worker->ahead_count;
    enum nt_status status = NT_OK;
    if (sink->expect) sink->expect(sink->self, worker->ahead_events, count);
    for (size_t i = 0; i < count && status == NT_OK; i++)
        status = sink->take(sink->self, &worker->ahead[i], error);
    worker->ahead_count = 0;
    nt_arena_reset(&worker->arena);
    return status;
}

/* A topic is read once, however many sources are defined on it. */
static enum nt_status value_read(struct worker *worker, struct input *input,
                                 const struct track *track, const struct source_message *message,
                                 struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (uint16_t i = 0; i < worker->program->source_count && status == NT_OK; i++) {
        if (strcmp(worker->program->sources[i].topic, track->topic) != 0) continue;
        status = event_read(worker, input, i, message, error);
    }
    return status;
}

enum nt_status worker_message(struct worker *worker, struct input *input,
                              const struct source_message *message, struct nt_error *error)
{
    struct track *track = &input->tracks[message->slot];
    if (message->is_end || message->offset >= track->until) {
        /* Past the last event there may be markers of transactions: the end is beyond them. */
        int64_t end = message->offset < track->until ? message->offset : track->until;
        if (end > track->next) track->next = end;
        track->is_at_end = true;
        return NT_OK;
    }
    track->is_at_end = false;
    if (message->offset < track->next) return NT_OK; /* applied before: once is enough */
    enum nt_status status = NT_OK;
    if (message->value.data)
        status = value_read(worker, input, track, message, error);
    else
        worker->sink.count(worker->sink.self, STORE_TOMBSTONES, 1);
    if (status == NT_OK) track->next = message->offset + 1;
    return status;
}
