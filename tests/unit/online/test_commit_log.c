/* test_commit_log.c: the log of commits: stamps, trimming, printing. */
#include "online/commit_log.h"

#include "../../support/store_fixture.h"
#include "online/store_impl.h"

#define SECOND_US INT64_C(1000000)

static struct store_options options_wall(int64_t keep_us)
{
    struct store_options options = options_event();
    options.is_event_clock = false;
    options.log_keep_us = keep_us;
    return options;
}

static void log_print(struct kv *kv, struct buffer *csv)
{
    struct nt_error error;
    uint64_t after = 0;
    buffer_clear(csv);
    if (commit_log_print(kv, NULL, &after, UINT64_MAX, (struct nt_time){T0}, csv, &error) != NT_OK)
        fail_msg("%s", error.text);
    assert_true(after == UINT64_MAX);
}

static void old_commits_are_folded_into_the_first_that_is_kept(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = open_with(kv, options_wall(10 * SECOND_US));
    struct buffer csv = {0};
    struct store_position other = {"refunds", 0, 7};
    struct nt_time began = wall;
    assert_int_equal(store_commit(store, &other, 1, NULL), NT_OK);
    for (int i = 1; i <= 30; i++) {
        wall.us += SECOND_US;
        commit_at(store, i);
    }
    log_print(kv, &csv);
    const char *text = buffer_text(&csv);
    assert_null(strstr(text, "\n19,"));
    assert_non_null(strstr(text, "\n20,2013-02-10 16:00:19.000001+00,2013-02-10 16:00:19+00,"
                                 "\"sales\",3,19\n20,2013-02-10 16:00:19.000001+00,"
                                 "2013-02-10 16:00:19+00,\"refunds\",0,7\n21,"));
    assert_non_null(strstr(text, "\"sales\",3,30\nend,2012-12-31 00:00:00+00,,,,\n"));
    wall.us += 3600 * SECOND_US;
    for (int i = 31; i <= 34; i++) commit_at(store, i);
    uint64_t first;
    assert_int_equal(commit_log_first(kv, NULL, &first, NULL), NT_OK);
    assert_true(first >= 31);
    buffer_deinit(&csv);
    store_close(store);
    wall = began;
}

static void without_a_limit_every_commit_is_kept(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = open_with(kv, options_wall(0));
    struct nt_time began = wall;
    for (int i = 1; i <= 30; i++) {
        wall.us += 1000 * SECOND_US;
        commit_at(store, i);
    }
    uint64_t first;
    assert_int_equal(commit_log_first(kv, NULL, &first, NULL), NT_OK);
    assert_int_equal(first, 1);
    store_close(store);
    wall = began;
}

static int64_t now_of(struct store *store)
{
    struct store_snapshot *snapshot;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    int64_t us = store_snapshot_now(snapshot).us;
    store_snapshot_close(snapshot);
    return us;
}

/* A lookup's now() is at or after that of the commit it sees, and before that of the next. */
static void a_lookup_stands_between_two_commits(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_wall(0));
    struct nt_time began = wall;
    assert_int_equal(now_of(store), wall.us);
    commit_at(store, 1);
    assert_int_equal(store->commit.now.us, wall.us + 1);
    assert_int_equal(now_of(store), wall.us + 1);
    commit_at(store, 2);
    assert_int_equal(store->commit.now.us, wall.us + 2);
    wall.us -= 5 * SECOND_US; /* a clock set back by little is held */
    assert_int_equal(now_of(store), began.us + 2);
    commit_at(store, 3);
    assert_int_equal(store->commit.now.us, began.us + 3);
    wall.us = began.us + SECOND_US;
    atomic_store(&store->commit_begun_us, wall.us - 10); /* beside a commit being written */
    assert_int_equal(now_of(store), wall.us - 10);
    atomic_store(&store->commit_begun_us, INT64_MAX);
    wall.us = began.us - 3600 * SECOND_US; /* by much, it is believed, and the log falls */
    assert_int_equal(now_of(store), wall.us);
    commit_at(store, 4);
    assert_int_equal(store->commit.now.us, wall.us + 1);
    store_close(store);
    wall = began;
}

static void a_lookup_that_is_held_up_stays_before_what_it_does_not_see(void **state)
{
    (void)state;
    struct store *store = open_with(kv_memory_open(), options_wall(0));
    struct nt_time began = wall;
    struct store_snapshot *snapshot;
    commit_at(store, 1);
    wall.us += SECOND_US;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    wall.us += SECOND_US;
    commit_at(store, 2);
    wall.us += SECOND_US;
    assert_true(store_snapshot_now(snapshot).us < store->commit.now.us);
    assert_int_equal(store_snapshot_now(snapshot).us, began.us + SECOND_US);
    store_snapshot_close(snapshot);
    store_close(store);
    wall = began;
}

static void on_an_event_clock_a_commit_is_at_the_newest_event(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = open_with(kv, options_event());
    struct buffer csv = {0};
    commit_at(store, 1);
    apply_ok(store, 1, 10, T0);
    commit_at(store, 2);
    apply_ok(store, 1, 10, T0 - 5); /* late */
    commit_at(store, 3);
    log_print(kv, &csv);
    assert_non_null(strstr(buffer_text(&csv), "\n1,-infinity,"));
    assert_non_null(strstr(buffer_text(&csv), "\n2,2012-12-31 00:00:00+00,"));
    assert_non_null(strstr(buffer_text(&csv), "\n3,2012-12-31 00:00:00+00,"));
    buffer_deinit(&csv);
    store_close(store);
}

static void pages_together_are_the_log(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = open_with(kv, options_wall(0));
    struct buffer whole = {0}, pages = {0};
    for (int i = 1; i <= 25; i++) commit_at(store, i);
    log_print(kv, &whole);
    for (uint64_t after = 0; after != UINT64_MAX;)
        assert_int_equal(commit_log_print(kv, NULL, &after, 10, (struct nt_time){T0}, &pages, NULL),
                         NT_OK);
    assert_string_equal(buffer_text(&whole), buffer_text(&pages));
    buffer_deinit(&whole);
    buffer_deinit(&pages);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_commits_are_folded_into_the_first_that_is_kept),
        cmocka_unit_test(without_a_limit_every_commit_is_kept),
        cmocka_unit_test(a_lookup_stands_between_two_commits),
        cmocka_unit_test(a_lookup_that_is_held_up_stays_before_what_it_does_not_see),
        cmocka_unit_test(on_an_event_clock_a_commit_is_at_the_newest_event),
        cmocka_unit_test(pages_together_are_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
