/* Values survive PostgreSQL's binary COPY; bytes that are not that are refused. */
#include "../../support/seed.h"
#include "offline/copy.h"
#include "row/numeric.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_round_trip(enum nt_type type, struct nt_value value)
{
    struct nt_arena arena = {0};
    struct buffer out = {0};
    struct nt_value back;
    copy_append_value(&out, type, value);
    struct reader in = reader_of(buffer_bytes(&out));
    assert_true(copy_take_value(&in, type, &arena, &back));
    assert_ptr_equal(in.next, in.end);
    assert_true(value_is_same(type, value, back));
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

static void assert_text_round_trip(enum nt_type type, const char *text)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value value;
    assert_true(value_parse(&e, type, text, strlen(text), &value));
    assert_round_trip(type, value);
    nt_arena_deinit(&arena);
}

static void values_survive_a_round_trip(void **state)
{
    (void)state;
    static const struct {
        enum nt_type type;
        const char *text;
    } values[] = {
        {NT_BOOL, "t"},
        {NT_BOOL, "f"},
        {NT_INT4, "-2147483648"},
        {NT_INT8, "-9223372036854775808"},
        {NT_FLOAT8, "-0"},
        {NT_FLOAT8, "NaN"},
        {NT_FLOAT8, "5e-324"},
        {NT_TEXT, ""},
        {NT_TEXT, "gr\xc3\xbc\xc3\x9f"},
        {NT_TIMESTAMPTZ, "2013-01-01 10:17:00.000001+00"},
        {NT_TIMESTAMPTZ, "-infinity"},
        {NT_INTERVAL, "1 mon -2 days 03:04:05.000006"},
        {NT_NUMERIC, "0"},
        {NT_NUMERIC, "0.000"},
        {NT_NUMERIC, "-0.00010"},
        {NT_NUMERIC, "10000"},
        {NT_NUMERIC, "12345678901234567890123456789012345678"},
        {NT_NUMERIC, "0.00000000000000000000000000000000000001"},
        {NT_NUMERIC, "-99999.9999"},
        {NT_NUMERIC, "NaN"},
        {NT_NUMERIC, "-Infinity"},
        {NT_ARRAY_OF(NT_INT4), "{}"},
        {NT_ARRAY_OF(NT_INT4), "{1,NULL,-3}"},
        {NT_ARRAY_OF(NT_TEXT), "{NULL,\"\",\"a b\"}"},
        {NT_ARRAY_OF(NT_NUMERIC), "{1.50,NaN,NULL}"},
        {NT_ARRAY_OF(NT_INTERVAL), "{\"1 mon\"}"},
        {NT_ARRAY_OF(NT_FLOAT4), "{0.1,-0,NaN}"},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_text_round_trip(values[i].type, values[i].text);
    for (int type = 0; type < NT_TYPE_COUNT; type++) assert_round_trip((enum nt_type)type, NT_NULL);
}

static void random_numerics_survive_a_round_trip(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    srandom((unsigned)seed_take());
    for (int i = 0; i < 20000; i++) {
        struct nt_numeric x;
        uint8_t digits[NUMERIC_DIGITS_MAX];
        int most = random() % 10 ? 38 : NUMERIC_DIGITS_MAX, count = (int)(random() % (most + 1));
        for (int d = 0; d < count; d++) digits[d] = (uint8_t)(random() % 3 ? random() % 10 : 0);
        assert_true(numeric_of_digits(&arena, digits, count, random() % 2,
                                      (int)(random() % (most + 1)), &x));
        assert_round_trip(NT_NUMERIC, (struct nt_value){.numeric = &x});
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void a_numeric_is_written_as_postgresql_sends_it(void **state)
{
    (void)state;
    /* select numeric_send(-12345.60): 3 digits, weight 1, negative, scale 2; 1 2345 6000 */
    static const uint8_t sent[] = {0, 0, 0, 14, 0, 3,    0,    1,    0x40,
                                   0, 0, 2, 0,  1, 0x09, 0x29, 0x17, 0x70};
    struct nt_numeric x = {.coefficient = -1234560, .scale = 2};
    struct buffer out = {0};
    copy_append_value(&out, NT_NUMERIC, (struct nt_value){.numeric = &x});
    assert_int_equal(out.size, sizeof sent);
    assert_memory_equal(out.data, sent, sizeof sent);
    buffer_deinit(&out);
}

static void names_survive_a_round_trip(void **state)
{
    (void)state;
    const char *const names[] = {"a", "", "term$3"};
    struct nt_arena arena = {0};
    struct buffer out = {0};
    struct bytes *back;
    size_t count;
    copy_append_names(&out, names, 3);
    copy_append_names(&out, names, 0);
    struct reader in = reader_of(buffer_bytes(&out));
    assert_true(copy_take_names(&in, &arena, &back, &count));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(back[i].size, strlen(names[i]));
        assert_memory_equal(back[i].data, names[i], back[i].size);
    }
    assert_true(copy_take_names(&in, &arena, &back, &count));
    assert_int_equal(count, 0);
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

static void a_tuple_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct buffer out = {0};
    struct nt_numeric x = {.coefficient = 123456789, .scale = 3};
    copy_append_value(&out, NT_NUMERIC, (struct nt_value){.numeric = &x});
    for (size_t size = 0; size < out.size; size++) {
        struct reader in = reader_of((struct bytes){out.data, size});
        struct nt_value back;
        assert_false(copy_take_value(&in, NT_NUMERIC, &arena, &back));
    }
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_survive_a_round_trip),
        cmocka_unit_test(random_numerics_survive_a_round_trip),
        cmocka_unit_test(a_numeric_is_written_as_postgresql_sends_it),
        cmocka_unit_test(names_survive_a_round_trip),
        cmocka_unit_test(a_tuple_cut_anywhere_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
