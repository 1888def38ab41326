/* command_serve.c: nowthen serve: the worker and the lookup service in one process. */
#include "base/log.h"
#include "cli/command.h"
#include "cli/serving.h"
#include "offline/definitions.h"
#include "online/version.h"
#include "serve/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PROGRAM, NO_ERASURES, UNTIL_END };

static const struct cli_option options_table[] = {
    {"program", "DIR", "a compiled program, instead of the registry's active one", CLI_TEXT, NULL},
    {"no-erasures", NULL, "do not ask PostgreSQL which entities were erased", CLI_FLAG, NULL},
    {"until-end", NULL, "stop when every partition has been read to its end", CLI_FLAG, NULL},
    {"store", "DIR", "directory of the online store", CLI_CONFIG, "store.path"},
    {"clock", "wall|event", "what now() is", CLI_CONFIG, "serve.clock"},
    {"host", "HOST", "address to listen on", CLI_CONFIG, "serve.host"},
    {"port", "PORT", "port to listen on; 0: a free one", CLI_CONFIG, "serve.port"},
    {0},
};

#define LOOK_EVERY_NS 50000000 /* at signals and at the worker */

/* Until a signal, the live worker's failure, or with --until-end its end. */
static void wait_for_end(struct serving *serving)
{
    bool was_caught_up = false;
    for (;;) {
        struct worker_stats stats;
        pthread_mutex_lock(&serving->lock);
        worker_stats_get(serving->live->worker, &stats);
        pthread_mutex_unlock(&serving->lock);
        if (stats.is_caught_up && !was_caught_up)
            log_line(LOG_INFO, "cli", "caught up", "messages=%" PRIu64 " rejected=%" PRIu64,
                     stats.messages, stats.rejected);
        was_caught_up = stats.is_caught_up;
        if (cli_is_interrupted() || stats.state == WORKER_FAILED || stats.state == WORKER_STOPPED)
            return;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
    }
}

static enum nt_status serve_until_end(struct serving *serving, struct nt_error *error)
{
    const struct config *config = serving->config;
    struct control *control;
    enum nt_status status =
        control_start(config->store_path, serving_command, serving, &control, error);
    if (status != NT_OK) return status;
    log_line(LOG_INFO, "cli", "serving", "url=http://%s:%d program=%s clock=%s store=%s",
             config->serve_host, server_port(serving->server), serving->live->program->fingerprint,
             config->serve_clock, config->store_path);
    wait_for_end(serving);
    control_stop(control);
    upgrade_end(serving);
    return NT_OK;
}

/* An upgrade replaces what is live, so it is closed by who holds it at the end. */
static enum nt_status serve(struct serving *serving, bool is_ending, struct nt_error *error)
{
    const struct config *config = serving->config;
    struct worker_options options = live_worker_options(config);
    options.is_ending = is_ending;
    enum nt_status status = live_work(serving->live, &options, error);
    if (status == NT_OK) {
        struct server_options server_options = {.host = config->serve_host,
                                                .port = (int)config->serve_port};
        struct server_version version = live_version(serving->live);
        status = server_start(&version, &server_options, &serving->server, error);
    }
    if (status == NT_OK) status = serve_until_end(serving, error);
    server_stop(serving->server);
    enum nt_status ended = live_rest(serving->live, status == NT_OK ? error : NULL);
    return status == NT_OK ? ended : status;
}

/* ---- what is served ---- */

/* The store of the version, of what was noted before, or the first. */
static void store_place(const char *root, const char *fingerprint, struct buffer *path)
{
    version_store_path(root, fingerprint, path);
    if (kv_rocks_exists(buffer_text(path))) return;
    buffer_clear(path);
    version_live_store(root, path);
}

static enum nt_status version_open(struct serving *serving, const char *directory,
                                   struct nt_error *error)
{
    struct program *program;
    struct buffer path = {0};
    enum nt_status status = program_open(directory, &program, error);
    if (status != NT_OK) return status;
    store_place(serving->config->store_path, program_get(program)->fingerprint, &path);
    status = live_open(serving->config, directory, buffer_text(&path), serving->asks_erasures,
                       &serving->live, error);
    program_close(program);
    buffer_deinit(&path);
    return status;
}

/* So that the next start serves the same, whatever is active then, and an upgrade has a way back.
 */
static enum nt_status version_note(struct serving *serving, const char *directory,
                                   struct nt_error *error)
{
    const char *root = serving->config->store_path;
    const char *fingerprint = serving->live->program->fingerprint;
    char before[HASH_HEX_SIZE];
    bool has_before = version_get(root, VERSION_LIVE, before);
    if (has_before && strcmp(before, fingerprint) == 0) return NT_OK;
    enum nt_status status = version_keep(root, fingerprint, directory, error);
    if (status == NT_OK)
        status = version_share(root, fingerprint, has_before ? before : NULL, error);
    return status == NT_OK ? version_set(root, VERSION_LIVE, fingerprint, error) : status;
}

static enum nt_status active_place(const struct config *config, struct buffer *directory,
                                   struct nt_error *error)
{
    struct connection *connection = NULL;
    enum nt_status status = session_connect(config, &connection, error);
    if (status == NT_OK)
        status = definitions_load(connection, config->programs_dir, directory, error);
    connection_close(connection);
    return status;
}

/* What was served goes on being served: another version comes by an upgrade, not by a restart. Only
 * a program that this nowthen cannot load gives way to the active one. */
static enum nt_status registered_open(struct serving *serving, struct buffer *directory,
                                      struct nt_error *error)
{
    const struct config *config = serving->config;
    char noted[HASH_HEX_SIZE];
    struct buffer active = {0};
    bool has_noted = version_get(config->store_path, VERSION_LIVE, noted);
    enum nt_status status = active_place(config, &active, error);
    if (has_noted) version_program_path(config->store_path, noted, directory);
    if (status == NT_OK && has_noted) status = version_open(serving, buffer_text(directory), error);
    if (has_noted ? status == NT_MISMATCH : status == NT_OK) {
        buffer_clear(directory);
        buffer_append(directory, active.data, active.size);
        status = version_open(serving, buffer_text(directory), error);
    }
    const char *name = status == NT_OK ? strrchr(buffer_text(&active), '/') : NULL;
    if (name && strcmp(name + 1, serving->live->program->fingerprint) != 0)
        log_line(LOG_WARN, "cli", "other definitions are active: nowthen upgrade brings them here",
                 "active=%s served=%s", name + 1, serving->live->program->fingerprint);
    buffer_deinit(&active);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct serving serving = {.config = config, .asks_erasures = !options->flags[NO_ERASURES]};
    struct buffer directory = {0};
    enum nt_status status;
    pthread_mutex_init(&serving.lock, NULL);
    pthread_mutex_init(&serving.upgrade_lock, NULL);
    if (options->texts[PROGRAM]) {
        buffer_append_text(&directory, options->texts[PROGRAM]);
        status = version_open(&serving, options->texts[PROGRAM], error);
    } else {
        status = registered_open(&serving, &directory, error);
    }
    if (status == NT_OK) status = version_note(&serving, buffer_text(&directory), error);
    if (status == NT_OK) status = serve(&serving, options->flags[UNTIL_END], error);
    live_close(serving.live);
    buffer_deinit(&directory);
    pthread_mutex_destroy(&serving.lock);
    pthread_mutex_destroy(&serving.upgrade_lock);
    if (status == NT_OK) log_line(LOG_INFO, "cli", "stopped", "%s", "");
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
        "Ctrl-C commits and ends; a second one ends at once. A store serves on what it served:\n"
        "`nowthen upgrade` swaps another version in while this runs.\n\n"
        "  nowthen serve --clock event      recorded data: now() is the newest event time",
    .options = options_table,
    .run = run,
};
