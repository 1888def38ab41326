/* command_materialize.c: nowthen materialize: history to the offline tables. */
#include "cli/command.h"
#include "cli/session.h"
#include "offline/materialize.h"
#include "row/value_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FROM, TO };

static const struct cli_option options_table[] = {
    {"from", "TIME", "replace rows from here on (default: from the beginning)", CLI_TEXT, NULL},
    {"to", "TIME", "up to, not including, here (default: to the end)", CLI_TEXT, NULL},
    {0},
};

static enum nt_status parse_time(const char *name, const char *text, struct nt_time *time,
                                 struct nt_error *error)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value value;
    bool is_read = !text || value_parse(&e, NT_TIMESTAMPTZ, text, strlen(text), &value);
    if (!is_read) error_set(error, NT_INVALID, "--%s: %s", name, e.error);
    if (text && is_read) *time = value.time;
    nt_arena_deinit(&arena);
    return is_read ? NT_OK : NT_INVALID;
}

static enum nt_status materialize(const struct session *session, struct connection *writer,
                                  uint16_t view, struct materialize_range range,
                                  struct nt_error *error)
{
    struct materialize_report report;
    enum nt_status status = materialize_view(session->connection, writer, session->program, view,
                                             range, &report, error);
    if (status == NT_OK)
        printf("%s: %" PRIu64 " events, %" PRIu64 " entities, %" PRIu64 " rows\n",
               session->program->views[view].name, report.events, report.entities, report.rows);
    return status;
}

static enum nt_status materialize_named(const struct session *session, struct connection *writer,
                                        const struct cli_values *names,
                                        struct materialize_range range, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < names->count && status == NT_OK; i++) {
        int view = program_view(session->program, names->items[i]);
        if (view < 0)
            return error_set(error, NT_NOT_FOUND, "the active definitions have no view \"%s\"",
                             names->items[i]);
        status = materialize(session, writer, (uint16_t)view, range, error);
    }
    for (uint16_t view = 0; names->count == 0 && view < session->program->view_count; view++) {
        status = materialize(session, writer, view, range, error);
        if (status != NT_OK) break;
    }
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct materialize_range range = MATERIALIZE_ALL;
    enum nt_status status = parse_time("from", options->texts[FROM], &range.from, error);
    if (status == NT_OK) status = parse_time("to", options->texts[TO], &range.to, error);
    if (status != NT_OK) return status;
    if (range.from.us >= range.to.us)
        return error_set(error, NT_INVALID, "--from %s is not before --to %s",
                         options->texts[FROM] ? options->texts[FROM] : "-infinity",
                         options->texts[TO] ? options->texts[TO] : "infinity");
    struct session session;
    struct connection *writer = NULL;
    status = session_init(&session, config, error);
    if (status == NT_OK) status = session_connect(config, &writer, error);
    if (status == NT_OK)
        status = materialize_named(&session, writer, &options->positional, range, error);
    connection_close(writer);
    session_deinit(&session);
    return status;
}

const struct cli_command command_materialize = {
    .name = "materialize",
    .arguments = "[VIEW ...] [--from TIME] [--to TIME]",
    .summary = "fill the offline tables from history: one row per change of value",
    .details =
        "Without a name, every view. A table is replaced in one transaction, or with --from and\n"
        "--to the rows of that range. Joined as of T in plain SQL, nowthen.VIEW gives the\n"
        "feature values at T:\n\n"
        "  SELECT * FROM nowthen.aircraft WHERE tailnum = 'N14228' AND valid_from <= now()\n"
        "  ORDER BY valid_from DESC LIMIT 1",
    .options = options_table,
    .positional_max = CLI_VALUES_MAX,
    .run = run,
};
