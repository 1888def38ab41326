/* test_pool.c: what is given back is used again, and no object is much larger than asked for. */
#include "runtime/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void sizes_are_kept_within_a_quarter(void **state)
{
    (void)state;
    for (size_t size = 1; size < (size_t)1 << 34; size += 1 + size / 97) {
        size_t taken = pool_size(size);
        assert_true(taken >= size);
        assert_true(taken < size + POOL_STEP || taken <= size + size / 4);
        assert_int_equal(pool_size(taken), taken);
        assert_true(pool_size(taken + 1) > taken);
        assert_int_equal(taken % POOL_STEP, 0);
    }
}

static void what_is_given_back_is_taken_again(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct pool pool = {.arena = &arena};
    static const size_t sizes[] = {0, 1, 16, 17, 256, 257, 320, 321, 5000, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        void *first = pool_take(&pool, sizes[i]), *second = pool_take(&pool, sizes[i]);
        memset(first, 1, pool_size(sizes[i]));
        memset(second, 2, pool_size(sizes[i]));
        pool_give(&pool, first, sizes[i]);
        pool_give(&pool, second, pool_size(sizes[i]));
        size_t used = arena.used;
        assert_ptr_equal(pool_take(&pool, sizes[i]), second);
        assert_ptr_equal(pool_take(&pool, sizes[i]), first);
        assert_int_equal(arena.used, used);
    }
    pool_give(&pool, NULL, 10);
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_kept_within_a_quarter),
        cmocka_unit_test(what_is_given_back_is_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
