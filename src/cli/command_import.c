/* command_import.c: nowthen import: a file of events into a source's history in PostgreSQL. */
#include "cli/command.h"
#include "cli/session.h"
#include "offline/import.h"
#include "runtime/view.h"

#include <inttypes.h>
#include <stdio.h>

enum { REPLACE, POSITIONS };

static const struct cli_option options_table[] = {
    {"replace", NULL, "empty the history first, in the same transaction", CLI_FLAG, NULL},
    {"positions", "PARTITION:OFFSET",
     "the file is this partition's log: its first event has that offset", CLI_TEXT, NULL},
    {0},
};

static enum nt_status origin_parse(const char *text, struct import_origin *origin,
                                   struct nt_error *error)
{
    int end = 0;
    if (!text) return NT_OK;
    origin->is_set = true;
    if (sscanf(text, "%" SCNd32 ":%" SCNd64 "%n", &origin->partition, &origin->offset, &end) == 2 &&
        !text[end] && origin->partition >= 0 && origin->offset >= 0)
        return NT_OK;
    return error_set(
        error, NT_INVALID,
        "--positions takes PARTITION:OFFSET, the offset of the file's first event, got "
        "\"%s\"",
        text);
}

static enum nt_status import(const struct session *session, const struct cli_options *options,
                             struct nt_error *error)
{
    const char *name = options->positional.items[0];
    int source = program_source(session->program, name);
    if (source < 0)
        return error_set(error, NT_NOT_FOUND, "the active definitions have no source \"%s\"", name);
    struct import_report report;
    struct import_origin origin = {0};
    enum import_mode mode = options->flags[REPLACE] ? IMPORT_REPLACE : IMPORT_APPEND;
    enum nt_status status = origin_parse(options->texts[POSITIONS], &origin, error);
    if (status == NT_OK)
        status = import_file(session->connection, session->program, (uint16_t)source,
                             options->positional.items[1], mode, origin, &report, error);
    if (status != NT_OK) return status;
    printf("%s: %" PRIu64 " events read, %" PRIu64 " imported, %" PRIu64 " rejected\n", name,
           report.events, report.imported, report.rejected);
    if (origin.is_set)
        printf("%s: %" PRIu64 " rows, %" PRIu64 " of them there already\n", name,
               report.imported + report.repeated, report.repeated);
    return NT_OK;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct session session;
    enum nt_status status = session_init(&session, config, error);
    if (status == NT_OK) status = import(&session, options, error);
    session_deinit(&session);
    return status;
}

const struct cli_command command_import = {
    .name = "import",
    .arguments = "SOURCE FILE [--replace]",
    .summary = "put a file of events into a source's history in PostgreSQL",
    .details =
        "JSON lines, or CSV with a header (FILE.csv), decoded and checked as the worker does:\n"
        "what it would reject is counted and left out. One transaction. The table is the\n"
        "source's OPTIONS (history 'schema.table'), else history.SOURCE.\n"
        "--positions says where in the log the events were: each one message, in order, those\n"
        "that are rejected too; blank lines are none, as for publish. As served reads need it.\n"
        "An event whose position is in the history already is passed over.\n\n"
        "  nowthen import flights events.jsonl --replace",
    .options = options_table,
    .positional_min = 2,
    .positional_max = 2,
    .run = run,
};
