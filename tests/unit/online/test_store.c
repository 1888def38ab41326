/* The store: what it answers, and that its bytes depend on the events alone. */
#include "../../support/store_fixture.h"
#include "row/value_text.h"

#include <unistd.h>

#define SHOPS  7
#define EVENTS 3000

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
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_dump(snapshot, dump_append, out, NULL), NT_OK);
    store_snapshot_close(snapshot);
}

/* "n,total,total_10m" or the status's name. */
static const char *read_recent(struct store_snapshot *snapshot, struct nt_arena *arena, int shop,
                               struct nt_time now)
{
    struct nt_eval e = {.arena = arena};
    struct view_row row;
    struct nt_error error;
    struct nt_value key = fixture_text(nt_arena_printf(arena, "shop%d", shop));
    enum nt_status status = store_read(snapshot, FIXTURE_RECENT, &key, now, &e, &row, &error);
    if (status != NT_OK) return status_name(status);
    if (!row.is_present) return "absent";
    struct buffer out = {0};
    for (int i = 1; i < 4; i++) {
        if (i > 1) buffer_append_byte(&out, ',');
        if (!row.features[i].is_null)
            value_append_text(fixture_recent_features[i].type, row.features[i], &out);
    }
    char *text = nt_arena_printf(arena, "%s", buffer_text(&out));
    buffer_deinit(&out);
    return text;
}

static const char *expected_recent(const struct sale *sales, int count, struct nt_arena *arena,
                                   int shop, int64_t now_us)
{
    int64_t n = 0, total = 0, minutes = 0, n_minutes = 0;
    for (int i = 0; i < count; i++) {
        const struct sale *sale = &sales[i];
        if (sale->shop != shop || sale->at_us > now_us || sale->at_us <= now_us - FIXTURE_HOUR_US)
            continue;
        n++;
        total += sale->amount;
        if (sale->at_us <= now_us - 10 * FIXTURE_MINUTE_US) continue;
        n_minutes++;
        minutes += sale->amount;
    }
    if (!n) return "absent";
    if (!n_minutes) return nt_arena_printf(arena, "%ld,%ld,", (long)n, (long)total);
    return nt_arena_printf(arena, "%ld,%ld,%ld", (long)n, (long)total, (long)minutes);
}

static void sales_draw(struct sale *sales, unsigned *seed)
{
    for (int i = 0; i < EVENTS; i++) {
        int64_t at_us = T0 + rand_r(seed) % (20 * 3600) * INT64_C(1000000);
        /* Some shops are busy enough for a tall trie, some nearly unknown. */
        int shop = rand_r(seed) % 3 ? 0 : rand_r(seed) % SHOPS;
        sales[i] = (struct sale){shop, rand_r(seed) % 1000, at_us};
    }
}

static void sales_shuffle(struct sale *sales, unsigned *seed)
{
    for (int i = EVENTS - 1; i > 0; i--) {
        int j = rand_r(seed) % (i + 1);
        struct sale swap = sales[i];
        sales[i] = sales[j];
        sales[j] = swap;
    }
}

static unsigned seed_make(void)
{
    const char *given = getenv("SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)getpid();
    print_message("SEED=%u\n", seed);
    return seed;
}

static void the_bytes_depend_on_the_events_alone(void **state)
{
    (void)state;
    unsigned seed = seed_make();
    static struct sale sales[EVENTS];
    struct buffer first = {0}, other = {0};
    sales_draw(sales, &seed);
    for (int round = 0; round < 6; round++) {
        struct store_options options = options_event();
        if (round % 2) options.cache_bytes_max = 0;
        struct store *store = open_with(kv_memory_open(), options);
        for (int i = 0; i < EVENTS; i++) {
            apply_ok(store, sales[i].shop, sales[i].amount, sales[i].at_us);
            if (rand_r(&seed) % (1 + 50 * round) == 0) commit_at(store, i + 1);
        }
        commit_at(store, EVENTS);
        sweep_ok(store, 3);
        struct buffer *out = round ? &other : &first;
        buffer_clear(out);
        dump(store, out);
        if (round) assert_int_equal(bytes_compare(buffer_bytes(&first), buffer_bytes(&other)), 0);
        store_close(store);
        sales_shuffle(sales, &seed);
    }
    assert_true(first.size > 1000);
    buffer_deinit(&first);
    buffer_deinit(&other);
}

static void every_read_within_the_past_reads_is_the_query_at_that_time(void **state)
{
    (void)state;
    unsigned seed = seed_make();
    static struct sale sales[EVENTS];
    struct store *store = open_with(kv_memory_open(), options_event());
    struct store_snapshot *snapshot;
    struct nt_arena arena;
    nt_arena_init(&arena);
    sales_draw(sales, &seed);
    for (int i = 0; i < EVENTS; i++) {
        apply_ok(store, sales[i].shop, sales[i].amount, sales[i].at_us);
        if (rand_r(&seed) % 100 == 0) commit_at(store, i + 1);
    }
    commit_at(store, EVENTS);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    struct nt_time now = store_snapshot_now(snapshot);
    for (int i = 0; i < 2000; i++) {
        int shop = rand_r(&seed) % (SHOPS + 1);
        struct nt_time t = {now.us - rand_r(&seed) % (PAST_US / 1000000) * INT64_C(1000000)};
        assert_string_equal(read_recent(snapshot, &arena, shop, t),
                            expected_recent(sales, EVENTS, &arena, shop, t.us));
        nt_arena_reset(&arena);
    }
    store_snapshot_close(snapshot);
    store_close(store);
    nt_arena_deinit(&arena);
}

static void a_past_from_which_events_were_dropped_is_refused(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_event());
    struct store_snapshot *snapshot;
    struct nt_arena arena;
    nt_arena_init(&arena);
    apply_ok(store, 1, 10, T0);
    apply_ok(store, 1, 20, T0 + 10 * FIXTURE_HOUR_US);
    commit_at(store, 2);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    struct nt_time now = store_snapshot_now(snapshot);
    assert_int_equal(now.us, T0 + 10 * FIXTURE_HOUR_US);
    assert_string_equal(read_recent(snapshot, &arena, 1, now), "1,20,20");
    assert_string_equal(read_recent(snapshot, &arena, 1, (struct nt_time){T0}), "evicted");
    struct nt_time oldest = {now.us - PAST_US};
    assert_string_equal(read_recent(snapshot, &arena, 1, oldest), "absent");
    store_snapshot_close(snapshot);
    store_close(store);
    nt_arena_deinit(&arena);
}

static void a_past_that_is_kept_forever_is_never_refused(void **state)
{
    (void)state;
    struct store_options options = options_event();
    options.past_reads_us = STORE_PAST_FOREVER;
    struct store *store = open_with(kv_memory_open(), options);
    struct store_snapshot *snapshot;
    struct nt_arena arena;
    nt_arena_init(&arena);
    apply_ok(store, 1, 10, T0);
    apply_ok(store, 1, 20, T0 + 1000 * FIXTURE_HOUR_US);
    commit_at(store, 2);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_string_equal(read_recent(snapshot, &arena, 1, (struct nt_time){T0}), "1,10,10");
    assert_string_equal(read_recent(snapshot, &arena, 1, (struct nt_time){T0 - 1}), "absent");
    store_snapshot_close(snapshot);
    store_close(store);
    nt_arena_deinit(&arena);
}

static void a_service_reads_all_its_views(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_event());
    struct store_snapshot *snapshot;
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    struct nt_value values[3];
    uint8_t statuses[3];
    apply_ok(store, 1, 10, T0);
    apply_ok(store, 1, 20, T0 + 2 * FIXTURE_HOUR_US);
    apply_ok(store, 2, 5, T0);
    commit_at(store, 3);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    struct nt_time now = store_snapshot_now(snapshot);
    struct nt_value request = fixture_text("shop1");
    assert_int_equal(store_read_service(snapshot, 0, &request, now, &e, values, statuses, NULL),
                     NT_OK);
    assert_int_equal(values[1].integer, 1);
    assert_int_equal(values[2].integer, 2);
    request = fixture_text("shop2"); /* all its events have left the hour */
    assert_int_equal(store_read_service(snapshot, 0, &request, now, &e, values, statuses, NULL),
                     NT_OK);
    assert_int_equal(statuses[1], FEATURE_NOT_FOUND);
    assert_int_equal(statuses[2], FEATURE_PRESENT);
    request = NT_NULL;
    assert_int_equal(store_read_service(snapshot, 0, &request, now, &e, values, statuses, NULL),
                     NT_OK);
    assert_int_equal(statuses[2], FEATURE_NOT_FOUND);
    store_snapshot_close(snapshot);
    store_close(store);
    nt_arena_deinit(&arena);
}

static void a_snapshot_shows_one_commit(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_event());
    struct store_snapshot *before, *after;
    struct nt_time at;
    struct nt_arena arena;
    nt_arena_init(&arena);
    assert_int_equal(store_snapshot_open(store, &before, NULL), NT_OK);
    assert_int_equal(store_snapshot_now(before).us, wall.us);
    apply_ok(store, 1, 10, T0);
    apply_ok(store, -1, 10, T0);
    store_count(store, STORE_REJECTED, 3);
    commit_at(store, 5);
    assert_int_equal(store_snapshot_open(store, &after, NULL), NT_OK);
    assert_int_equal(store_snapshot_commit(before, &at), 0);
    assert_int_equal(store_snapshot_commit(after, &at), 1);
    assert_int_equal(at.us, wall.us);
    assert_string_equal(read_recent(before, &arena, 1, (struct nt_time){T0}), "absent");
    assert_string_equal(read_recent(after, &arena, 1, (struct nt_time){T0}), "1,10,10");
    assert_int_equal(store_snapshot_counter(before, STORE_ACCEPTED), 0);
    assert_int_equal(store_snapshot_counter(after, STORE_ACCEPTED), 2);
    assert_int_equal(store_snapshot_counter(after, STORE_REJECTED), 3);
    assert_int_equal(store_snapshot_counter(after, STORE_APPLIED), 2);
    assert_int_equal(store_snapshot_counter(after, STORE_NULL_KEYS), 2);
    store_snapshot_close(before);
    store_snapshot_close(after);
    store_close(store);
    nt_arena_deinit(&arena);
}

static bool log_read(void *self, struct bytes key, struct bytes value)
{
    struct reader in = reader_of(value);
    assert_int_equal(reader_u64(&in), wall.us);
    reader_u64(&in);
    uint64_t count = reader_varint(&in);
    buffer_printf(self, "%d:", key.data[key.size - 1]);
    for (uint64_t i = 0; i < count; i++) {
        size_t size = (size_t)reader_varint(&in);
        const char *topic = (const char *)reader_take(&in, size);
        uint32_t partition = reader_u32(&in);
        buffer_printf(self, "%.*s/%u@%lu ", (int)size, topic, partition,
                      (unsigned long)reader_u64(&in));
    }
    return !in.is_short;
}

static void the_commit_log_says_when_which_positions_moved(void **state)
{
    (void)state;
    struct buffer log = {0};
    struct kv *kv = kv_memory_open();
    struct store *store = open_with(kv, options_event());
    commit_at(store, 5);
    commit_at(store, 9);
    struct bytes prefix = {(const uint8_t *)"log/", 4};
    assert_int_equal(kv->ops->scan(kv, NULL, KV_META, prefix, log_read, &log, NULL), NT_OK);
    assert_string_equal(buffer_text(&log), "1:sales/3@5 2:sales/3@9 ");
    buffer_deinit(&log);
    store_close(store);
}

static bool key_count(void *self, struct bytes key)
{
    assert_true(key.size > 0);
    return ++*(int *)self < 2;
}

static void keys_are_listed_until_the_visitor_stops(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_event());
    struct store_snapshot *snapshot;
    int count = 0;
    for (int shop = 0; shop < 3; shop++) apply_ok(store, shop, 1, T0);
    commit_at(store, 3);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_keys(snapshot, FIXTURE_EVER, key_count, &count, NULL), NT_OK);
    assert_int_equal(count, 2);
    store_snapshot_close(snapshot);
    store_close(store);
}

/* Closing drops what was not committed, as a crash does. */
static void a_crash_loses_and_repeats_nothing(void **state)
{
    (void)state;
    unsigned seed = seed_make();
    static struct sale sales[EVENTS];
    char path[] = "/tmp/nowthen-store-XXXXXX";
    struct buffer calm = {0}, crashed = {0};
    assert_non_null(mkdtemp(path));
    sales_draw(sales, &seed);
    struct store *store = open_with(kv_memory_open(), options_event());
    for (int i = 0; i < EVENTS; i++)
        apply_ok(store, sales[i].shop, sales[i].amount, sales[i].at_us);
    commit_at(store, EVENTS);
    dump(store, &calm);
    store_close(store);
    int64_t offset = -1;
    for (int crash = 0; offset < EVENTS; crash++) {
        store = open_with(rocks_open(path), options_event());
        int64_t found;
        assert_int_equal(store_position_get(store, "sales", 3, &found, NULL), NT_OK);
        assert_int_equal(found, offset);
        int64_t begin = found < 0 ? 0 : found, stop = begin + rand_r(&seed) % 1000;
        for (int64_t i = begin; i < EVENTS && i < stop; i++) {
            apply_ok(store, sales[i].shop, sales[i].amount, sales[i].at_us);
            if (rand_r(&seed) % 100 == 0 || i == EVENTS - 1) commit_at(store, offset = i + 1);
        }
        if (offset == EVENTS) dump(store, &crashed);
        store_close(store);
    }
    assert_int_equal(bytes_compare(buffer_bytes(&calm), buffer_bytes(&crashed)), 0);
    buffer_deinit(&calm);
    buffer_deinit(&crashed);
    path_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_depend_on_the_events_alone),
        cmocka_unit_test(every_read_within_the_past_reads_is_the_query_at_that_time),
        cmocka_unit_test(a_past_from_which_events_were_dropped_is_refused),
        cmocka_unit_test(a_past_that_is_kept_forever_is_never_refused),
        cmocka_unit_test(a_service_reads_all_its_views),
        cmocka_unit_test(a_snapshot_shows_one_commit),
        cmocka_unit_test(the_commit_log_says_when_which_positions_moved),
        cmocka_unit_test(keys_are_listed_until_the_visitor_stops),
        cmocka_unit_test(a_crash_loses_and_repeats_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
