/*
 * 256-bit arithmetic: laws that hold for all numbers, and the carries by hand.
 */
#include "row/wide.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ALL_ONES (~(wide_half)0)

static wide_half random_half(struct random *random)
{
    wide_half x = (wide_half)random_bits(random) << 64 | random_bits(random);
    if (random_below(random, 8) == 0) x = ALL_ONES;
    return x >> random_below(random, 128);
}

static void the_largest_factors_have_the_largest_product(void **state)
{
    (void)state;
    struct wide product = wide_mul(ALL_ONES, ALL_ONES); /* 2^256 - 2^129 + 1 */
    assert_true(product.high == ALL_ONES - 1 && product.low == 1);
}

static void quotient_times_divisor_and_remainder_is_the_dividend(void **state)
{
    (void)state;
    struct random random = random_seeded("wide division");
    for (int i = 0; i < 50000; i++) {
        struct wide x = {random_half(&random), random_half(&random)}, product;
        if (random_below(&random, 2)) x.high = 0;
        wide_half y = random_half(&random) | 1, rest;
        struct wide quotient = wide_div(x, y, &rest);
        assert_true(rest < y);
        assert_true(wide_scale(quotient, y, &product));
        assert_int_equal(wide_compare(wide_add(product, (struct wide){0, rest}), x), 0);
    }
}

static void a_product_beyond_256_bits_is_reported(void **state)
{
    (void)state;
    struct wide product;
    assert_false(wide_scale((struct wide){ALL_ONES, 0}, 2, &product));
    assert_false(wide_scale((struct wide){1, ALL_ONES}, ALL_ONES, &product));
    assert_true(wide_scale((struct wide){0, ALL_ONES}, ALL_ONES, &product));
}

static void sums_carry_and_differences_borrow(void **state)
{
    (void)state;
    struct wide one = {0, 1}, low = {0, ALL_ONES}, high = {1, 0};
    assert_int_equal(wide_compare(wide_add(low, one), high), 0);
    assert_int_equal(wide_compare(wide_sub(high, one), low), 0);
    assert_true(wide_compare(low, high) < 0);
    assert_true(wide_compare(high, low) > 0);
}

static void each_power_of_ten_is_ten_times_the_last(void **state)
{
    (void)state;
    wide_half power = 1;
    for (int i = 0; i <= 38; i++, power *= 10) assert_true(power10(i) == power);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_factors_have_the_largest_product),
        cmocka_unit_test(quotient_times_divisor_and_remainder_is_the_dividend),
        cmocka_unit_test(a_product_beyond_256_bits_is_reported),
        cmocka_unit_test(sums_carry_and_differences_borrow),
        cmocka_unit_test(each_power_of_ten_is_ten_times_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
