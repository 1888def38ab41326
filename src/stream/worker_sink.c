/* worker_sink.c: the online store as a sink. */
#include "stream/worker_sink.h"

#include <stdlib.h>

struct store_sink {
    struct store *store;
    struct nt_time handovers[]; /* by source: events up to here came with the store */
};

static enum nt_status sink_position(void *self, const char *topic, int32_t partition,
                                    int64_t *offset, struct nt_error *error)
{
    struct store_sink *sink = self;
    return store_position_get(sink->store, topic, partition, offset, error);
}

static bool is_handed_over(const struct store_sink *sink, uint16_t source, struct nt_time time)
{
    int64_t us = sink->handovers[source].us;
    return us != NT_TIME_MINUS_INFINITY.us && time.us <= us;
}

static enum nt_status sink_take(void *self, const struct worker_event *event,
                                struct nt_error *error)
{
    struct store_sink *sink = self;
    if (!is_handed_over(sink, event->source, event->event->event_time))
        return store_apply(sink->store, event->event, error);
    store_count(sink->store, STORE_HANDED_OVER, 1);
    return NT_OK;
}

static void sink_expect(void *self, const struct event *events, size_t count)
{
    struct store_sink *sink = self;
    store_expect(sink->store, events, count);
}

static void sink_count(void *self, enum store_counter counter, uint64_t by)
{
    struct store_sink *sink = self;
    store_count(sink->store, counter, by);
}

static enum nt_status sink_commit(void *self, const struct store_position *positions, size_t count,
                                  struct nt_error *error)
{
    struct store_sink *sink = self;
    return store_commit(sink->store, positions, count, error);
}

static enum nt_status sink_begin(void *self, const struct store_position *positions, size_t count,
                                 struct nt_error *error)
{
    struct store_sink *sink = self;
    return store_begin(sink->store, positions, count, error);
}

#define SWEEP_ENTITIES 4000 /* 2 to 7 ms of work, measured */

static enum nt_status sink_tidy(void *self, bool *is_done, struct nt_error *error)
{
    struct store_sink *sink = self;
    return store_sweep(sink->store, SWEEP_ENTITIES, is_done, error);
}

enum nt_status worker_sink_of_store(const struct nt_program *program, struct store *store,
                                    struct worker_sink *sink, struct nt_error *error)
{
    uint16_t count = program->source_count;
    struct store_sink *made = memory_zalloc(sizeof *made + count * sizeof made->handovers[0]);
    enum nt_status status = NT_OK;
    made->store = store;
    for (uint16_t i = 0; i < count && status == NT_OK; i++)
        status = store_handover_get(store, program->sources[i].name, &made->handovers[i], error);
    if (status != NT_OK) {
        free(made);
        return status;
    }
    *sink = (struct worker_sink){made,        sink_position, sink_take, sink_expect, sink_count,
                                 sink_commit, sink_begin,    sink_tidy, free};
    return NT_OK;
}
