/*
 * verify.h: the same questions through every path, compared: the online store over HTTP, the
 * training reader from history and from the materialized tables, and PostgreSQL itself.
 */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "cli/draw.h"
#include "cli/session.h"

enum verify_path {
    VERIFY_HISTORY,
    VERIFY_MATERIALIZED,
    VERIFY_ONLINE,
    VERIFY_POSTGRES,
    VERIFY_PATHS
};

struct verify_count {
    uint64_t questions; /* answered by this path and compared */
    uint64_t values;
    uint64_t differences;
    uint64_t evicted; /* online: the store no longer holds what T needs */
};

struct verify_report {
    struct verify_count paths[VERIFY_PATHS];
};

/* Answers per path: texts[question * output_count + output] as PostgreSQL prints them, NULL is
 * NULL; is_answered per question. */
struct answers {
    const char **texts;
    bool *is_answered;
};

/* The training reader over a spine of the draws. */
enum nt_status verify_ask_snapshot(struct session *session, const struct target *target,
                                   const struct draw *draws, size_t count, bool is_materialized,
                                   struct nt_arena *arena, struct answers *answers,
                                   struct nt_error *error);
/* A running lookup service, as_of each draw. JSON has no NaN: where it says null, expected decides
 * whether that was meant. */
enum nt_status verify_ask_online(const struct config *config, const struct target *target,
                                 const struct draw *draws, size_t count,
                                 const struct answers *expected, struct nt_arena *arena,
                                 struct answers *answers, struct verify_count *counted,
                                 struct nt_error *error);
/* PostgreSQL, by the definition file's own SELECTs. */
enum nt_status verify_ask_postgres(const struct config *config, struct session *session,
                                   const struct target *target, const struct draw *draws,
                                   size_t count, struct nt_arena *arena, struct answers *answers,
                                   struct nt_error *error);

/* Compares path's answers with those from history; differences are printed on stdout. */
void verify_compare(const struct target *target, const struct draw *draws, size_t count,
                    enum verify_path path, const struct answers *expected,
                    const struct answers *answers, struct verify_count *counted);

struct answers answers_create(const struct target *target, size_t count, struct nt_arena *arena);

#endif
