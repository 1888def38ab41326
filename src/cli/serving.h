/*
 * serving.h: what nowthen serve holds, and what the commands do to it while it runs: the live
 * version, the service that answers from it, and at times a version that is being built beside it.
 *
 * The main thread looks at the live worker, the control's thread runs commands, an upgrade has a
 * thread of its own. lock guards `live`: who uses it holds lock for as long, and the upgrade takes
 * it for the moment of the swap.
 */
#ifndef CLI_SERVING_H
#define CLI_SERVING_H

#include "cli/live.h"

#include <pthread.h>
#include <stdatomic.h>

enum upgrade_phase {
    UPGRADE_NONE,
    UPGRADE_BUILDING,  /* reads the log, or carries a store over */
    UPGRADE_VERIFYING, /* compares both at the same positions */
    UPGRADE_SWAPPING,  /* the last events, then the swap */
    UPGRADE_DONE,
    UPGRADE_FAILED, /* error says why; the live version is what it was */
};

struct upgrade {
    enum upgrade_phase phase;
    char fingerprint[HASH_HEX_SIZE]; /* of the version that is built */
    char *from;                      /* a store that was built elsewhere, or NULL */
    bool accepts_differences;
    bool is_thread; /* to be joined */
    pthread_t thread;
    atomic_bool is_stopping;
    struct nt_error error;
    char detail[512]; /* of the phase; what was done, at the end */
};

struct serving {
    const struct config *config;
    bool asks_erasures;
    struct server *server;
    pthread_mutex_t lock; /* guards live */
    struct live *live;
    pthread_mutex_t upgrade_lock; /* guards upgrade, but for is_stopping and the thread's end */
    struct upgrade upgrade;
};

/* The command that came over the control socket; a control_handler. */
enum nt_status serving_command(void *serving, const char *const *words, size_t count,
                               struct buffer *answer, struct nt_error *error);

/* ---- upgrade.c ---- */

/* Begins to build the version of that fingerprint, whose program is kept under store.path already,
 * and swaps when it has caught up. NT_UNAVAILABLE: another upgrade is under way. */
enum nt_status upgrade_begin(struct serving *serving, const char *fingerprint, const char *from,
                             bool accepts_differences, struct nt_error *error);
/* Appends a line about where it is: phase, detail. The error of one that failed. */
enum nt_status upgrade_tell(struct serving *serving, struct buffer *answer, struct nt_error *error);
bool upgrade_is_running(struct serving *serving);
/* Cancels it if it is under way, and waits for its end. What it has built stays. */
void upgrade_end(struct serving *serving);

#endif
