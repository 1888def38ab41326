/*
 * load.h: a definition file compiled and loaded for the life of one command, and events from files
 * put into a store in memory: what eval works with, and no server.
 */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "base/config.h"
#include "base/error.h"
#include "online/store.h"
#include "registry/program.h"

/* compile_file with the cache of the settings; diagnostics go to stderr. */
enum nt_status load_compile(const char *path, const char *directory, const struct config *config,
                            struct nt_error *error);

struct loaded {
    struct program *program;
    char directory[64]; /* temporary; removed again */
};

/* Compiles path, as load_compile. Always loaded_deinit. */
enum nt_status loaded_init(struct loaded *loaded, const char *path, const struct config *config,
                           struct nt_error *error);
void loaded_deinit(struct loaded *loaded);

#define LOAD_REJECTED_SHOWN_MAX 10 /* dead letters told of one by one, a file */

/* Applies a file of JSON lines to the store, uncommitted. Dead letters are told on stderr with line
 * and reason and counted; they are no failure. */
enum nt_status load_events(struct store *store, const struct nt_program *program,
                           const char *source, const char *path, struct nt_error *error);

#endif
