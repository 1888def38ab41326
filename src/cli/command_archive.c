/* command_archive.c: nowthen archive: the worker with the histories in PostgreSQL as its sink. */
#include "base/log.h"
#include "cli/command.h"
#include "cli/session.h"
#include "offline/archive.h"
#include "stream/worker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { UNTIL_END };

static const struct cli_option options_table[] = {
    {"until-end", NULL, "stop when every partition has been read to its end", CLI_FLAG, NULL},
    {0},
};

#define COMMIT_MS     1000 /* a transaction of PostgreSQL costs more than a batch of the store */
#define RETRY_MS_MIN  100
#define RETRY_MS_MAX  5000
#define LOOK_EVERY_MS 50

static void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

/* ---- the sink: called by the worker's thread ---- */

struct keeper {
    const struct config *config;
    struct connection *connection; /* NULL: lost */
    struct archive *archive;
    struct archive_position *positions; /* scratch of a commit */
    size_t positions_max;
};

static enum nt_status keeper_position(void *self, const char *topic, int32_t partition,
                                      int64_t *offset, struct nt_error *error)
{
    const struct keeper *keeper = self;
    (void)error;
    *offset = archive_position(keeper->archive, topic, partition);
    return NT_OK;
}

static enum nt_status keeper_take(void *self, const struct worker_event *event,
                                  struct nt_error *error)
{
    const struct keeper *keeper = self;
    (void)error;
    archive_add(keeper->archive, event->source, event->partition, event->offset,
                event->event->event_time, event->row);
    return NT_OK;
}

/* The worker's statistics count what there is to count. */
static void keeper_count(void *self, enum store_counter counter, uint64_t by)
{
    (void)self;
    (void)counter;
    (void)by;
}

/* Not to be cancelled by Ctrl-C: what was read is committed before the end. */
static enum nt_status keeper_connect(struct keeper *keeper, struct nt_error *error)
{
    if (keeper->connection) return NT_OK;
    return connection_open(keeper->config->database, NULL, &keeper->connection, error);
}

static enum nt_status commit_try(struct keeper *keeper, size_t count, struct nt_error *error)
{
    enum nt_status status = keeper_connect(keeper, error);
    if (status == NT_OK)
        status =
            archive_commit(keeper->archive, keeper->connection, keeper->positions, count, error);
    if (status != NT_UNAVAILABLE) return status;
    connection_close(keeper->connection);
    keeper->connection = NULL;
    return status;
}

/* For as long as PostgreSQL is away, or its disk full: events wait in the log. */
static enum nt_status commit_insist(struct keeper *keeper, size_t count, struct nt_error *error)
{
    int pause_ms = RETRY_MS_MIN;
    bool was_logged = false;
    for (;;) {
        struct nt_error trouble;
        enum nt_status status = commit_try(keeper, count, &trouble);
        if (status == NT_OK && was_logged) log_line(LOG_INFO, "cli", "archive goes on", "%s", "");
        if (status == NT_OK) return NT_OK;
        if (error) *error = trouble;
        if (!status_is_retriable(status)) return status;
        if (!was_logged)
            log_line(LOG_WARN, "cli", trouble.text, "status=\"%s\" retry=true",
                     status_name(status));
        was_logged = true;
        if (cli_is_interrupted())
            return error_set(error, NT_INTERRUPTED, "stopped while waiting: %.1500s", trouble.text);
        wait_ms(pause_ms);
        pause_ms = 2 * pause_ms < RETRY_MS_MAX ? 2 * pause_ms : RETRY_MS_MAX;
    }
}

static enum nt_status keeper_commit(void *self, const struct store_position *positions,
                                    size_t count, struct nt_error *error)
{
    struct keeper *keeper = self;
    if (count > keeper->positions_max) {
        keeper->positions_max = count;
        keeper->positions = memory_realloc(keeper->positions, count * sizeof *keeper->positions);
    }
    for (size_t i = 0; i < count; i++)
        keeper->positions[i] = (struct archive_position){positions[i].topic, positions[i].partition,
                                                         positions[i].offset};
    return commit_insist(keeper, count, error);
}

/* ---- the command ---- */

static void wait_for_end(struct worker *worker)
{
    struct worker_stats stats;
    do {
        wait_ms(LOOK_EVERY_MS);
        worker_stats_get(worker, &stats);
    } while (!cli_is_interrupted() && stats.state != WORKER_FAILED &&
             stats.state != WORKER_STOPPED);
}

static enum nt_status keep(struct keeper *keeper, const struct session *session, bool is_ending,
                           struct nt_error *error)
{
    const struct config *config = keeper->config;
    const struct nt_program *program = session->program;
    struct worker_options options = worker_options_default();
    options.brokers = config->kafka_brokers[0] ? config->kafka_brokers : NULL;
    options.commit_ms = COMMIT_MS;
    options.commit_events = (int)config->worker_commit_events;
    options.refresh_ms = (int)config->worker_refresh_ms;
    options.has_dead_letters = false; /* the serving worker sends them */
    options.is_ending = is_ending;
    options.erasures = &session->erasures;
    const struct worker_sink sink = {
        .self = keeper,
        .position = keeper_position,
        .begin = keeper_commit,
        .take = keeper_take,
        .count = keeper_count,
        .commit = keeper_commit,
    };
    struct worker *worker = NULL;
    enum nt_status status = worker_start_sink(program, &sink, &options, &worker, error);
    if (status != NT_OK) return status;
    log_line(LOG_INFO, "cli", "archiving", "program=%s", program->fingerprint);
    wait_for_end(worker);
    worker_stop(worker);
    status = worker_join(worker, error);
    struct worker_stats stats;
    worker_stats_get(worker, &stats);
    if (status == NT_OK)
        printf("%" PRIu64 " messages read, %" PRIu64 " events archived, %" PRIu64 " rejected\n",
               stats.messages, archive_row_count(keeper->archive), stats.rejected);
    worker_destroy(worker);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct session session;
    struct keeper keeper = {.config = config};
    enum nt_status status = session_init(&session, config, error);
    if (status == NT_OK) status = keeper_connect(&keeper, error);
    if (status == NT_OK)
        status = archive_open(keeper.connection, session.program, &session.erasures,
                              &keeper.archive, error);
    connection_close(session.connection);
    session.connection = NULL;
    if (status == NT_OK) status = keep(&keeper, &session, options->flags[UNTIL_END], error);
    archive_close(keeper.archive);
    connection_close(keeper.connection);
    free(keeper.positions);
    session_deinit(&session);
    return status;
}

const struct cli_command command_archive = {
    .name = "archive",
    .arguments = "[--until-end]",
    .summary = "keep the stream's events in PostgreSQL, with their positions",
    .details =
        "Reads every source's topic into its history (OPTIONS (history 'schema.table'), else\n"
        "history.SOURCE), made if it is missing: the source's columns, log_partition and\n"
        "log_offset, partitioned by month of event time. Rows and positions are one transaction,\n"
        "so an event is there once, whatever was killed. Then the history outlives the topic's\n"
        "retention, and `nowthen materialize --online` hands over to the stream by position.\n"
        "Rejected events are counted; `nowthen serve` sends them to the dead letters.\n"
        "While PostgreSQL is away it waits. One at a time. It ends with exit code 5 when an "
        "entity\n"
        "was erased meanwhile: start it again, and it leaves its events out.\n\n"
        "  nowthen archive",
    .options = options_table,
    .run = run,
};
