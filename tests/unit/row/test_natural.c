/*
 * naturals: against each other, and at the edges of a limb.
 */
#include "row/natural.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void random_natural(struct random *random, int limbs_max, struct natural *out)
{
    int count = (int)random_below(random, (uint64_t)limbs_max + 1);
    for (int i = 0; i < count; i++)
        out->limbs[i] = random_below(random, 4) ? random_bits(random) : -random_below(random, 2);
    natural_set_limbs(out, out->limbs, count);
}

static void what_is_divided_multiplies_back(void **state)
{
    (void)state;
    struct random random = random_seeded("divide and multiply");
    for (int i = 0; i < 20000; i++) {
        struct natural x, y, quotient, rest, product;
        random_natural(&random, 60, &x);
        random_natural(&random, 30, &y);
        if (y.count == 0) continue;
        natural_divide(&quotient, &rest, &x, &y);
        assert_true(natural_compare(&rest, &y) < 0);
        natural_multiply(&product, &quotient, &y);
        natural_add(&product, &product, &rest);
        assert_int_equal(natural_compare(&product, &x), 0);
        natural_subtract(&product, &product, &rest);
        natural_divide(&quotient, &rest, &product, &y);
        assert_int_equal(rest.count, 0);
    }
}

static void digits_read_back(void **state)
{
    (void)state;
    struct random random = random_seeded("digits");
    for (int i = 0; i < 5000; i++) {
        struct natural x, back;
        uint8_t digits[2000];
        random_natural(&random, 100, &x);
        int count = natural_get_digits(&x, digits);
        assert_int_equal(count, natural_digits(&x));
        if (count) assert_int_not_equal(digits[0], 0);
        natural_set_digits(&back, digits, count);
        assert_int_equal(natural_compare(&back, &x), 0);
    }
}

/* 10^n, 10^n - 1 and 10^n + 1 have as many digits as they have, and scale and shrink to each other.
 */
static void powers_of_ten_have_their_digits(void **state)
{
    (void)state;
    struct natural one, power, other;
    natural_set(&one, 1);
    for (int n = 1; n <= 2000; n++) {
        natural_copy(&power, &one);
        natural_scale(&power, n);
        assert_int_equal(natural_digits(&power), n + 1);
        natural_subtract(&other, &power, &one);
        assert_int_equal(natural_digits(&other), n);
        natural_shrink_rounded(&other, n);
        assert_int_equal(natural_compare(&other, &one), 0);
        natural_add(&other, &power, &one);
        natural_shrink(&other, n);
        assert_int_equal(natural_compare(&other, &one), 0);
    }
}

static void a_root_is_the_nearest(void **state)
{
    (void)state;
    struct random random = random_seeded("root");
    for (int i = 0; i < 10000; i++) {
        struct natural x, root, square;
        random_natural(&random, 20, &x);
        if (x.count == 0) continue;
        natural_multiply(&square, &x, &x);
        natural_root_rounded(&root, &square);
        assert_int_equal(natural_compare(&root, &x), 0);
        natural_add(&square, &square, &x); /* x * (x + 1) is below (x + 1/2)^2 */
        natural_root_rounded(&root, &square);
        assert_int_equal(natural_compare(&root, &x), 0);
        natural_set(&root, 1);
        natural_add(&square, &square, &root);
        natural_add(&x, &x, &root);
        natural_root_rounded(&root, &square);
        assert_int_equal(natural_compare(&root, &x), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_divided_multiplies_back),
        cmocka_unit_test(digits_read_back),
        cmocka_unit_test(powers_of_ten_have_their_digits),
        cmocka_unit_test(a_root_is_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
