/* Arenas: memory by lifetime. */
#include "base/arena.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void everything_taken_is_aligned_and_apart(void **state)
{
    (void)state;
    struct nt_arena arena;
    nt_arena_init(&arena);
    char *before = NULL;
    for (size_t size = 0; size < 5000; size += 7) {
        char *object = nt_arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)object % 16, 0);
        memset(object, (int)size, size);
        assert_ptr_not_equal(object, before);
        before = object;
    }
    nt_arena_deinit(&arena);
}

static void one_larger_than_any_block_is_served(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    size_t size = (size_t)8 << 20;
    memset(nt_arena_alloc(&arena, size), 1, size);
    assert_true(arena.used >= size);
    nt_arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    nt_arena_deinit(&arena);
}

static void a_reset_arena_uses_its_memory_again(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    for (int i = 0; i < 100; i++) nt_arena_alloc(&arena, 100);
    nt_arena_reset(&arena);
    const char *first = nt_arena_alloc(&arena, 100);
    nt_arena_reset(&arena);
    assert_ptr_equal(nt_arena_alloc(&arena, 100), first);
    nt_arena_deinit(&arena);
}

static void zalloc_zeroes_and_copy_copies(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    memset(nt_arena_alloc(&arena, 64), 0xff, 64);
    nt_arena_reset(&arena);
    const char *zeroes = nt_arena_zalloc(&arena, 64);
    for (int i = 0; i < 64; i++) assert_int_equal(zeroes[i], 0);
    assert_string_equal(nt_arena_copy(&arena, "text", 5), "text");
    nt_arena_deinit(&arena);
}

static void printf_into_an_arena_keeps_the_whole_text(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    assert_string_equal(nt_arena_printf(&arena, "%s-%d", "seven", 7), "seven-7");
    assert_int_equal(strlen(nt_arena_printf(&arena, "%5000d", 1)), 5000);
    nt_arena_deinit(&arena);
}

static void malloc_through_gives_each_object_its_own_block(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    nt_arena_malloc_through = true;
    for (int i = 0; i < 10; i++) memset(nt_arena_alloc(&arena, 33), i, 33);
    nt_arena_reset(&arena);
    assert_null(arena.blocks);
    nt_arena_malloc_through = false;
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_taken_is_aligned_and_apart),
        cmocka_unit_test(one_larger_than_any_block_is_served),
        cmocka_unit_test(a_reset_arena_uses_its_memory_again),
        cmocka_unit_test(zalloc_zeroes_and_copy_copies),
        cmocka_unit_test(printf_into_an_arena_keeps_the_whole_text),
        cmocka_unit_test(malloc_through_gives_each_object_its_own_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
