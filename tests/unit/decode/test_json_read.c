/* test_json_read.c: what is JSON and what is not, and that nothing makes the reader stumble. */
#include "../../support/seed.h"
#include "decode/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct json_parser *parser;
    struct nt_arena arena;
    struct json *document;
    const char *why;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->parser = json_parser_create();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    json_parser_destroy(f->parser);
    nt_arena_deinit(&f->arena);
    free(f);
    return 0;
}

static struct bytes span(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static bool parse(struct fixture *f, struct bytes bytes)
{
    nt_arena_reset(&f->arena);
    /* An allocation of exactly this size: the sanitizer sees a read past the end. */
    uint8_t *exact = malloc(bytes.size ? bytes.size : 1);
    if (bytes.size) memcpy(exact, bytes.data, bytes.size);
    bool is_good =
        json_parse(f->parser, (struct bytes){exact, bytes.size}, &f->arena, &f->document, &f->why);
    free(exact);
    assert_true(is_good == !f->why);
    return is_good;
}

static void assert_text(struct bytes text, const char *expected)
{
    assert_int_equal(text.size, strlen(expected));
    assert_memory_equal(text.data, expected, text.size);
}

static void a_document_becomes_a_tree_in_order(void **state)
{
    struct fixture *f = *state;
    assert_true(
        parse(f, span(" {\"b\" : [1, -2.50e+3 , null ,true,false], \"a\":{}, \"c\":\"x\"}\n")));
    assert_int_equal(f->document->kind, JSON_OBJECT);
    assert_int_equal(f->document->count, 3);
    const struct json *b = json_member(f->document, "b");
    assert_ptr_equal(b, &f->document->children[0]);
    assert_int_equal(b->kind, JSON_ARRAY);
    assert_int_equal(b->count, 5);
    assert_text(b->text, "[1, -2.50e+3 , null ,true,false]");
    assert_text(b->children[1].text, "-2.50e+3");
    assert_int_equal(b->children[2].kind, JSON_NULL);
    assert_true(b->children[3].boolean);
    assert_false(b->children[4].boolean);
    assert_int_equal(json_member(f->document, "a")->count, 0);
    assert_text(json_member(f->document, "c")->text, "x");
    assert_null(json_member(f->document, "d"));
    assert_null(json_member(b, "d"));
}

static void the_last_member_of_a_name_counts(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, span("{\"a\":1,\"b\":2,\"a\":3}")));
    assert_text(json_member(f->document, "a")->text, "3");
}

static void numbers_keep_their_digits(void **state)
{
    struct fixture *f = *state;
    static const char *const numbers[] = {
        "0",
        "-0",
        "9223372036854775807",
        "18446744073709551616",
        "0.1000",
        "1E400",
        "1e-400",
        "12345678901234567890123456789012345678.9",
        "-0.0e-0",
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_true(parse(f, span(numbers[i])));
        assert_int_equal(f->document->kind, JSON_NUMBER);
        assert_text(f->document->text, numbers[i]);
    }
}

static void escapes_are_decoded(void **state)
{
    struct fixture *f = *state;
    assert_true(parse(f, span("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"")));
    assert_text(f->document->text, "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
    assert_true(parse(f, span("{\"\\u0061b\":1}")));
    assert_text(json_member(f->document, "ab")->text, "1");
    assert_true(parse(f, span("\"a\\u0000b\"")));
    assert_int_equal(f->document->text.size, 3);
}

static void what_is_not_json_is_refused_with_a_reason(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "it is empty"},
        {" \n\t", "it is empty"},
        {"{", "it ends where the name of a member should be"},
        {"}", "expected a value at byte 1"},
        {"[1,", "it ends where a value should be"},
        {"[1,]", "expected a value at byte 4"},
        {"[,1]", "expected a value at byte 2"},
        {"[1 2]", "expected a comma or ] at byte 4"},
        {"{\"a\":1 \"b\":2}", "expected a comma or } at byte 8"},
        {"{\"a\":1,}", "expected the name of a member at byte 8"},
        {"{\"a\" 1}", "expected a colon at byte 6"},
        {"{a:1}", "expected the name of a member at byte 2"},
        {"{1:1}", "expected the name of a member at byte 2"},
        {"{\"a\":}", "expected a value at byte 6"},
        {"{\"a\":1}}", "expected the end at byte 8"},
        {"{\"a\":1} {\"b\":2}", "expected the end at byte 9"},
        {"{\"a\":1]", "expected a comma or } at byte 7"},
        {"[1}", "expected a comma or ] at byte 3"},
        {"1 2", "expected the end at byte 3"},
        {"\"a\"b", "expected the end at byte 4"},
        {"\"a\"\"b\"", NULL},
        {"\"a", "a string is not closed"},
        {"{\"a\":\"b}", "a string is not closed"},
        {"\"a\\\"", "a string is not closed"},
        {"\"\t\"", "a string holds a control character that is not escaped"},
        {"\"\\x\"", "expected a string with valid escapes at byte 1"},
        {"\"\\u12\"", "expected a string with valid escapes at byte 1"},
        {"\"\\ud800\"", "expected a string with valid escapes at byte 1"},
        {"\"\\ud800\\u0041\"", "expected a string with valid escapes at byte 1"},
        {"\"\\udc00\"", "expected a string with valid escapes at byte 1"},
        {"\"\xff\"", "it is not valid UTF-8"},
        {"\"\xc0\xaf\"", "it is not valid UTF-8"},
        {"\"\xed\xa0\x80\"", "it is not valid UTF-8"},
        {"\"\xe2\x82\"", "it is not valid UTF-8"},
        {"\xef\xbb\xbf{}", NULL},
        {"tru", "expected a value at byte 1"},
        {"nulll", "expected a value at byte 1"},
        {"True", "expected a value at byte 1"},
        {"tru\"x\"", NULL},
        {"NaN", "expected a value at byte 1"},
        {"Infinity", "expected a value at byte 1"},
        {"-", "expected a value at byte 1"},
        {"+1", "expected a value at byte 1"},
        {"01", "expected a value at byte 1"},
        {"-01", "expected a value at byte 1"},
        {"1.", "expected a value at byte 1"},
        {".5", "expected a value at byte 1"},
        {"1e", "expected a value at byte 1"},
        {"1e+", "expected a value at byte 1"},
        {"1.e5", "expected a value at byte 1"},
        {"0x10", "expected a value at byte 1"},
        {"1_000", "expected a value at byte 1"},
        {"1a", "expected a value at byte 1"},
        {"1\"a\"", NULL},
        {"'a'", "expected a value at byte 1"},
        {"// x\n1", NULL},
        {"\x01", "expected a value at byte 1"},
        {"1\f", NULL},
        {":", "expected a value at byte 1"},
        {",", "expected a value at byte 1"},
        {"[1]]", "expected the end at byte 4"},
        {"[[1]", "it ends where a comma or ] should be"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (parse(f, span(cases[i].text))) fail_msg("accepted: %s", cases[i].text);
        if (cases[i].why) assert_string_equal(f->why, cases[i].why);
    }
    assert_false(parse(f, (struct bytes){(const uint8_t *)"1\0", 2}));
    assert_false(parse(f, (struct bytes){(const uint8_t *)"{\"a\0\":1}", 8}));
    assert_true(parse(f, span("{}"))); /* and the parser goes on */
}

static void sixty_four_levels_are_read_and_one_more_is_refused(void **state)
{
    struct fixture *f = *state;
    char text[3 * 65 + 1];
    for (int levels = 64; levels <= 65; levels++) {
        memset(text, '[', (size_t)levels);
        memset(text + levels, ']', (size_t)levels);
        bool is_good = parse(f, (struct bytes){(uint8_t *)text, 2 * (size_t)levels});
        assert_true(is_good == (levels == 64));
    }
    assert_string_equal(f->why, "it is nested deeper than 64 levels");
    size_t deep = 1 << 20;
    char *many = malloc(deep);
    memset(many, '[', deep);
    assert_false(parse(f, (struct bytes){(uint8_t *)many, deep}));
    free(many);
}

static void pick_takes_only_the_named_members(void **state)
{
    struct fixture *f = *state;
    struct json_want wants[] = {
        {.name = span("a")}, {.name = span("bb")}, {.name = span("c")}, {.name = span("missing")}};
    struct json values[4];
    const char *text =
        "{\"x\":[1,{\"a\":9}],\"c\":\"p\\n\",\"bb\":\"q\",\"a\":1,\"y\":{\"z\":null},"
        "\"a\":[2, 3]}";
    assert_true(json_pick(f->parser, span(text), wants, 4, &f->arena, values, &f->why));
    assert_int_equal(values[0].kind, JSON_ARRAY);
    assert_int_equal(values[0].count, 0);
    assert_text(values[0].text, "[2, 3]");
    assert_text(values[1].text, "q");
    assert_ptr_equal(values[1].text.data, strchr(text, 'q'));
    assert_text(values[2].text, "p\n");
    assert_int_equal(values[3].kind, JSON_NULL);
    wants[0].is_whole = true;
    assert_true(json_pick(f->parser, span(text), wants, 4, &f->arena, values, &f->why));
    assert_int_equal(values[0].count, 2);
    assert_text(values[0].children[1].text, "3");
    assert_true(json_pick(f->parser, span("{ }"), wants, 4, &f->arena, values, &f->why));
    assert_int_equal(values[0].kind, JSON_NULL);
}

static void pick_finds_a_name_however_it_is_written(void **state)
{
    struct fixture *f = *state;
    struct json_want wants[] = {json_want_make(span("a\"b"), false),
                                json_want_make(span("caf\xc3\xa9"), false)};
    static const char *const texts[] = {
        "{\"a\\\"b\":1,\"caf\xc3\xa9\":2}",
        "{ \"caf\\u00e9\" : 2, \"a\\u0022b\" : 1 }",
        "{\"caf\xc3\xa9\":0,\"caf\xc3\xa9 \":3,\"a\\\"b\":1,\"caf\xc3\xa9\":2}",
    };
    struct json values[2];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(json_pick(f->parser, span(texts[i]), wants, 2, &f->arena, values, &f->why));
        assert_text(values[0].text, "1");
        assert_text(values[1].text, "2");
    }
    for (int i = 0; i < 2; i++) json_want_free(&wants[i]);
}

static void pick_checks_also_what_it_skips(void **state)
{
    struct fixture *f = *state;
    static const char *const wrong[] = {
        "{\"x\":tru}",
        "{\"x\":[1,]}",
        "{\"x\":{\"y\"}}",
        "{\"x\":\"\\q\"}",
        "{\"x\":1}1",
        "[1]",
        "1",
        "null",
        "\"a\"",
        "{\"x\":1",
        "{\"x\":01}",
        "{\"a\":1,,\"b\":2}",
        "{,}",
    };
    struct json_want wants[] = {{.name = span("a"), .is_whole = true}};
    struct json value;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (json_pick(f->parser, span(wrong[i]), wants, 1, &f->arena, &value, &f->why)) {
            fail_msg("accepted: %s", wrong[i]);
        }
        assert_non_null(f->why);
    }
}

/* Writes a random document, remembering nothing: only that it must be read. */
static void random_value(struct buffer *out, int depth)
{
    static const char *const scalars[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5e3",
        "\"\"",
        "\"a b\"",
        "\"\\u00e9\\n\"",
        "\"caf\xc3\xa9 \\\\\"",
        "12345678901234567890",
    };
    static const char *const blanks[] = {"", "", " ", "\n", "\t  \r\n"};
    long kind = depth > 5 ? 2 : random() % 4;
    buffer_append_text(out, blanks[random() % 5]);
    if (kind >= 2) {
        buffer_append_text(out, scalars[(size_t)random() % (sizeof scalars / sizeof *scalars)]);
    } else {
        long count = random() % 5;
        buffer_append_text(out, kind ? "{" : "[");
        for (long i = 0; i < count; i++) {
            if (i) buffer_append_text(out, ",");
            if (kind) buffer_printf(out, "\"m%ld\":", random() % 3);
            random_value(out, depth + 1);
        }
        buffer_append_text(out, kind ? "}" : "]");
    }
    buffer_append_text(out, blanks[random() % 5]);
}

static void random_documents_are_read_and_broken_ones_never_crash(void **state)
{
    struct fixture *f = *state;
    srandom((unsigned)seed_take());
    struct buffer text = {0};
    for (int round = 0; round < 3000; round++) {
        buffer_clear(&text);
        random_value(&text, 0);
        if (!parse(f, buffer_bytes(&text))) fail_msg("refused: %s: %s", buffer_text(&text), f->why);
        struct bytes cut = {text.data, (size_t)random() % text.size};
        parse(f, cut);
        text.data[(size_t)random() % text.size] = (uint8_t) "{}[]:,\"\\0x \xff\x01"[random() % 13];
        parse(f, buffer_bytes(&text));
    }
    buffer_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_document_becomes_a_tree_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_member_of_a_name_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_keep_their_digits, setup, teardown),
        cmocka_unit_test_setup_teardown(escapes_are_decoded, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_json_is_refused_with_a_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(sixty_four_levels_are_read_and_one_more_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(pick_takes_only_the_named_members, setup, teardown),
        cmocka_unit_test_setup_teardown(pick_finds_a_name_however_it_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(pick_checks_also_what_it_skips, setup, teardown),
        cmocka_unit_test_setup_teardown(random_documents_are_read_and_broken_ones_never_crash,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
