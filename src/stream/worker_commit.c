/* worker_commit.c: the commit of what is pending, and the numbers that others may read. */
#include "base/clock.h"
#include "base/log.h"
#include "stream/worker_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CAUGHT_UP_US      2000000 /* a commit comes every second while it catches up */
#define RATE_US           1000000 /* how far apart two looks at the rate are */
#define ROUNDS_TO_TROUBLE 10 /* a new producer needs a second or two before its first message */

void worker_trouble(struct worker *worker, const struct nt_error *trouble)
{
    pthread_mutex_lock(&worker->lock);
    struct worker_stats *stats = &worker->stats;
    bool is_news = stats->state != WORKER_RETRYING || strcmp(stats->last_error.text, trouble->text);
    stats->state = WORKER_RETRYING;
    stats->last_error = *trouble;
    pthread_mutex_unlock(&worker->lock);
    if (is_news)
        log_line(LOG_WARN, "stream", trouble->text, "status=\"%s\" retry=true",
                 status_name(trouble->status));
}

/* Until the rejected messages of every source are safe, or the worker is to stop. */
static enum nt_status rejects_flush(struct worker *worker, struct nt_error *error)
{
    for (size_t i = 0; i < worker->input_count; i++) {
        struct source *source = worker->inputs[i].source;
        struct nt_error trouble;
        enum nt_status status;
        int rounds = 0;
        while ((status = source->ops->rejects_flush(source, WORKER_WAIT_MS, &trouble)) != NT_OK) {
            bool is_final = !status_is_retriable(status) || status == NT_IO;
            if (!is_final && ++rounds >= ROUNDS_TO_TROUBLE) worker_trouble(worker, &trouble);
            if (!is_final && !atomic_load(&worker->is_stopping)) continue;
            if (error) *error = trouble;
            return is_final ? status : NT_INTERRUPTED;
        }
    }
    return NT_OK;
}

/* Of the partitions that begin, or of those that have moved. */
static size_t positions_collect(struct worker *worker, bool is_begin)
{
    size_t count = 0;
    for (size_t i = 0; i < worker->input_count; i++) {
        const struct input *input = &worker->inputs[i];
        for (uint32_t slot = 0; slot < input->track_count; slot++) {
            const struct track *track = &input->tracks[slot];
            if (track->next == track->committed || is_begin != (track->committed < 0)) continue;
            if (count == worker->positions_max) {
                worker->positions_max = worker->positions_max ? 2 * worker->positions_max : 16;
                worker->positions = memory_realloc(
                    worker->positions, worker->positions_max * sizeof *worker->positions);
            }
            worker->positions[count++] =
                (struct store_position){track->topic, track->partition, track->next};
        }
    }
    return count;
}

static void tracks_mark_committed(struct worker *worker, bool is_begin)
{
    for (size_t i = 0; i < worker->input_count; i++) {
        struct input *input = &worker->inputs[i];
        for (uint32_t slot = 0; slot < input->track_count; slot++)
            if (is_begin == (input->tracks[slot].committed < 0))
                input->tracks[slot].committed = input->tracks[slot].next;
    }
}

enum nt_status worker_commit(struct worker *worker, struct nt_error *error)
{
    enum nt_status status = rejects_flush(worker, error);
    if (status != NT_OK) return status;
    int64_t began_us = clock_monotonic_us();
    size_t count = positions_collect(worker, false);
    status = worker->sink.commit(worker->sink.self, worker->positions, count, error);
    if (status != NT_OK) return status;
    tracks_mark_committed(worker, false);
    worker->pending = 0;
    pthread_mutex_lock(&worker->lock);
    worker->stats.commits++;
    worker->stats.commit_us = clock_monotonic_us() - began_us;
    pthread_mutex_unlock(&worker->lock);
    return NT_OK;
}

/* Where a partition begins is known from then on: what leaves its log before it is read is missed,
 * also where nothing was read of it yet. */
enum nt_status worker_begin(struct worker *worker, struct nt_error *error)
{
    if (!worker->has_opened) return NT_OK;
    enum nt_status status = worker->pending ? worker_commit(worker, error) : NT_OK;
    size_t count = positions_collect(worker, true);
    if (status == NT_OK)
        status = worker->sink.begin(worker->sink.self, worker->positions, count, error);
    if (status != NT_OK) return status;
    tracks_mark_committed(worker, true);
    worker->has_opened = false;
    return NT_OK;
}

static void partition_show(struct worker *worker, const struct track *track, int64_t end)
{
    if (worker->shown_count == worker->shown_max) {
        worker->shown_max = worker->shown_max ? 2 * worker->shown_max : 16;
        worker->shown = memory_realloc(worker->shown, worker->shown_max * sizeof *worker->shown);
    }
    /* At its end a partition's log may still show markers of transactions after the last event. */
    if (track->is_at_end) end = track->next;
    struct worker_stats *stats = &worker->stats;
    worker->shown[worker->shown_count++] =
        (struct worker_partition){track->topic, track->partition, track->committed, end};
    if (end < 0)
        stats->lag = -1;
    else if (stats->lag >= 0 && end > track->committed)
        stats->lag += end - track->committed;
}

/* A partition that never rests is never found at its end; it is caught up with all the same when
 * what was in it a moment ago is committed. */
static void track_look(struct track *track, int64_t end)
{
    int64_t now_us = clock_monotonic_us();
    bool is_recent = track->goal_us && now_us - track->goal_us <= CAUGHT_UP_US;
    if (is_recent && track->committed >= track->goal) track->was_at_end = true;
    if (is_recent || end < 0) return;
    track->goal = end;
    track->goal_us = now_us;
}

/* With lock held. */
static void rate_show(struct worker *worker)
{
    int64_t now_us = clock_monotonic_us(), since_us = now_us - worker->rate_since_us;
    if (since_us < RATE_US) return;
    uint64_t messages = worker->stats.messages - worker->rate_messages;
    worker->stats.messages_per_second = (double)messages * 1e6 / (double)since_us;
    worker->rate_since_us = now_us;
    worker->rate_messages = worker->stats.messages;
}

void worker_show(struct worker *worker)
{
    bool is_caught_up = true, was_caught_up;
    pthread_mutex_lock(&worker->lock);
    worker->shown_count = 0;
    worker->stats.lag = 0;
    for (size_t i = 0; i < worker->input_count; i++) {
        struct input *input = &worker->inputs[i];
        if (!input->track_count) is_caught_up = false;
        if (!input->track_count) worker->stats.lag = -1;
        for (uint32_t slot = 0; slot < input->track_count; slot++) {
            struct track *track = &input->tracks[slot];
            if (track->is_at_end && !worker->pending) track->was_at_end = true;
            int64_t end = input->source->ops->end(input->source, slot);
            track_look(track, end);
            is_caught_up = is_caught_up && track->was_at_end;
            partition_show(worker, track, end);
        }
    }
    was_caught_up = worker->stats.is_caught_up;
    worker->stats.is_caught_up = is_caught_up;
    rate_show(worker);
    uint64_t messages = worker->stats.messages;
    pthread_mutex_unlock(&worker->lock);
    if (is_caught_up && !was_caught_up)
        log_line(LOG_INFO, "stream", "caught up", "messages=%" PRIu64, messages);
}
