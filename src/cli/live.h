/* live.h: one version of what is served: a program, its store, and the worker that fills it. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "cli/session.h"
#include "serve/server.h"
#include "stream/worker.h"

struct live {
    struct program *loaded;
    const struct nt_program *program;
    struct erasures erasures; /* what the worker must forget */
    struct nt_arena arena;    /* of erasures */
    struct store *store;
    struct worker *worker; /* NULL: none runs */
};

/* Loads the program in directory and opens the store at path with it. Asks PostgreSQL which
 * entities were erased, unless asks_erasures is false. */
enum nt_status live_open(const struct config *config, const char *directory, const char *path,
                         bool asks_erasures, struct live **live, struct nt_error *error);
/* Stops the worker, if one runs. NULL is fine. */
void live_close(struct live *live);

struct worker_options live_worker_options(const struct config *config);
enum nt_status live_work(struct live *live, const struct worker_options *options,
                         struct nt_error *error);
/* Stops the worker and waits for its end: how it ended. */
enum nt_status live_rest(struct live *live, struct nt_error *error);
/* Waits for the worker's own end. */
enum nt_status live_join(struct live *live, struct nt_error *error);

/* For the lookup service; borrows live. */
struct server_version live_version(struct live *live);

#endif
