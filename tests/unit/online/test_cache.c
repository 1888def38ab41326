/* The writer's cache: found by bytes, dropped oldest first, never while dirty. */
#include "online/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ENTRY_ROOM ((size_t)8 << 10) /* more than one small entry counts */

static struct bytes text(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static void an_entry_is_found_by_its_bytes(void **state)
{
    (void)state;
    struct cache cache;
    cache_init(&cache, SIZE_MAX, true);
    struct cache_entry *a = cache_add(&cache, text("a"));
    assert_ptr_equal(cache_get(&cache, text("a")), a);
    assert_null(cache_get(&cache, text("b")));
    for (int i = 0; i < 5000; i++) { /* beyond the first table */
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        cache_add(&cache, text(name));
    }
    assert_ptr_equal(cache_get(&cache, text("a")), a);
    assert_non_null(cache_get(&cache, text("n4999")));
    cache_deinit(&cache);
}

static void over_budget_the_longest_unused_clean_entry_goes(void **state)
{
    (void)state;
    struct cache cache;
    cache_init(&cache, 2 * ENTRY_ROOM, true);
    nt_arena_alloc(&cache_add(&cache, text("a"))->arena, ENTRY_ROOM);
    nt_arena_alloc(&cache_add(&cache, text("b"))->arena, ENTRY_ROOM);
    cache_mark_dirty(&cache, cache_get(&cache, text("b")));
    cache_mark_dirty(&cache, cache_get(&cache, text("a")));
    cache_mark_stored(&cache);
    assert_null(cache_get(&cache, text("b")));
    assert_non_null(cache_get(&cache, text("a")));
    cache_deinit(&cache);
}

static void dirty_entries_stay_whatever_the_budget(void **state)
{
    (void)state;
    struct cache cache;
    cache_init(&cache, 0, true);
    for (int i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        cache_mark_dirty(&cache, cache_add(&cache, text(name)));
    }
    assert_int_equal(cache.count, 100);
    assert_int_equal(strncmp((const char *)cache.dirty.first->prefix.data, "n0", 2), 0);
    cache_mark_stored(&cache);
    assert_int_equal(cache.count, 0);
    assert_int_equal(cache.size, 0);
    cache_deinit(&cache);
}

static void an_arena_that_grew_far_is_let_go_once_stored(void **state)
{
    (void)state;
    struct cache cache;
    cache_init(&cache, SIZE_MAX, true);
    struct cache_entry *entry = cache_add(&cache, text("a"));
    cache_mark_dirty(&cache, entry);
    cache_mark_stored(&cache);
    assert_non_null(cache_get(&cache, text("a")));
    nt_arena_alloc(&entry->arena, 1 << 20);
    cache_mark_dirty(&cache, entry);
    cache_mark_stored(&cache);
    assert_null(cache_get(&cache, text("a")));
    cache_deinit(&cache);
}

static bool may_be_stored(struct cache *cache, const char *key)
{
    return cache_add(cache, text(key))->may_be_stored;
}

static void only_what_was_dropped_may_be_stored_if_nothing_was(void **state)
{
    (void)state;
    struct cache cache;
    cache_init(&cache, SIZE_MAX, true);
    assert_false(may_be_stored(&cache, "a"));
    assert_false(may_be_stored(&cache, "b"));
    cache_remove(&cache, cache_get(&cache, text("a")));
    assert_true(may_be_stored(&cache, "a"));
    assert_false(may_be_stored(&cache, "c"));
    cache_deinit(&cache);
    cache_init(&cache, SIZE_MAX, false);
    assert_true(may_be_stored(&cache, "a"));
    cache_deinit(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_found_by_its_bytes),
        cmocka_unit_test(over_budget_the_longest_unused_clean_entry_goes),
        cmocka_unit_test(dirty_entries_stay_whatever_the_budget),
        cmocka_unit_test(an_arena_that_grew_far_is_let_go_once_stored),
        cmocka_unit_test(only_what_was_dropped_may_be_stored_if_nothing_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
