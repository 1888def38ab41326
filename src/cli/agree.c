/* agree.c: see agree.h. The entities are drawn from both stores by reservoir sampling (J. Vitter's
 * algorithm R, 1985), so a view of any size is compared in bounded time and memory. */
#include "cli/agree.h"

#include "row/key.h"
#include "row/value_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Features of one view that mean the same. */
struct pair {
    uint16_t live, next;
};

struct drawn {
    struct buffer keys[AGREE_ENTITIES_MAX];
    uint64_t seen;
    uint64_t random;
    const atomic_bool *is_stopping;
};

struct comparing {
    const struct agree_side *live, *next;
    uint16_t live_view, next_view;
    struct pair pairs[NT_COLUMNS_MAX];
    size_t pair_count;
    struct nt_time now;
    struct nt_arena arena; /* one entity */
    struct agree_report *report;
};

/* xorshift64 (G. Marsaglia, 2003): which entities are drawn need only be spread. */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static bool key_visit(void *self, struct bytes key)
{
    struct drawn *drawn = self;
    uint64_t at = drawn->seen++;
    if (at >= AGREE_ENTITIES_MAX) at = random_next(&drawn->random) % drawn->seen;
    if (at < AGREE_ENTITIES_MAX) {
        buffer_clear(&drawn->keys[at]);
        buffer_append(&drawn->keys[at], key.data, key.size);
    }
    return !atomic_load(drawn->is_stopping);
}

static bool is_same(const struct comparing *c, const struct pair *pair, const struct view_row *live,
                    const struct view_row *next)
{
    const struct nt_view *view = &c->live->program->views[c->live_view];
    struct nt_value x = live->features[pair->live], y = next->features[pair->next];
    if (live->statuses[pair->live] != next->statuses[pair->next] || x.is_null != y.is_null)
        return false;
    if (x.is_null) return true;
    struct buffer texts[2] = {{0}};
    value_append_text(view->features[pair->live].type, x, &texts[0]);
    value_append_text(view->features[pair->live].type, y, &texts[1]);
    bool is_equal = bytes_compare(buffer_bytes(&texts[0]), buffer_bytes(&texts[1])) == 0;
    buffer_deinit(&texts[0]);
    buffer_deinit(&texts[1]);
    return is_equal;
}

static enum nt_status entity_compare(struct comparing *c, struct bytes key, struct nt_error *error)
{
    const struct nt_view *view = &c->live->program->views[c->live_view];
    struct nt_value values[NT_KEY_COLUMNS_MAX];
    struct view_row live, next;
    struct nt_eval e = {.arena = &c->arena};
    nt_arena_reset(&c->arena);
    if (!key_decode(view->keys, view->key_count, key, &c->arena, values))
        return error_set(error, NT_CORRUPT, "view %s: a key of the store is none", view->name);
    enum nt_status status =
        store_read(c->live->snapshot, c->live_view, values, c->now, &e, &live, error);
    if (status == NT_OK)
        status = store_read(c->next->snapshot, c->next_view, values, c->now, &e, &next, error);
    if (status != NT_OK) return status;
    for (size_t i = 0; i < c->pair_count; i++) {
        if (is_same(c, &c->pairs[i], &live, &next)) continue;
        if (!c->report->differences++)
            snprintf(c->report->first, sizeof c->report->first, "%s.%s", view->name,
                     view->features[c->pairs[i].live].name);
    }
    c->report->entities++;
    return NT_OK;
}

static enum nt_status side_compare(struct comparing *c, const struct agree_side *side,
                                   uint16_t view, const atomic_bool *is_stopping,
                                   struct nt_error *error)
{
    struct drawn *drawn = memory_zalloc(sizeof *drawn);
    drawn->random = 1;
    drawn->is_stopping = is_stopping;
    enum nt_status status = store_keys(side->snapshot, view, key_visit, drawn, error);
    size_t count = drawn->seen < AGREE_ENTITIES_MAX ? (size_t)drawn->seen : AGREE_ENTITIES_MAX;
    for (size_t i = 0; i < count && status == NT_OK; i++) {
        status = entity_compare(c, buffer_bytes(&drawn->keys[i]), error);
        if (atomic_load(is_stopping)) status = error_set(error, NT_INTERRUPTED, "cancelled");
    }
    for (size_t i = 0; i < count; i++) buffer_deinit(&drawn->keys[i]);
    free(drawn);
    return status;
}

static bool has_twin(const struct nt_program *live, const struct nt_view *view,
                     const struct nt_feature *feature)
{
    int i = program_view(live, view->name);
    int j = i < 0 ? -1 : view_feature(&live->views[i], feature->name);
    return j >= 0 && live->views[i].features[j].fingerprint == feature->fingerprint;
}

static void alone_find(const struct nt_program *live, const struct nt_program *next,
                       struct agree_report *report)
{
    for (uint16_t v = 0; v < next->view_count; v++) {
        const struct nt_view *view = &next->views[v];
        for (uint16_t f = view->feature_count; f-- > 0;) { /* the keys are the first */
            if (has_twin(live, view, &view->features[f])) continue;
            snprintf(report->alone, sizeof report->alone, "%s.%s", view->name,
                     view->features[f].name);
            return;
        }
    }
}

static void pairs_find(struct comparing *c)
{
    const struct nt_view *live = &c->live->program->views[c->live_view];
    const struct nt_view *next = &c->next->program->views[c->next_view];
    c->pair_count = 0;
    for (uint16_t i = 0; i < live->feature_count; i++) {
        int j = view_feature(next, live->features[i].name);
        if (j >= 0 && next->features[j].fingerprint == live->features[i].fingerprint)
            c->pairs[c->pair_count++] = (struct pair){i, (uint16_t)j};
    }
    c->report->features += c->pair_count;
}

enum nt_status agree_compare(const struct agree_side *live, const struct agree_side *next,
                             struct nt_time now, const atomic_bool *is_stopping,
                             struct agree_report *report, struct nt_error *error)
{
    struct comparing *c = memory_zalloc(sizeof *c);
    enum nt_status status = NT_OK;
    *report = (struct agree_report){0};
    *c = (struct comparing){.live = live, .next = next, .now = now, .report = report};
    nt_arena_init(&c->arena);
    alone_find(live->program, next->program, report);
    for (uint16_t i = 0; i < live->program->view_count && status == NT_OK; i++) {
        int j = program_view(next->program, live->program->views[i].name);
        if (j < 0) continue;
        c->live_view = i;
        c->next_view = (uint16_t)j;
        pairs_find(c);
        if (c->pair_count) status = side_compare(c, live, i, is_stopping, error);
        if (c->pair_count && status == NT_OK)
            status = side_compare(c, next, (uint16_t)j, is_stopping, error);
    }
    nt_arena_deinit(&c->arena);
    free(c);
    return status;
}
