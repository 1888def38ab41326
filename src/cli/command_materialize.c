/* command_materialize.c: nowthen materialize: history to the offline tables, or to an online store.
 */
#include "cli/backfill.h"
#include "cli/command.h"
#include "cli/session.h"
#include "offline/materialize.h"
#include "row/calendar.h"
#include "row/value_text.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define ONLINE_NICENESS 10 /* a service on the same machine answers first */

enum { FROM, TO, ONLINE, HANDOVER, THROTTLE };

static const struct cli_option options_table[] = {
    {"from", "TIME", "replace rows from here on (default: from the beginning)", CLI_TEXT, NULL},
    {"to", "TIME", "up to, not including, here (default: to the end)", CLI_TEXT, NULL},
    {"online", NULL, "build an online store instead of the offline tables", CLI_FLAG, NULL},
    {"handover-at", "TIME", "with --online: history up to TIME, the stream after it", CLI_TEXT,
     NULL},
    {"throttle", "N", "with --online: at most N events a second", CLI_TEXT, NULL},
    {"store", "DIR", "with --online: directory of the online store", CLI_CONFIG, "store.path"},
    {"clock", "wall|event", "with --online: what now() is, as for serve", CLI_CONFIG,
     "serve.clock"},
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

/* 0: not given. */
static enum nt_status parse_throttle(const char *text, uint64_t *rate_max, struct nt_error *error)
{
    char *end;
    long long rate = text ? strtoll(text, &end, 10) : 0;
    *rate_max = (uint64_t)rate;
    if (!text || (rate > 0 && rate < LLONG_MAX && !*end)) return NT_OK;
    return error_set(error, NT_INVALID,
                     "--throttle must be a number of events a second from 1, got \"%s\"", text);
}

static enum nt_status run_online(const struct cli_options *options, const struct config *config,
                                 struct nt_error *error)
{
    const char *text = options->texts[HANDOVER];
    struct nt_time at = {0};
    if (options->positional.count || options->texts[FROM] || options->texts[TO])
        return error_set(error, NT_INVALID,
                         "--online builds all views over the whole history: it takes no view, "
                         "--from or --to");
    enum nt_status status = parse_time("handover-at", text, &at, error);
    if (status == NT_OK && text && !time_is_finite(at))
        status = error_set(error, NT_INVALID, "--handover-at must be a finite time, got %s", text);
    struct backfill_options wanted = {.handover = text ? &at : NULL};
    if (status == NT_OK) status = parse_throttle(options->texts[THROTTLE], &wanted.rate_max, error);
    struct session session = {0};
    setpriority(PRIO_PROCESS, 0, ONLINE_NICENESS);
    if (status == NT_OK) status = session_init(&session, config, error);
    if (status == NT_OK) status = backfill_run(&session, config, &wanted, error);
    session_deinit(&session);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    if (options->flags[ONLINE]) return run_online(options, config, error);
    if (options->texts[HANDOVER] || options->texts[THROTTLE])
        return error_set(error, NT_INVALID, "--%s is for --online",
                         options->texts[HANDOVER] ? "handover-at" : "throttle");
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
    .arguments = "[VIEW ...] [--from TIME] [--to TIME] | --online [--handover-at TIME]",
    .summary = "fill the offline tables from history, or build an online store",
    .details =
        "Without a name, every view. A table is replaced in one transaction, or with --from and\n"
        "--to the rows of that range. Joined as of T in plain SQL, nowthen.VIEW gives the\n"
        "feature values at T:\n\n"
        "  SELECT * FROM nowthen.aircraft WHERE tailnum = 'N14228' AND valid_from <= now()\n"
        "  ORDER BY valid_from DESC LIMIT 1\n\n"
        "--online builds the online store of all views from history, with the bytes that the\n"
        "worker would have written. Killed, the same command goes on where it was. It runs at\n"
        "niceness 10, so a service on the machine answers first; --throttle leaves PostgreSQL\n"
        "to others too. Then `nowthen serve` goes on with the stream: at the positions that the\n"
        "history carries (`nowthen archive`), or, for a history without any, by event time:\n"
        "events of the stream at or before --handover-at are passed over and counted. --clock\n"
        "and store.past_reads_s must be those of serve.\n\n"
        "  nowthen materialize --online --store /var/lib/nowthen/online",
    .options = options_table,
    .positional_max = CLI_VALUES_MAX,
    .run = run,
};
