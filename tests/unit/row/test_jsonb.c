/* test_jsonb.c: what no function shows of reading JSON: its depth, and names by their bytes. */
#include "row/jsonb.h"

#include "nowthen/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool parses(struct nt_arena *arena, int depth, const char **error)
{
    struct nt_eval e = {.arena = arena};
    struct nt_value value;
    struct buffer text = {0};
    for (int i = 0; i < depth; i++) buffer_append_text(&text, i % 2 ? "[" : "{\"a\":");
    buffer_append_text(&text, "1");
    for (int i = depth - 1; i >= 0; i--) buffer_append_text(&text, i % 2 ? "]" : "}");
    bool is_parsed = jsonb_parse(&e, buffer_bytes(&text), &value);
    buffer_deinit(&text);
    *error = e.error;
    return is_parsed;
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    struct nt_arena arena;
    const char *error;
    nt_arena_init(&arena);
    assert_true(parses(&arena, JSONB_DEPTH_MAX, &error));
    assert_false(parses(&arena, JSONB_DEPTH_MAX + 1, &error));
    assert_string_equal(error, "the JSON nests deeper than 500 levels");
    assert_false(parses(&arena, 1000000, &error));
    nt_arena_deinit(&arena);
}

/* Every prefix of a text is read to its end and no further. */
static void no_prefix_is_json(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\\u00e9\\n\": [1.5e+3, true, {\"b\": \"\\ud83d\\ude00\"}], \"\": null}";
    struct nt_arena arena;
    nt_arena_init(&arena);
    for (size_t size = 0; size < sizeof text - 1; size++) {
        struct nt_eval e = {.arena = &arena};
        struct nt_value value;
        uint8_t *copy = nt_arena_alloc(&arena, size + 1);
        memcpy(copy, text, size);
        assert_false(jsonb_parse(&e, (struct bytes){copy, size}, &value));
        assert_string_equal(e.error, "invalid input syntax for type json");
    }
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(depth_has_a_limit),
                                       cmocka_unit_test(no_prefix_is_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
