/* Places of rows in ORDER BY. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "nowthen/eval.h"

static struct nt_arena arena;

static struct bytes place(const struct nt_order *orders, struct nt_value x, struct nt_value y)
{
    struct nt_eval e = {.arena = &arena};
    struct nt_value values[] = {x, y};
    struct nt_value made = nt_row_order(&e, 2, orders, values);
    return (struct bytes){(const uint8_t *)made.text, made.size};
}

/* Does the row x, y come before the row u, v? */
static bool is_before(const struct nt_order *orders, struct nt_value x, struct nt_value y,
                      struct nt_value u, struct nt_value v)
{
    return bytes_compare(place(orders, x, y), place(orders, u, v)) > 0;
}

static void columns_are_compared_in_turn(void **state)
{
    (void)state;
    const struct nt_order down[] = {{NT_TEXT, true, false}, {NT_INT4, true, false}};
    struct nt_value a = nt_text("a", 1), ab = nt_text("ab", 2);
    assert_true(is_before(down, ab, nt_integer(-5), a, nt_integer(5)));
    assert_true(is_before(down, a, nt_integer(5), a, nt_integer(-5)));
    const struct nt_order up[] = {{NT_TEXT, false, false}, {NT_INT4, false, false}};
    assert_true(is_before(up, a, nt_integer(5), ab, nt_integer(-5)));
    assert_true(is_before(up, a, nt_integer(-5), a, nt_integer(5)));
}

static void nulls_come_where_they_are_told_to(void **state)
{
    (void)state;
    struct nt_value one = nt_integer(1);
    for (int is_descending = 0; is_descending < 2; is_descending++) {
        const struct nt_order last[] = {{NT_INT4, is_descending, false}, {NT_INT4, true, false}};
        const struct nt_order first[] = {{NT_INT4, is_descending, true}, {NT_INT4, true, false}};
        assert_true(is_before(last, one, one, NT_NULL, one));
        assert_true(is_before(first, NT_NULL, one, one, one));
        assert_true(is_before(last, NT_NULL, one, NT_NULL, NT_NULL));
    }
}

static void values_that_compare_equal_have_places_of_their_own(void **state)
{
    (void)state;
    const struct nt_order orders[] = {{NT_FLOAT8, true, false}, {NT_INT4, true, false}};
    struct nt_value zero = nt_float8(0.0), minus = nt_float8(-0.0), one = nt_integer(1);
    struct bytes x = place(orders, zero, one), y = place(orders, minus, one);
    assert_int_not_equal(bytes_compare(x, y), 0);
    assert_true(is_before(orders, minus, nt_integer(2), zero, one));
    assert_int_equal(bytes_compare(x, place(orders, zero, one)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_compared_in_turn),
        cmocka_unit_test(nulls_come_where_they_are_told_to),
        cmocka_unit_test(values_that_compare_equal_have_places_of_their_own),
    };
    nt_arena_init(&arena);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    nt_arena_deinit(&arena);
    return failed;
}
