/* command_check.c: nowthen check: is every record of an online store what its events make of it? */
#include "cli/command.h"
#include "cli/session.h"
#include "online/check.h"

#include <inttypes.h>
#include <stdio.h>

#define FAULTS_SHOWN_MAX 20

static const struct cli_option options_table[] = {
    {"store", "DIR", "directory of the online store", CLI_CONFIG, "store.path"},
    {0},
};

static void fault_show(void *self, const struct nt_error *error)
{
    uint64_t *shown = self;
    if ((*shown)++ < FAULTS_SHOWN_MAX) printf("fault: %s\n", error->text);
}

static bool goes_on(void *self)
{
    (void)self;
    return !cli_is_interrupted();
}

static enum nt_status report_show(const struct check_report *report, const char *path,
                                  struct nt_error *error)
{
    printf("%" PRIu64 " entities, %" PRIu64 " nodes, %" PRIu64 " events, %" PRIu64
           " commits, %" PRIu64 " faults\n",
           report->entities, report->nodes, report->events, report->commits, report->faults);
    if (report->keyed) printf("%" PRIu64 " events kept by their event key\n", report->keyed);
    if (report->faults == 0) return NT_OK;
    return error_set(error, NT_CORRUPT,
                     "online store %s: %" PRIu64 " faults: restore it from a backup (`nowthen "
                     "restore`), or remove it and replay the log",
                     path, report->faults);
}

static enum nt_status store_look(struct store *store, const char *path, struct nt_error *error)
{
    struct store_snapshot *snapshot;
    struct check_report report;
    uint64_t shown = 0;
    struct check_visitor visitor = {fault_show, goes_on, &shown};
    enum nt_status status = store_snapshot_open(store, &snapshot, error);
    if (status != NT_OK) return status;
    status = store_check(snapshot, &visitor, &report, error);
    store_snapshot_close(snapshot);
    return status == NT_OK ? report_show(&report, path, error) : status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    (void)options;
    struct session session;
    struct store *store;
    enum nt_status status = session_init_of_store(&session, config, error);
    if (status == NT_OK) status = session_require_store(config, error);
    if (status == NT_OK) {
        status = session_open_store(session.program, config, &store, error);
        if (status == NT_OK) {
            status = store_look(store, config->store_path, error);
            store_close(store);
        }
    }
    session_deinit(&session);
    return status;
}

const struct cli_command command_check = {
    .name = "check",
    .arguments = "[--store DIR]",
    .summary = "check every record of an online store",
    .details =
        "Reads every timeline, builds it again from its events with the active definitions and\n"
        "compares the bytes: checksums, counts, spans, partials. Faults are printed, and the\n"
        "exit code is 4. Stop `nowthen serve` first, or check a backup:\n\n"
        "  nowthen check --store /backup/online-2026-11-21",
    .options = options_table,
    .run = run,
};
