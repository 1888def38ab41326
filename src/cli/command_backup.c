/* command_backup.c: nowthen backup and nowthen restore: copies of an online store. */
#include "cli/command.h"
#include "cli/session.h"
#include "online/kv.h"

#include <stdio.h>

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

static enum nt_status backup_run(const struct cli_options *options, const struct config *config,
                                 struct nt_error *error)
{
    const char *to = options->positional.items[0];
    enum nt_status status = session_require_store(config, error);
    if (status == NT_OK) status = store_copy(config->store_path, to, error);
    if (status == NT_OK) printf("%s is a backup of %s\n", to, config->store_path);
    return status;
}

static enum nt_status restore_run(const struct cli_options *options, const struct config *config,
                                  struct nt_error *error)
{
    const char *from = options->positional.items[0];
    if (!kv_rocks_exists(from))
        return error_set(error, NT_NOT_FOUND, "there is no backup at %s", from);
    if (kv_rocks_exists(config->store_path))
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
        "its own at first: the files are shared. Stop `nowthen serve` first, for a moment.\n\n"
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
