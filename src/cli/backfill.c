/* backfill.c: see backfill.h. */
#include "cli/backfill.h"

#include "base/clock.h"
#include "base/progress.h"
#include "cli/command.h"
#include "offline/entities.h"
#include "online/version.h"
#include "row/value_text.h"
#include "runtime/repeats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PAUSE_US_MAX 100000 /* between two looks at Ctrl-C */

/* Waits until rows are not more than --throttle allows. The connection is not read meanwhile, so
 * PostgreSQL waits too. */
static void rate_keep(const struct backfill *b, const struct progress *progress)
{
    if (!b->rate_max) return;
    int64_t due_us =
        progress->started_us + (int64_t)((double)progress->done / (double)b->rate_max * 1e6);
    for (int64_t left_us; !cli_is_interrupted() && (left_us = due_us - clock_monotonic_us()) > 0;) {
        if (left_us > PAUSE_US_MAX) left_us = PAUSE_US_MAX;
        nanosleep(&(struct timespec){.tv_nsec = left_us * 1000}, NULL);
    }
}

struct seeing {
    struct backfill *backfill;
    uint16_t view;
};

static bool entity_wants(void *self, struct bytes key_bytes)
{
    return bulk_wants(self, key_bytes);
}

static enum nt_status entities_put(struct backfill *b, struct entities *entities,
                                   struct progress *progress, uint64_t *count,
                                   struct nt_error *error)
{
    for (;;) {
        struct entity entity;
        bool is_end;
        enum nt_status status = entities_next(entities, &entity, &is_end, error);
        if (status != NT_OK || is_end) return status;
        if (entity.timeline) status = bulk_put(b->bulk, entity.key_bytes, entity.timeline, error);
        if (status != NT_OK) return status;
        ++*count;
        progress_add(progress, entities_row_count(entities) - progress->done);
        rate_keep(b, progress);
        if (cli_is_interrupted())
            return error_set(error, NT_INTERRUPTED,
                             "interrupted: the same command goes on where this one was");
    }
}

/* The first view that needs the events of a source by their keys keeps them for all. */
static enum nt_status event_seen(void *self, uint16_t source, struct bytes key, struct nt_time time,
                                 const struct nt_value *row, struct nt_error *error)
{
    struct seeing *seeing = self;
    const struct nt_program *program = seeing->backfill->program;
    for (uint16_t i = 0; i < seeing->view; i++)
        if (view_has_repeats(program, &program->views[i], source)) return NT_OK;
    return bulk_event_put(seeing->backfill->bulk, source, key, time, row, error);
}

/* Events are counted once, though several views read them. */
static bool is_first_of_source(const struct nt_program *program, uint16_t view, uint16_t source)
{
    for (uint16_t i = 0; i < view; i++)
        if (view_reads(&program->views[i], source)) return false;
    return view_reads(&program->views[view], source);
}

static enum nt_status view_end(struct backfill *b, uint16_t view, const struct entities *entities,
                               struct nt_error *error)
{
    struct entities_counts counted = entities_counts(entities);
    uint64_t counts[STORE_COUNTER_COUNT] = {
        [STORE_NULL_KEYS] = counted.null_keys,
        [STORE_APPLIED] = counted.applied,
    };
    for (uint16_t i = 0; i < b->program->source_count; i++) {
        if (!is_first_of_source(b->program, view, i)) continue;
        counts[STORE_ACCEPTED] += entities_source_counts(entities, i).accepted;
        counts[STORE_REJECTED] += entities_source_counts(entities, i).rejected;
    }
    return bulk_view_end(b->bulk, counts, counted.newest, error);
}

/* backfill_bounds as history.h asks for it. */
static struct history_bounds bounds_of(void *self, const struct nt_source *source)
{
    struct backfill *b = self;
    return backfill_bounds(&b->plan, source, &b->arena);
}

static uint64_t view_rows(const struct backfill *b, const struct nt_view *view)
{
    uint64_t rows = 0;
    for (uint16_t i = 0; i < b->program->source_count; i++)
        if (view_reads(view, i))
            rows += backfill_source(&b->plan, b->program->sources[i].name)->rows;
    return rows;
}

static enum nt_status view_build(struct backfill *b, uint16_t view, struct nt_error *error)
{
    const struct nt_view *described = &b->program->views[view];
    struct history *history;
    struct progress progress;
    struct buffer what = {0};
    uint64_t count = 0;
    enum nt_status status =
        history_open_each(b->connection, b->program, view, bounds_of, b, &history, error);
    if (status != NT_OK) return status;
    buffer_printf(&what, "build %s", described->name);
    progress_start(&progress, buffer_text(&what), "events", view_rows(b, described));
    struct entities *entities =
        entities_create(b->program, view, history_rows(history), entity_wants, b->bulk);
    struct seeing seeing = {b, view};
    entities_seen_set(entities, event_seen, &seeing);
    status = entities_put(b, entities, &progress, &count, error);
    struct entities_counts counted = entities_counts(entities);
    if (status == NT_OK) status = view_end(b, view, entities, error);
    if (status == NT_OK) progress_finish(&progress);
    if (status == NT_OK)
        printf("%s: %" PRIu64 " events, %" PRIu64 " entities\n", described->name, counted.applied,
               count);
    entities_destroy(entities);
    history_close(history);
    buffer_deinit(&what);
    return status;
}

static enum nt_status views_build(struct backfill *b, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (uint16_t view = 0; view < b->program->view_count && status == NT_OK; view++) {
        bool is_done;
        status = bulk_view_begin(b->bulk, view, &is_done, error);
        if (status == NT_OK && is_done)
            printf("%s: built before\n", b->program->views[view].name);
        else if (status == NT_OK)
            status = view_build(b, view, error);
    }
    return status;
}

static enum nt_status plan_get(struct backfill *b, struct nt_error *error)
{
    const struct bulk_plan *before = bulk_plan_get(b->bulk);
    if (before) {
        b->plan = *before;
        return backfill_plan_check(b, error);
    }
    enum nt_status status = backfill_plan_make(b, clock_system(), error);
    return status == NT_OK ? bulk_begin(b->bulk, &b->plan, error) : status;
}

static void handover_print(const struct bulk_source *source)
{
    struct buffer time = {0};
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(source->handover.us), &time);
    printf("source %s: %" PRIu64 " rows up to %s; the worker passes over events of the stream at "
           "or before it,\n  so one that was not in the history by then is never counted\n",
           source->name, source->rows, buffer_text(&time));
    buffer_deinit(&time);
}

static void report_print(const struct backfill *b)
{
    for (size_t i = 0; i < b->plan.source_count; i++) {
        const struct bulk_source *source = &b->plan.sources[i];
        if (source->has_handover)
            handover_print(source);
        else
            printf("source %s: %" PRIu64 " rows, with positions\n", source->name, source->rows);
    }
    for (size_t i = 0; i < b->plan.position_count; i++) {
        const struct store_position *at = &b->plan.positions[i];
        printf("topic %s, partition %" PRId32 ": the stream goes on at offset %" PRId64 "\n",
               at->topic, at->partition, at->offset);
    }
}

/* One snapshot of the database for all views: what is imported meanwhile is not half in it. */
static enum nt_status build(struct backfill *b, struct nt_error *error)
{
    enum nt_status status =
        connection_exec(b->connection, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", error);
    if (status == NT_OK) status = plan_get(b, error);
    if (status == NT_OK) status = views_build(b, error);
    if (status == NT_OK) status = connection_exec(b->connection, "COMMIT", error);
    if (status == NT_OK) status = bulk_end(b->bulk, error);
    if (status == NT_OK) report_print(b);
    return status;
}

/* A new store for what is served already is built beside it. */
static enum nt_status place_check(const struct config *config, struct nt_error *error)
{
    char fingerprint[HASH_HEX_SIZE];
    if (!version_get(config->store_path, VERSION_LIVE, fingerprint)) return NT_OK;
    return error_set(error, NT_INVALID,
                     "%s is a store that was served: build another with --store, on the same file "
                     "system, and `nowthen upgrade --from` puts it in its place",
                     config->store_path);
}

enum nt_status backfill_run(const struct session *session, const struct config *config,
                            const struct backfill_options *wanted, struct nt_error *error)
{
    struct kv *kv;
    struct backfill b = {.connection = session->connection,
                         .program = session->program,
                         .rate_max = wanted->rate_max};
    struct store_options options = session_store_options(config);
    b.is_event_clock = options.is_event_clock;
    b.has_handover = wanted->handover != NULL;
    if (wanted->handover) b.handover = *wanted->handover;
    enum nt_status status = place_check(config, error);
    if (status != NT_OK) return status;
    nt_arena_init(&b.arena);
    status =
        kv_rocks_open(config->store_path, (size_t)config->store_block_cache_mb << 20, &kv, error);
    if (status == NT_OK)
        status = bulk_open(session->program, kv, &options, BULK_BATCH_BYTES, &b.bulk, error);
    if (status == NT_OK) status = build(&b, error);
    bulk_close(b.bulk);
    nt_arena_deinit(&b.arena);
    return status;
}
