/* session.h: what commands over the servers begin with: the offline store and the active program.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/config.h"
#include "offline/connection.h"
#include "offline/erase.h"
#include "offline/spine.h"
#include "online/store.h"
#include "registry/program.h"

struct session {
    struct connection *connection;
    struct program *loaded;
    const struct nt_program *program; /* borrowed from loaded */
    struct erasures erasures;         /* what a worker must forget */
    struct nt_arena arena;            /* of erasures */
};

/* Connects, and loads the active program through the cache in programs.dir. Always
 * session_deinit. */
enum nt_status session_init(struct session *session, const struct config *config,
                            struct nt_error *error);
/* The same with the program that the store at store.path is of, once `nowthen serve` has noted it
 * there: another may be active already. */
enum nt_status session_init_of_store(struct session *session, const struct config *config,
                                     struct nt_error *error);
void session_deinit(struct session *session);
/* Another connection to the same database. */
enum nt_status session_connect(const struct config *config, struct connection **connection,
                               struct nt_error *error);

/* Is there an online store at store.path? Of several versions, the live one's is meant. */
bool session_has_store(const struct config *config);
/* NT_NOT_FOUND: there is no online store at store.path; opening would make one. */
enum nt_status session_require_store(const struct config *config, struct nt_error *error);
struct store_options session_store_options(const struct config *config);
/* The online store at store.path, with the settings of config. */
enum nt_status session_open_store(const struct nt_program *program, const struct config *config,
                                  struct store **store, struct nt_error *error);
enum nt_status session_open_store_at(const struct nt_program *program, const struct config *config,
                                     const char *path, struct store **store,
                                     struct nt_error *error);

#endif
