/* command_verify.c: nowthen verify: proof that serving, training and PostgreSQL agree. */
#include "cli/command.h"
#include "cli/commits.h"
#include "cli/verify.h"
#include "cli/verify_served.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS, SEED, WITHOUT, AS_SERVED, OF, COMMITS };

#define DRAWS_DEFAULT 2000
#define DRAWS_MAX     10000000

static const struct cli_option options_table[] = {
    {"draws", "N", "questions in all, shared among the services (default 2000)", CLI_TEXT, NULL},
    {"seed", "N", "draw the same questions again (default: from the clock, printed)", CLI_TEXT,
     NULL},
    {"without", "PATH", "leave out materialized, online or postgresql; may be repeated", CLI_LIST,
     NULL},
    {"as-served", "FILE.csv", "compare recorded lookups with what was served at their time",
     CLI_TEXT, NULL},
    {"of", "SERVICE_OR_VIEW", "what the recorded lookups asked", CLI_TEXT, NULL},
    {"commits", "FILE.csv", "the commit log; else the running service is asked", CLI_TEXT, NULL},
    {"host", "HOST", "of the lookup service", CLI_CONFIG, "serve.host"},
    {"port", "PORT", "of the lookup service", CLI_CONFIG, "serve.port"},
    {0},
};

static const char *const path_names[VERIFY_PATHS] = {"history", "materialized", "online",
                                                     "postgresql"};

struct verification {
    struct session session;
    const struct config *config;
    bool is_asked[VERIFY_PATHS];
    struct verify_report report;
};

static enum nt_status ask_path(struct verification *verification, enum verify_path path,
                               const struct target *target, const struct draw *draws, size_t count,
                               const struct answers *expected, struct nt_arena *arena,
                               struct answers *answers, struct nt_error *error)
{
    struct session *session = &verification->session;
    switch (path) {
    case VERIFY_ONLINE:
        return verify_ask_online(verification->config, target, draws, count, expected, arena,
                                 answers, &verification->report.paths[path], error);
    case VERIFY_POSTGRES:
        return verify_ask_postgres(verification->config, session, target, draws, count, arena,
                                   answers, error);
    default:
        return verify_ask_snapshot(session, target, draws, count, path == VERIFY_MATERIALIZED,
                                   arena, answers, error);
    }
}

static enum nt_status verify_target(struct verification *verification, const char *name,
                                    uint64_t seed, size_t count, struct nt_error *error)
{
    struct target target;
    struct nt_arena arena = {0};
    struct draw *draws = NULL;
    struct answers expected = {0};
    enum nt_status status = target_find(verification->session.program, name, &target, error);
    if (status == NT_OK)
        status = draw_questions(verification->session.connection, &target, seed, count, &arena,
                                &draws, error);
    for (int path = 0; path < VERIFY_PATHS && status == NT_OK; path++) {
        if (!verification->is_asked[path]) continue;
        struct answers answers = answers_create(&target, count, &arena);
        status = ask_path(verification, (enum verify_path)path, &target, draws, count, &expected,
                          &arena, &answers, error);
        if (path == VERIFY_HISTORY) expected = answers;
        if (status == NT_OK)
            verify_compare(&target, draws, count, (enum verify_path)path, &expected, &answers,
                           &verification->report.paths[path]);
    }
    nt_arena_deinit(&arena);
    return status;
}

/* Every service; of a program without any, every view. */
static enum nt_status verify_all(struct verification *verification, uint64_t seed, size_t draws,
                                 struct nt_error *error)
{
    const struct nt_program *program = verification->session.program;
    size_t targets = program->service_count ? program->service_count : program->view_count;
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < targets && status == NT_OK; i++) {
        const char *name =
            program->service_count ? program->services[i].name : program->views[i].name;
        size_t share = draws / targets + (i < draws % targets);
        status = verify_target(verification, name, seed + i, share, error);
    }
    return status;
}

static enum nt_status print_report(const struct verification *verification, struct nt_error *error)
{
    uint64_t differences = 0;
    for (int path = VERIFY_HISTORY + 1; path < VERIFY_PATHS; path++) {
        const struct verify_count *count = &verification->report.paths[path];
        if (!verification->is_asked[path]) continue;
        printf("%-12s %" PRIu64 " draws, %" PRIu64 " values compared with history, %" PRIu64
               " differences",
               path_names[path], count->questions, count->values, count->differences);
        if (count->evicted) printf(", %" PRIu64 " draws before what is kept", count->evicted);
        putchar('\n');
        differences += count->differences;
    }
    printf("verify: %" PRIu64 " differences\n", differences);
    if (differences == 0) return NT_OK;
    return error_set(error, NT_DIFFERENT, "%" PRIu64 " values differ", differences);
}

static enum nt_status parse_count(const char *name, const char *text, uint64_t standard,
                                  uint64_t max, uint64_t *count, struct nt_error *error)
{
    *count = standard;
    if (!text) return NT_OK;
    char *end;
    *count = strtoull(text, &end, 10);
    if (*end || end == text || text[0] == '-' || *count > max)
        return error_set(error, NT_INVALID,
                         "--%s must be a whole number up to %" PRIu64 ", got \"%s\"", name, max,
                         text);
    return NT_OK;
}

static enum nt_status choose_paths(struct verification *verification,
                                   const struct cli_values *without, struct nt_error *error)
{
    for (int path = 0; path < VERIFY_PATHS; path++) verification->is_asked[path] = true;
    for (size_t i = 0; i < without->count; i++) {
        int path = VERIFY_HISTORY + 1;
        while (path < VERIFY_PATHS && strcmp(path_names[path], without->items[i]) != 0) path++;
        if (path == VERIFY_PATHS)
            return error_set(error, NT_INVALID,
                             "--without takes materialized, online or postgresql, got \"%s\"",
                             without->items[i]);
        verification->is_asked[path] = false;
    }
    return NT_OK;
}

static enum nt_status run_served(const struct cli_options *options, const struct config *config,
                                 struct nt_error *error)
{
    if (!options->texts[OF])
        return error_set(error, NT_INVALID,
                         "say what was asked: nowthen verify --as-served %s --of SERVICE_OR_VIEW",
                         options->texts[AS_SERVED]);
    struct session session;
    struct served *served = NULL;
    struct target target;
    struct verify_count count = {0};
    enum nt_status status = session_init(&session, config, error);
    if (status == NT_OK) status = target_find(session.program, options->texts[OF], &target, error);
    if (status == NT_OK) status = commits_open(config, options->texts[COMMITS], &served, error);
    if (status == NT_OK)
        status = verify_served(&session, &target, served, options->texts[AS_SERVED], &count, error);
    if (status == NT_OK)
        printf("verify: %" PRIu64 " lookups, %" PRIu64 " values compared as served, %" PRIu64
               " differences\n",
               count.questions, count.values, count.differences);
    if (status == NT_OK && count.differences)
        status = error_set(error, NT_DIFFERENT, "%" PRIu64 " values differ", count.differences);
    served_close(served);
    session_deinit(&session);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    if (options->texts[AS_SERVED]) return run_served(options, config, error);
    struct verification verification = {.config = config};
    uint64_t draws, seed;
    uint64_t clock_seed = (uint64_t)clock_monotonic_us() & 0xffffffff;
    enum nt_status status =
        parse_count("draws", options->texts[DRAWS], DRAWS_DEFAULT, DRAWS_MAX, &draws, error);
    if (status == NT_OK)
        status = parse_count("seed", options->texts[SEED], clock_seed, INT64_MAX, &seed, error);
    if (status == NT_OK) status = choose_paths(&verification, &options->lists[WITHOUT], error);
    if (status != NT_OK) return status;
    status = session_init(&verification.session, config, error);
    if (status == NT_OK) {
        printf("verify: %" PRIu64 " draws, seed %" PRIu64 "\n", draws, seed);
        status = verify_all(&verification, seed, (size_t)draws, error);
    }
    if (status == NT_OK) status = print_report(&verification, error);
    session_deinit(&verification.session);
    return status;
}

const struct cli_command command_verify = {
    .name = "verify",
    .arguments = "[--draws N] [--seed N]",
    .summary = "prove that serving, training and PostgreSQL agree on random draws",
    .details =
        "Draws (service, request, time) from the history, at the edges of windows above all, and\n"
        "asks the online store (over HTTP, as of that time), the training reader from history\n"
        "and from the materialized tables, and PostgreSQL by the definition's own SELECTs. The\n"
        "first three must agree to the bit, PostgreSQL exactly but for float sums and averages\n"
        "(1e-12). Differences are printed with key, time and both values; exit code 1.\n"
        "With --as-served it compares recorded lookups (request, event_timestamp, nowthen_commit\n"
        "if known, outputs) with the history as the store had applied it then.\n\n"
        "  nowthen verify --draws 2000 --seed 1",
    .options = options_table,
    .run = run,
};
