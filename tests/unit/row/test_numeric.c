/*
 * numeric against answers of PostgreSQL 15, and against itself.
 */
#include "row/numeric.h"

#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define REFUSED NULL /* division by zero, or more than 1,000 digits */

static struct nt_arena arena;

static const struct {
    const char *x, *y, *sum, *difference, *product, *quotient, *remainder;
} answers[] = {
    {"1", "3", "4", "-2", "3", "0.33333333333333333333", "1"},
    {"10", "3.0", "13.0", "7.0", "30.0", "3.3333333333333333", "1.0"},
    {"2", "7000000", "7000002", "-6999998", "14000000", "0.000000285714285714285714", "2"},
    {"1", "7", "8", "-6", "7", "0.14285714285714285714", "1"},
    {"1.00", "3", "4.00", "-2.00", "3.00", "0.33333333333333333333", "1.00"},
    {"0", "3", "3", "-3", "0", "0.00000000000000000000", "0"},
    {"0.000", "7", "7.000", "-7.000", "0.000", "0.00000000000000000000", "0.000"},
    {"-1", "3", "2", "-4", "-3", "-0.33333333333333333333", "-1"},
    {"2", "-3", "-1", "5", "-6", "-0.66666666666666666667", "2"},
    {"5", "2", "7", "3", "10", "2.5000000000000000", "1"},
    {"7.5", "-2", "5.5", "9.5", "-15.0", "-3.7500000000000000", "1.5"},
    {"-7.5", "2", "-5.5", "-9.5", "-15.0", "-3.7500000000000000", "-1.5"},
    {"9999", "10000", "19999", "-1", "99990000", "0.99990000000000000000", "9999"},
    {"10000", "9999", "19999", "1", "99990000", "1.0001000100010001", "1"},
    {"10001", "10001", "20002", "0", "100020001", "1.00000000000000000000", "0"},
    {"123456789012345678", "7", "123456789012345685", "123456789012345671", "864197523086419746",
     "17636684144620811", "1"},
    {"9223372036854775807", "2", "9223372036854775809", "9223372036854775805",
     "18446744073709551614", "4611686018427387904", "1"},
    {"-9223372036854775808", "3", "-9223372036854775805", "-9223372036854775811",
     "-27670116110564327424", "-3074457345618258603", "-2"},
    {"170141183460469231731687", "1000000", "170141183460469232731687", "170141183460469230731687",
     "170141183460469231731687000000", "170141183460469232", "731687"},
    {"99999999999999999999999999999999999999", "1", "100000000000000000000000000000000000000",
     "99999999999999999999999999999999999998", "99999999999999999999999999999999999999",
     "99999999999999999999999999999999999999", "0"},
    {"99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "0",
     "199999999999999999999999999999999999998",
     "-9999999999999999999999999999999999999800000000000000000000000000000000000001",
     "-1.00000000000000000000", "0"},
    {"50000000000000000000000000000000000000", "50000000000000000000000000000000000000",
     "100000000000000000000000000000000000000", "0",
     "2500000000000000000000000000000000000000000000000000000000000000000000000000",
     "1.00000000000000000000", "0"},
    {"99999999999999999999999999999999999999", "10", "100000000000000000000000000000000000009",
     "99999999999999999999999999999999999989", "999999999999999999999999999999999999990",
     "10000000000000000000000000000000000000", "9"},
    {"12345678901234567890123456789012345678", "0.1", "12345678901234567890123456789012345678.1",
     "12345678901234567890123456789012345677.9", "1234567890123456789012345678901234567.8",
     "123456789012345678901234567890123456780.0", "0.0"},
    {"0.00000000000000000001", "3", "3.00000000000000000001", "-2.99999999999999999999",
     "0.00000000000000000003", "0.0000000000000000000033333333333333333333",
     "0.00000000000000000001"},
    {"0.00000000000000000000000000000000000001", "10", "10.00000000000000000000000000000000000001",
     "-9.99999999999999999999999999999999999999", "0.00000000000000000000000000000000000010",
     "0.00000000000000000000000000000000000000100000000000000000",
     "0.00000000000000000000000000000000000001"},
    {"0.1", "0.00000000000000000000000000000000000001", "0.10000000000000000000000000000000000001",
     "0.09999999999999999999999999999999999999", "0.000000000000000000000000000000000000001",
     "10000000000000000000000000000000000000.00000000000000000000000000000000000000",
     "0.00000000000000000000000000000000000000"},
    {"0.00001", "10000", "10000.00001", "-9999.99999", "0.10000", "0.0000000010000000000000000000",
     "0.00001"},
    {"336776", "12", "336788", "336764", "4041312", "28064.666666666667", "8"},
    {"6.90", "1.15", "8.05", "5.75", "7.9350", "6.0000000000000000", "0.00"},
    {"100000000000000000000", "3", "100000000000000000003", "99999999999999999997",
     "300000000000000000000", "33333333333333333333", "1"},
    {"0.0000000001", "10000000000", "10000000000.0000000001", "-9999999999.9999999999",
     "1.0000000000", "0.0000000000000000000100000000000000000000", "0.0000000001"},
    {"10000000000", "0.0000000001", "10000000000.0000000001", "9999999999.9999999999",
     "1.0000000000", "100000000000000000000.0000000000", "0.0000000000"},
    {"3.14159265358979", "2.71828182845905", "5.85987448204884", "0.42331082513074",
     "8.5397342226735732309665130995", "1.1557273497909185", "0.42331082513074"},
    {"0.5", "0.05", "0.55", "0.45", "0.025", "10.0000000000000000", "0.00"},
    {"1", "0", "1", "1", "0", REFUSED, REFUSED},
    {"0", "0", "0", "0", "0", REFUSED, REFUSED},
    {"NaN", "0", "NaN", "NaN", "NaN", "NaN", "NaN"},
    {"NaN", "1", "NaN", "NaN", "NaN", "NaN", "NaN"},
    {"1", "NaN", "NaN", "NaN", "NaN", "NaN", "NaN"},
    {"Infinity", "0", "Infinity", "Infinity", "NaN", REFUSED, REFUSED},
    {"Infinity", "2", "Infinity", "Infinity", "Infinity", "Infinity", "NaN"},
    {"Infinity", "-2", "Infinity", "Infinity", "-Infinity", "-Infinity", "NaN"},
    {"-Infinity", "-3", "-Infinity", "-Infinity", "Infinity", "Infinity", "NaN"},
    {"Infinity", "Infinity", "Infinity", "NaN", "Infinity", "NaN", "NaN"},
    {"Infinity", "-Infinity", "NaN", "Infinity", "-Infinity", "NaN", "NaN"},
    {"5.5", "Infinity", "Infinity", "-Infinity", "Infinity", "0", "5.5"},
    {"-5", "-Infinity", "-Infinity", "Infinity", "Infinity", "0", "-5"},
    {"0", "Infinity", "Infinity", "-Infinity", "NaN", "0", "0"},
    {"100000000000000000000000000000000000", "0.00000000000000000003",
     "100000000000000000000000000000000000.00000000000000000003",
     "99999999999999999999999999999999999.99999999999999999997",
     "3000000000000000.00000000000000000000",
     "3333333333333333333333333333333333333333333333333333333.33333333333333333333",
     "0.00000000000000000001"},
    {"19000000000000000000000000000000000000", "-9.0", "18999999999999999999999999999999999991.0",
     "19000000000000000000000000000000000009.0", "-171000000000000000000000000000000000000.0",
     "-2111111111111111111111111111111111111.1", "1.0"},
    {"38000000000000000000000000000000000000", "-99999999999999999999999999999999999.00",
     "37900000000000000000000000000000000001.00", "38099999999999999999999999999999999999.00",
     "-3799999999999999999999999999999999962000000000000000000000000000000000000.00",
     "-380.0000000000000000", "380.00"},
};

static struct nt_numeric numeric(const char *text)
{
    struct nt_numeric x;
    if (numeric_parse(&arena, text, strlen(text), &x) != NUMERIC_PARSED)
        fail_msg("cannot parse %s", text);
    return x;
}

static void assert_numeric(bool is_there, struct nt_numeric x, const char *expected)
{
    struct buffer text = {0};
    if (is_there) numeric_append_text(x, &text);
    assert_int_equal(is_there, expected != REFUSED);
    if (is_there) assert_string_equal(buffer_text(&text), expected);
    buffer_deinit(&text);
}

static void arithmetic_has_the_digits_and_scales_of_postgresql(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct nt_numeric x = numeric(answers[i].x), y = numeric(answers[i].y), z = x;
        assert_numeric(numeric_add(&arena, x, y, &z), z, answers[i].sum);
        assert_numeric(numeric_sub(&arena, x, y, &z), z, answers[i].difference);
        assert_numeric(numeric_mul(&arena, x, y, &z), z, answers[i].product);
        assert_numeric(numeric_div(&arena, x, y, &z), z, answers[i].quotient);
        assert_numeric(numeric_mod(&arena, x, y, &z), z, answers[i].remainder);
    }
}

static void input_reads_what_postgresql_reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
    } inputs[] = {{"1e 5", "100000"},   {"1e-5", "0.00001"},     {"0e-5", "0.00000"},
                  {"-0.0", "0.0"},      {".5", "0.5"},           {"5.", "5"},
                  {"1.e3", "1000"},     {" -inf ", "-Infinity"}, {"+Infinity", "Infinity"},
                  {"\tnAn\n", "NaN"},   {"+.5", "0.5"},          {"0.00e2", "0"},
                  {"1.50e1", "15.0"},   {"100e-2", "1.00"},      {"0e2000", "0"},
                  {"00012.50", "12.50"}};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        assert_numeric(true, numeric(inputs[i].text), inputs[i].printed);
}

static void input_refuses_what_postgresql_refuses(void **state)
{
    (void)state;
    static const char *const broken[] = {"",     " ",    ".",     "1e",    "1e+",   "0x10", "+ 5",
                                         "nan1", "-NaN", "1e+ 5", "1..2",  "1.2.3", "--1",  "1e5 x",
                                         "e5",   "in",   "1,5",   "1 000", "infi",  "+",    "1_0"};
    struct nt_numeric x;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(numeric_parse(&arena, broken[i], strlen(broken[i]), &x), NUMERIC_SYNTAX);
}

/* count times the digit, after what is in front. */
static const char *repeated(const char *front, char digit, int count)
{
    char *text = nt_arena_printf(&arena, "%s%*s", front, count, "");
    memset(text + strlen(front), digit, (size_t)count);
    return text;
}

static void input_refuses_more_than_1000_digits(void **state)
{
    (void)state;
    const char *const large[] = {"1e9999999999",
                                 "1e1000",
                                 "1e-1001",
                                 repeated("1", '0', 1000),
                                 repeated("0.", '0', 1001),
                                 repeated("1.", '0', 1000)};
    const char *const fitting[] = {repeated("", '9', 1000), repeated("0.", '9', 1000),
                                   repeated("-9", '0', 999), repeated("-1.", '0', 999),
                                   repeated("0.", '0', 1000)};
    struct nt_numeric x;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        assert_int_equal(numeric_parse(&arena, large[i], strlen(large[i]), &x), NUMERIC_RANGE);
    for (size_t i = 0; i < sizeof fitting / sizeof *fitting; i++)
        assert_numeric(true, numeric(fitting[i]), fitting[i]);
    assert_numeric(true, numeric("1e999"), repeated("1", '0', 999));
    assert_numeric(true, numeric("1e-38"), "0.00000000000000000000000000000000000001");
}

static void what_is_printed_reads_back_as_the_same(void **state)
{
    (void)state;
    struct random random = random_seeded("print and parse");
    for (int i = 0; i < 20000; i++) {
        nt_arena_reset(&arena);
        struct nt_numeric x = random_numeric(&random, &arena);
        struct buffer text = {0};
        numeric_append_text(x, &text);
        struct nt_numeric back = numeric(buffer_text(&text));
        assert_true(numeric_is_same(&back, &x));
        buffer_deinit(&text);
    }
}

static void what_was_added_can_be_taken_away(void **state)
{
    (void)state;
    struct random random = random_seeded("add and sub");
    for (int i = 0; i < 20000; i++) {
        nt_arena_reset(&arena);
        struct nt_numeric x = random_numeric(&random, &arena), y = random_numeric(&random, &arena),
                          sum, back;
        if (x.kind || y.kind || !numeric_add(&arena, x, y, &sum)) continue;
        assert_int_equal(numeric_compare(sum, x), numeric_compare(y, numeric_of_int(0)));
        if (numeric_sub(&arena, sum, y, &back)) assert_int_equal(numeric_compare(back, x), 0);
    }
}

static void the_remainder_is_what_whole_division_leaves(void **state)
{
    (void)state;
    struct random random = random_seeded("mod");
    for (int i = 0; i < 20000; i++) {
        nt_arena_reset(&arena);
        struct nt_numeric x = random_numeric(&random, &arena), y = random_numeric(&random, &arena),
                          rest, whole;
        if (x.kind || y.kind || numeric_is_zero(y) || !numeric_mod(&arena, x, y, &rest)) continue;
        struct nt_numeric zero = numeric_of_int(0), size = rest, of = y;
        if (numeric_compare(rest, zero) < 0) size = numeric_neg(rest);
        if (numeric_compare(y, zero) < 0) of = numeric_neg(y);
        assert_true(numeric_compare(size, of) < 0);
        if (numeric_sub(&arena, x, rest, &whole) && numeric_mod(&arena, whole, y, &rest))
            assert_true(numeric_is_zero(rest));
    }
}

static void order_is_minus_infinity_numbers_infinity_nan(void **state)
{
    (void)state;
    static const char *const order[] = {"-Infinity",
                                        "-1e500",
                                        "-99999999999999999999999999999999999999",
                                        "-1.5",
                                        "-1.49999",
                                        "-1e-38",
                                        "0",
                                        "1e-38",
                                        "0.1",
                                        "1",
                                        "1.00000000000000000000000000000000001",
                                        "99999999999999999999999999999999999999",
                                        "100000000000000000000000000000000000000.00",
                                        "100000000000000000000000000000000000000.01",
                                        "1e999",
                                        "Infinity",
                                        "NaN"};
    int count = sizeof order / sizeof *order;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            assert_int_equal(numeric_compare(numeric(order[i]), numeric(order[j])),
                             (i > j) - (i < j));
    assert_int_equal(numeric_compare(numeric("1.0"), numeric("1.000")), 0);
    assert_int_equal(numeric_compare(numeric("0"), numeric("-0.000")), 0);
}

static void rounding_is_half_away_from_zero(void **state)
{
    (void)state;
    struct nt_numeric x = {0};
    assert_numeric(numeric_round(&arena, numeric("2.5"), 0, &x), x, "3");
    assert_numeric(numeric_round(&arena, numeric("-2.5"), 0, &x), x, "-3");
    assert_numeric(numeric_round(&arena, numeric("2.49999"), 0, &x), x, "2");
    assert_numeric(numeric_round(&arena, numeric("0.005"), 2, &x), x, "0.01");
    assert_numeric(numeric_round(&arena, numeric("1.5"), 4, &x), x, "1.5000");
    assert_numeric(numeric_round(&arena, numeric("-7.25"), 1, &x), x, "-7.3");
    assert_numeric(numeric_round(&arena, numeric("1e37"), 1, &x), x,
                   "10000000000000000000000000000000000000.0");
    assert_numeric(numeric_round(&arena, numeric("1e900"), 101, &x), x, REFUSED);
    assert_numeric(numeric_round(&arena, numeric("5e499"), -500, &x), x, repeated("1", '0', 500));
    assert_numeric(numeric_trunc(&arena, numeric("5e499"), -500, &x), x, "0");
    assert_numeric(numeric_round(&arena, numeric("1"), 1001, &x), x, REFUSED);
    int64_t whole;
    assert_true(numeric_round_to_int(numeric("9223372036854775807.4"), &whole));
    assert_true(whole == INT64_MAX);
    assert_false(numeric_round_to_int(numeric("9223372036854775807.5"), &whole));
    assert_false(numeric_round_to_int(numeric("1e50"), &whole));
    assert_true(numeric_round_to_int(numeric("-0.5"), &whole) && whole == -1);
    assert_false(numeric_round_to_int(numeric("Infinity"), &whole));
    assert_false(numeric_round_to_int(numeric("NaN"), &whole));
}

static void doubles_become_numerics_by_15_digits(void **state)
{
    (void)state;
    struct nt_numeric x = {0};
    assert_numeric(numeric_of_double(&arena, 0.1, &x), x, "0.1");
    assert_numeric(numeric_of_double(&arena, 1.0 / 3, &x), x, "0.333333333333333");
    assert_numeric(numeric_of_double(&arena, 1e20, &x), x, "100000000000000000000");
    assert_numeric(numeric_of_double(&arena, 1.5e-7, &x), x, "0.00000015");
    assert_numeric(numeric_of_double(&arena, 9007199254740993.0, &x), x, "9007199254740990");
    assert_numeric(numeric_of_double(&arena, -0.0, &x), x, "0");
    assert_numeric(numeric_of_double(&arena, -INFINITY, &x), x, "-Infinity");
    assert_numeric(numeric_of_double(&arena, NAN, &x), x, "NaN");
    assert_numeric(numeric_of_double(&arena, 1e300, &x), x, repeated("1", '0', 300));
}

static void numerics_become_the_nearest_double(void **state)
{
    (void)state;
    assert_true(numeric_to_double(numeric("0.1")) == 0.1);
    assert_true(numeric_to_double(numeric("-0.3")) == -0.3);
    assert_true(numeric_to_double(numeric("9007199254740993")) == 9007199254740992.0);
    assert_true(numeric_to_double(numeric("9007199254740993.00000000000000000001")) ==
                9007199254740994.0);
    assert_true(numeric_to_double(numeric("1e-38")) == 1e-38);
    assert_true(numeric_to_double(numeric("99999999999999999999999999999999999999")) == 1e38);
    assert_true(numeric_to_double(numeric("1e200")) == 1e200);
    assert_true(numeric_to_double(numeric("-Infinity")) == -INFINITY);
    assert_true(isnan(numeric_to_double(numeric("NaN"))));
}

static void a_numeric_without_limbs_has_up_to_38_digits(void **state)
{
    (void)state;
    struct nt_numeric x = numeric("99999999999999999999999999999999999999"), y = {0};
    assert_false(numeric_make(x.coefficient + 1, 0, &y));
    assert_false(numeric_make(-x.coefficient - 1, 0, &y));
    assert_false(numeric_make(1, -1, &y));
    assert_false(numeric_make(1, 1001, &y));
    assert_true(numeric_make(-x.coefficient, 38, &y));
    assert_numeric(true, y, "-0.99999999999999999999999999999999999999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_has_the_digits_and_scales_of_postgresql),
        cmocka_unit_test(input_reads_what_postgresql_reads),
        cmocka_unit_test(input_refuses_what_postgresql_refuses),
        cmocka_unit_test(input_refuses_more_than_1000_digits),
        cmocka_unit_test(what_is_printed_reads_back_as_the_same),
        cmocka_unit_test(what_was_added_can_be_taken_away),
        cmocka_unit_test(the_remainder_is_what_whole_division_leaves),
        cmocka_unit_test(order_is_minus_infinity_numbers_infinity_nan),
        cmocka_unit_test(rounding_is_half_away_from_zero),
        cmocka_unit_test(doubles_become_numerics_by_15_digits),
        cmocka_unit_test(numerics_become_the_nearest_double),
        cmocka_unit_test(a_numeric_without_limbs_has_up_to_38_digits),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    nt_arena_deinit(&arena);
    return failed;
}
