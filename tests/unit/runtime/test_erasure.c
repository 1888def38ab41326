/* test_erasure.c: which events are forgotten. */
#include "runtime/erasure.h"

#include "../../support/program_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHOP   0
#define AMOUNT 1

static struct erasure erasure_of(const char *shop, int32_t partition, int64_t next)
{
    struct erasure erasure = {0, {SHOP}, 1, "", "sales", partition, next};
    struct nt_value key = fixture_text(shop);
    assert_true(
        erasure_hash(&fixture_program.sources[0], erasure.columns, 1, &key, erasure.key_hash));
    return erasure;
}

static bool is_forgotten(const struct erasures *erasures, const char *shop, int32_t partition,
                         int64_t offset)
{
    struct nt_value row[3] = {shop ? fixture_text(shop) : NT_NULL, nt_integer(7),
                              nt_timestamptz(0)};
    return erasures_match(erasures, 0, row, "sales", partition, offset);
}

static void only_events_of_the_key_before_the_position_are_forgotten(void **state)
{
    (void)state;
    struct erasure items[] = {erasure_of("b", 0, 10), erasure_of("a", 0, 5), erasure_of("c", 1, 8),
                              erasure_of("a", 1, 20)};
    struct erasures erasures = {.program = &fixture_program, .items = items, .count = 4};
    erasures_sort(&erasures);
    assert_true(is_forgotten(&erasures, "a", 0, 4));
    assert_false(is_forgotten(&erasures, "a", 0, 5));
    assert_true(is_forgotten(&erasures, "b", 0, 9));
    assert_false(is_forgotten(&erasures, "b", 1, 3));
    assert_true(is_forgotten(&erasures, "a", 1, 19));
    assert_true(is_forgotten(&erasures, "c", 1, 0));
    assert_false(is_forgotten(&erasures, "d", 1, 0));
    assert_false(is_forgotten(&erasures, NULL, 1, 0));
    struct nt_value row[3] = {fixture_text("a"), nt_integer(7), nt_timestamptz(0)};
    assert_false(erasures_match(&erasures, 0, row, "other", 0, 0));
    assert_false(erasures_match(&erasures, 1, row, "sales", 0, 0));
    assert_false(is_forgotten(&(struct erasures){.program = &fixture_program}, "a", 0, 0));
}

static void keys_of_other_columns_are_told_apart(void **state)
{
    (void)state;
    struct erasure pair = {0, {SHOP, AMOUNT}, 2, "", "sales", 0, 10};
    struct nt_value key[2] = {fixture_text("z"), nt_integer(7)};
    assert_true(erasure_hash(&fixture_program.sources[0], pair.columns, 2, key, pair.key_hash));
    struct erasure items[] = {pair, erasure_of("a", 0, 10)};
    struct erasures erasures = {.program = &fixture_program, .items = items, .count = 2};
    erasures_sort(&erasures);
    assert_true(is_forgotten(&erasures, "z", 0, 1));
    assert_true(is_forgotten(&erasures, "a", 0, 1));
    assert_false(is_forgotten(&erasures, "y", 0, 1));
    key[1] = NT_NULL;
    assert_false(erasure_hash(&fixture_program.sources[0], pair.columns, 2, key, pair.key_hash));
}

static void one_more_is_forgotten_from_then_on(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct erasures erasures = {.program = &fixture_program};
    const char *const shops[] = {"m", "a", "z"};
    for (int i = 0; i < 3; i++) {
        char topic[] = "sales";
        struct erasure item = erasure_of(shops[i], 0, 5);
        item.topic = topic;
        assert_false(is_forgotten(&erasures, shops[i], 0, 4));
        erasures_add(&erasures, &arena, &item);
        topic[0] = 'X';
        for (int j = 0; j <= i; j++) assert_true(is_forgotten(&erasures, shops[j], 0, 4));
        assert_false(is_forgotten(&erasures, shops[i], 0, 5));
    }
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_events_of_the_key_before_the_position_are_forgotten),
        cmocka_unit_test(keys_of_other_columns_are_told_apart),
        cmocka_unit_test(one_more_is_forgotten_from_then_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
