/* test_timeline.c: timelines against a plain list of events. */
#include "timeline_desk.h"

/* ---- what a window should give ---- */

static struct window_span naive_span(size_t count, const struct nt_window *window,
                                     struct nt_time now)
{
    struct window_span span = window_span_at(window, now);
    int64_t newest_us = INT64_MIN;
    for (size_t i = 0; i < count && window->has_frame; i++)
        if (samples[i].us > newest_us && samples[i].us <= span.last_us) newest_us = samples[i].us;
    return window->has_frame ? window_frame(window, span, newest_us) : span;
}

static void naive_read(size_t count, struct nt_time now, struct nt_eval *e, unsigned term,
                       struct nt_value *value)
{
    const struct nt_measure *measure = &measures[terms[term].measure];
    struct window_span span = naive_span(count, &windows[terms[term].window], now);
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

/* What is kept for windows must never outlive what it was made from. */
static void windows_stay_right_while_events_come_and_go(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        size_t count = 500 + random_below(1500), added = 0;
        samples_fill(count, 0, UINT64_C(1) << (30 + 3 * round));
        struct desk *desk = desk_create(round % 2 ? &view : &bounded);
        int64_t horizon = INT64_MIN;
        while (added < count) {
            size_t more = 1 + random_below(60);
            if (more > count - added) more = count - added;
            desk_add(desk, added, added + more);
            added += more;
            if (round % 2 && random_below(20) == 0) {
                int64_t us = samples[random_below(added)].us / 4;
                if (us > horizon) horizon = us;
                desk_evict(desk, horizon);
            }
            for (int i = 0; i < 3; i++) {
                int64_t us = samples[random_below(added)].us + (int64_t)random_below(4000000000);
                if (horizon != INT64_MIN) us += horizon + INT64_C(86400000000);
                read_and_compare(desk, added, (struct nt_time){us});
            }
        }
        desk_free(desk);
    }
}

static void arguments_of_any_size_are_kept(void **state)
{
    (void)state;
    static char text[70000];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < 300; i++) {
        sample_fill(&samples[i], (int64_t)random_below(1000));
        uint32_t size = random_below(10) ? (uint32_t)random_below(300) : (uint32_t)sizeof text;
        samples[i].arguments[TEXT] = nt_text(text + sizeof text - size, size);
    }
    struct desk *one = desk_create(&view), *other = desk_create(&view);
    desk_add(one, 0, 300);
    read_and_compare(one, 300, (struct nt_time){500});
    desk_evict(one, 100);
    desk_evict(other, 100);
    samples_shuffle(300);
    desk_add(other, 0, 300);
    desk_flush(one);
    desk_flush(other);
    map_assert_same(one->map, other->map);
    read_and_compare(other, 300, (struct nt_time){INT64_C(86400000500)});
    desk_free(one);
    desk_free(other);
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

static void sweeping_equals_never_having_seen_the_events(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++) {
        size_t count = 2 + random_below(1500), kept = 0;
        samples_fill(count, 0, UINT64_C(1) << (20 + round % 4 * 6));
        int64_t horizon = samples[random_below(count)].us, newest = horizon;
        for (size_t i = 0; i < count; i++)
            if (samples[i].us > newest) newest = samples[i].us;
        if (newest == horizon) horizon--; /* what has lost all it had still knows its newest */
        struct desk *swept = desk_create(&bounded), *other = desk_create(&bounded);
        desk_add(swept, 0, count);
        assert_int_equal(timeline_sweep(swept->timeline, (struct nt_time){horizon}, NULL), NT_OK);
        desk_flush(swept);
        for (size_t i = 0; i < count; i++)
            if (samples[i].us > horizon) samples[kept++] = samples[i];
        desk_add(other, 0, kept);
        desk_flush(other);
        map_assert_same(swept->map, other->map);
        desk_free(swept);
        desk_free(other);
    }
}

static void a_sweep_that_drops_nothing_writes_nothing_and_refuses_reads(void **state)
{
    (void)state;
    samples_fill(300, INT64_C(200000000000), UINT64_C(1) << 36);
    struct desk *desk = desk_create(&bounded);
    desk_add(desk, 0, 300);
    desk_flush(desk);
    struct map *stored = desk->map;
    desk->map = memory_zalloc(sizeof *desk->map);
    struct nt_time horizon = {INT64_C(199999999999)}, told;
    assert_int_equal(timeline_sweep(desk->timeline, horizon, NULL), NT_OK);
    desk_flush(desk);
    assert_int_equal(desk->map->count, 0);
    assert_int_equal(timeline_horizon(desk->timeline, &told, NULL), NT_OK);
    assert_int_equal(told.us, horizon.us);
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value values[TERMS];
    struct nt_error error;
    assert_int_equal(timeline_read(desk->timeline, horizon, NULL, &e, values, NULL, &error),
                     NT_EVICTED);
    nt_arena_deinit(&arena);
    map_free(stored);
    desk_free(desk);
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

static void unwanted_terms_and_their_windows_are_left_alone(void **state)
{
    (void)state;
    samples_fill(200, INT64_C(90000000000), UINT64_C(1) << 36);
    struct desk *desk = desk_create(&view);
    desk_add(desk, 0, 200);
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value values[TERMS];
    struct nt_time now = {INT64_C(200000000000)};
    unsigned wanted_term = 3 * MEASURES + 1; /* the last second */
    uint64_t wanted[1] = {UINT64_C(1) << wanted_term};
    for (unsigned i = 0; i < TERMS; i++) values[i] = nt_integer(-7);
    assert_int_equal(timeline_read(desk->timeline, now, wanted, &e, values, NULL, NULL), NT_OK);
    for (unsigned i = 1; i < TERMS; i++) {
        if (i != wanted_term) assert_int_equal(values[i].integer, -7);
    }
    assert_true(values[0].integer >= 0);
    assert_true(values[wanted_term].is_null);
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
    seed = seed_take();
    views_fill();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_events_in_any_order_give_the_same_bytes),
        cmocka_unit_test(windows_equal_a_scan_of_the_events),
        cmocka_unit_test(windows_stay_right_while_events_come_and_go),
        cmocka_unit_test(arguments_of_any_size_are_kept),
        cmocka_unit_test(eviction_equals_never_having_kept_the_events),
        cmocka_unit_test(sweeping_equals_never_having_seen_the_events),
        cmocka_unit_test(a_sweep_that_drops_nothing_writes_nothing_and_refuses_reads),
        cmocka_unit_test(more_events_in_one_microsecond_than_a_leaf_holds_stay_one_run),
        cmocka_unit_test(reads_behind_the_horizon_are_refused_by_name),
        cmocka_unit_test(unwanted_terms_and_their_windows_are_left_alone),
        cmocka_unit_test(corrupt_and_missing_records_are_refused),
        cmocka_unit_test(a_walk_visits_every_event_in_order_of_time),
        cmocka_unit_test(infinite_times_are_future_forever_and_past_of_lifetime_windows_only),
        cmocka_unit_test(memory_stays_bounded_while_events_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
