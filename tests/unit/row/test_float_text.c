/*
 * float8 text against PostgreSQL 15.
 */
#include "row/float_text.h"

#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_prints(double x, const char *expected)
{
    char text[FLOAT_TEXT_MAX];
    size_t size = float_text_shortest(x, text);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(text, expected, size);
}

static enum float_parse parse(const char *text, double *x)
{
    size_t start, end;
    return float_text_parse(text, strlen(text), x, &start, &end);
}

static void output_is_laid_out_as_postgresql_lays_it_out(void **state)
{
    (void)state;
    assert_prints(0.0, "0");
    assert_prints(-0.0, "-0");
    assert_prints(1e15, "1e+15");
    assert_prints(123456789012345.0, "123456789012345");
    assert_prints(1234567890123456.0, "1.234567890123456e+15");
    assert_prints(100000000000000.0, "100000000000000");
    assert_prints(0.0001, "0.0001");
    assert_prints(0.00001, "1e-05");
    assert_prints(-0.00012345, "-0.00012345");
    assert_prints(0.1 + 0.2, "0.30000000000000004");
    assert_prints(1e100, "1e+100");
    assert_prints(1.7976931348623157e308, "1.7976931348623157e+308");
    assert_prints(2.2250738585072014e-308, "2.2250738585072014e-308");
    assert_prints(5e-324, "5e-324");
    assert_prints(NAN, "NaN");
    assert_prints(-NAN, "NaN");
    assert_prints(INFINITY, "Infinity");
    assert_prints(-INFINITY, "-Infinity");
}

static void output_is_never_half_way_between_two_doubles(void **state)
{
    (void)state;
    assert_prints(1e23, "9.999999999999999e+22");
    assert_prints(9007199254740996.0, "9.007199254740996e+15");
    assert_prints(5e22, "4.9999999999999996e+22");
    assert_prints(2e23, "1.9999999999999998e+23");
}

static void input_reads_what_postgresql_reads(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } inputs[] = {{"1", 1},
                  {" \t\n\v\f\r1.5 \t\n", 1.5},
                  {"+5", 5},
                  {".5", 0.5},
                  {"5.", 5},
                  {"-1e-3", -0.001},
                  {"1E+2", 100},
                  {"3e-324", 5e-324},
                  {"9007199254740993e10", 9.007199254740994e+25},
                  {"0x10", 16},
                  {"0x1p-3", 0.125},
                  {"-0XaP+1", -20},
                  {"infinity", INFINITY},
                  {" -INF ", -INFINITY},
                  {"+Infinity", INFINITY}};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        double x = 0;
        assert_int_equal(parse(inputs[i].text, &x), FLOAT_PARSED);
        assert_true(x == inputs[i].value);
    }
    double x = 0;
    assert_true(parse("-0", &x) == FLOAT_PARSED && x == 0 && signbit(x));
    assert_true(parse("nan(12)", &x) == FLOAT_PARSED && isnan(x));
    assert_true(parse("-NaN", &x) == FLOAT_PARSED && isnan(x));
}

static void input_refuses_what_postgresql_refuses(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",      "  ",    "x", ".",  "1e",  "1e+",  "- 5", "1_0",  "0x", "1 x",       "nanx",
        "infin", "1.2.3", "+", "e5", "1,5", "nan(", "--1", "0x1p", "1f", "-Infinityx"};
    double x;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(parse(broken[i], &x), FLOAT_SYNTAX);
}

static void input_out_of_range_names_the_number_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t start, end;
    } inputs[] = {{"1e400", 0, 5},     {" -1e400 ", 1, 7},      {"2e-324", 0, 6},
                  {"1e-400x", 0, 6},   {"1e400abc", 0, 5},      {"0x1p5000", 0, 8},
                  {"0x1p-1080", 0, 9}, {"1e99999999999", 0, 13}};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        double x;
        size_t start = 99, end = 99;
        const char *text = inputs[i].text;
        assert_int_equal(float_text_parse(text, strlen(text), &x, &start, &end), FLOAT_RANGE);
        assert_int_equal(start, inputs[i].start);
        assert_int_equal(end, inputs[i].end);
    }
}

static void what_is_printed_reads_back_as_the_same_bits(void **state)
{
    (void)state;
    struct random random = random_seeded("shortest");
    for (int i = 0; i < 100000; i++) {
        double x = random_double(&random), y = 0;
        char text[FLOAT_TEXT_MAX];
        size_t start, end, size = float_text_shortest(x, text);
        assert_true(size < FLOAT_TEXT_MAX);
        assert_int_equal(float_text_parse(text, size, &y, &start, &end), FLOAT_PARSED);
        if (isnan(x))
            assert_true(isnan(y));
        else
            assert_memory_equal(&x, &y, sizeof x);
    }
}

static void fifteen_digits_are_those_of_printf(void **state)
{
    (void)state;
    struct random random = random_seeded("%.15g");
    for (int i = 0; i < 20000; i++) {
        double x = random_double(&random);
        if (!isfinite(x)) continue;
        char text[FLOAT_TEXT_MAX], expected[64];
        size_t size = float_text_digits(x, 15, text);
        assert_int_equal(size, snprintf(expected, sizeof expected, "%.15g", x));
        assert_memory_equal(text, expected, size);
    }
}

static void short_numbers_read_as_strtod_reads_them(void **state)
{
    (void)state;
    struct random random = random_seeded("short");
    for (int i = 0; i < 100000; i++) {
        char text[64];
        unsigned decimals = (unsigned)(random_bits(&random) % 17);
        long long digits = (long long)(random_bits(&random) >> (random_bits(&random) % 60 + 4));
        int size = decimals ? snprintf(text, sizeof text, "%s%lld.%0*lld",
                                       random_bits(&random) & 1 ? "-" : "", digits % 10000000,
                                       (int)decimals, digits / 3 % 1000)
                            : snprintf(text, sizeof text, "%lld", digits);
        double x = 0, expected = strtod(text, NULL);
        size_t start, end;
        assert_int_equal(float_text_parse(text, (size_t)size, &x, &start, &end), FLOAT_PARSED);
        assert_memory_equal(&x, &expected, sizeof x);
        assert_true(start == 0 && end == (size_t)size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_is_laid_out_as_postgresql_lays_it_out),
        cmocka_unit_test(output_is_never_half_way_between_two_doubles),
        cmocka_unit_test(input_reads_what_postgresql_reads),
        cmocka_unit_test(input_refuses_what_postgresql_refuses),
        cmocka_unit_test(input_out_of_range_names_the_number_alone),
        cmocka_unit_test(what_is_printed_reads_back_as_the_same_bits),
        cmocka_unit_test(short_numbers_read_as_strtod_reads_them),
        cmocka_unit_test(fifteen_digits_are_those_of_printf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
