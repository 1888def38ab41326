/* live.c: see live.h. */
#include "cli/live.h"

#include <inttypes.h>
#include <stdlib.h>

#define PARTITIONS_SHOWN_MAX 4096

/* ---- opening and closing ---- */

static enum nt_status erasures_ask(struct live *live, const struct config *config,
                                   struct nt_error *error)
{
    struct connection *connection = NULL;
    enum nt_status status = session_connect(config, &connection, error);
    if (status == NT_OK)
        status = erasures_load(connection, live->program, &live->arena, &live->erasures, error);
    if (status != NT_OK && status != NT_INTERRUPTED)
        error_prefix(error, "which entities were erased is asked of PostgreSQL, so that they do "
                            "not come back (--no-erasures: do not ask, nothing was erased)");
    connection_close(connection);
    return status;
}

enum nt_status live_open(const struct config *config, const char *directory, const char *path,
                         bool asks_erasures, struct live **live, struct nt_error *error)
{
    struct live *made = memory_zalloc(sizeof *made);
    nt_arena_init(&made->arena);
    enum nt_status status = program_open(directory, &made->loaded, error);
    if (status == NT_OK) {
        made->program = program_get(made->loaded);
        made->erasures.program = made->program;
    }
    if (status == NT_OK && asks_erasures) status = erasures_ask(made, config, error);
    if (status == NT_OK)
        status = session_open_store_at(made->program, config, path, &made->store, error);
    if (status != NT_OK) {
        live_close(made);
        made = NULL;
    }
    *live = made;
    return status;
}

void live_close(struct live *live)
{
    if (!live) return;
    live_rest(live, NULL);
    store_close(live->store);
    program_close(live->loaded);
    nt_arena_deinit(&live->arena);
    free(live);
}

/* ---- the worker ---- */

/* Whoever asks is answered before more is read: where the cores are all taken, a lookup would wait
 * for a turn of the worker. */
#define WORKER_NICENESS 10

struct worker_options live_worker_options(const struct config *config)
{
    struct worker_options options = worker_options_default();
    options.brokers = config->kafka_brokers[0] ? config->kafka_brokers : NULL;
    options.commit_ms = (int)config->worker_commit_ms;
    options.commit_events = (int)config->worker_commit_events;
    options.refresh_ms = (int)config->worker_refresh_ms;
    options.niceness = WORKER_NICENESS;
    return options;
}

enum nt_status live_work(struct live *live, const struct worker_options *options,
                         struct nt_error *error)
{
    struct worker_options own = *options;
    own.erasures = &live->erasures;
    return worker_start(live->program, live->store, &own, &live->worker, error);
}

enum nt_status live_join(struct live *live, struct nt_error *error)
{
    if (!live->worker) return NT_OK;
    enum nt_status status = worker_join(live->worker, error);
    worker_destroy(live->worker);
    live->worker = NULL;
    return status;
}

enum nt_status live_rest(struct live *live, struct nt_error *error)
{
    if (live->worker) worker_stop(live->worker);
    return live_join(live, error);
}

/* ---- what the service shows ---- */

/* Called by the server's threads: what the worker says, in the server's words. */
static void status_fill(void *self, struct nt_arena *arena, struct server_status *status)
{
    struct live *live = self;
    struct worker_stats stats;
    worker_stats_get(live->worker, &stats);
    status->is_ready = stats.is_caught_up && stats.state == WORKER_RUNNING;
    status->reason = status->is_ready ? NULL
                     : stats.last_error.status != NT_OK
                         ? nt_arena_printf(arena, "%s", stats.last_error.text)
                         : nt_arena_printf(arena, "worker %s, lag %" PRId64,
                                           worker_state_name(stats.state), stats.lag);
    struct worker_partition *partitions =
        nt_arena_zalloc(arena, PARTITIONS_SHOWN_MAX * sizeof partitions[0]);
    size_t count = worker_partitions_get(live->worker, partitions, PARTITIONS_SHOWN_MAX);
    if (count > PARTITIONS_SHOWN_MAX) count = PARTITIONS_SHOWN_MAX;
    struct server_partition *shown = nt_arena_zalloc(arena, (count + 1) * sizeof shown[0]);
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct server_partition){partitions[i].topic, partitions[i].partition,
                                             partitions[i].position, partitions[i].end};
    status->messages = stats.messages;
    status->commits = stats.commits;
    status->partition_count = count;
    status->partitions = shown;
}

struct server_version live_version(struct live *live)
{
    return (struct server_version){live->program, live->store, status_fill, live};
}
