/* timeline_desk.h: what test_timeline.c works with: a view written by hand, random events, a store
 * of records in an array, and a timeline over it. */
#ifndef TEST_TIMELINE_DESK_H
#define TEST_TIMELINE_DESK_H

#include "../../support/seed.h"
#include "base/arena.h"
#include "row/tuple.h"
#include "runtime/aggregate.h"
#include "runtime/timeline.h"
#include "runtime/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EVENTS_MAX  20000
#define RECORDS_MAX 8192

/* ---- a view written by hand ---- */

enum { FLOAT, INTEGER, TEXT, TIME, FLAG, ARGUMENTS };
static const enum nt_type argument_types[ARGUMENTS] = {NT_FLOAT8, NT_INT4, NT_TEXT, NT_TIMESTAMPTZ,
                                                       NT_BOOL};
static const struct nt_bound_step hour[] = {{NT_BOUND_MINUS, 0, INT64_C(3600000000)}};
static const struct nt_bound_step day[] = {{NT_BOUND_MINUS, 0, INT64_C(86400000000)}};
static const struct nt_bound_step second[] = {{NT_BOUND_MINUS, 0, INT64_C(1000000)}};
static const struct nt_window windows[] = {
    {{true, false, 1, day}, .upper = {false, false, 0, NULL}},
    {{true, true, 1, hour}, .upper = {false, false, 0, NULL}},
    {{true, false, 1, day}, .upper = {true, true, 1, hour}},
    {{true, false, 1, second}, .upper = {false, false, 0, NULL}},
    {{true, false, 1, day}, .upper = {true, true, 1, second}, true, INT64_C(60000000)},
    {{false, false, 0, NULL}, .upper = {false, false, 0, NULL}},
};
#define WINDOWS 6
static const struct nt_measure measures[] = {
    {.aggregate = &nt_aggregate_count_star, 0, {0}, {0}, NT_INT8, -1},
    {.aggregate = &nt_aggregate_sum_float8, 1, {FLOAT}, {NT_FLOAT8}, NT_FLOAT8, -1},
    {.aggregate = &nt_aggregate_sum_int4, 1, {INTEGER}, {NT_INT4}, NT_INT8, FLAG},
    {.aggregate = &nt_aggregate_min, 1, {TEXT}, {NT_TEXT}, NT_TEXT, -1},
    {.aggregate = &nt_aggregate_max, 1, {FLOAT}, {NT_FLOAT8}, NT_FLOAT8, -1},
    {.aggregate = &nt_aggregate_last, 2, {TEXT, TIME}, {NT_TEXT, NT_TIMESTAMPTZ}, NT_TEXT, -1},
    {.aggregate = &nt_aggregate_first, 2, {INTEGER, TIME}, {NT_INT4, NT_TIMESTAMPTZ}, NT_INT4, -1},
    {.aggregate = &nt_aggregate_count, 1, {FLOAT}, {NT_FLOAT8}, NT_INT8, -1},
    {&nt_aggregate_distinct, 1, {TEXT}, {NT_TEXT}, NT_INT8, -1, .over = &nt_aggregate_count},
};
#define MEASURES 9
#define TERMS    (MEASURES * WINDOWS)
static struct nt_term terms[TERMS];
static struct nt_view view = {
    .name = "test",
    .argument_count = ARGUMENTS,
    .window_count = WINDOWS,
    .measure_count = MEASURES,
    .term_count = TERMS,
    .arguments = argument_types,
    .windows = windows,
    .measures = measures,
    .terms = terms,
};
static struct nt_view bounded; /* the same without the last window, that of a lifetime */

static void views_fill(void)
{
    for (unsigned i = 0; i < TERMS; i++) {
        terms[i] = (struct nt_term){(uint16_t)(i % MEASURES), (uint16_t)(i / MEASURES)};
    }
    bounded = view;
    bounded.window_count = WINDOWS - 1;
    bounded.term_count = MEASURES * (WINDOWS - 1);
}

/* ---- random events ---- */

static uint64_t seed;

static uint64_t random_next(void)
{
    return seed_next(&seed);
}

static uint64_t random_below(uint64_t end)
{
    return random_next() % end;
}

struct sample {
    int64_t us;
    struct nt_value arguments[ARGUMENTS];
};

static struct sample samples[EVENTS_MAX];
static const char *const words[] = {
    "", "a", "ab", "b", "JFK", "LGA", "a rather longer piece of text"};

static struct nt_value random_text(void)
{
    const char *word = words[random_below(7)];
    return nt_text(word, (uint32_t)strlen(word));
}

static void sample_fill(struct sample *sample, int64_t us)
{
    double x = (double)(int64_t)random_next() / 4096.0;
    if (random_below(4) == 0) x = (double)random_below(3) * -0.0;
    if (random_below(16) == 0) x *= 1e200;
    sample->us = us;
    sample->arguments[FLOAT] = random_below(8) ? nt_float8(x) : NT_NULL;
    sample->arguments[INTEGER] = random_below(8) ? nt_integer((int32_t)random_next()) : NT_NULL;
    sample->arguments[TEXT] = random_below(8) ? random_text() : NT_NULL;
    sample->arguments[TIME] = random_below(8) ? nt_timestamptz(us) : NT_NULL;
    sample->arguments[FLAG] = random_below(8) ? nt_bool(random_below(2)) : NT_NULL;
}

/* Spread over span_us, with crowds at single microseconds and within single seconds. */
static void samples_fill(size_t count, int64_t start_us, uint64_t span_us)
{
    for (size_t i = 0; i < count; i++) {
        int64_t us = start_us + (int64_t)random_below(span_us);
        if (i && random_below(3) == 0) us = samples[random_below(i)].us;
        if (i && random_below(5) == 0) us = samples[i - 1].us + (int64_t)random_below(1000);
        sample_fill(&samples[i], us);
    }
}

static inline void samples_shuffle(size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(i);
        struct sample kept = samples[i - 1];
        samples[i - 1] = samples[j];
        samples[j] = kept;
    }
}

/* ---- a store of records ---- */

struct map_record {
    struct buffer key, value;
};
struct map {
    struct map_record records[RECORDS_MAX];
    size_t count;
};

static size_t map_find(struct map *map, struct buffer *key, bool *found)
{
    size_t at = 0;
    *found = false;
    while (at < map->count) {
        int order = bytes_compare(buffer_bytes(&map->records[at].key), buffer_bytes(key));
        *found = order == 0;
        if (order >= 0) break;
        at++;
    }
    return at;
}

static void map_erase(struct map *map, size_t at)
{
    buffer_deinit(&map->records[at].key);
    buffer_deinit(&map->records[at].value);
    map->count--;
    memmove(&map->records[at], &map->records[at + 1], (map->count - at) * sizeof map->records[0]);
}

static void map_free(struct map *map)
{
    while (map->count) map_erase(map, map->count - 1);
    free(map);
}

static enum nt_status map_put(void *self, struct timeline_id id, struct bytes record,
                              struct nt_error *error)
{
    (void)error;
    struct map *map = self;
    struct buffer key = {0};
    timeline_id_append(id, &key);
    bool found;
    size_t at = map_find(map, &key, &found);
    if (record.size == 0) {
        assert_true(found);
        map_erase(map, at);
        buffer_deinit(&key);
        return NT_OK;
    }
    if (!found) {
        assert_true(map->count < RECORDS_MAX);
        memmove(&map->records[at + 1], &map->records[at],
                (map->count - at) * sizeof map->records[0]);
        map->records[at] = (struct map_record){key, {0}};
        map->count++;
    } else {
        buffer_deinit(&key);
    }
    buffer_clear(&map->records[at].value);
    buffer_append(&map->records[at].value, record.data, record.size);
    return NT_OK;
}

static enum nt_status map_load(void *self, struct timeline_id id, struct bytes *record,
                               struct nt_error *error)
{
    (void)error;
    struct map *map = self;
    struct buffer key = {0};
    bool found;
    timeline_id_append(id, &key);
    size_t at = map_find(map, &key, &found);
    *record = found ? buffer_bytes(&map->records[at].value) : (struct bytes){0};
    buffer_deinit(&key);
    return NT_OK;
}

static void map_assert_same(const struct map *x, const struct map *y)
{
    assert_int_equal(x->count, y->count);
    for (size_t i = 0; i < x->count; i++) {
        const struct map_record *a = &x->records[i], *b = &y->records[i];
        assert_int_equal(bytes_compare(buffer_bytes(&a->key), buffer_bytes(&b->key)), 0);
        assert_int_equal(bytes_compare(buffer_bytes(&a->value), buffer_bytes(&b->value)), 0);
    }
}

/* ---- a timeline over the map ---- */

struct desk {
    struct nt_arena arena;
    struct timeline *timeline;
    struct map *map;
    const struct nt_view *view;
};

static void desk_reopen(struct desk *desk)
{
    nt_arena_reset(&desk->arena);
    desk->timeline =
        timeline_create(&desk->arena, desk->view, (struct timeline_source){map_load, desk->map});
}

static struct desk *desk_create(const struct nt_view *of)
{
    struct desk *desk = memory_zalloc(sizeof *desk);
    desk->map = memory_zalloc(sizeof *desk->map);
    desk->view = of;
    desk_reopen(desk);
    return desk;
}

static void desk_free(struct desk *desk)
{
    nt_arena_deinit(&desk->arena);
    map_free(desk->map);
    free(desk);
}

static void desk_flush(struct desk *desk)
{
    struct buffer record = {0};
    assert_int_equal(timeline_flush(desk->timeline, &record, map_put, desk->map, NULL), NT_OK);
    buffer_deinit(&record);
}

/* Adds samples[first, end), flushing and reloading at random. */
static inline void desk_add(struct desk *desk, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        struct nt_time time = {samples[i].us};
        assert_int_equal(timeline_add(desk->timeline, time, samples[i].arguments, NULL), NT_OK);
        uint64_t dice = random_below(200);
        if (dice < 3) desk_flush(desk);
        if (dice < 2) desk_reopen(desk);
    }
}

static inline void desk_evict(struct desk *desk, int64_t us)
{
    assert_int_equal(timeline_evict(desk->timeline, (struct nt_time){us}, NULL), NT_OK);
}

#endif
