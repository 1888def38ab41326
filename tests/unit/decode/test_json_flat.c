/* test_json_flat.c: what the quick look at a flat object takes is what the careful one takes. */
#include "../../support/seed.h"
#include "decode/json_flat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAMES 3

static const char *const name_texts[NAMES] = {"id", "amount", "a name of more than 16 bytes"};

static struct bytes span(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

/* An allocation of exactly this size: the sanitizer sees a read past the end. */
static struct bytes exact_copy(struct bytes bytes)
{
    uint8_t *copy = malloc(bytes.size ? bytes.size : 1);
    if (bytes.size) memcpy(copy, bytes.data, bytes.size);
    return (struct bytes){copy, bytes.size};
}

static void exact_free(struct bytes bytes)
{
    free((void *)(uintptr_t)bytes.data);
}

static bool flat(struct bytes bytes, struct json *values)
{
    struct json_want wants[NAMES];
    for (int i = 0; i < NAMES; i++) wants[i] = json_want_make(span(name_texts[i]), false);
    bool is_flat = json_flat_pick(bytes, wants, NAMES, values);
    for (int i = 0; i < NAMES; i++) json_want_free(&wants[i]);
    return is_flat;
}

static bool flat_text(const char *text, struct json *values)
{
    struct bytes exact = exact_copy(span(text));
    bool is_taken = flat(exact, values);
    exact_free(exact);
    return is_taken;
}

static void what_is_not_a_flat_object_is_left_alone(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        " ",
        "1",
        "\"id\"",
        "[]",
        "{",
        "{}",
        "{\"id\"",
        "{\"id\":",
        "{\"id\":1",
        "{\"id\":1,",
        "{\"id\":1,}",
        "{\"id\":1}}",
        "{\"id\":1} 2",
        "{,\"id\":1}",
        "{\"id\" 1}",
        "{id:1}",
        "{\"id\":[]}",
        "{\"id\":{}}",
        "{\"id\":tru}",
        "{\"id\":true1}",
        "{\"id\":nul",
        "{\"id\":01}",
        "{\"id\":-}",
        "{\"id\":1.}",
        "{\"id\":.5}",
        "{\"id\":1e}",
        "{\"id\":1 2}",
        "{\"id\":+1}",
        "{\"id\":\"\\n\"}",
        "{\"i\\u0064\":1}",
        "{\"id\":\"open}",
        "{\"id\":\"end of line\n\"}",
        "{\"id\":\"tabulator\t\"}",
        "{\"id\":\"\x1f\"}",
        "{\"id\n\":1}",
        "{\"id\":\"\xff\"}",
        "{\"id\":\"\xc3\"}",
        "{\"\xed\xa0\x80\":1}",
        "{\"id\":1}\xc2\xa0",
        "\xef\xbb\xbf{\"id\":1}",
    };
    struct json values[NAMES];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (flat_text(others[i], values)) fail_msg("taken: %s", others[i]);
    struct bytes zero = exact_copy((struct bytes){(const uint8_t *)"{\"id\":\"\0\"}", 10});
    assert_false(flat(zero, values));
    exact_free(zero);
}

static void blanks_and_characters_beyond_ascii_are_taken(void **state)
{
    (void)state;
    struct json values[NAMES];
    assert_true(flat_text(" {\r\n \"id\" : -1.5e+3 ,\t\"x\": null,\"amount\":\"caf\xc3\xa9\" } \n",
                          values));
    assert_int_equal(values[0].kind, JSON_NUMBER);
    assert_int_equal(values[0].text.size, 7);
    assert_int_equal(values[1].kind, JSON_STRING);
    assert_int_equal(values[1].text.size, 5);
    assert_int_equal(values[2].kind, JSON_NULL);
    assert_null(values[2].name.data);
}

/* ---- the two against each other ---- */

static const char *pick(const char *const *of, size_t count)
{
    return of[(size_t)random() % count];
}
#define PICK(of) pick(of, sizeof(of) / sizeof *(of))

static void random_scalar(struct buffer *out)
{
    static const char *const scalars[] = {"null", "true",   "false",          "0",    "-12.50",
                                          "1e9",  "{}",     "[1,\"]\"]",      "\"\"", "\"\\u00e9\"",
                                          "7",    "9.5E-1", "\"caf\xc3\xa9\""};
    if (random() % 2) {
        buffer_append_text(out, PICK(scalars));
        return;
    }
    buffer_append_byte(out, '"');
    for (long left = random() % 40; left > 0; left--)
        buffer_append_byte(out, (uint8_t) "abcdefghijklmnop {}:,\x7f"[random() % 22]);
    buffer_append_byte(out, '"');
}

static void random_object(struct buffer *out)
{
    static const char *const blanks[] = {"", "", "", " ", "\r\n\t "};
    static const char *const names[] = {"id", "amount", "a name of more than 16 bytes", "x", ""};
    buffer_append_text(out, "{");
    for (long left = random() % 6; left >= 0; left--) {
        buffer_append_text(out, PICK(blanks));
        buffer_printf(out, "\"%s\"%s:%s", PICK(names), PICK(blanks), PICK(blanks));
        random_scalar(out);
        buffer_append_text(out, PICK(blanks));
        buffer_append_text(out, left ? "," : "}");
    }
    buffer_append_text(out, PICK(blanks));
}

static bool is_flat(const struct json *object)
{
    if (object->kind != JSON_OBJECT || object->count == 0) return false;
    for (size_t i = 0; i < object->count; i++)
        if (object->children[i].kind == JSON_ARRAY || object->children[i].kind == JSON_OBJECT)
            return false;
    return true;
}

static void assert_same(const struct json *value, const struct json *member)
{
    assert_int_equal(value->name.data != NULL, member != NULL);
    if (!member) return;
    assert_int_equal(value->kind, member->kind);
    assert_false(value->was_escaped || member->was_escaped);
    assert_int_equal(value->text.size, member->text.size);
    assert_memory_equal(value->text.data, member->text.data, value->text.size);
    if (value->kind == JSON_BOOL) assert_int_equal(value->boolean, member->boolean);
}

static void compare(struct json_parser *parser, struct nt_arena *arena, struct bytes text)
{
    struct json values[NAMES], *document = NULL;
    const char *why;
    struct bytes exact = exact_copy(text);
    nt_arena_reset(arena);
    bool is_good = json_parse(parser, exact, arena, &document, &why);
    bool is_taken = flat(exact, values);
    bool has_escapes = exact.size && memchr(exact.data, '\\', exact.size);
    bool is_expected = is_good && is_flat(document) && !has_escapes;
    if (is_taken != is_expected)
        fail_msg("%s: %.*s", is_taken ? "taken" : "left", (int)exact.size, (char *)text.data);
    for (int i = 0; is_taken && i < NAMES; i++)
        assert_same(&values[i], json_member(document, name_texts[i]));
    exact_free(exact);
}

static void it_takes_what_the_careful_reader_takes(void **state)
{
    (void)state;
    srandom((unsigned)seed_take());
    struct json_parser *parser = json_parser_create();
    struct nt_arena arena = {0};
    struct buffer text = {0};
    for (int round = 0; round < 20000; round++) {
        buffer_clear(&text);
        random_object(&text);
        compare(parser, &arena, buffer_bytes(&text));
        compare(parser, &arena, (struct bytes){text.data, (size_t)random() % text.size});
        text.data[(size_t)random() % text.size] =
            (uint8_t) "{}[]:,\"\\0x \xff\x01\n-.etfn"[random() % 20];
        compare(parser, &arena, buffer_bytes(&text));
    }
    buffer_deinit(&text);
    nt_arena_deinit(&arena);
    json_parser_destroy(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_a_flat_object_is_left_alone),
        cmocka_unit_test(blanks_and_characters_beyond_ascii_are_taken),
        cmocka_unit_test(it_takes_what_the_careful_reader_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
