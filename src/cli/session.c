/* session.c: see session.h. */
#include "cli/session.h"

#include "cli/command.h"
#include "offline/definitions.h"
#include "online/version.h"

#include <string.h>

enum nt_status session_connect(const struct config *config, struct connection **connection,
                               struct nt_error *error)
{
    return connection_open(config->database, cli_interrupted(), connection, error);
}

/* The program of the live version of store.path, or the active one. */
static enum nt_status program_place(struct session *session, const struct config *config,
                                    bool is_of_store, struct buffer *directory,
                                    struct nt_error *error)
{
    char fingerprint[HASH_HEX_SIZE];
    if (!is_of_store || !version_get(config->store_path, VERSION_LIVE, fingerprint))
        return definitions_load(session->connection, config->programs_dir, directory, error);
    version_program_path(config->store_path, fingerprint, directory);
    return NT_OK;
}

static enum nt_status session_open(struct session *session, const struct config *config,
                                   bool is_of_store, struct nt_error *error)
{
    *session = (struct session){0};
    struct buffer directory = {0};
    enum nt_status status = session_connect(config, &session->connection, error);
    if (status == NT_OK) status = program_place(session, config, is_of_store, &directory, error);
    if (status == NT_OK) status = program_open(buffer_text(&directory), &session->loaded, error);
    if (status == NT_OK) session->program = program_get(session->loaded);
    nt_arena_init(&session->arena);
    if (status == NT_OK)
        status = erasures_load(session->connection, session->program, &session->arena,
                               &session->erasures, error);
    buffer_deinit(&directory);
    return status;
}

enum nt_status session_init(struct session *session, const struct config *config,
                            struct nt_error *error)
{
    return session_open(session, config, false, error);
}

enum nt_status session_init_of_store(struct session *session, const struct config *config,
                                     struct nt_error *error)
{
    return session_open(session, config, true, error);
}

void session_deinit(struct session *session)
{
    connection_close(session->connection);
    program_close(session->loaded);
    nt_arena_deinit(&session->arena);
    *session = (struct session){0};
}

bool session_has_store(const struct config *config)
{
    struct buffer path = {0};
    version_live_store(config->store_path, &path);
    bool is_there = kv_rocks_exists(buffer_text(&path));
    buffer_deinit(&path);
    return is_there;
}

enum nt_status session_require_store(const struct config *config, struct nt_error *error)
{
    if (session_has_store(config)) return NT_OK;
    return error_set(error, NT_NOT_FOUND,
                     "there is no online store at %s: --store names its directory",
                     config->store_path);
}

struct store_options session_store_options(const struct config *config)
{
    return (struct store_options){
        .clock = clock_system(),
        .is_event_clock = strcmp(config->serve_clock, "event") == 0,
        .past_reads_us = config->store_past_reads_s * 1000000,
        .cache_bytes_max = (size_t)config->store_cache_mb << 20,
        .log_keep_us = config->store_commit_log_s * 1000000,
    };
}

enum nt_status session_open_store(const struct nt_program *program, const struct config *config,
                                  struct store **store, struct nt_error *error)
{
    struct buffer path = {0};
    version_live_store(config->store_path, &path);
    enum nt_status status =
        session_open_store_at(program, config, buffer_text(&path), store, error);
    buffer_deinit(&path);
    return status;
}

enum nt_status session_open_store_at(const struct nt_program *program, const struct config *config,
                                     const char *path, struct store **store, struct nt_error *error)
{
    struct kv *kv;
    enum nt_status status =
        kv_rocks_open(path, (size_t)config->store_block_cache_mb << 20, &kv, error);
    if (status != NT_OK) return status;
    struct store_options options = session_store_options(config);
    return store_open(program, kv, &options, store, error);
}
