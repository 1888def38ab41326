/* test_exact_sum.c: the superaccumulator against integers, pinned hard cases and other orders. */
#include "../../support/seed.h"
#include "base/arena.h"
#include "runtime/exact_sum.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TERMS_MAX 4096

static uint64_t seed;
static struct nt_arena arena;

static uint64_t random_next(void)
{
    return seed_next(&seed);
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static struct exact_sum sum_of(const double *terms, size_t count)
{
    struct exact_sum sum = {0};
    for (size_t i = 0; i < count; i++) exact_sum_add(&sum, terms[i], &arena);
    return sum;
}

static void assert_bits(double x, double y)
{
    if (bits_of(x) != bits_of(y)) print_error("%a is not %a\n", x, y);
    assert_true(bits_of(x) == bits_of(y));
}

#define assert_total(expected, ...)                                                                \
    do {                                                                                           \
        double terms_[] = {__VA_ARGS__}, total_;                                                   \
        struct exact_sum sum_ = sum_of(terms_, sizeof terms_ / sizeof terms_[0]);                  \
        assert_true(exact_sum_total(&sum_, &total_));                                              \
        assert_bits(total_, expected);                                                             \
    } while (0)

#define assert_mean(expected, ...)                                                                 \
    do {                                                                                           \
        double terms_[] = {__VA_ARGS__};                                                           \
        struct exact_sum sum_ = sum_of(terms_, sizeof terms_ / sizeof terms_[0]);                  \
        assert_bits(exact_sum_mean(&sum_), expected);                                              \
    } while (0)

static void cancellation_loses_nothing(void **state)
{
    (void)state;
    assert_total(1.0, 1e308, 1.0, -1e308);
    assert_total(0x1p-1074, DBL_MAX, 0x1p-1074, -DBL_MAX);
    assert_total(0.0, 0.1, -0.1);
    assert_total(2.0, 1e16, 1.0, 1.0, -1e16);
    assert_total(-0x1p-1074, -DBL_MAX, -0x1p-1074, DBL_MAX);
    assert_total(0x1.999999999999ap-1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1);
}

static void halfway_rounds_to_even_and_a_hair_above_it_up(void **state)
{
    (void)state;
    assert_total(0x1p53, 0x1p53, 1.0);
    assert_total(0x1p53 + 4.0, 0x1p53 + 2.0, 1.0);
    assert_total(0x1p53 + 2.0, 0x1p53, 1.0, 0x1p-1074);
    assert_total(0x1p53, 0x1p53, 1.0, -0x1p-1074);
    assert_total(-0x1p53 - 2.0, -0x1p53, -1.0, -0x1p-1074);
    assert_total(0x1p53 + 2.0, 0x1p53, 1.0, 1.0);
    assert_total(0x1p54, 0x1.fffffffffffffp53, 1.0); /* the carry changes the exponent */
}

static void subnormals_add_exactly(void **state)
{
    (void)state;
    assert_total(0x3p-1074, 0x1p-1074, 0x2p-1074);
    assert_total(DBL_MIN, DBL_MIN - 0x1p-1074, 0x1p-1074);
    assert_total(-DBL_MIN, -0x1p-1074, 0x1p-1074 - DBL_MIN);
    assert_mean(0x1p-1074, 0x1p-1074, 0x2p-1074, 0x1p-1074);
    assert_mean(0.0, 0x1p-1074, 0.0);
    assert_mean(0x2p-1074, 0x3p-1074, 0.0);
    assert_mean(-0.0, -0x1p-1074, 0.0, 0.0);
}

static void totals_beyond_double_overflow_but_means_do_not(void **state)
{
    (void)state;
    double total, twice[] = {DBL_MAX, DBL_MAX};
    struct exact_sum sum = sum_of(twice, 2);
    assert_false(exact_sum_total(&sum, &total));
    assert_bits(exact_sum_mean(&sum), DBL_MAX);
    assert_total(DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX);
    assert_total(DBL_MAX, DBL_MAX, 0x1p969);
    double half[] = {DBL_MAX, 0x1p970};
    sum = sum_of(half, 2);
    assert_false(exact_sum_total(&sum, &total));
}

static void zeros_keep_their_sign_as_addition_does(void **state)
{
    (void)state;
    assert_total(-0.0, -0.0, -0.0);
    assert_total(0.0, -0.0, 0.0);
    assert_total(0.0, 1.0, -1.0, -0.0);
    assert_mean(0.0, -0.0, -0.0); /* PostgreSQL adds to 0 */
}

static void specials_win(void **state)
{
    (void)state;
    assert_total((double)INFINITY, 1.0, (double)INFINITY, DBL_MAX, DBL_MAX);
    assert_total(-(double)INFINITY, 1.0, -(double)INFINITY);
    double mixed[] = {(double)INFINITY, -(double)INFINITY}, total;
    struct exact_sum sum = sum_of(mixed, 2);
    assert_true(exact_sum_total(&sum, &total) && isnan(total));
    double nan[] = {1.0, (double)NAN, (double)INFINITY};
    sum = sum_of(nan, 3);
    assert_true(exact_sum_total(&sum, &total) && isnan(total));
    assert_true(isnan(exact_sum_mean(&sum)));
}

/* Dyadic terms whose sum an __int128 holds; the conversion of gcc rounds half to even, once. */
static void random_sums_equal_integer_arithmetic(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct exact_sum sum = {0};
        __int128 whole = 0;
        uint64_t count = 1 + random_next() % 50;
        int scale = (int)(random_next() % 1800) - 900;
        for (uint64_t i = 0; i < count; i++) {
            int64_t mantissa = (int64_t)(random_next() >> 11) - (INT64_C(1) << 52);
            unsigned shift = (unsigned)(random_next() % 60);
            whole += (__int128)mantissa * ((__int128)1 << shift);
            exact_sum_add(&sum, ldexp((double)mantissa, (int)shift + scale), &arena);
        }
        double total;
        assert_true(exact_sum_total(&sum, &total));
        assert_bits(total, ldexp((double)whole, scale));
        __int128 quotient = whole / (__int128)count, rest = whole % (__int128)count;
        if (rest == 0) assert_bits(exact_sum_mean(&sum), ldexp((double)quotient, scale));
    }
    nt_arena_reset(&arena);
}

/* One term of 52 bits over a count: the machine's division rounds the same quotient once. */
static void random_means_equal_long_division(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        int64_t whole = (int64_t)(random_next() >> 12);
        uint64_t count = 1 + random_next() % 1000;
        struct exact_sum sum = {0};
        exact_sum_add(&sum, (double)whole, &arena);
        for (uint64_t i = 1; i < count; i++) exact_sum_add(&sum, 0.0, &arena);
        assert_bits(exact_sum_mean(&sum), (double)whole / (double)count);
    }
    nt_arena_reset(&arena);
}

static double random_double(void)
{
    for (;;) {
        double x = double_of(random_next());
        if (isfinite(x)) return x;
    }
}

static void terms_in_any_order_and_grouping_give_the_same_bytes(void **state)
{
    (void)state;
    static double terms[TERMS_MAX];
    for (int round = 0; round < 40; round++) {
        size_t count = 1 + random_next() % (round < 30 ? 50 : TERMS_MAX);
        struct exact_sum parts[5] = {{0}}, whole;
        for (size_t i = 0; i < count; i++) terms[i] = random_double();
        if (round % 4 == 0) terms[0] = double_of(UINT64_C(0xfff0000000000000) | (uint64_t)round);
        whole = sum_of(terms, count);
        for (size_t i = count; i > 0; i--) {
            size_t j = random_next() % i;
            double kept = terms[i - 1];
            terms[i - 1] = terms[j];
            terms[j] = kept;
            exact_sum_add(&parts[random_next() % 5], terms[i - 1], &arena);
        }
        struct buffer a = {0}, b = {0};
        for (int i = 3; i >= 0; i--) {
            struct exact_sum copy = {0};
            b.size = 0;
            exact_sum_encode(&parts[i + 1], &b);
            struct reader in = reader_of(buffer_bytes(&b));
            assert_true(exact_sum_decode(&copy, &in, &arena) && in.next == in.end);
            exact_sum_merge(&parts[i], &copy, &arena);
        }
        b.size = 0;
        exact_sum_encode(&whole, &a);
        exact_sum_encode(&parts[0], &b);
        assert_int_equal(bytes_compare(buffer_bytes(&a), buffer_bytes(&b)), 0);
        buffer_deinit(&a);
        buffer_deinit(&b);
    }
    nt_arena_reset(&arena);
}

/* Doubling by merging itself reaches 2^40 terms: carries must have been moved in time. */
static void many_merges_do_not_overflow_the_limbs(void **state)
{
    (void)state;
    struct exact_sum sum = {0};
    exact_sum_add(&sum, -0x1.fffffffffffffp3, &arena);
    for (int i = 0; i < 40; i++) {
        struct exact_sum copy = {0};
        exact_sum_merge(&copy, &sum, &arena);
        exact_sum_merge(&sum, &copy, &arena);
    }
    double total;
    assert_true(exact_sum_total(&sum, &total));
    assert_bits(total, -0x1.fffffffffffffp43);
    assert_bits(exact_sum_mean(&sum), -0x1.fffffffffffffp3);
}

/* Negative sums borrow from the limb above on every settling; that must not lengthen them. */
static void settling_often_keeps_a_negative_sum_short(void **state)
{
    (void)state;
    struct exact_sum sum = {0};
    exact_sum_add(&sum, -1.5, &arena);
    for (int i = 0; i < 1000; i++) {
        sum.load = UINT32_C(1) << 30; /* as after as many additions */
        exact_sum_add(&sum, i % 2 ? 0.75 : -0.75, &arena);
    }
    double total;
    assert_true(exact_sum_total(&sum, &total));
    assert_bits(total, -1.5);
    assert_true(sum.used <= 4);
}

static void truncated_bytes_are_refused(void **state)
{
    (void)state;
    double terms[] = {1e300, 1e-300, -5.0};
    struct exact_sum sum = sum_of(terms, 3);
    struct buffer bytes = {0};
    exact_sum_encode(&sum, &bytes);
    for (size_t size = 0; size < bytes.size; size++) {
        struct exact_sum copy = {0};
        struct reader in = reader_of((struct bytes){bytes.data, size});
        assert_false(exact_sum_decode(&copy, &in, &arena));
    }
    buffer_deinit(&bytes);
}

static int arena_free(void **state)
{
    (void)state;
    nt_arena_deinit(&arena);
    return 0;
}

int main(void)
{
#ifdef __SANITIZE_ADDRESS__
    nt_arena_malloc_through = true;
#endif
    seed = seed_take();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancellation_loses_nothing),
        cmocka_unit_test(halfway_rounds_to_even_and_a_hair_above_it_up),
        cmocka_unit_test(subnormals_add_exactly),
        cmocka_unit_test(totals_beyond_double_overflow_but_means_do_not),
        cmocka_unit_test(zeros_keep_their_sign_as_addition_does),
        cmocka_unit_test(specials_win),
        cmocka_unit_test(random_sums_equal_integer_arithmetic),
        cmocka_unit_test(random_means_equal_long_division),
        cmocka_unit_test(terms_in_any_order_and_grouping_give_the_same_bytes),
        cmocka_unit_test(many_merges_do_not_overflow_the_limbs),
        cmocka_unit_test(settling_often_keeps_a_negative_sum_short),
        cmocka_unit_test(truncated_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, arena_free);
}
