/* Arrays: what is put in comes out, as bytes and as text; bytes that are no array are none. */
#include "row/array.h"

#include "random.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool parse(struct nt_eval *e, enum nt_type element, const char *text, struct nt_value *value)
{
    e->error = NULL;
    return value_parse(e, NT_ARRAY_OF(element), text, strlen(text), value);
}

static void assert_printed(enum nt_type element, const char *text, const char *printed)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value value;
    struct buffer out = {0};
    if (!parse(&e, element, text, &value)) fail_msg("%s: %s", text, e.error);
    value_append_text(NT_ARRAY_OF(element), value, &out);
    assert_string_equal(buffer_text(&out), printed);
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

static void text_is_read_and_printed(void **state)
{
    (void)state;
    assert_printed(NT_INT4, "{}", "{}");
    assert_printed(NT_INT4, " { } ", "{}");
    assert_printed(NT_INT4, " { 1 , null,\t-3 } ", "{1,NULL,-3}");
    assert_printed(NT_INT4, "{\"7\"}", "{7}");
    assert_printed(NT_TEXT, "{a b , \"a b \",\"\",\"NULL\",NuLl}",
                   "{\"a b\",\"a b \",\"\",\"NULL\",NULL}");
    assert_printed(NT_TEXT, "{a\\,b,\\n,\\\\,\" \\\" \"}", "{\"a,b\",n,\"\\\\\",\" \\\" \"}");
    assert_printed(NT_TEXT, "{a\\ ,\\NULL}", "{\"a \",\"NULL\"}");
}

static void what_is_no_array_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"", "malformed array literal: \"\""},
        {"1", "malformed array literal: \"1\""},
        {"{", "malformed array literal: \"{\""},
        {"{1", "malformed array literal: \"{1\""},
        {"{1,", "malformed array literal: \"{1,\""},
        {"{1,}", "malformed array literal: \"{1,}\""},
        {"{,1}", "malformed array literal: \"{,1}\""},
        {"{,}", "malformed array literal: \"{,}\""},
        {"{1}}", "malformed array literal: \"{1}}\""},
        {"{\"1}", "malformed array literal: \"{\"1}\""},
        {"{1\"2\"}", "malformed array literal: \"{1\"2\"}\""},
        {"{\"1\"2}", "malformed array literal: \"{\"1\"2}\""},
        {"{\"1\"\"2\"}", "malformed array literal: \"{\"1\"\"2\"}\""},
        {"{1\\", "malformed array literal: \"{1\\\""},
        {"{x}", "invalid input syntax for type integer: \"x\""},
        {"{\"\"}", "invalid input syntax for type integer: \"\""},
        {"{{1}}", "array of more than one dimension: \"{{1}}\""},
        {"[1:1]={1}", "array with bounds: \"[1:1]={1}\"; only the elements can be given, {1,2,3}, "
                      "which begin at 1"},
    };
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct nt_value value;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (parse(&e, NT_INT4, wrong[i][0], &value)) fail_msg("read: %s", wrong[i][0]);
        assert_string_equal(e.error, wrong[i][1]);
    }
    nt_arena_deinit(&arena);
}

static void any_array_survives_text(void **state)
{
    (void)state;
    static const enum nt_type types[] = {NT_INT8, NT_FLOAT8, NT_FLOAT4, NT_TEXT, NT_BYTEA, NT_UUID};
    struct random random = random_seeded("arrays as text");
    struct nt_arena arena = {0};
    for (int i = 0; i < 20000; i++) {
        enum nt_type type = NT_ARRAY_OF(types[random_below(&random, 6)]);
        struct nt_eval e = {.arena = &arena};
        struct nt_value back, value = random_value(&random, type, &arena);
        struct buffer text = {0};
        value_append_text(type, value, &text);
        assert_true(value_parse(&e, type, buffer_text(&text), text.size, &back));
        assert_true(value_is_same(type, value, back));
        buffer_deinit(&text);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void bytes_that_are_no_array_end_early(void **state)
{
    (void)state;
    struct random random = random_seeded("broken arrays");
    struct nt_arena arena = {0};
    for (int i = 0; i < 20000; i++) {
        enum nt_type type = NT_ARRAY_OF(random_below(&random, NT_TYPE_COUNT));
        struct nt_value value = random_value(&random, type, &arena);
        char *bytes = nt_arena_copy(&arena, value.text, value.size);
        if (random_below(&random, 2))
            bytes[random_below(&random, value.size)] ^= (char)(1 << random_below(&random, 8));
        else
            value.size = (uint32_t)random_below(&random, value.size);
        uint32_t count;
        value.text = nt_arena_copy(&arena, bytes, value.size);
        const struct nt_value *values = array_values(nt_type_element(type), value, &arena, &count);
        for (uint32_t j = 0; j < count; j++)
            if (!values[j].is_null)
                assert_int_equal(nt_compare(nt_type_element(type), values[j], values[j]), 0);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_read_and_printed),
        cmocka_unit_test(what_is_no_array_is_refused),
        cmocka_unit_test(any_array_survives_text),
        cmocka_unit_test(bytes_that_are_no_array_end_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
