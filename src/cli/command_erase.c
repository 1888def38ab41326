/* command_erase.c: nowthen erase: an entity out of all that Nowthen keeps. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/session.h"
#include "client/control.h"
#include "offline/erase.h"
#include "online/version.h"
#include "serve/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option options_table[] = {
    {"store", "DIR", "directory of the online store", CLI_CONFIG, "store.path"},
    {0},
};

struct erasing {
    const struct config *config;
    struct session session;
    struct target target;
    struct store *store; /* NULL: there is none, or it is served */
    bool has_store, is_served;
    uint64_t records; /* of it, erased */
    struct nt_arena arena;
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    struct erase_position *positions;
    size_t position_count;
    struct erase_position *archived; /* where the archives stand */
    size_t archived_count;
};

static void position_take(void *self, const struct store_position *position)
{
    struct erasing *e = self;
    e->positions = memory_realloc(e->positions, (e->position_count + 1) * sizeof *e->positions);
    e->positions[e->position_count++] = (struct erase_position){
        nt_arena_printf(&e->arena, "%s", position->topic), position->partition, position->offset};
}

/* "RECORDS", then lines of "PARTITION OFFSET TOPIC". */
static enum nt_status answer_take(struct erasing *e, const char *text, struct nt_error *error)
{
    struct store_position at;
    char topic[256];
    bool is_whole = sscanf(text, "%" SCNu64, &e->records) == 1;
    while (is_whole && (text = strchr(text, '\n')) && *++text) {
        is_whole =
            sscanf(text, "%" SCNd32 " %" SCNd64 " %255s", &at.partition, &at.offset, topic) == 3;
        at.topic = topic;
        if (is_whole) position_take(e, &at);
    }
    if (is_whole) return NT_OK;
    return error_set(error, NT_MISMATCH,
                     "the process that serves %s answers otherwise than this nowthen asks: start "
                     "it again with this version",
                     e->config->store_path);
}

/* Whoever serves the store takes the entity out between two commits. It comes first: up to the
 * positions where that happened its events are to be forgotten everywhere else. */
static enum nt_status served_erase(struct erasing *e, const struct cli_options *options,
                                   struct nt_error *error)
{
    const char *words[CONTROL_WORDS_MAX] = {"erase"};
    struct buffer answer = {0}, archived = {0};
    size_t count = options->positional.count;
    for (size_t i = 0; i < e->archived_count; i++)
        buffer_printf(&archived, "%" PRId32 " %" PRId64 " %s\n", e->archived[i].partition,
                      e->archived[i].next, e->archived[i].topic);
    words[1] = buffer_text(&archived);
    memcpy(words + 2, options->positional.items, count * sizeof words[0]);
    enum nt_status status =
        control_ask(e->config->store_path, words, count + 2, &e->is_served, &answer, error);
    if (status == NT_OK && e->is_served) status = answer_take(e, buffer_text(&answer), error);
    buffer_deinit(&answer);
    buffer_deinit(&archived);
    return status;
}

/* The store first: that it is open elsewhere must show before anything is erased. */
static enum nt_status store_take(struct erasing *e, const struct cli_options *options,
                                 struct nt_error *error)
{
    e->has_store = session_has_store(e->config);
    if (!e->has_store) return NT_OK;
    enum nt_status served = served_erase(e, options, error);
    if (served != NT_OK || e->is_served) return served;
    enum nt_status status = session_open_store(e->session.program, e->config, &e->store, error);
    return status == NT_OK ? store_positions(e->store, position_take, e, error) : status;
}

static enum nt_status entity_take(struct erasing *e, const struct cli_options *options,
                                  struct nt_error *error)
{
    struct nt_eval eval = {.arena = &e->arena};
    const char *name = options->positional.items[0];
    enum nt_status status = target_find(e->session.program, name, &e->target, error);
    if (status == NT_OK && !e->target.view)
        status = error_set(error, NT_INVALID, "%s is a service: an entity is of a view", name);
    if (status == NT_OK) status = erase_check(e->session.program, e->target.view, error);
    if (status != NT_OK) return status;
    return ask_parse_inputs(&e->target, options->positional.items + 1,
                            options->positional.count - 1, &eval, e->key, error);
}

static bool is_of_source(const struct nt_view *view, uint16_t source)
{
    for (uint16_t f = 0; f < view->feed_count; f++)
        if (view->feeds[f].source == source) return true;
    return false;
}

static bool shares_source(const struct nt_view *x, const struct nt_view *y)
{
    for (uint16_t f = 0; f < x->feed_count; f++)
        if (is_of_source(y, x->feeds[f].source)) return true;
    return false;
}

/* One event, several entities, as payer and payee of a UNION ALL. */
static bool reads_source_twice(const struct nt_view *view)
{
    for (uint16_t f = 0; f < view->feed_count; f++)
        for (uint16_t g = 0; g < f; g++)
            if (view->feeds[f].source == view->feeds[g].source) return true;
    return false;
}

static void unreached_print(const struct erasing *e)
{
    const struct nt_program *program = e->session.program;
    printf("not reached:\n");
    if (reads_source_twice(e->target.view))
        printf("  other entities of view %s have counted the same events: `nowthen materialize` "
               "makes its offline table anew, `nowthen materialize --online` a store\n",
               e->target.view->name);
    for (uint16_t i = 0; i < program->view_count; i++) {
        const struct nt_view *other = &program->views[i];
        if (other == e->target.view || !shares_source(e->target.view, other)) continue;
        printf("  view %s has counted the same events: `nowthen materialize` makes its offline "
               "table anew, `nowthen materialize --online` a store\n",
               other->name);
    }
    for (uint16_t i = 0; i < program->source_count; i++) {
        if (!is_of_source(e->target.view, i)) continue;
        const char *topic = program->sources[i].topic;
        printf("  topic %s keeps the events for its retention, and %s.dlq what was rejected\n",
               topic, topic);
    }
    char fingerprint[HASH_HEX_SIZE];
    if (version_get(e->config->store_path, VERSION_PREVIOUS, fingerprint))
        printf("  the version before, kept in %s/versions/%s: `nowthen rollback --forget` removes "
               "it\n",
               e->config->store_path, fingerprint);
    printf("  a running `nowthen archive` ends at its next commit: start it again, it learns of "
           "erasures at its start\n"
           "  stores that are not this one (being built, left by an upgrade, restored): build them "
           "anew, they bring the entity back\n"
           "  backups of the store and of PostgreSQL, and files that were written from them\n");
}

static enum nt_status entity_erase(struct erasing *e, struct nt_error *error)
{
    struct erase_report report;
    uint16_t view = (uint16_t)(e->target.view - e->session.program->views);
    enum nt_status status = erase_entity(e->session.connection, e->session.program, e->target.view,
                                         e->key, e->positions, e->position_count, &report, error);
    if (status != NT_OK && e->is_served)
        error_prefix(error, "erased from the online store, but not from PostgreSQL: erase it again "
                            "when this is mended");
    if (status == NT_OK && e->store)
        status = store_erase(e->store, view, e->key, &e->records, error);
    if (status != NT_OK) return status;
    printf("erased:\n");
    if (e->has_store)
        printf("  %" PRIu64 " records of the online store %s\n", e->records, e->config->store_path);
    printf("  %" PRIu64 " rows of the offline table, %" PRIu64 " events of the history\n",
           report.stored_rows, report.history_rows);
    unreached_print(e);
    if (!e->has_store) printf("  an online store: there is none at %s\n", e->config->store_path);
    return NT_OK;
}

/* No archive commits meanwhile: up to where it stands the events are forgotten everywhere, and
 * those behind that it reads when it has learnt of the erasure. */
static enum nt_status erased(struct erasing *e, const struct cli_options *options,
                             struct nt_error *error)
{
    enum nt_status status = erase_begin(e->session.connection, e->session.program, e->target.view,
                                        &e->arena, &e->archived, &e->archived_count, error);
    if (status == NT_OK) status = store_take(e, options, error);
    if (status == NT_OK) return entity_erase(e, error);
    erase_abandon(e->session.connection);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct erasing e = {.config = config};
    nt_arena_init(&e.arena);
    enum nt_status status = session_init_of_store(&e.session, config, error);
    if (status == NT_OK) status = entity_take(&e, options, error);
    if (status == NT_OK) status = erased(&e, options, error);
    store_close(e.store);
    free(e.positions);
    nt_arena_deinit(&e.arena);
    session_deinit(&e.session);
    return status;
}

const struct cli_command command_erase = {
    .name = "erase",
    .arguments = "VIEW COLUMN=VALUE ... [--store DIR]",
    .summary = "remove an entity: its timeline, rows and events",
    .details =
        "Deletes the entity's timeline in the online store, its rows of the view's offline table\n"
        "and its events in the history, and notes (by a hash of the key) that events of it before\n"
        "the present log positions are not to be read again. A running `nowthen serve` does its\n"
        "part between two commits. Says what it could not reach. What ended half way is completed\n"
        "by running it again.\n\n"
        "  nowthen erase account account=a1",
    .options = options_table,
    .positional_min = 2,
    .positional_max = 1 + NT_KEY_COLUMNS_MAX,
    .run = run,
};
