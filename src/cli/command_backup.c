/* command_backup.c: nowthen backup and nowthen restore: copies of an online store. */
#include "cli/command.h"
#include "cli/session.h"
#include "client/control.h"
#include "online/kv.h"
#include "online/version.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static const struct cli_option options_table[] = {
    {"store", "DIR", "directory of the online store", CLI_CONFIG, "store.path"},
    {0},
};

static enum nt_status store_copy(const char *from, const char *to, struct nt_error *error)
{
    struct kv *kv;
    enum nt_status status = kv_rocks_open(from, KV_CACHE_BYTES, &kv, error);
    if (status != NT_OK) return status;
    status = kv_rocks_copy(kv, to, error);
    kv->ops->close(kv);
    return status;
}

/* The service's working directory is another one. */
static enum nt_status path_absolute(const char *path, struct buffer *out, struct nt_error *error)
{
    char directory[PATH_MAX];
    if (path[0] != '/') {
        if (!getcwd(directory, sizeof directory))
            return error_errno(error, "cannot find the working directory");
        buffer_printf(out, "%s/", directory);
    }
    buffer_append_text(out, path);
    return NT_OK;
}

/* By the process that has the store open, or else by this one. */
static enum nt_status backup_make(const struct config *config, const char *to,
                                  struct nt_error *error)
{
    struct buffer path = {0}, answer = {0};
    bool is_served = false;
    enum nt_status status = path_absolute(to, &path, error);
    if (status == NT_OK) {
        const char *const words[] = {"backup", buffer_text(&path)};
        status = control_ask(config->store_path, words, 2, &is_served, &answer, error);
    }
    if (status == NT_OK && !is_served) {
        buffer_clear(&path);
        version_live_store(config->store_path, &path);
        status = store_copy(buffer_text(&path), to, error);
    }
    buffer_deinit(&path);
    buffer_deinit(&answer);
    return status;
}

static enum nt_status backup_run(const struct cli_options *options, const struct config *config,
                                 struct nt_error *error)
{
    const char *to = options->positional.items[0];
    enum nt_status status = session_require_store(config, error);
    if (status == NT_OK) status = backup_make(config, to, error);
    if (status == NT_OK) printf("%s is a backup of %s\n", to, config->store_path);
    return status;
}

static enum nt_status restore_run(const struct cli_options *options, const struct config *config,
                                  struct nt_error *error)
{
    const char *from = options->positional.items[0];
    if (!kv_rocks_exists(from))
        return error_set(error, NT_NOT_FOUND, "there is no backup at %s", from);
    if (session_has_store(config))
        return error_set(error, NT_INVALID,
                         "there is an online store at %s: move it away first, or name another "
                         "directory by --store",
                         config->store_path);
    enum nt_status status = store_copy(from, config->store_path, error);
    if (status == NT_OK)
        printf("%s is what %s was: the worker goes on from its positions\n", config->store_path,
               from);
    return status;
}

const struct cli_command command_backup = {
    .name = "backup",
    .arguments = "DIR [--store DIR]",
    .summary = "copy an online store to a new directory",
    .details =
        "A RocksDB checkpoint: state, log positions and commit log of one commit. DIR must not\n"
        "exist and appears when it is whole. On the file system of the store it takes no room of\n"
        "its own at first: the files are shared. A running `nowthen serve` makes it, and goes "
        "on.\n\n"
        "  nowthen backup /backup/online-2026-11-21",
    .options = options_table,
    .positional_min = 1,
    .positional_max = 1,
    .run = backup_run,
};

const struct cli_command command_restore = {
    .name = "restore",
    .arguments = "DIR [--store DIR]",
    .summary = "make an online store of a backup",
    .details =
        "DIR is a directory that `nowthen backup` made; it stays as it is. There must be no store\n"
        "at store.path. What came after the backup is read from the log again, so the log must\n"
        "reach back to the positions of the backup (`nowthen inspect --store DIR`).\n\n"
        "  nowthen restore /backup/online-2026-11-21",
    .options = options_table,
    .positional_min = 1,
    .positional_max = 1,
    .run = restore_run,
};
