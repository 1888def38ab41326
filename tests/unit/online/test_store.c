/* The store: what it answers, that its bytes depend on the events alone, and how it fails. */
#include "online/store.h"
#include "row/value_text.h"
#include "../../support/program_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define T0          INT64_C(410000000000000000) /* 2012 */
#define SHOPS       7
#define EVENTS      3000
#define PAST_US     (2 * FIXTURE_HOUR_US)
#define CACHE_BYTES ((size_t)64 << 20)

struct sale {
    int shop;
    int64_t amount;
    int64_t at_us;
};

static struct nt_time clock_at(void *self)
{
    return *(struct nt_time *)self;
}

static struct nt_time wall = {T0 + 1000 * FIXTURE_HOUR_US};

static struct store_options options_event(void)
{
    return (struct store_options){
        .clock = {clock_at, &wall},
        .is_event_clock = true,
        .past_reads_us = PAST_US,
        .cache_bytes_max = CACHE_BYTES,
    };
}

static struct store *open_with(struct kv *kv, struct store_options options)
{
    struct store *store = NULL;
    struct nt_error error;
    if (store_open(&fixture_program, kv, &options, &store, &error) != NT_OK)
        fail_msg("%s", error.text);
    return store;
}

/* shop -1: NULL. */
static enum nt_status apply(struct store *store, struct sale sale, struct nt_error *error)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    struct event event;
    char name[16];
    snprintf(name, sizeof name, "shop%d", sale.shop);
    struct nt_value row[3] = {sale.shop < 0 ? NT_NULL : fixture_text(name), nt_integer(sale.amount),
                              nt_timestamptz(sale.at_us)};
    assert_true(event_admit(&fixture_program, 0, &e, row, &event));
    enum nt_status status = store_apply(store, &event, error);
    nt_arena_deinit(&arena);
    return status;
}

static void apply_ok(struct store *store, int shop, int64_t amount, int64_t at_us)
{
    struct nt_error error;
    if (apply(store, (struct sale){shop, amount, at_us}, &error) != NT_OK)
        fail_msg("%s", error.text);
}

static void commit_at(struct store *store, int64_t offset)
{
    struct nt_error error;
    struct store_position position = {"sales", 3, offset};
    if (store_commit(store, &position, 1, &error) != NT_OK) fail_msg("%s", error.text);
}

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

static void path_remove(const char *path)
{
    struct buffer command = {0};
    buffer_printf(&command, "rm -rf '%s'", path);
    assert_int_equal(system(buffer_text(&command)), 0);
    buffer_deinit(&command);
}

static struct kv *rocks_open(const char *path)
{
    struct kv *kv = NULL;
    struct nt_error error;
    if (kv_rocks_open(path, &kv, &error) != NT_OK) fail_msg("%s", error.text);
    return kv;
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
    int64_t offset = 0;
    for (int crash = 0; offset < EVENTS; crash++) {
        store = open_with(rocks_open(path), options_event());
        int64_t found;
        assert_int_equal(store_position_get(store, "sales", 3, &found, NULL), NT_OK);
        assert_int_equal(found, offset);
        int64_t stop = found + rand_r(&seed) % 1000;
        for (int64_t i = found; i < EVENTS && i < stop; i++) {
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

static enum nt_status reopen(const char *path, const struct nt_program *program,
                             struct nt_error *error)
{
    struct store *store = NULL;
    struct store_options options = options_event();
    enum nt_status status = store_open(program, rocks_open(path), &options, &store, error);
    store_close(store);
    return status;
}

static void a_store_of_other_definitions_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-store-XXXXXX";
    struct nt_error error;
    struct nt_program program = fixture_program;
    struct nt_view views[2] = {fixture_views[0], fixture_views[1]};
    program.views = views;
    assert_non_null(mkdtemp(path));
    assert_int_equal(reopen(path, &fixture_program, &error), NT_OK);
    assert_int_equal(reopen(path, &program, &error), NT_OK);
    views[0].fingerprint++;
    assert_int_equal(reopen(path, &program, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, "view recent of fingerprint 1111222233334444"));
    views[0].fingerprint--;
    views[1].name = "other";
    assert_int_equal(reopen(path, &program, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, "holds view ever"));
    program.view_count = 1;
    assert_int_equal(reopen(path, &program, &error), NT_MISMATCH);
    assert_int_equal(reopen(path, &fixture_program, &error), NT_OK);
    path_remove(path);
}

static void a_view_that_is_new_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-store-XXXXXX";
    struct nt_error error;
    struct nt_program program = fixture_program;
    program.view_count = 1;
    assert_non_null(mkdtemp(path));
    assert_int_equal(reopen(path, &program, &error), NT_OK);
    assert_int_equal(reopen(path, &fixture_program, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, "holds 1 views, the program has 2"));
    path_remove(path);
}

/* A kv whose calls fail after some: everything else is the memory body's. */
struct kv_failing {
    struct kv kv;
    struct kv *inner;
    int writes_left, gets_left;
};

static void failing_close(struct kv *kv)
{
    struct kv_failing *failing = (struct kv_failing *)kv;
    failing->inner->ops->close(failing->inner);
}

static enum nt_status failing_get(struct kv *kv, struct kv_snapshot *snapshot,
                                  enum kv_family family, struct bytes key, struct buffer *value,
                                  struct nt_error *error)
{
    struct kv_failing *failing = (struct kv_failing *)kv;
    if (failing->gets_left-- <= 0) return error_set(error, NT_IO, "the disk is gone");
    return failing->inner->ops->get(failing->inner, snapshot, family, key, value, error);
}

static enum nt_status failing_write(struct kv *kv, const struct kv_batch *batch,
                                    struct nt_error *error)
{
    struct kv_failing *failing = (struct kv_failing *)kv;
    if (failing->writes_left-- <= 0) return error_set(error, NT_IO, "the disk is full");
    return failing->inner->ops->write(failing->inner, batch, error);
}

static const struct kv_ops failing_ops = {
    .close = failing_close, .get = failing_get, .write = failing_write};

static void after_a_failed_commit_the_writer_is_refused(void **state)
{
    (void)state;
    struct nt_error error;
    struct kv_failing failing = {{&failing_ops}, kv_memory_open(), 1, 1000};
    struct store *store = open_with(&failing.kv, options_event());
    apply_ok(store, 1, 10, T0);
    assert_int_equal(store_commit(store, NULL, 0, &error), NT_IO);
    assert_string_equal(error.text, "the disk is full");
    failing.writes_left = 10;
    assert_int_equal(store_commit(store, NULL, 0, &error), NT_IO);
    assert_non_null(strstr(error.text, "must be opened again"));
    assert_non_null(strstr(error.text, "the disk is full"));
    assert_int_equal(apply(store, (struct sale){1, 1, T0}, &error), NT_IO);
    store_close(store);
}

static void after_a_failed_read_the_writer_is_refused(void **state)
{
    (void)state;
    struct nt_error error;
    struct kv_failing failing = {{&failing_ops}, kv_memory_open(), 10, 1000};
    struct store *store = open_with(&failing.kv, options_event());
    failing.gets_left = 0;
    assert_int_equal(apply(store, (struct sale){1, 1, T0}, &error), NT_IO);
    failing.gets_left = 100;
    assert_int_equal(store_commit(store, NULL, 0, &error), NT_IO);
    assert_non_null(strstr(error.text, "the disk is gone"));
    store_close(store);
}

static void negative_past_reads_are_refused(void **state)
{
    (void)state;
    struct store *store = NULL;
    struct nt_error error;
    struct store_options options = options_event();
    options.past_reads_us = -1;
    assert_int_equal(store_open(&fixture_program, kv_memory_open(), &options, &store, &error),
                     NT_INVALID);
    assert_null(store);
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
        cmocka_unit_test(keys_are_listed_until_the_visitor_stops),
        cmocka_unit_test(a_crash_loses_and_repeats_nothing),
        cmocka_unit_test(a_store_of_other_definitions_is_refused),
        cmocka_unit_test(a_view_that_is_new_is_refused),
        cmocka_unit_test(after_a_failed_commit_the_writer_is_refused),
        cmocka_unit_test(after_a_failed_read_the_writer_is_refused),
        cmocka_unit_test(negative_past_reads_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
