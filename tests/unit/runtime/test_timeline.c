/* test_timeline.c: timelines against a plain list of events. */
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
#include <time.h>

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
    {{true, false, 1, day}, {false, false, 0, NULL}},
    {{true, true, 1, hour}, {false, false, 0, NULL}},
    {{true, false, 1, day}, {true, true, 1, hour}},
    {{true, false, 1, second}, {false, false, 0, NULL}},
    {{false, false, 0, NULL}, {false, false, 0, NULL}},
};
#define WINDOWS 5
static const struct nt_measure measures[] = {
    {&nt_aggregate_count_star, 0, {0}, {0}, NT_INT8, -1},
    {&nt_aggregate_sum_float8, 1, {FLOAT}, {NT_FLOAT8}, NT_FLOAT8, -1},
    {&nt_aggregate_sum_int4, 1, {INTEGER}, {NT_INT4}, NT_INT8, FLAG},
    {&nt_aggregate_min, 1, {TEXT}, {NT_TEXT}, NT_TEXT, -1},
    {&nt_aggregate_max, 1, {FLOAT}, {NT_FLOAT8}, NT_FLOAT8, -1},
    {&nt_aggregate_last, 2, {TEXT, TIME}, {NT_TEXT, NT_TIMESTAMPTZ}, NT_TEXT, -1},
    {&nt_aggregate_first, 2, {INTEGER, TIME}, {NT_INT4, NT_TIMESTAMPTZ}, NT_INT4, -1},
    {&nt_aggregate_count, 1, {FLOAT}, {NT_FLOAT8}, NT_INT8, -1},
};
#define MEASURES 8
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
static struct nt_view bounded; /* the same without the lifetime window */

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

static uint64_t random_next(void) /* splitmix64 */
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
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

static void samples_shuffle(size_t count)
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
    assert_int_equal(timeline_flush(desk->timeline, map_put, desk->map, NULL), NT_OK);
}

/* Adds samples[first, end), flushing and reloading at random. */
static void desk_add(struct desk *desk, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        struct nt_time time = {samples[i].us};
        assert_int_equal(timeline_add(desk->timeline, time, samples[i].arguments, NULL), NT_OK);
        uint64_t dice = random_below(200);
        if (dice < 3) desk_flush(desk);
        if (dice < 2) desk_reopen(desk);
    }
}

static void desk_evict(struct desk *desk, int64_t us)
{
    assert_int_equal(timeline_evict(desk->timeline, (struct nt_time){us}, NULL), NT_OK);
}

/* ---- what a window should give ---- */

static void naive_read(size_t count, struct nt_time now, struct nt_eval *e, unsigned term,
                       struct nt_value *value)
{
    const struct nt_measure *measure = &measures[terms[term].measure];
    struct window_span span = window_span_at(&windows[terms[term].window], now);
    void *state = nt_arena_alloc(e->arena, measure->aggregate->state_size);
    measure->aggregate->init(measure, state);
    for (size_t i = 0; i < count; i++) {
        if (samples[i].us < span.first_us || samples[i].us > span.last_us) continue;
        measure_add(measure, state, samples[i].arguments, e->arena);
    }
    *value = measure->aggregate->final(e, measure, state);
}

static void read_and_compare(struct desk *desk, size_t count, struct nt_time now)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value values[TERMS], expected;
    const char *errors[TERMS] = {0};
    assert_int_equal(timeline_read(desk->timeline, now, NULL, &e, values, errors, NULL), NT_OK);
    for (unsigned i = 0; i < desk->view->term_count; i++) {
        enum nt_type type = measures[terms[i].measure].result;
        e.error = NULL;
        naive_read(count, now, &e, i, &expected);
        assert_int_equal(e.error != NULL, errors[i] != NULL);
        assert_true(value_is_same(type, values[i], expected));
    }
    nt_arena_deinit(&arena);
}

/* ---- tests ---- */

static void same_events_in_any_order_give_the_same_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 5, 64, 65, 66, 300, 2000};
    for (unsigned k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        samples_fill(sizes[k], (int64_t)random_next() >> 8, UINT64_C(1) << (20 + 6 * k));
        struct desk *one = desk_create(&view);
        desk_add(one, 0, sizes[k]);
        desk_flush(one);
        for (int round = 0; round < 3; round++) {
            struct desk *other = desk_create(&view);
            samples_shuffle(sizes[k]);
            desk_add(other, 0, sizes[k]);
            desk_flush(other);
            map_assert_same(one->map, other->map);
            desk_free(other);
        }
        desk_free(one);
    }
}

static void windows_equal_a_scan_of_the_events(void **state)
{
    (void)state;
    for (int round = 0; round < 6; round++) {
        size_t count = 10 + random_below(round < 3 ? 100 : 3000);
        samples_fill(count, -INT64_C(100000000000), UINT64_C(1) << (36 + round % 3));
        struct desk *desk = desk_create(&view);
        desk_add(desk, 0, count);
        for (int i = 0; i < 30; i++) {
            static const int64_t reach[] = {0, 1000000, 3600000000, 86400000000};
            int64_t us = samples[random_below(count)].us;
            us += reach[random_below(4)] + (int64_t)random_below(3) - 1;
            read_and_compare(desk, count, (struct nt_time){us});
            if (i == 20) desk_flush(desk);
            if (i == 20) desk_reopen(desk);
        }
        desk_free(desk);
    }
}

static void eviction_equals_never_having_kept_the_events(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        const struct nt_view *of = round % 2 ? &view : &bounded;
        size_t count = 1 + random_below(1500);
        samples_fill(count, 0, UINT64_C(1) << (20 + round % 4 * 6));
        int64_t early = samples[random_below(count)].us, late = samples[random_below(count)].us;
        if (round == 11) late = INT64_C(1) << 60; /* all */
        struct desk *after = desk_create(of), *before = desk_create(of);
        desk_add(after, 0, count / 2);
        desk_evict(after, early);
        desk_add(after, count / 2, count);
        desk_evict(after, late);
        desk_flush(after);
        int64_t horizon = early > late ? early : late;
        desk_evict(before, horizon);
        samples_shuffle(count);
        desk_add(before, 0, count);
        desk_flush(before);
        map_assert_same(after->map, before->map);
        if (round % 2) { /* the lifetime terms still see all */
            int64_t now = horizon + INT64_C(86400000001);
            read_and_compare(after, count, (struct nt_time){now});
        }
        desk_free(after);
        desk_free(before);
    }
}

static void more_events_in_one_microsecond_than_a_leaf_holds_stay_one_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < 500; i++) sample_fill(&samples[i], 12345);
    struct desk *desk = desk_create(&view);
    desk_add(desk, 0, 500);
    desk_flush(desk);
    assert_int_equal(desk->map->count, 1);
    read_and_compare(desk, 500, (struct nt_time){12345});
    sample_fill(&samples[500], 12346);
    desk_add(desk, 500, 501);
    desk_flush(desk);
    assert_int_equal(desk->map->count, 3);
    read_and_compare(desk, 501, (struct nt_time){12345});
    uint64_t count;
    assert_int_equal(timeline_count(desk->timeline, &count, NULL), NT_OK);
    assert_int_equal(count, 501);
    desk_free(desk);
}

static void reads_behind_the_horizon_are_refused_by_name(void **state)
{
    (void)state;
    samples_fill(200, INT64_C(90000000000), UINT64_C(1) << 36);
    struct desk *desk = desk_create(&view);
    desk_add(desk, 0, 200);
    desk_evict(desk, INT64_C(100000000000));
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value values[TERMS];
    struct nt_error error = {0};
    struct nt_time edge = {INT64_C(100000000000) + INT64_C(86400000000)};
    assert_int_equal(timeline_read(desk->timeline, edge, NULL, &e, values, NULL, &error), NT_OK);
    edge.us--;
    assert_int_equal(timeline_read(desk->timeline, edge, NULL, &e, values, NULL, &error),
                     NT_EVICTED);
    assert_non_null(strstr(error.text, "past_reads"));
    nt_arena_deinit(&arena);
    desk_free(desk);
}

static void corrupt_and_missing_records_are_refused(void **state)
{
    (void)state;
    samples_fill(2000, 0, UINT64_C(1) << 40);
    struct desk *desk = desk_create(&view);
    desk_add(desk, 0, 2000);
    desk_flush(desk);
    for (int round = 0; round < 60; round++) {
        size_t at = random_below(desk->map->count);
        struct buffer *value = &desk->map->records[at].value;
        size_t byte = random_below(value->size);
        uint8_t flip = (uint8_t)(1u << random_below(8));
        value->data[byte] ^= flip;
        desk_reopen(desk);
        struct nt_error error = {0};
        enum nt_status status = NT_OK;
        for (size_t i = 0; i < 2000 && status == NT_OK; i++) {
            struct nt_time time = {samples[i].us};
            status = timeline_add(desk->timeline, time, samples[i].arguments, &error);
        }
        assert_int_equal(status, NT_CORRUPT);
        assert_non_null(strstr(error.text, "timeline"));
        value->data[byte] ^= flip;
    }
    map_erase(desk->map, desk->map->count - 1);
    desk_reopen(desk);
    struct nt_error error = {0};
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < 2000 && status == NT_OK; i++) {
        struct nt_time time = {samples[i].us};
        status = timeline_add(desk->timeline, time, samples[i].arguments, &error);
    }
    assert_int_equal(status, NT_CORRUPT);
    desk_free(desk);
}

struct walking {
    int64_t last_us;
    uint64_t count;
};

static void walking_visit(void *self, struct nt_time time, const struct nt_value *arguments)
{
    struct walking *walking = self;
    assert_true(time.us >= walking->last_us);
    assert_true(arguments[TIME].is_null || arguments[TIME].time.us == time.us);
    walking->last_us = time.us;
    walking->count++;
}

static void a_walk_visits_every_event_in_order_of_time(void **state)
{
    (void)state;
    samples_fill(1000, 0, UINT64_C(1) << 40);
    struct desk *desk = desk_create(&view);
    desk_add(desk, 0, 1000);
    struct walking walking = {INT64_MIN, 0};
    assert_int_equal(timeline_walk(desk->timeline, walking_visit, &walking, NULL), NT_OK);
    assert_int_equal(walking.count, 1000);
    desk_free(desk);
}

static void infinite_times_are_future_forever_and_past_of_lifetime_windows_only(void **state)
{
    (void)state;
    sample_fill(&samples[0], INT64_MAX);
    sample_fill(&samples[1], INT64_MIN);
    for (size_t i = 2; i < 102; i++) sample_fill(&samples[i], (int64_t)i);
    struct desk *desk = desk_create(&view);
    desk_add(desk, 0, 102);
    desk_flush(desk);
    desk_reopen(desk);
    read_and_compare(desk, 102, (struct nt_time){200});
    read_and_compare(desk, 102, (struct nt_time){NT_TIME_END_US - 1});
    desk_evict(desk, 50);
    read_and_compare(desk, 102, (struct nt_time){INT64_C(86400000200)});
    desk_free(desk);
}

static void memory_stays_bounded_while_events_come_and_go(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct timeline *timeline = timeline_create(&arena, &bounded, (struct timeline_source){0});
    size_t early = 0;
    for (int64_t i = 0; i < 40000; i++) {
        struct sample sample;
        sample_fill(&sample, i * 1000);
        assert_int_equal(timeline_add(timeline, (struct nt_time){i * 1000}, sample.arguments, NULL),
                         NT_OK);
        if (i % 256 == 0) {
            assert_int_equal(timeline_evict(timeline, (struct nt_time){(i - 1000) * 1000}, NULL),
                             NT_OK);
        }
        if (i == 4000) early = timeline_size(timeline);
    }
    assert_true(timeline_size(timeline) < 4 * early);
    nt_arena_deinit(&arena);
}

int main(void)
{
#ifdef __SANITIZE_ADDRESS__
    nt_arena_malloc_through = true;
#endif
    const char *given = getenv("NOWTHEN_SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("seed %llu (NOWTHEN_SEED repeats it)\n", (unsigned long long)seed);
    views_fill();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_events_in_any_order_give_the_same_bytes),
        cmocka_unit_test(windows_equal_a_scan_of_the_events),
        cmocka_unit_test(eviction_equals_never_having_kept_the_events),
        cmocka_unit_test(more_events_in_one_microsecond_than_a_leaf_holds_stay_one_run),
        cmocka_unit_test(reads_behind_the_horizon_are_refused_by_name),
        cmocka_unit_test(corrupt_and_missing_records_are_refused),
        cmocka_unit_test(a_walk_visits_every_event_in_order_of_time),
        cmocka_unit_test(infinite_times_are_future_forever_and_past_of_lifetime_windows_only),
        cmocka_unit_test(memory_stays_bounded_while_events_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
