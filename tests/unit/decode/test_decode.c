/* test_decode.c: JSON events to typed rows, and what is said of those that are none. */
#include "../../support/seed.h"
#include "decode/decode.h"
#include "decode/json.h"
#include "row/array.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct nt_column columns[] = {
    {.name = "b", .type = NT_BOOL},        {.name = "i", .type = NT_INT4},
    {.name = "l", .type = NT_INT8},        {.name = "f", .type = NT_FLOAT8},
    {.name = "n", .type = NT_NUMERIC},     {.name = "t", .type = NT_TEXT},
    {.name = "z", .type = NT_TIMESTAMPTZ}, {.name = "v", .type = NT_INTERVAL},
};
#define COLUMN_COUNT (sizeof columns / sizeof *columns)

static const struct nt_source source = {
    .name = "s", .format = "json", .columns = columns, .column_count = COLUMN_COUNT};

struct fixture {
    struct decoder *decoder;
    struct nt_arena arena;
    struct nt_eval e;
    struct nt_value row[COLUMN_COUNT];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->e.arena = &f->arena;
    *state = f;
    return decoder_create(&source, &f->decoder, NULL) == NT_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    decoder_destroy(f->decoder);
    nt_arena_deinit(&f->arena);
    free(f);
    return 0;
}

static bool decode(struct fixture *f, const char *text)
{
    memset(f->row, 0xee, sizeof f->row);
    return decoder_decode(f->decoder, &f->e, (struct bytes){(const uint8_t *)text, strlen(text)},
                          f->row);
}

/* The row as PostgreSQL prints it, NULL as ~, joined by |. */
static void assert_row(struct fixture *f, const char *event, const char *expected)
{
    struct buffer out = {0};
    if (!decode(f, event)) fail_msg("%s: %s", event, f->e.error);
    assert_null(f->e.error);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (i) buffer_append_byte(&out, '|');
        if (f->row[i].is_null) {
            buffer_append_byte(&out, '~');
        } else {
            value_append_text(columns[i].type, f->row[i], &out);
        }
    }
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void each_type_is_read(void **state)
{
    assert_row(
        *state,
        "{\"b\":true,\"i\":-7,\"l\":9007199254740993,\"f\":1.5,\"n\":1.50,\"t\":\"caf\\u00e9\","
        "\"z\":\"2013-01-01T10:17:00Z\",\"v\":\"1 day 02:00\"}",
        "t|-7|9007199254740993|1.5|1.50|caf\xc3\xa9|2013-01-01 10:17:00+00|1 day 02:00:00");
}

static void strings_that_postgresql_reads_are_numbers_too(void **state)
{
    assert_row(*state, "{\"i\":\"12\",\"l\":\"-9223372036854775808\",\"f\":\"NaN\",\"n\":\"1e2\"}",
               "~|12|-9223372036854775808|NaN|100|~|~|~");
    assert_row(*state, "{\"f\":\"-Infinity\",\"n\":\"NaN\"}", "~|~|~|-Infinity|NaN|~|~|~");
}

static void booleans_are_also_what_postgresql_takes_for_them(void **state)
{
    assert_row(*state, "{\"b\":\"yes\"}", "t|~|~|~|~|~|~|~");
    assert_row(*state, "{\"b\":0}", "f|~|~|~|~|~|~|~");
}

static void numbers_and_booleans_are_texts_as_they_are_written(void **state)
{
    assert_row(*state, "{\"t\":5.0}", "~|~|~|~|~|5.0|~|~");
    assert_row(*state, "{\"t\":true}", "~|~|~|~|~|true|~|~");
}

static void integral_numbers_are_integers_however_they_are_written(void **state)
{
    assert_row(*state, "{\"i\":5.0,\"l\":1e3}", "~|5|1000|~|~|~|~|~");
    assert_row(*state, "{\"i\":-0,\"l\":9223372036854775807}", "~|0|9223372036854775807|~|~|~|~|~");
    assert_row(*state, "{\"i\":-2147483648,\"l\":-9223372036854775808}",
               "~|-2147483648|-9223372036854775808|~|~|~|~|~");
}

static void missing_and_null_are_null_and_unknown_members_are_skipped(void **state)
{
    assert_row(*state, "{}", "~|~|~|~|~|~|~|~");
    assert_row(*state, "{\"x\":{\"i\":[1,{}]},\"i\":null,\"t\":\"\"}", "~|~|~|~|~||~|~");
}

static void the_last_of_a_repeated_member_counts(void **state)
{
    assert_row(*state, "{\"i\":\"no number\",\"t\":\"a\",\"i\":2,\"t\":\"b\"}", "~|2|~|~|~|b|~|~");
    assert_row(*state, "{\"i\":1,\"i\":null}", "~|~|~|~|~|~|~|~");
}

static void a_wrong_value_is_named_with_what_was_expected(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *event, *error;
    } cases[] = {
        {"{\"b\":2}", "column \"b\": expected true or false, got 2 (invalid input syntax for type "
                      "boolean: \"2\")"},
        {"{\"b\":\"maybe\"}", "column \"b\": expected true or false, got \"maybe\" (invalid input "
                              "syntax for type boolean: \"maybe\")"},
        {"{\"i\":1.5}",
         "column \"i\": expected an integer from -2147483648 to 2147483647, got 1.5"},
        {"{\"i\":2147483648}",
         "column \"i\": expected an integer from -2147483648 to 2147483647, got 2147483648"},
        {"{\"i\":true}",
         "column \"i\": expected an integer from -2147483648 to 2147483647, got true"},
        {"{\"l\":9223372036854775808}",
         "column \"l\": expected an integer from -9223372036854775808 to 9223372036854775807, got "
         "9223372036854775808"},
        {"{\"i\":\"x\"}", "column \"i\": expected an integer from -2147483648 to 2147483647, got "
                          "\"x\" (invalid input "
                          "syntax for type integer: \"x\")"},
        {"{\"f\":[1, 2]}", "column \"f\": expected a number (double precision), got [1, 2]"},
        {"{\"t\":[5]}", "column \"t\": expected a string without U+0000, got [5]"},
        {"{\"t\":\"a\\u0000b\"}",
         "column \"t\": expected a string without U+0000, got \"a\\u0000b\""},
        {"{\"z\":1357035420}", "column \"z\": expected a string with a time such as "
                               "\"2013-01-01T10:17:00Z\", got 1357035420"},
        {"{\"v\":{\"days\":1}}", "column \"v\": expected a string with an interval such as \"1 day "
                                 "02:00:00\", got {\"days\":1}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(decode(f, cases[i].event));
        assert_string_equal(f->e.error, cases[i].error);
    }
    assert_row(f, "{\"i\":1}", "~|1|~|~|~|~|~|~"); /* and the error is forgotten */
}

static void wrong_texts_of_each_type_are_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const events[] = {
        "{\"i\":\"\"}",
        "{\"i\":\"1.0\"}",
        "{\"i\":\"2147483648\"}",
        "{\"l\":1e19}",
        "{\"l\":\"1e3\"}",
        "{\"f\":\"abc\"}",
        "{\"f\":1e400}",
        "{\"f\":\"\"}",
        "{\"n\":\"1.2.3\"}",
        "{\"n\":true}",
        "{\"z\":\"yesterday?\"}",
        "{\"z\":\"\"}",
        "{\"z\":\"2013-02-30\"}",
        "{\"v\":\"soon\"}",
        "{\"v\":5}",
        "{\"b\":\"\"}",
        "{\"z\":\"2013-01-01\\u0000\"}",
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (decode(f, events[i])) fail_msg("accepted: %s", events[i]);
        assert_non_null(strstr(f->e.error, "column \""));
    }
}

static void a_long_value_is_shown_short_and_whole_characters_only(void **state)
{
    struct fixture *f = *state;
    struct buffer event = {0};
    buffer_append_text(&event, "{\"i\":\"a");
    for (int i = 0; i < 1000; i++) buffer_append_text(&event, "\xc3\xa9");
    buffer_append_text(&event, "\"}");
    assert_false(decode(f, buffer_text(&event)));
    assert_non_null(strstr(f->e.error, "\\u00e9\"..."));
    assert_null(strstr(f->e.error, "\\ufffd"));
    buffer_deinit(&event);
}

static void what_is_no_object_is_refused(void **state)
{
    struct fixture *f = *state;
    assert_false(decode(f, ""));
    assert_string_equal(f->e.error, "not a JSON object: it is empty");
    assert_false(decode(f, "[1]"));
    assert_string_equal(f->e.error, "not a JSON object: expected an object at byte 1");
    assert_false(decode(f, "{\"i\":1"));
    assert_string_equal(f->e.error, "not a JSON object: it ends where a comma or } should be");
    assert_false(decode(f, "{\"t\":\"\xff\"}"));
    assert_string_equal(f->e.error, "not a JSON object: it is not valid UTF-8");
}

static void a_format_that_is_not_known_is_refused_by_name(void **state)
{
    struct nt_source avro = source;
    struct decoder *decoder;
    struct nt_error error;
    (void)state;
    avro.format = "avro";
    assert_int_equal(decoder_create(&avro, &decoder, &error), NT_INVALID);
    assert_null(decoder);
    assert_string_equal(error.text,
                        "source s: format 'avro' is not known; write OPTIONS (format 'json')");
}

static void assert_written(enum nt_type type, struct nt_value value, const char *expected)
{
    struct buffer out = {0};
    json_append_value(type, value, &out);
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void an_array_is_written_as_one(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    const struct nt_value texts[] = {nt_text("a\"b", 3), NT_NULL};
    const struct nt_value floats[] = {nt_float8(3), nt_float8(__builtin_inf())};
    assert_written(NT_ARRAY_OF(NT_TEXT), array_make(NT_TEXT, texts, 2, &arena),
                   "[\"a\\\"b\",null]");
    assert_written(NT_ARRAY_OF(NT_FLOAT4), array_make(NT_FLOAT4, floats, 2, &arena), "[3.0,null]");
    assert_written(NT_ARRAY_OF(NT_INT4), array_make(NT_INT4, NULL, 0, &arena), "[]");
    assert_written(NT_ARRAY_OF(NT_INT4), NT_NULL, "null");
    nt_arena_deinit(&arena);
}

static void values_are_written_as_feast_clients_read_them(void **state)
{
    (void)state;
    const struct nt_interval interval = {.us = 7200000000, .days = 1};
    const struct nt_numeric numeric = {.coefficient = 150, .scale = 2};
    assert_written(NT_INT4, NT_NULL, "null");
    assert_written(NT_BOOL, nt_bool(true), "true");
    assert_written(NT_INT8, nt_integer(INT64_MAX), "9223372036854775807");
    assert_written(NT_FLOAT8, nt_float8(3), "3.0");
    assert_written(NT_FLOAT8, nt_float8(-0.0), "-0.0");
    assert_written(NT_FLOAT8, nt_float8(0.1), "0.1");
    assert_written(NT_FLOAT8, nt_float8(1e300), "1e+300");
    assert_written(NT_FLOAT8, nt_float8(__builtin_nan("")), "null");
    assert_written(NT_FLOAT8, nt_float8(__builtin_inf()), "null");
    assert_written(NT_NUMERIC, (struct nt_value){.numeric = &numeric}, "\"1.50\"");
    assert_written(NT_INTERVAL, (struct nt_value){.interval = &interval}, "\"1 day 02:00:00\"");
    assert_written(NT_TEXT, nt_text("", 0), "\"\"");
    assert_written(NT_TEXT, nt_text("a\"\\\n\x01\xc3\xa9\xf0\x9f\x98\x80\x7f", 12),
                   "\"a\\\"\\\\\\n\\u0001\\u00e9\\ud83d\\ude00\\u007f\"");
    assert_written(NT_TEXT, nt_text("\xff\xe2\x82", 3), "\"\\ufffd\\ufffd\\ufffd\"");
}

static void times_are_written_with_no_three_or_six_digits(void **state)
{
    (void)state;
    int64_t at = INT64_C(410350620000000); /* 2013-01-01 10:17:00 */
    assert_written(NT_TIMESTAMPTZ, nt_timestamptz(at), "\"2013-01-01T10:17:00Z\"");
    assert_written(NT_TIMESTAMPTZ, nt_timestamptz(at + 250000), "\"2013-01-01T10:17:00.250Z\"");
    assert_written(NT_TIMESTAMPTZ, nt_timestamptz(at + 10), "\"2013-01-01T10:17:00.000010Z\"");
    assert_written(NT_TIMESTAMPTZ, nt_timestamptz(-NT_UNIX_EPOCH_US), "\"1970-01-01T00:00:00Z\"");
}

static struct nt_value random_value(struct nt_arena *arena, enum nt_type type)
{
    static const char *const pieces[] = {
        "a", "\"", "\\", "\n", "\x01", "\xc3\xa9", "\xf0\x9f\x98\x80", "/"};
    int64_t wide =
        (int64_t)((uint64_t)random() << 33 ^ (uint64_t)random() << 11 ^ (uint64_t)random());
    union {
        int64_t bits;
        double x;
    } pun = {wide};
    struct nt_numeric *numeric = nt_arena_zalloc(arena, sizeof *numeric);
    struct nt_interval *interval = nt_arena_zalloc(arena, sizeof *interval);
    switch (type) {
    case NT_BOOL:
        return nt_bool(wide & 1);
    case NT_INT4:
        return nt_integer((int32_t)wide);
    case NT_INT8:
        return nt_integer(wide >> (random() % 64));
    case NT_FLOAT8:
        return nt_float8(__builtin_isfinite(pun.x) ? pun.x : (double)wide);
    case NT_NUMERIC:
        *numeric = (struct nt_numeric){.coefficient = wide, .scale = (uint8_t)(random() % 20)};
        return (struct nt_value){.numeric = numeric};
    case NT_TIMESTAMPTZ:
        return nt_timestamptz(wide % INT64_C(200000000000000000));
    case NT_INTERVAL:
        *interval = (struct nt_interval){wide % INT64_C(1000000000000), (int)(wide % 1000), 0};
        return (struct nt_value){.interval = interval};
    default: {
        struct buffer text = {0};
        for (long n = random() % 9; n > 0; n--) buffer_append_text(&text, pieces[random() % 8]);
        const char *copy = nt_arena_copy(arena, buffer_text(&text), text.size);
        struct nt_value value = nt_text(copy, (uint32_t)text.size);
        buffer_deinit(&text);
        return value;
    }
    }
}

static void what_is_written_reads_back_the_same_bits(void **state)
{
    struct fixture *f = *state;
    srandom((unsigned)seed_take());
    struct buffer event = {0};
    for (int round = 0; round < 5000; round++) {
        struct nt_value sent[COLUMN_COUNT];
        nt_arena_reset(&f->arena);
        buffer_clear(&event);
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            sent[i] = random() % 8 ? random_value(&f->arena, columns[i].type) : NT_NULL;
            buffer_printf(&event, "%s\"%s\":", i ? "," : "{", columns[i].name);
            json_append_value(columns[i].type, sent[i], &event);
        }
        buffer_append_text(&event, "}");
        if (!decode(f, buffer_text(&event))) fail_msg("%s: %s", event.data, f->e.error);
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            if (!value_is_same(columns[i].type, sent[i], f->row[i])) {
                fail_msg("column %s of %s", columns[i].name, event.data);
            }
        }
    }
    buffer_deinit(&event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_type_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(strings_that_postgresql_reads_are_numbers_too, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(booleans_are_also_what_postgresql_takes_for_them, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(numbers_and_booleans_are_texts_as_they_are_written, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(integral_numbers_are_integers_however_they_are_written,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(missing_and_null_are_null_and_unknown_members_are_skipped,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_of_a_repeated_member_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_value_is_named_with_what_was_expected, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(wrong_texts_of_each_type_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_value_is_shown_short_and_whole_characters_only,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_object_is_refused, setup, teardown),
        cmocka_unit_test(a_format_that_is_not_known_is_refused_by_name),
        cmocka_unit_test(values_are_written_as_feast_clients_read_them),
        cmocka_unit_test(an_array_is_written_as_one),
        cmocka_unit_test(times_are_written_with_no_three_or_six_digits),
        cmocka_unit_test_setup_teardown(what_is_written_reads_back_the_same_bits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
