/* The sweep: entities that no event touches any more leave the store, whatever the order of events,
 * commits, slices and restarts, and no read notices but one that is refused. */
#include "../../support/seed.h"
#include "../../support/store_fixture.h"

#include <unistd.h>

#define SHOPS     400
#define EVENTS    3000
#define SPAN_US   (40 * FIXTURE_HOUR_US)
#define LATE_US   (6 * FIXTURE_HOUR_US)
#define WINDOW_US (FIXTURE_HOUR_US + PAST_US) /* what recent keeps */

static void dump_append(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    buffer_append_byte(self, (uint8_t)family);
    buffer_append_varint(self, key.size);
    buffer_append(self, key.data, key.size);
    buffer_append_varint(self, value.size);
    buffer_append(self, value.data, value.size);
}

static void dump(struct store *store, struct buffer *out)
{
    struct store_snapshot *snapshot;
    buffer_clear(out);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_dump(snapshot, dump_append, out, NULL), NT_OK);
    store_snapshot_close(snapshot);
}

static bool key_count(void *self, struct bytes key)
{
    (void)key;
    ++*(int *)self;
    return true;
}

static int entities(struct store *store, uint16_t view)
{
    struct store_snapshot *snapshot;
    int count = 0;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_keys(snapshot, view, key_count, &count, NULL), NT_OK);
    store_snapshot_close(snapshot);
    return count;
}

/* n of recent; 0: absent, -1: evicted. */
static int64_t read_n(struct store_snapshot *snapshot, int shop, int64_t now_us)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct view_row row;
    struct nt_value key = fixture_text(nt_arena_printf(&arena, "shop%d", shop));
    enum nt_status status =
        store_read(snapshot, FIXTURE_RECENT, &key, (struct nt_time){now_us}, &e, &row, NULL);
    assert_true(status == NT_OK || status == NT_EVICTED);
    int64_t n = status == NT_EVICTED ? -1 : row.is_present ? row.features[1].integer : 0;
    nt_arena_deinit(&arena);
    return n;
}

static void an_entity_that_is_not_touched_leaves(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_event());
    struct store_snapshot *snapshot;
    for (int i = 0; i < 500; i++) apply_ok(store, 1, i, T0 + i); /* with tiles */
    for (int i = 0; i < 10; i++) apply_ok(store, 2, i, T0 + i);
    commit_at(store, 510);
    sweep_ok(store, 1);
    assert_int_equal(entities(store, FIXTURE_RECENT), 2);
    int64_t later_us = T0 + 2 * WINDOW_US + FIXTURE_HOUR_US;
    apply_ok(store, 3, 1, later_us);
    commit_at(store, 511);
    sweep_ok(store, 1);
    assert_int_equal(entities(store, FIXTURE_RECENT), 1);
    assert_int_equal(entities(store, FIXTURE_EVER), 3);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(read_n(snapshot, 1, later_us), 0);
    assert_int_equal(read_n(snapshot, 1, later_us - PAST_US), 0);
    assert_int_equal(read_n(snapshot, 1, T0 + 600), -1); /* not: absent */
    assert_int_equal(read_n(snapshot, 3, later_us), 1);
    store_snapshot_close(snapshot);
    apply_ok(store, 1, 1, T0 + 700); /* later than it is kept */
    apply_ok(store, 2, 1, later_us);
    commit_at(store, 513);
    sweep_ok(store, 1);
    assert_int_equal(entities(store, FIXTURE_RECENT), 2);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(read_n(snapshot, 2, later_us), 1);
    store_snapshot_close(snapshot);
    store_close(store);
}

struct wanted {
    const char *text;
    struct buffer *out;
};

static void record_take(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    const struct wanted *wanted = self;
    size_t size = strlen(wanted->text);
    if (family != KV_ROW || !memmem(key.data, key.size, wanted->text, size)) return;
    buffer_append(wanted->out, key.data, key.size);
    buffer_append(wanted->out, value.data, value.size);
}

/* A shop's records of all views. */
static void records_of(struct store *store, const char *shop, struct buffer *out)
{
    struct wanted wanted = {shop, out};
    struct store_snapshot *snapshot;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_dump(snapshot, record_take, &wanted, NULL), NT_OK);
    store_snapshot_close(snapshot);
}

/* Its record would change if it told of the sweep. A read behind the sweep horizon is refused all
 * the same, where its own horizon would allow it, and after a restart. */
static void an_entity_that_loses_nothing_is_left_as_it_is(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-sweep-XXXXXX";
    assert_non_null(mkdtemp(path));
    struct store *store = open_with(rocks_open(path), options_event());
    struct store_snapshot *snapshot;
    struct buffer before = {0}, after = {0};
    int64_t now_us = T0 + 2 * WINDOW_US, young_us = now_us - WINDOW_US + 1000000;
    int64_t old_us = T0 + FIXTURE_HOUR_US + 600000000; /* the young one's horizon is at T0 */
    apply_ok(store, 1, 1, T0);
    apply_ok(store, 2, 1, young_us);
    commit_at(store, 2);
    sweep_ok(store, 1);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(read_n(snapshot, 2, old_us), 0);
    store_snapshot_close(snapshot);
    records_of(store, "shop2", &before);
    apply_ok(store, 3, 1, now_us);
    commit_at(store, 3);
    sweep_ok(store, 1);
    records_of(store, "shop2", &after);
    assert_true(before.size > 0);
    assert_int_equal(bytes_compare(buffer_bytes(&before), buffer_bytes(&after)), 0);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
        assert_int_equal(read_n(snapshot, 1, old_us), -1);
        assert_int_equal(read_n(snapshot, 2, old_us), -1);
        assert_int_equal(read_n(snapshot, 2, now_us - PAST_US), 1);
        store_snapshot_close(snapshot);
        store_close(store);
        store = round ? NULL : open_with(rocks_open(path), options_event());
    }
    buffer_deinit(&before);
    buffer_deinit(&after);
    path_remove(path);
}

static int drawn(uint64_t *seed, int64_t below)
{
    return (int)(seed_next(seed) % (uint64_t)below);
}

static void sales_draw(struct sale *sales, uint64_t *seed)
{
    for (int i = 0; i < EVENTS; i++) {
        int64_t at_us = i * (SPAN_US / EVENTS) - drawn(seed, LATE_US / 1000) * INT64_C(1000);
        int shop = drawn(seed, 4) ? drawn(seed, SHOPS) : 0;
        sales[i] = (struct sale){shop, drawn(seed, 1000), T0 + at_us};
    }
}

static void sales_shuffle(struct sale *sales, uint64_t *seed)
{
    for (int i = EVENTS - 1; i > 0; i--) {
        int j = drawn(seed, i + 1);
        struct sale swap = sales[i];
        sales[i] = sales[j];
        sales[j] = swap;
    }
}

/* Commits, slices and restarts at random. */
static void sales_run(const char *path, const struct sale *sales, uint64_t *seed,
                      struct buffer *out)
{
    struct store_options options = options_event();
    options.cache_bytes_max = (size_t)drawn(seed, 2) ? 0 : CACHE_BYTES;
    struct store *store = open_with(rocks_open(path), options);
    bool is_done;
    for (int i = 0; i < EVENTS; i++) {
        apply_ok(store, sales[i].shop, sales[i].amount, sales[i].at_us);
        if (drawn(seed, 30)) continue;
        commit_at(store, i + 1);
        if (drawn(seed, 2)) continue;
        assert_int_equal(store_sweep(store, 1 + (size_t)drawn(seed, 50), &is_done, NULL), NT_OK);
        if (drawn(seed, 10)) continue;
        store_close(store);
        store = open_with(rocks_open(path), options);
    }
    commit_at(store, EVENTS);
    sweep_ok(store, 1 + (size_t)drawn(seed, 50));
    dump(store, out);
    store_close(store);
}

static int64_t expected_n(const struct sale *sales, int shop, int64_t now_us)
{
    int64_t n = 0;
    for (int i = 0; i < EVENTS; i++)
        n += sales[i].shop == shop && sales[i].at_us <= now_us &&
             sales[i].at_us > now_us - FIXTURE_HOUR_US;
    return n;
}

static void reads_check(const char *path, const struct sale *sales, uint64_t *seed)
{
    struct store *store = open_with(rocks_open(path), options_event());
    struct store_snapshot *snapshot;
    assert_in_range(entities(store, FIXTURE_RECENT), 1, SHOPS / 2);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    int64_t now_us = store_snapshot_now(snapshot).us;
    for (int i = 0; i < 1000; i++) {
        int shop = drawn(seed, SHOPS);
        int64_t at_us = now_us - drawn(seed, PAST_US / 1000) * INT64_C(1000);
        assert_int_equal(read_n(snapshot, shop, at_us), expected_n(sales, shop, at_us));
    }
    store_snapshot_close(snapshot);
    store_close(store);
}

static void the_bytes_are_those_of_the_events_alone(void **state)
{
    (void)state;
    uint64_t seed = seed_take();
    static struct sale sales[EVENTS];
    struct buffer first = {0}, other = {0};
    sales_draw(sales, &seed);
    for (int round = 0; round < 6; round++) {
        char path[] = "/tmp/nowthen-sweep-XXXXXX";
        assert_non_null(mkdtemp(path));
        sales_run(path, sales, &seed, round ? &other : &first);
        if (round) assert_int_equal(bytes_compare(buffer_bytes(&first), buffer_bytes(&other)), 0);
        reads_check(path, sales, &seed);
        path_remove(path);
        if (round > 1) sales_shuffle(sales, &seed); /* the first two: in order, but for the late */
    }
    buffer_deinit(&first);
    buffer_deinit(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entity_that_is_not_touched_leaves),
        cmocka_unit_test(an_entity_that_loses_nothing_is_left_as_it_is),
        cmocka_unit_test(the_bytes_are_those_of_the_events_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
