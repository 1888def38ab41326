/* command_upgrade.c: nowthen upgrade and nowthen rollback: which version a running service serves.
 */
#include "cli/command.h"
#include "cli/session.h"
#include "client/control.h"
#include "offline/definitions.h"
#include "online/version.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROGRAM, FROM, ACCEPT_DIFFERENCES, CANCEL };
enum { FORGET };

#define LOOK_EVERY_NS 200000000

static const struct cli_option upgrade_options[] = {
    {"program", "DIR", "a compiled program, instead of the registry's active one", CLI_TEXT, NULL},
    {"from", "STORE", "its store, as `nowthen materialize --online` built it; is moved", CLI_TEXT,
     NULL},
    {"accept-differences", NULL, "swap even where the two versions differ", CLI_FLAG, NULL},
    {"cancel", NULL, "stop the upgrade that is under way; what it has built stays", CLI_FLAG, NULL},
    {"store", "DIR", "directory of the online store that is served", CLI_CONFIG, "store.path"},
    {0},
};

static const struct cli_option rollback_options[] = {
    {"forget", NULL, "remove the version before: there is no way back then", CLI_FLAG, NULL},
    {"store", "DIR", "directory of the online store that is served", CLI_CONFIG, "store.path"},
    {0},
};

static enum nt_status tell(const struct config *config, const char *const *words, size_t count,
                           bool *is_served, struct buffer *answer, struct nt_error *error)
{
    return control_ask(config->store_path, words, count, is_served, answer, error);
}

static enum nt_status tell_served(const struct config *config, const char *const *words,
                                  size_t count, struct buffer *answer, struct nt_error *error)
{
    bool is_served;
    enum nt_status status = tell(config, words, count, &is_served, answer, error);
    if (status != NT_OK || is_served) return status;
    return error_set(error, NT_UNAVAILABLE,
                     "nobody serves %s: start `nowthen serve` first, or name its store by --store",
                     config->store_path);
}

/* Shows each line of progress that differs from the one before, until the end. Ctrl-C leaves the
 * service at it. */
static enum nt_status wait_for_end(const struct config *config, struct nt_error *error)
{
    static const char *const words[] = {"upgrade-status"};
    struct buffer line = {0}, shown = {0};
    enum nt_status status = NT_OK;
    bool is_done = false;
    while (status == NT_OK && !is_done) {
        buffer_clear(&line);
        status = tell_served(config, words, 1, &line, error);
        if (status == NT_OK && strncmp(buffer_text(&line), "none", 4) == 0)
            status = error_set(error, NT_UNAVAILABLE,
                               "the service was started anew, and serves what it served before: "
                               "tell it again, it goes on with what was built");
        if (status != NT_OK) break;
        is_done = strncmp(buffer_text(&line), "done", 4) == 0;
        if (bytes_compare(buffer_bytes(&line), buffer_bytes(&shown)) != 0)
            fprintf(is_done ? stdout : stderr, "%s\n", buffer_text(&line));
        buffer_clear(&shown);
        buffer_append(&shown, line.data, line.size);
        if (!is_done) nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
        if (cli_is_interrupted())
            status = error_set(error, NT_INTERRUPTED,
                               "the service goes on with the upgrade; `nowthen upgrade --cancel` "
                               "stops it");
    }
    buffer_deinit(&line);
    buffer_deinit(&shown);
    return status;
}

/* The service's working directory is another one. */
static enum nt_status path_resolve(const char *path, char resolved[PATH_MAX],
                                   struct nt_error *error)
{
    if (realpath(path, resolved)) return NT_OK;
    return error_errno(error, "%s", path);
}

static enum nt_status program_place(const struct cli_options *options, const struct config *config,
                                    char resolved[PATH_MAX], struct nt_error *error)
{
    struct connection *connection = NULL;
    struct buffer directory = {0};
    enum nt_status status = NT_OK;
    if (options->texts[PROGRAM]) {
        buffer_append_text(&directory, options->texts[PROGRAM]);
    } else {
        status = session_connect(config, &connection, error);
        if (status == NT_OK)
            status = definitions_load(connection, config->programs_dir, &directory, error);
        connection_close(connection);
    }
    if (status == NT_OK) status = path_resolve(buffer_text(&directory), resolved, error);
    buffer_deinit(&directory);
    return status;
}

static enum nt_status upgrade_cancel(const struct config *config, struct nt_error *error)
{
    static const char *const words[] = {"upgrade-cancel"};
    struct buffer answer = {0};
    enum nt_status status = tell_served(config, words, 1, &answer, error);
    if (answer.size) printf("%s\n", buffer_text(&answer));
    buffer_deinit(&answer);
    return status;
}

static enum nt_status upgrade_run(const struct cli_options *options, const struct config *config,
                                  struct nt_error *error)
{
    char program[PATH_MAX], from[PATH_MAX] = "";
    struct buffer answer = {0};
    if (options->flags[CANCEL]) return upgrade_cancel(config, error);
    enum nt_status status = program_place(options, config, program, error);
    if (status == NT_OK && options->texts[FROM])
        status = path_resolve(options->texts[FROM], from, error);
    if (status != NT_OK) return status;
    const char *const words[] = {"upgrade", program, from,
                                 options->flags[ACCEPT_DIFFERENCES] ? "differences" : ""};
    status = tell_served(config, words, 4, &answer, error);
    bool is_begun = status == NT_OK && answer.size == 0;
    if (answer.size) printf("%s\n", buffer_text(&answer));
    buffer_deinit(&answer);
    return is_begun ? wait_for_end(config, error) : status;
}

/* ---- back ---- */

/* Nobody serves, perhaps because the live version cannot be: the next start is of the one before,
 * and takes its time to catch up. */
static enum nt_status rollback_stopped(const struct config *config, struct nt_error *error)
{
    char live[HASH_HEX_SIZE], previous[HASH_HEX_SIZE];
    if (!version_get(config->store_path, VERSION_LIVE, live) ||
        !version_get(config->store_path, VERSION_PREVIOUS, previous) || strcmp(live, previous) == 0)
        return error_set(error, NT_NOT_FOUND,
                         "%s has no version before the live one: nothing was upgraded",
                         config->store_path);
    enum nt_status status = version_set(config->store_path, VERSION_LIVE, previous, error);
    if (status == NT_OK) status = version_set(config->store_path, VERSION_PREVIOUS, live, error);
    if (status == NT_OK) printf("program %s is served from the next start on\n", previous);
    return status;
}

static enum nt_status rollback_run(const struct cli_options *options, const struct config *config,
                                   struct nt_error *error)
{
    static const char *const back[] = {"rollback"}, *const forget[] = {"forget"};
    bool is_served, is_forgetting = options->flags[FORGET];
    struct buffer answer = {0};
    enum nt_status status =
        tell(config, is_forgetting ? forget : back, 1, &is_served, &answer, error);
    buffer_deinit(&answer);
    if (status != NT_OK) return status;
    if (is_served) return is_forgetting ? NT_OK : wait_for_end(config, error);
    status =
        is_forgetting ? version_forget(config->store_path, error) : rollback_stopped(config, error);
    bool is_nowhere = status == NT_NOT_FOUND && !session_has_store(config);
    return is_nowhere ? session_require_store(config, error) : status;
}

const struct cli_command command_upgrade = {
    .name = "upgrade",
    .arguments = "[--program DIR] [--from STORE] [--store DIR]",
    .summary = "swap the version that a running service serves",
    .details =
        "Tells `nowthen serve` to build the active definitions (`nowthen apply` first) beside "
        "what\n"
        "it serves: from the topics' beginning, from --from, or, where only services changed, "
        "from\n"
        "the live store. When that has caught up, the features that both versions have are\n"
        "compared at the same log positions, and lookups are answered by the new version from one\n"
        "moment on. None fails, none is of two versions (X-Nowthen-Program says of which). What\n"
        "ends early changes nothing, and the next upgrade goes on where it was.\n\n"
        "  nowthen apply definitions.sql && nowthen upgrade",
    .options = upgrade_options,
    .run = upgrade_run,
};

const struct cli_command command_rollback = {
    .name = "rollback",
    .arguments = "[--forget] [--store DIR]",
    .summary = "go back to the version that was served before",
    .details =
        "The version before the last upgrade is kept with its store: it reads the events since,\n"
        "and lookups are answered by it from one moment on. Again goes forward again. When\n"
        "nothing serves the store, the next `nowthen serve` is of the version before.\n\n"
        "  nowthen rollback",
    .options = rollback_options,
    .run = rollback_run,
};
