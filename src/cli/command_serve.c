/* command_serve.c: nowthen serve: the worker and the lookup service in one process. */
#include "base/log.h"
#include "cli/command.h"
#include "cli/session.h"
#include "serve/server.h"
#include "stream/worker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PROGRAM, UNTIL_END };

static const struct cli_option options_table[] = {
    {"program", "DIR", "a compiled program, instead of the registry's active one", CLI_TEXT, NULL},
    {"until-end", NULL, "stop when every partition has been read to its end", CLI_FLAG, NULL},
    {"store", "DIR", "directory of the online store", CLI_CONFIG, "store.path"},
    {"clock", "wall|event", "what now() is", CLI_CONFIG, "serve.clock"},
    {"host", "HOST", "address to listen on", CLI_CONFIG, "serve.host"},
    {"port", "PORT", "port to listen on; 0: a free one", CLI_CONFIG, "serve.port"},
    {0},
};

#define PARTITIONS_SHOWN_MAX 4096
#define LOOK_EVERY_NS        50000000 /* at signals and at the worker */

/* Called by the server's threads: what the worker says, in the server's words. */
static void server_status_fill(void *self, struct nt_arena *arena, struct server_status *status)
{
    struct worker *worker = self;
    struct worker_stats stats;
    worker_stats_get(worker, &stats);
    status->is_ready = stats.is_caught_up && stats.state == WORKER_RUNNING;
    status->reason = status->is_ready ? NULL
                     : stats.last_error.status != NT_OK
                         ? nt_arena_printf(arena, "%s", stats.last_error.text)
                         : nt_arena_printf(arena, "worker %s, lag %" PRId64,
                                           worker_state_name(stats.state), stats.lag);
    struct worker_partition *partitions =
        nt_arena_zalloc(arena, PARTITIONS_SHOWN_MAX * sizeof partitions[0]);
    size_t count = worker_partitions_get(worker, partitions, PARTITIONS_SHOWN_MAX);
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

/* Until a signal, the worker's failure, or with --until-end its end. */
static void wait_for_end(struct worker *worker)
{
    bool was_caught_up = false;
    for (;;) {
        struct worker_stats stats;
        worker_stats_get(worker, &stats);
        if (stats.is_caught_up && !was_caught_up)
            log_line(LOG_INFO, "cli", "caught up", "messages=%" PRIu64 " rejected=%" PRIu64,
                     stats.messages, stats.rejected);
        was_caught_up = stats.is_caught_up;
        if (cli_is_interrupted() || stats.state == WORKER_FAILED || stats.state == WORKER_STOPPED)
            return;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
    }
}

static enum nt_status serve(const struct nt_program *program, struct store *store,
                            const struct erasures *erasures, const struct cli_options *options,
                            const struct config *config, struct nt_error *error)
{
    struct worker_options worker_options = worker_options_default();
    worker_options.brokers = config->kafka_brokers[0] ? config->kafka_brokers : NULL;
    worker_options.commit_ms = (int)config->worker_commit_ms;
    worker_options.commit_events = (int)config->worker_commit_events;
    worker_options.refresh_ms = (int)config->worker_refresh_ms;
    worker_options.is_ending = options->flags[UNTIL_END];
    worker_options.erasures = erasures;
    struct worker *worker = NULL;
    struct server *server = NULL;
    enum nt_status status = worker_start(program, store, &worker_options, &worker, error);
    if (status == NT_OK) {
        struct server_options server_options = {.host = config->serve_host,
                                                .port = (int)config->serve_port,
                                                .status = server_status_fill,
                                                .status_self = worker};
        status = server_start(program, store, &server_options, &server, error);
    }
    if (status == NT_OK) {
        log_line(LOG_INFO, "cli", "serving", "url=http://%s:%d program=%s clock=%s store=%s",
                 config->serve_host, server_port(server), program->fingerprint, config->serve_clock,
                 config->store_path);
        wait_for_end(worker);
    }
    server_stop(server);
    if (worker) {
        worker_stop(worker);
        enum nt_status ended = worker_join(worker, status == NT_OK ? error : NULL);
        if (status == NT_OK) status = ended;
        worker_destroy(worker);
    }
    return status;
}

static enum nt_status serve_program(const struct nt_program *program,
                                    const struct erasures *erasures,
                                    const struct cli_options *options, const struct config *config,
                                    struct nt_error *error)
{
    struct store *store = NULL;
    enum nt_status status = session_open_store(program, config, &store, error);
    if (status == NT_OK) status = serve(program, store, erasures, options, config, error);
    store_close(store);
    if (status == NT_OK) log_line(LOG_INFO, "cli", "stopped", "%s", "");
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    if (options->texts[PROGRAM]) {
        struct program *loaded = NULL;
        enum nt_status status = program_open(options->texts[PROGRAM], &loaded, error);
        if (status == NT_OK)
            status = serve_program(program_get(loaded), NULL, options, config, error);
        program_close(loaded);
        return status;
    }
    struct session session;
    enum nt_status status = session_init(&session, config, error);
    /* Serving needs PostgreSQL no longer, and must not depend on it. */
    connection_close(session.connection);
    session.connection = NULL;
    if (status == NT_OK)
        status = serve_program(session.program, &session.erasures, options, config, error);
    session_deinit(&session);
    return status;
}

const struct cli_command command_serve = {
    .name = "serve",
    .arguments = "[--store DIR] [--clock wall|event] [--port PORT]",
    .summary = "run the streaming worker and the lookup service",
    .details =
        "Reads every source's topic into the online store and answers lookups over HTTP:\n"
        "POST /get-online-features (Feast's contract), /health, /livez, /readyz, /metrics.\n"
        "Stopped or killed, it goes on where the store stands: nothing is lost or repeated.\n"
        "Ctrl-C commits and ends; a second one ends at once.\n\n"
        "  nowthen serve --clock event      recorded data: now() is the newest event time",
    .options = options_table,
    .run = run,
};
