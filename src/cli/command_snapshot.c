/* command_snapshot.c: nowthen snapshot: a training set. */
#include "cli/command.h"
#include "cli/commits.h"
#include "cli/session.h"
#include "offline/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SPINE, OUTPUT, FROM, AS_SERVED, COMMITS };

static const struct cli_option options_table[] = {
    {"spine", "FILE.csv", "keys or requests, and event_timestamp; - for stdin", CLI_TEXT, NULL},
    {"output", "FILE.csv", "the training set; - for stdout (also -o)", CLI_TEXT, NULL},
    {"from", "history|materialized", "compute from history (default), or read the offline tables",
     CLI_TEXT, NULL},
    {"as-served", NULL, "only events that the online store had applied: what lookups were told",
     CLI_FLAG, NULL},
    {"commits", "FILE.csv", "the commit log; else the running service is asked", CLI_TEXT, NULL},
    {"host", "HOST", "of the lookup service", CLI_CONFIG, "serve.host"},
    {"port", "PORT", "of the lookup service", CLI_CONFIG, "serve.port"},
    {0},
};

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    const char *from = options->texts[FROM] ? options->texts[FROM] : "history";
    bool is_materialized = strcmp(from, "materialized") == 0;
    if (!options->texts[SPINE] || !options->texts[OUTPUT])
        return error_set(
            error, NT_INVALID,
            "say what to read and write: nowthen snapshot %s --spine FILE.csv -o OUT.csv",
            options->positional.items[0]);
    if (!is_materialized && strcmp(from, "history") != 0)
        return error_set(error, NT_INVALID, "--from must be history or materialized, got \"%s\"",
                         from);
    if (is_materialized && options->flags[AS_SERVED])
        return error_set(error, NT_INVALID,
                         "--as-served reads the history: the offline tables hold what had "
                         "happened, not what was known; leave --from away");
    enum snapshot_from how = options->flags[AS_SERVED] ? SNAPSHOT_AS_SERVED
                             : is_materialized         ? SNAPSHOT_FROM_MATERIALIZED
                                                       : SNAPSHOT_FROM_HISTORY;
    struct session session;
    struct served *served = NULL;
    struct snapshot_report report;
    enum nt_status status = session_init(&session, config, error);
    if (status == NT_OK && options->flags[AS_SERVED])
        status = commits_open(config, options->texts[COMMITS], &served, error);
    if (status == NT_OK)
        status = snapshot_write(session.connection, session.program, options->positional.items[0],
                                options->texts[SPINE], how, served, options->texts[OUTPUT], &report,
                                error);
    served_close(served);
    if (status == NT_OK)
        fprintf(stderr, "%s: %" PRIu64 " rows, %" PRIu64 " times an entity had no row\n",
                options->texts[OUTPUT], report.rows, report.missing);
    session_deinit(&session);
    return status;
}

const struct cli_command command_snapshot = {
    .name = "snapshot",
    .arguments = "SERVICE_OR_VIEW --spine FILE.csv -o OUT.csv",
    .summary = "make a training set: every feature as of each spine row's time",
    .details =
        "One output row per spine row, in its order: the spine's columns, then the features.\n"
        "A row at T is exactly what a lookup as of T returns. OUT.csv appears when it is whole.\n"
        "With --as-served a row is what a lookup at T was told, late events left out that were\n"
        "not yet applied: see docs/offline.md.\n\n"
        "  nowthen snapshot delay_model_v1 --spine flights.csv -o training.csv",
    .options = options_table,
    .positional_min = 1,
    .positional_max = 1,
    .run = run,
};
