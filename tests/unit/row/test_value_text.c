/*
 * The input and output functions of every type; texts and messages are PostgreSQL 15's.
 */
#include "row/value_text.h"

#include "random.h"
#include "row/tuple.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct nt_value parse(struct nt_eval *e, enum nt_type type, const char *text)
{
    struct nt_value value;
    bool is_parsed = value_parse(e, type, text, strlen(text), &value);
    assert_int_equal(is_parsed, e->error == NULL);
    return value;
}

static const struct {
    enum nt_type type;
    const char *text, *printed;
} inputs[] = {
    {NT_BOOL, "t", "t"},
    {NT_BOOL, "tr", "t"},
    {NT_BOOL, "TRUE", "t"},
    {NT_BOOL, " yes ", "t"},
    {NT_BOOL, "on", "t"},
    {NT_BOOL, "1", "t"},
    {NT_BOOL, "fals", "f"},
    {NT_BOOL, "of", "f"},
    {NT_BOOL, "n", "f"},
    {NT_BOOL, "0", "f"},
    {NT_INT4, " 5 ", "5"},
    {NT_INT4, "+5", "5"},
    {NT_INT4, "-0", "0"},
    {NT_INT4, "0000000000000000000012", "12"},
    {NT_INT4, "-2147483648", "-2147483648"},
    {NT_INT4, "2147483647", "2147483647"},
    {NT_INT8, "-9223372036854775808", "-9223372036854775808"},
    {NT_INT8, "9223372036854775807", "9223372036854775807"},
    {NT_FLOAT8, "1e15", "1e+15"},
    {NT_FLOAT8, " .50 ", "0.5"},
    {NT_FLOAT8, "-inf", "-Infinity"},
    {NT_NUMERIC, "1.50", "1.50"},
    {NT_NUMERIC, "-0.00", "0.00"},
    {NT_TEXT, " as it is ", " as it is "},
    {NT_TEXT, "", ""},
    {NT_TIMESTAMPTZ, "2013-01-01T10:17:00.25Z", "2013-01-01 10:17:00.25+00"},
    {NT_TIMESTAMPTZ, "2013-01-01 10:17:00", "2013-01-01 10:17:00+00"},
    {NT_TIMESTAMPTZ, "2013-01-01 05:17:00-05", "2013-01-01 10:17:00+00"},
    {NT_TIMESTAMPTZ, "infinity", "infinity"},
    {NT_INTERVAL, "1 day 02:00", "1 day 02:00:00"},
    {NT_INTERVAL, "36 hours", "36:00:00"},
};

static void input_then_output_is_postgresqls(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct nt_eval e = {.arena = &arena};
        struct nt_value value = parse(&e, inputs[i].type, inputs[i].text);
        struct buffer text = {0};
        if (e.error) fail_msg("%s", e.error);
        value_append_text(inputs[i].type, value, &text);
        assert_string_equal(buffer_text(&text), inputs[i].printed);
        buffer_deinit(&text);
    }
    nt_arena_deinit(&arena);
}

static const struct {
    enum nt_type type;
    const char *text, *message;
} refusals[] = {
    {NT_BOOL, "o", "invalid input syntax for type boolean: \"o\""},
    {NT_BOOL, "", "invalid input syntax for type boolean: \"\""},
    {NT_BOOL, " truex ", "invalid input syntax for type boolean: \" truex \""},
    {NT_BOOL, "10", "invalid input syntax for type boolean: \"10\""},
    {NT_INT4, "x", "invalid input syntax for type integer: \"x\""},
    {NT_INT4, "", "invalid input syntax for type integer: \"\""},
    {NT_INT4, "-", "invalid input syntax for type integer: \"-\""},
    {NT_INT4, "1.0", "invalid input syntax for type integer: \"1.0\""},
    {NT_INT4, "0x1", "invalid input syntax for type integer: \"0x1\""},
    {NT_INT4, "1 2", "invalid input syntax for type integer: \"1 2\""},
    {NT_INT4, "99999999999", "value \"99999999999\" is out of range for type integer"},
    {NT_INT4, "99999999999x", "value \"99999999999x\" is out of range for type integer"},
    {NT_INT4, "2147483648", "value \"2147483648\" is out of range for type integer"},
    {NT_INT4, " -2147483649", "value \" -2147483649\" is out of range for type integer"},
    {NT_INT8, "9223372036854775808",
     "value \"9223372036854775808\" is out of range for type bigint"},
    {NT_INT8, "-9223372036854775809",
     "value \"-9223372036854775809\" is out of range for type bigint"},
    {NT_INT8, "x", "invalid input syntax for type bigint: \"x\""},
    {NT_FLOAT8, " 1 x", "invalid input syntax for type double precision: \" 1 x\""},
    {NT_FLOAT8, " 1e400 ", "\"1e400\" is out of range for type double precision"},
    {NT_NUMERIC, "1..2", "invalid input syntax for type numeric: \"1..2\""},
    {NT_NUMERIC, "1e1000",
     "value \"1e1000\" needs more than 1000 digits, in all or after the point"},
    {NT_TIMESTAMPTZ, "x", "invalid input syntax for type timestamp with time zone: \"x\""},
    {NT_TIMESTAMPTZ, "2013-13-01", "date/time field value out of range: \"2013-13-01\""},
    {NT_TIMESTAMPTZ, "2013-02-30", "date/time field value out of range: \"2013-02-30\""},
    {NT_TIMESTAMPTZ, "294277-01-01", "timestamp out of range: \"294277-01-01\""},
    {NT_TIMESTAMPTZ, "4715-01-01 BC", "timestamp out of range: \"4715-01-01 BC\""},
    {NT_INTERVAL, "x", "invalid input syntax for type interval: \"x\""},
    {NT_INTERVAL, "99999999999 days", "interval field value out of range: \"99999999999 days\""},
};

static void what_is_refused_is_named_with_postgresqls_words(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct nt_eval e = {.arena = &arena};
        struct nt_value value = parse(&e, refusals[i].type, refusals[i].text);
        assert_true(value.is_null);
        if (!e.error) fail_msg("%s was read", refusals[i].text);
        assert_string_equal(e.error, refusals[i].message);
    }
    nt_arena_deinit(&arena);
}

static bool is_finite_time(enum nt_type type, struct nt_value value)
{
    return type != NT_TIMESTAMPTZ ||
           (value.time.us >= NT_TIME_MIN_US && value.time.us < NT_TIME_END_US);
}

/* But for intervals: PostgreSQL itself cannot read the extremes that it prints. */
static void what_is_printed_reads_back_as_the_same(void **state)
{
    (void)state;
    struct random random = random_seeded("print and parse");
    struct nt_arena arena = {0};
    for (int i = 0; i < 50000; i++) {
        enum nt_type type = (enum nt_type)random_below(&random, NT_INTERVAL);
        struct nt_value value = random_value(&random, type, &arena), back;
        if (!is_finite_time(type, value)) continue;
        struct nt_eval e = {.arena = &arena};
        struct buffer text = {0};
        value_append_text(type, value, &text);
        if (!value_parse(&e, type, (const char *)text.data, text.size, &back))
            fail_msg("%s", e.error);
        assert_true(value_is_same(type, value, back));
        buffer_deinit(&text);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void the_first_error_is_kept(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena, .error = "division by zero"};
    struct nt_value value;
    assert_false(value_parse(&e, NT_INT4, "x", 1, &value));
    assert_string_equal(e.error, "division by zero");
    nt_arena_deinit(&arena);
}

static void types_are_named_and_numbered_as_in_postgresql(void **state)
{
    (void)state;
    assert_string_equal(type_name(NT_FLOAT8), "double precision");
    assert_string_equal(type_name(NT_TIMESTAMPTZ), "timestamp with time zone");
    assert_int_equal(type_oid(NT_BOOL), 16);
    assert_int_equal(type_oid(NT_INTERVAL), 1186);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_then_output_is_postgresqls),
        cmocka_unit_test(what_is_refused_is_named_with_postgresqls_words),
        cmocka_unit_test(what_is_printed_reads_back_as_the_same),
        cmocka_unit_test(the_first_error_is_kept),
        cmocka_unit_test(types_are_named_and_numbered_as_in_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
