/* backfill_plan.c: which events come from history, so that the stream gives exactly the others. */
#include "cli/backfill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool has_view(const struct nt_program *program, uint16_t source)
{
    for (uint16_t i = 0; i < program->view_count; i++)
        if (view_reads(&program->views[i], source)) return true;
    return false;
}

const struct bulk_source *backfill_source(const struct bulk_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->source_count; i++)
        if (strcmp(plan->sources[i].name, name) == 0) return &plan->sources[i];
    return NULL;
}

struct history_bounds backfill_bounds(const struct bulk_plan *plan, const struct nt_source *source,
                                      struct nt_arena *arena)
{
    const struct bulk_source *taken = backfill_source(plan, source->name);
    if (taken->has_handover) return history_until(taken->handover);
    struct history_position *positions =
        nt_arena_alloc(arena, plan->position_count * sizeof *positions);
    struct history_bounds bounds = history_until(NT_TIME_INFINITY);
    bounds.has_positions = true;
    bounds.positions = positions;
    for (size_t i = 0; i < plan->position_count; i++) {
        const struct store_position *at = &plan->positions[i];
        if (strcmp(at->topic, source->topic) == 0)
            positions[bounds.position_count++] =
                (struct history_position){at->partition, at->offset};
    }
    return bounds;
}

/* ---- making it ---- */

struct planning {
    struct backfill *backfill;
    struct bulk_source *sources;
    struct store_position *positions;
    size_t source_count, position_count, positions_max;
};

static void position_add(struct planning *p, const char *topic, struct history_position at)
{
    if (p->position_count == p->positions_max) {
        p->positions_max = p->positions_max ? 2 * p->positions_max : 64;
        p->positions = memory_realloc(p->positions, p->positions_max * sizeof *p->positions);
    }
    p->positions[p->position_count++] = (struct store_position){topic, at.partition, at.next};
}

/* A topic that several sources read goes on where the least of their histories ends. */
static void positions_lower(struct planning *p, const char *topic,
                            const struct history_position *positions, size_t count)
{
    for (size_t i = 0; i < p->position_count; i++) {
        struct store_position *at = &p->positions[i];
        if (strcmp(at->topic, topic) != 0) continue;
        int64_t next = 0;
        for (size_t j = 0; j < count; j++)
            if (positions[j].partition == at->partition) next = positions[j].next;
        if (next < at->offset) at->offset = next;
    }
}

/* The source before this one that reads the same topic. */
static const struct bulk_source *topic_sibling(const struct planning *p,
                                               const struct nt_source *source)
{
    const struct nt_program *program = p->backfill->program;
    for (size_t i = 0; source->topic && i < p->source_count; i++)
        for (uint16_t j = 0; j < program->source_count; j++) {
            const struct nt_source *other = &program->sources[j];
            if (strcmp(other->name, p->sources[i].name) == 0 && other->topic &&
                strcmp(other->topic, source->topic) == 0)
                return &p->sources[i];
        }
    return NULL;
}

static enum nt_status handover_refuse(const struct nt_source *source, struct nt_error *error)
{
    return error_set(
        error, NT_INVALID,
        "the history of source %s has no columns %s and %s, so nothing says which events of the "
        "stream are in it: give --handover-at TIME, and the history counts up to TIME and the "
        "stream after it, by event time; or keep the history with `nowthen archive`, which "
        "records positions",
        source->name, HISTORY_PARTITION, HISTORY_OFFSET);
}

static enum nt_status source_plan(struct planning *p, const struct nt_source *source,
                                  struct nt_error *error)
{
    struct backfill *b = p->backfill;
    bool has_positions;
    enum nt_status status = history_has_positions(b->connection, source, &has_positions, error);
    if (status != NT_OK) return status;
    if (!has_positions && !b->has_handover) return handover_refuse(source, error);
    const struct bulk_source *sibling = topic_sibling(p, source);
    if (sibling && sibling->has_handover == has_positions)
        return error_set(error, NT_INVALID,
                         "sources %s and %s read topic '%s', and only one of their histories has "
                         "the columns %s and %s: give both histories positions, or neither",
                         sibling->name, source->name, source->topic, HISTORY_PARTITION,
                         HISTORY_OFFSET);
    struct history_position *positions = NULL;
    size_t count = 0;
    if (has_positions) status = history_placed_check(b->connection, source, error);
    if (status == NT_OK && has_positions && source->topic)
        status = history_positions(b->connection, source, &b->arena, &positions, &count, error);
    if (status != NT_OK) return status;
    if (sibling)
        positions_lower(p, source->topic, positions, count);
    else
        for (size_t i = 0; i < count; i++) position_add(p, source->topic, positions[i]);
    p->sources[p->source_count++] = (struct bulk_source){
        source->name, 0, !has_positions, has_positions ? NT_TIME_INFINITY : b->handover};
    return NT_OK;
}

/* Counts the rows once the bounds of all are known. */
static enum nt_status sources_measure(struct planning *p, struct nt_time *newest,
                                      struct nt_error *error)
{
    struct backfill *b = p->backfill;
    enum nt_status status = NT_OK;
    *newest = NT_TIME_MINUS_INFINITY;
    for (uint16_t i = 0, at = 0; i < b->program->source_count && status == NT_OK; i++) {
        const struct nt_source *source = &b->program->sources[i];
        struct nt_time time;
        if (!has_view(b->program, i)) continue;
        struct history_bounds bounds = backfill_bounds(&b->plan, source, &b->arena);
        status =
            history_measure(b->connection, source, bounds, &p->sources[at++].rows, &time, error);
        if (status == NT_OK && time.us > newest->us) *newest = time;
    }
    return status;
}

enum nt_status backfill_plan_make(struct backfill *b, struct clock wall, struct nt_error *error)
{
    struct planning p = {.backfill = b};
    uint16_t count = b->program->source_count;
    enum nt_status status = NT_OK;
    p.sources = nt_arena_alloc(&b->arena, count * sizeof *p.sources);
    for (uint16_t i = 0; i < count && status == NT_OK; i++)
        if (has_view(b->program, i)) status = source_plan(&p, &b->program->sources[i], error);
    b->plan = (struct bulk_plan){.sources = p.sources, .source_count = p.source_count};
    b->plan.position_count = p.position_count;
    if (p.position_count)
        b->plan.positions =
            nt_arena_copy(&b->arena, p.positions, p.position_count * sizeof *p.positions);
    free(p.positions);
    struct nt_time newest;
    if (status == NT_OK) status = sources_measure(&p, &newest, error);
    if (status == NT_OK) b->plan.now = b->is_event_clock ? newest : clock_now(wall);
    return status;
}

/* ---- going on with one ---- */

enum nt_status backfill_plan_check(struct backfill *b, struct nt_error *error)
{
    for (uint16_t i = 0; i < b->program->source_count; i++) {
        const struct nt_source *source = &b->program->sources[i];
        const struct bulk_source *taken = backfill_source(&b->plan, source->name);
        uint64_t rows;
        struct nt_time newest;
        if (!taken) continue;
        if (taken->has_handover && b->has_handover && taken->handover.us != b->handover.us)
            return error_set(error, NT_MISMATCH,
                             "this backfill began with another --handover-at: give the same or "
                             "none, or remove the store and begin again");
        struct history_bounds bounds = backfill_bounds(&b->plan, source, &b->arena);
        enum nt_status status =
            taken->has_handover ? NT_OK : history_placed_check(b->connection, source, error);
        if (status == NT_OK)
            status = history_measure(b->connection, source, bounds, &rows, &newest, error);
        if (status != NT_OK) return status;
        if (rows != taken->rows)
            return error_set(
                error, NT_MISMATCH,
                "the history of source %s has changed since this backfill began (%" PRIu64
                " rows then, %" PRIu64 " now): remove the store and begin again",
                source->name, taken->rows, rows);
    }
    return NT_OK;
}
