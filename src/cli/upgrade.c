/*
 * upgrade.c: a new version built beside the live one, compared with it, and swapped in.
 *
 * Until the swap nothing of the live version is touched but to be read; it goes on being filled and
 * answered from. What was built is kept when an upgrade ends early, with the log positions it has
 * come to, so the next attempt goes on from there, also after a crash.
 *
 * To compare exactly, both must have read the same events: a snapshot of the live store says up to
 * where, and the new version's worker is run to just these positions.
 */
#include "base/log.h"
#include "cli/serving.h"

#include "cli/agree.h"
#include "cli/reach.h"
#include "online/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_EVERY_NS 20000000

/* One upgrade on its thread. */
struct upgrading {
    struct serving *serving;
    struct upgrade *upgrade;
    const char *root; /* store.path */
    struct live *live, *next;
    struct agree_report report;
};

/* Positions of a store, each with a name of its own. */
struct positions {
    struct store_position *items;
    size_t count;
    struct nt_arena arena;
};

static const char *const phase_names[] = {"none",     "building", "verifying",
                                          "swapping", "done",     "failed"};

/* ---- what is told of it ---- */

static void tell(struct upgrading *u, enum upgrade_phase phase, const char *detail)
{
    pthread_mutex_lock(&u->serving->upgrade_lock);
    bool is_news = u->upgrade->phase != phase;
    u->upgrade->phase = phase;
    snprintf(u->upgrade->detail, sizeof u->upgrade->detail, "%s", detail);
    pthread_mutex_unlock(&u->serving->upgrade_lock);
    if (is_news)
        log_line(LOG_INFO, "cli", "upgrade", "phase=%s program=%s", phase_names[phase],
                 u->upgrade->fingerprint);
}

static void progress_tell(struct upgrading *u, enum upgrade_phase phase)
{
    char detail[160];
    struct worker_stats stats;
    worker_stats_get(u->next->worker, &stats);
    snprintf(detail, sizeof detail,
             "%" PRIu64 " events read, %.0f a second, %" PRId64 " to read%s%s", stats.messages,
             stats.messages_per_second, stats.lag < 0 ? 0 : stats.lag,
             stats.state == WORKER_RETRYING ? "; " : "",
             stats.state == WORKER_RETRYING ? "waiting for its servers" : "");
    tell(u, phase, detail);
}

/* ---- waiting ---- */

static enum nt_status pause_or_stop(const struct upgrading *u, struct nt_error *error)
{
    if (atomic_load(&u->upgrade->is_stopping))
        return error_set(error, NT_INTERRUPTED,
                         "stopped; what was built stays: `nowthen upgrade` goes on with it");
    nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
    return NT_OK;
}

static bool has_ended(struct live *live)
{
    struct worker_stats stats;
    worker_stats_get(live->worker, &stats);
    return stats.state == WORKER_STOPPED || stats.state == WORKER_FAILED;
}

static bool is_caught_up(struct live *live)
{
    struct worker_stats stats;
    worker_stats_get(live->worker, &stats);
    return stats.is_caught_up && stats.state == WORKER_RUNNING;
}

static enum nt_status next_catch_up(struct upgrading *u, enum upgrade_phase phase,
                                    struct nt_error *error)
{
    enum nt_status status = NT_OK;
    while (status == NT_OK && !is_caught_up(u->next)) {
        if (has_ended(u->next)) return live_join(u->next, error);
        progress_tell(u, phase);
        status = pause_or_stop(u, error);
    }
    return status;
}

/* ---- positions ---- */

static void position_add(void *self, const struct store_position *at)
{
    struct positions *p = self;
    p->items = memory_realloc(p->items, (p->count + 1) * sizeof *p->items);
    p->items[p->count++] = (struct store_position){nt_arena_printf(&p->arena, "%s", at->topic),
                                                   at->partition, at->offset};
}

static void positions_clear(struct positions *p)
{
    free(p->items);
    nt_arena_deinit(&p->arena);
    *p = (struct positions){0};
}

static enum nt_status positions_take(struct live *live, struct positions *p, struct nt_error *error)
{
    struct store_snapshot *snapshot;
    positions_clear(p);
    nt_arena_init(&p->arena);
    enum nt_status status = store_snapshot_open(live->store, &snapshot, error);
    if (status != NT_OK) return status;
    status = store_snapshot_positions(snapshot, position_add, p, error);
    store_snapshot_close(snapshot);
    return status;
}

static bool is_behind_at(const struct positions *p, const struct store_position *at)
{
    bool reads_topic = false;
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->items[i].topic, at->topic) != 0) continue;
        reads_topic = true;
        if (p->items[i].partition == at->partition) return p->items[i].offset < at->offset;
    }
    return reads_topic; /* and has not found the partition yet */
}

/* In the topics that both read. */
static bool is_behind(const struct positions *p, const struct positions *other)
{
    for (size_t i = 0; i < other->count; i++)
        if (is_behind_at(p, &other->items[i])) return true;
    return false;
}

/* ---- building ---- */

static const char *topic_of(const struct nt_program *program, const struct nt_view *view, int feed,
                            const char **brokers)
{
    const struct nt_source *source = &program->sources[view->feeds[feed].source];
    *brokers = source->brokers ? source->brokers : "";
    return source->topic ? source->topic : "";
}

static bool is_same_view(const struct nt_program *x, const struct nt_program *y,
                         const struct nt_view *view)
{
    int found = program_view(y, view->name);
    const struct nt_view *other = found < 0 ? NULL : &y->views[found];
    if (!other || other->fingerprint != view->fingerprint) return false;
    for (int f = 0; f < view->feed_count; f++) {
        const char *of_x, *of_y;
        if (strcmp(topic_of(x, view, f, &of_x), topic_of(y, other, f, &of_y)) != 0 ||
            strcmp(of_x, of_y) != 0)
            return false;
    }
    return true;
}

/* Would the store of one be that of the other? */
static bool has_same_views(const struct nt_program *x, const struct nt_program *y)
{
    if (x->view_count != y->view_count) return false;
    for (uint16_t i = 0; i < x->view_count; i++)
        if (!is_same_view(x, y, &x->views[i])) return false;
    return true;
}

/* Where only services changed, the state is there already: a copy that shares its files. */
static enum nt_status store_carry(struct upgrading *u, const char *program_path,
                                  const char *store_path, struct nt_error *error)
{
    struct program *program;
    if (kv_rocks_exists(store_path)) return NT_OK;
    enum nt_status status = program_open(program_path, &program, error);
    if (status != NT_OK) return status;
    if (has_same_views(u->live->program, program_get(program)))
        status = store_backup(u->live->store, store_path, error);
    program_close(program);
    return status;
}

/* Events that the new version alone rejects are counted in its store; the dead letters have what
 * the live version rejects, and would have it twice. */
static enum nt_status next_build(struct upgrading *u, struct nt_error *error)
{
    struct buffer program = {0}, store = {0};
    const char *fingerprint = u->upgrade->fingerprint, *from = u->upgrade->from;
    enum nt_status status = NT_OK;
    version_program_path(u->root, fingerprint, &program);
    version_store_path(u->root, fingerprint, &store);
    tell(u, UPGRADE_BUILDING, "opening");
    if (from) status = version_adopt(u->root, fingerprint, from, error);
    if (status == NT_OK) status = store_carry(u, buffer_text(&program), buffer_text(&store), error);
    if (status == NT_OK)
        status = live_open(u->serving->config, buffer_text(&program), buffer_text(&store),
                           u->serving->asks_erasures, &u->next, error);
    if (status == NT_OK) {
        struct worker_options options = live_worker_options(u->serving->config);
        options.has_dead_letters = false;
        status = live_work(u->next, &options, error);
    }
    if (status == NT_OK) status = next_catch_up(u, UPGRADE_BUILDING, error);
    buffer_deinit(&program);
    buffer_deinit(&store);
    return status;
}

/* ---- verifying ---- */

/* A snapshot of the live store that is nowhere behind the new version, and its positions. */
static enum nt_status snapshot_ahead(struct upgrading *u, const struct positions *reached,
                                     struct store_snapshot **snapshot, struct positions *at,
                                     struct nt_error *error)
{
    *snapshot = NULL;
    for (;;) {
        positions_clear(at);
        nt_arena_init(&at->arena);
        enum nt_status status = store_snapshot_open(u->live->store, snapshot, error);
        if (status == NT_OK) status = store_snapshot_positions(*snapshot, position_add, at, error);
        if (status == NT_OK && !is_behind(at, reached)) return NT_OK;
        if (status == NT_OK) status = pause_or_stop(u, error);
        store_snapshot_close(*snapshot);
        *snapshot = NULL;
        if (status != NT_OK) return status;
    }
}

static enum nt_status next_run_until(struct upgrading *u, const struct positions *at,
                                     struct nt_error *error)
{
    struct worker_options options = live_worker_options(u->serving->config);
    options.has_dead_letters = false;
    options.until = at->items;
    options.until_count = at->count;
    enum nt_status status = live_work(u->next, &options, error);
    while (status == NT_OK && !has_ended(u->next)) status = pause_or_stop(u, error);
    if (status != NT_OK) {
        live_rest(u->next, NULL);
        return status;
    }
    return live_join(u->next, error);
}

static enum nt_status differences_look(const struct upgrading *u, struct nt_error *error)
{
    if (!u->report.differences || u->upgrade->accepts_differences) return NT_OK;
    return error_set(error, NT_DIFFERENT,
                     "%" PRIu64 " values of %" PRIu64 " entities differ between the two "
                     "versions, though they mean the same, first in %s: nothing was swapped. "
                     "One of the stores misses events (a topic that no longer reaches back, "
                     "another history); --accept-differences swaps all the same",
                     u->report.differences, u->report.entities, u->report.first);
}

static enum nt_status snapshots_compare(struct upgrading *u, const struct positions *at,
                                        struct store_snapshot *live, struct nt_error *error)
{
    struct store_snapshot *next;
    enum nt_status status = store_snapshot_open(u->next->store, &next, error);
    if (status != NT_OK) return status;
    struct nt_time now = store_snapshot_now(live), other = store_snapshot_now(next);
    if (other.us > now.us) now = other;
    struct agree_side sides[] = {{u->live->program, live}, {u->next->program, next}};
    status = agree_compare(&sides[0], &sides[1], now, &u->upgrade->is_stopping, &u->report, error);
    if (status == NT_OK) status = differences_look(u, error);
    if (status == NT_OK && u->report.alone[0] && !u->upgrade->accepts_differences) {
        struct reach_side live_side = {u->live->program, u->live->store, live};
        struct reach_side next_side = {u->next->program, u->next->store, next};
        status =
            reach_compare(&live_side, &next_side, at->items, at->count, u->report.alone, error);
    }
    store_snapshot_close(next);
    return status;
}

static enum nt_status next_verify(struct upgrading *u, struct nt_error *error)
{
    struct positions reached = {0}, at = {0};
    struct store_snapshot *snapshot = NULL;
    tell(u, UPGRADE_VERIFYING, "comparing what the two versions have in common");
    enum nt_status status = live_rest(u->next, error);
    if (status == NT_OK) status = positions_take(u->next, &reached, error);
    if (status == NT_OK) status = snapshot_ahead(u, &reached, &snapshot, &at, error);
    if (status == NT_OK) status = next_run_until(u, &at, error);
    if (status == NT_OK) status = snapshots_compare(u, &at, snapshot, error);
    store_snapshot_close(snapshot);
    positions_clear(&reached);
    positions_clear(&at);
    return status;
}

/* ---- swapping ---- */

/* So that no lookup sees less than the one before it did. */
static enum nt_status next_pass_live(struct upgrading *u, struct nt_error *error)
{
    struct positions live = {0}, next = {0};
    enum nt_status status = positions_take(u->live, &live, error);
    if (status == NT_OK) status = positions_take(u->next, &next, error);
    while (status == NT_OK && is_behind(&next, &live)) {
        if (has_ended(u->next)) status = live_join(u->next, error);
        if (status == NT_OK) status = pause_or_stop(u, error);
        if (status == NT_OK) status = positions_take(u->next, &next, error);
    }
    positions_clear(&live);
    positions_clear(&next);
    return status;
}

/* The links first: a crash between them and the swap starts with the new version, which is whole.
 * The one before stays on disk. */
static enum nt_status versions_swap(struct upgrading *u, struct nt_error *error)
{
    struct serving *serving = u->serving;
    enum nt_status status =
        version_set(u->root, VERSION_PREVIOUS, u->live->program->fingerprint, error);
    if (status == NT_OK)
        status = version_set(u->root, VERSION_LIVE, u->next->program->fingerprint, error);
    if (status != NT_OK) return status;
    struct server_version version = live_version(u->next);
    pthread_mutex_lock(&serving->lock);
    server_swap(serving->server, &version);
    serving->live = u->next;
    pthread_mutex_unlock(&serving->lock);
    u->next = NULL;
    live_close(u->live);
    struct nt_error left;
    if (version_prune(u->root, version.program->fingerprint, &left) != NT_OK)
        log_line(LOG_WARN, "cli", left.text, "%s", "");
    return NT_OK;
}

static enum nt_status next_swap(struct upgrading *u, struct nt_error *error)
{
    struct worker_options options = live_worker_options(u->serving->config);
    tell(u, UPGRADE_SWAPPING, "catching up with the last events");
    enum nt_status status = live_work(u->next, &options, error);
    if (status == NT_OK) status = next_catch_up(u, UPGRADE_SWAPPING, error);
    if (status == NT_OK) status = next_pass_live(u, error);
    return status == NT_OK ? versions_swap(u, error) : status;
}

/* ---- the thread ---- */

static void done_tell(struct upgrading *u)
{
    char detail[256];
    const struct agree_report *r = &u->report;
    if (r->features)
        snprintf(detail, sizeof detail,
                 "%" PRIu64 " features in common, compared for %" PRIu64 " entities: %" PRIu64
                 " values differ",
                 r->features, r->entities, r->differences);
    else
        snprintf(detail, sizeof detail, "no feature in common to compare");
    tell(u, UPGRADE_DONE, detail);
}

static void *upgrade_run(void *serving_)
{
    struct serving *serving = serving_;
    struct upgrade *upgrade = &serving->upgrade;
    struct upgrading u = {.serving = serving,
                          .upgrade = upgrade,
                          .root = serving->config->store_path,
                          .live = serving->live};
    struct nt_error error = {0};
    enum nt_status status = next_build(&u, &error);
    if (status == NT_OK) status = next_verify(&u, &error);
    if (status == NT_OK) status = next_swap(&u, &error);
    live_close(u.next);
    if (status == NT_OK) {
        done_tell(&u);
        return NULL;
    }
    log_line(LOG_WARN, "cli", error.text, "status=\"%s\"", status_name(status));
    pthread_mutex_lock(&serving->upgrade_lock);
    error.status = status;
    upgrade->error = error;
    pthread_mutex_unlock(&serving->upgrade_lock);
    tell(&u, UPGRADE_FAILED, "");
    return NULL;
}

/* ---- the commands ---- */

bool upgrade_is_running(struct serving *serving)
{
    pthread_mutex_lock(&serving->upgrade_lock);
    enum upgrade_phase phase = serving->upgrade.phase;
    pthread_mutex_unlock(&serving->upgrade_lock);
    return phase >= UPGRADE_BUILDING && phase <= UPGRADE_SWAPPING;
}

void upgrade_end(struct serving *serving)
{
    struct upgrade *upgrade = &serving->upgrade;
    atomic_store(&upgrade->is_stopping, true);
    if (upgrade->is_thread) pthread_join(upgrade->thread, NULL);
    upgrade->is_thread = false;
    free(upgrade->from);
    upgrade->from = NULL;
}

enum nt_status upgrade_begin(struct serving *serving, const char *fingerprint, const char *from,
                             bool accepts_differences, struct nt_error *error)
{
    struct upgrade *upgrade = &serving->upgrade;
    if (upgrade_is_running(serving))
        return error_set(error, NT_UNAVAILABLE,
                         "an upgrade to program %s is under way: wait for its end, or stop it by "
                         "`nowthen upgrade --cancel`",
                         upgrade->fingerprint);
    upgrade_end(serving);
    *upgrade = (struct upgrade){.phase = UPGRADE_BUILDING,
                                .accepts_differences = accepts_differences,
                                .from = from ? memory_strdup(from) : NULL};
    snprintf(upgrade->fingerprint, sizeof upgrade->fingerprint, "%s", fingerprint);
    int failure = pthread_create(&upgrade->thread, NULL, upgrade_run, serving);
    upgrade->is_thread = failure == 0;
    if (!failure) return NT_OK;
    upgrade->phase = UPGRADE_NONE;
    return error_set(error, NT_IO, "cannot start the thread of an upgrade: %s", strerror(failure));
}

enum nt_status upgrade_tell(struct serving *serving, struct buffer *answer, struct nt_error *error)
{
    const struct upgrade *upgrade = &serving->upgrade;
    enum nt_status status = NT_OK;
    pthread_mutex_lock(&serving->upgrade_lock);
    if (upgrade->phase == UPGRADE_FAILED)
        status = error_set(error, upgrade->error.status, "%s", upgrade->error.text);
    else
        buffer_printf(answer, "%s %s", phase_names[upgrade->phase], upgrade->detail);
    pthread_mutex_unlock(&serving->upgrade_lock);
    return status;
}
