/* A spine is read as typed questions and printed back as it was, with the outputs behind it. */
#include "offline/spine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct nt_column keys[] = {{.name = "k", .type = NT_TEXT, .is_not_null = true},
                                        {.name = "n", .type = NT_INT8, .is_not_null = true}};
static const struct nt_feature features[] = {
    {.name = "k", .type = NT_TEXT, .key = 0},
    {.name = "n", .type = NT_INT8, .key = 1},
    {.name = "also_k", .type = NT_TEXT, .key = 0},
    {.name = "x", .type = NT_FLOAT8, .key = -1},
};
static const struct nt_view view = {
    .name = "v", .key_count = 2, .feature_count = 4, .keys = keys, .features = features};
static const struct nt_program program = {.view_count = 1, .views = &view};

struct paper {
    char path[64];
    struct target target;
    struct nt_arena arena;
    struct buffer out;
    struct nt_error error;
};

static int paper_make(void **state)
{
    struct paper *paper = memory_zalloc(sizeof *paper);
    snprintf(paper->path, sizeof paper->path, "/tmp/nowthen-spine-XXXXXX");
    close(mkstemp(paper->path));
    assert_int_equal(target_find(&program, "v", &paper->target, NULL), NT_OK);
    *state = paper;
    return 0;
}

static int paper_drop(void **state)
{
    struct paper *paper = *state;
    unlink(paper->path);
    nt_arena_deinit(&paper->arena);
    buffer_deinit(&paper->out);
    free(paper);
    return 0;
}

/* Reads the spine and prints it with x = 1.5 in every row. */
static enum nt_status paper_print(struct paper *paper, const char *text, bool is_json)
{
    const struct nt_value values[] = {NT_NULL, NT_NULL, nt_text("K", 1), nt_float8(1.5)};
    struct spine *spine;
    struct spine_row row;
    bool is_end = false;
    file_write(paper->path, (struct bytes){(const uint8_t *)text, strlen(text)}, NULL);
    enum nt_status status = spine_open(paper->path, &paper->target, &spine, &paper->error);
    if (status != NT_OK) return status;
    buffer_clear(&paper->out);
    if (!is_json) spine_append_header(spine, &paper->out);
    while (status == NT_OK && !is_end) {
        status = spine_next(spine, &paper->arena, &row, &is_end, &paper->error);
        if (status != NT_OK || is_end) break;
        if (is_json)
            spine_append_row_json(spine, &row, values, &paper->out);
        else
            spine_append_row(spine, &row, values, &paper->out);
    }
    spine_close(spine);
    return status;
}

static void other_columns_pass_through_in_their_places(void **state)
{
    struct paper *paper = *state;
    assert_int_equal(paper_print(paper,
                                 "label,n,event_timestamp,k\n"
                                 "\"a, b\",7,2020-01-01T00:00:00Z,\"\"\n"
                                 ",,2020-01-01 00:00:00+00,x\n",
                                 false),
                     NT_OK);
    assert_string_equal(buffer_text(&paper->out), "label,n,event_timestamp,k,also_k,x\n"
                                                  "\"a, b\",7,2020-01-01T00:00:00Z,\"\",K,1.5\n"
                                                  ",,2020-01-01 00:00:00+00,x,K,1.5\n");
}

static void json_has_the_same_columns(void **state)
{
    struct paper *paper = *state;
    assert_int_equal(paper_print(paper, "k,n,event_timestamp\n,7,2020-01-01T00:00:00Z\n", true),
                     NT_OK);
    assert_string_equal(buffer_text(&paper->out),
                        "{\"k\":null,\"n\":\"7\",\"event_timestamp\":\"2020-01-01T00:00:00Z\","
                        "\"also_k\":\"K\",\"x\":1.5}\n");
}

static void assert_refused(struct paper *paper, const char *text, const char *why)
{
    assert_int_equal(paper_print(paper, text, false), NT_INVALID);
    assert_non_null(strstr(paper->error.text, why));
}

static void what_is_wrong_is_said_with_line_and_column(void **state)
{
    assert_refused(*state, "", "is empty");
    assert_refused(*state, "k,event_timestamp\n", "no column \"n\"");
    assert_refused(*state, "k,n\n", "v is asked by k, n, event_timestamp");
    assert_refused(*state, "k,n,x,event_timestamp\n", "the spine has a column \"x\"");
    assert_refused(*state, "k,n,event_timestamp\na,seven,2020-01-01\n", ":2: column \"n\"");
    assert_refused(*state, "k,n,event_timestamp\na,7,yesterdayish\n",
                   ":2: column \"event_timestamp\"");
    assert_refused(*state, "k,n,event_timestamp\na,7,\n", ":2: event_timestamp is empty");
    assert_refused(*state, "k,n,event_timestamp\na,7,2020-01-01,9\n", ":2: 4 fields");
}

static void a_target_that_is_not_there_is_answered_with_what_is(void **state)
{
    (void)state;
    struct target target;
    struct nt_error error;
    assert_int_equal(target_find(&program, "w", &target, &error), NT_NOT_FOUND);
    assert_non_null(strstr(error.text, "\"w\" in the definitions; there are: v"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, paper_make, paper_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(other_columns_pass_through_in_their_places),
        TEST(json_has_the_same_columns),
        TEST(what_is_wrong_is_said_with_line_and_column),
        TEST(a_target_that_is_not_there_is_answered_with_what_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
