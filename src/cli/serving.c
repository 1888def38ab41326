/* serving.c: the commands of a running service; see serving.h. */
#include "cli/serving.h"

#include "cli/ask.h"
#include "online/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct erasing {
    struct live *live;
    uint16_t view;
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    const char *archived; /* lines of "PARTITION OFFSET TOPIC": up to there it is forgotten */
    uint64_t records;
    struct buffer *answer;
};

static void position_tell(void *self, const struct store_position *position)
{
    buffer_printf(self, "%" PRId32 " %" PRId64 " %s\n", position->partition, position->offset,
                  position->topic);
}

/* Events that the log still has before an archive's position, for a worker that is behind it. */
static void archived_forget(const struct erasing *e)
{
    const struct nt_program *program = e->live->program;
    const struct nt_view *view = &program->views[e->view];
    char topic[256];
    struct erasure item = {.topic = topic, .column_count = view->key_count};
    const char *end;
    for (const char *line = e->archived; (end = strchr(line, '\n')); line = end + 1) {
        if (sscanf(line, "%" SCNd32 " %" SCNd64 " %255s", &item.partition, &item.next_offset,
                   topic) != 3)
            return;
        for (uint16_t f = 0; f < view->feed_count; f++) {
            const struct nt_feed *feed = &view->feeds[f];
            const struct nt_source *source = &program->sources[feed->source];
            item.source = feed->source;
            memcpy(item.columns, feed->key_columns, view->key_count * sizeof item.columns[0]);
            if (source->topic && strcmp(source->topic, topic) == 0 &&
                erasure_hash(source, feed->key_columns, view->key_count, e->key, item.key_hash))
                erasures_add(&e->live->erasures, &e->live->arena, &item);
        }
    }
}

/* On the worker's thread: everything read is committed, so the positions are those of the state
 * that the entity is taken out of. */
static enum nt_status entity_erase(void *self, struct nt_error *error)
{
    struct erasing *e = self;
    struct buffer positions = {0};
    archived_forget(e);
    enum nt_status status = store_erase(e->live->store, e->view, e->key, &e->records, error);
    if (status == NT_OK) status = store_positions(e->live->store, position_tell, &positions, error);
    if (status == NT_OK) {
        buffer_printf(e->answer, "%" PRIu64 "\n", e->records);
        buffer_append(e->answer, positions.data, positions.size);
    }
    buffer_deinit(&positions);
    return status;
}

/* words: where archives stand, the view, COLUMN=VALUE ... Answers the number of records, then the
 * positions. */
static enum nt_status erase(struct serving *serving, const char *const *words, size_t count,
                            struct buffer *answer, struct nt_error *error)
{
    struct target target;
    struct nt_arena arena;
    struct erasing e = {.live = serving->live, .archived = words[0], .answer = answer};
    words++, count--;
    if (upgrade_is_running(serving))
        return error_set(error, NT_UNAVAILABLE,
                         "a new version is being built, which would bring the entity back: erase "
                         "when `nowthen upgrade` is through, or stop it by `nowthen upgrade "
                         "--cancel`");
    nt_arena_init(&arena);
    struct nt_eval eval = {.arena = &arena};
    enum nt_status status = target_find(serving->live->program, words[0], &target, error);
    if (status == NT_OK && !target.view)
        status = error_set(error, NT_INVALID, "%s is a service: an entity is of a view", words[0]);
    if (status == NT_OK)
        status = ask_parse_inputs(&target, words + 1, count - 1, &eval, e.key, error);
    if (status == NT_OK) {
        e.view = (uint16_t)(target.view - serving->live->program->views);
        status = worker_ask(serving->live->worker, entity_erase, &e, error);
    }
    nt_arena_deinit(&arena);
    return status;
}

/* words: the directory of a program, a store to take or "", "differences" or "". Answers nothing,
 * or why there is nothing to do. */
static enum nt_status upgrade(struct serving *serving, const char *const *words,
                              struct buffer *answer, struct nt_error *error)
{
    struct program *program;
    char fingerprint[HASH_HEX_SIZE];
    enum nt_status status = program_open(words[0], &program, error);
    if (status != NT_OK) return status;
    memcpy(fingerprint, program_get(program)->fingerprint, HASH_HEX_SIZE);
    program_close(program);
    if (strcmp(fingerprint, serving->live->program->fingerprint) == 0) {
        buffer_printf(answer, "program %s is served already: nothing to upgrade", fingerprint);
        return NT_OK;
    }
    if (!upgrade_is_running(serving))
        status = version_keep(serving->config->store_path, fingerprint, words[0], error);
    if (status == NT_OK)
        status =
            upgrade_begin(serving, fingerprint, words[1][0] ? words[1] : NULL, words[2][0], error);
    return status;
}

static enum nt_status rollback(struct serving *serving, struct nt_error *error)
{
    char fingerprint[HASH_HEX_SIZE];
    if (!version_get(serving->config->store_path, VERSION_PREVIOUS, fingerprint) ||
        strcmp(fingerprint, serving->live->program->fingerprint) == 0)
        return error_set(error, NT_NOT_FOUND,
                         "there is no version before %s to go back to: nothing was upgraded",
                         serving->live->program->fingerprint);
    /* Why one goes back may well be that the values are wrong. */
    return upgrade_begin(serving, fingerprint, NULL, true, error);
}

static enum nt_status forget(struct serving *serving, struct nt_error *error)
{
    if (upgrade_is_running(serving))
        return error_set(error, NT_UNAVAILABLE, "an upgrade is under way: wait for its end");
    return version_forget(serving->config->store_path, error);
}

static enum nt_status command_run(struct serving *serving, const char *const *words, size_t count,
                                  struct buffer *answer, struct nt_error *error)
{
    if (strcmp(words[0], "backup") == 0 && count == 2)
        return store_backup(serving->live->store, words[1], error);
    if (strcmp(words[0], "erase") == 0 && count >= 4)
        return erase(serving, words + 1, count - 1, answer, error);
    if (strcmp(words[0], "upgrade") == 0 && count == 4)
        return upgrade(serving, words + 1, answer, error);
    if (strcmp(words[0], "rollback") == 0 && count == 1) return rollback(serving, error);
    if (strcmp(words[0], "forget") == 0 && count == 1) return forget(serving, error);
    return error_set(error, NT_INVALID,
                     "the process that serves does not know the command %s: it is of another "
                     "version of nowthen; start it again",
                     words[0]);
}

enum nt_status serving_command(void *serving_, const char *const *words, size_t count,
                               struct buffer *answer, struct nt_error *error)
{
    struct serving *serving = serving_;
    /* These two look at the upgrade alone, which may be holding lock. */
    if (count == 1 && strcmp(words[0], "upgrade-status") == 0)
        return upgrade_tell(serving, answer, error);
    if (count == 1 && strcmp(words[0], "upgrade-cancel") == 0) {
        if (!upgrade_is_running(serving)) buffer_append_text(answer, "no upgrade is under way");
        atomic_store(&serving->upgrade.is_stopping, true);
        return NT_OK;
    }
    pthread_mutex_lock(&serving->lock);
    enum nt_status status = command_run(serving, words, count, answer, error);
    pthread_mutex_unlock(&serving->lock);
    return status;
}
