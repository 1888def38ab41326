/* Columns that a file leaves open: defaults and generated ones, in JSON lines and in CSV. */
#include "offline/event_file.h"
#include "row/value_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct nt_value amount_default(struct nt_eval *e, const struct nt_value *row)
{
    (void)e;
    (void)row;
    return nt_integer(7);
}

/* Fails where the amount is 13, does not fit where it is longer than two digits. */
static struct nt_value label_generated(struct nt_eval *e, const struct nt_value *row)
{
    if (row[1].is_null) return NT_NULL;
    if (row[1].integer == 13) return nt_fail(e, "no such label");
    const char *text = nt_arena_printf(e->arena, "%d", (int)row[1].integer);
    return nt_text(text, (uint32_t)strlen(text));
}

static const struct nt_column columns[] = {
    {.name = "k", .type = NT_TEXT, .is_not_null = true},
    {.name = "amount", .type = NT_INT4},
    {.name = "label", .type = NT_TEXT, .typmod = 2 + 4}, /* varchar(2) */
};
static const struct nt_made made[] = {
    {.column = 1, .is_generated = false, .sql = "7", .make = amount_default},
    {.column = 2, .is_generated = true, .sql = "amount::text", .make = label_generated},
};
static const struct nt_source source = {.name = "s",
                                        .format = "json",
                                        .columns = columns,
                                        .column_count = 3,
                                        .made = made,
                                        .made_count = 2};

static void text_write(char *path, const char *suffix, const char *text)
{
    sprintf(path, "/tmp/nowthen-event-XXXXXX%s", suffix);
    int file = mkstemps(path, (int)strlen(suffix));
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

/* Each event as k amount label, or why not, and a line end. */
static void assert_events(const char *suffix, const char *text, const char *expected)
{
    char path[64];
    struct event_file *file;
    struct nt_error error;
    struct buffer out = {0};
    struct nt_arena arena = {0};
    text_write(path, suffix, text);
    assert_int_equal(event_file_open(path, &source, &file, &error), NT_OK);
    for (;;) {
        struct nt_eval e = {.arena = &arena};
        struct nt_value row[3];
        bool is_good, is_end;
        assert_int_equal(event_file_next(file, &e, row, &is_good, &is_end, &error), NT_OK);
        if (is_end) break;
        if (!is_good) buffer_append_text(&out, e.error);
        for (int i = 0; is_good && i < 3; i++) {
            buffer_append_text(&out, i ? " " : "");
            if (row[i].is_null)
                buffer_append_byte(&out, '~');
            else
                value_append_text(columns[i].type, row[i], &out);
        }
        buffer_append_byte(&out, '\n');
    }
    assert_string_equal(buffer_text(&out), expected);
    event_file_close(file);
    unlink(path);
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

static void assert_refused(const char *text, const char *why)
{
    char path[64];
    struct event_file *file;
    struct nt_error error;
    text_write(path, ".csv", text);
    assert_int_equal(event_file_open(path, &source, &file, &error), NT_INVALID);
    assert_non_null(strstr(error.text, why));
    unlink(path);
}

static void json_lines_leave_columns_open(void **state)
{
    (void)state;
    assert_events(".jsonl",
                  "{\"k\": \"a\"}\n"
                  "{\"amount\": null, \"k\": \"b\"}\n"
                  "{\"k\": \"c\", \"amount\": 12}\n"
                  "{\"k\": \"d\", \"amount\": 13}\n"
                  "{\"k\": \"e\", \"amount\": 123}\n"
                  "{\"k\": \"f\", \"label\": null}\n"
                  "{\"k\": \"g\", \"label\": \"7\"}\n",
                  "a 7 7\n"
                  "b ~ ~\n"
                  "c 12 12\n"
                  "column \"label\": no such label\n"
                  "column \"label\": value too long for type character varying(2)\n"
                  "column \"label\" is generated: an event must not give it\n"
                  "column \"label\" is generated: an event must not give it\n");
}

static void a_csv_may_lack_what_has_a_default(void **state)
{
    (void)state;
    assert_events(".csv", "k\na\n", "a 7 7\n");
    assert_events(".csv", "amount,k\n,b\n12,c\n13,d\n",
                  "b ~ ~\nc 12 12\ncolumn \"label\": no such label\n");
}

static void empty_lines_of_a_csv_are_no_events(void **state)
{
    (void)state;
    assert_events(".csv", "k,amount\n\na,12\n\r\n\nb,12\n\n", "a 12 12\nb 12 12\n");
    assert_events(".csv", "k\na\n\n", "a 7 7\n~ 7 7\n");
}

static void a_csv_must_lack_what_is_generated(void **state)
{
    (void)state;
    assert_refused("k,amount,label\na,1,1\n",
                   ":1: column \"label\" of source s is generated: take it out of the file");
    assert_refused("amount\n1\n", ":1: no column \"k\", which source s has");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_leave_columns_open),
        cmocka_unit_test(a_csv_may_lack_what_has_a_default),
        cmocka_unit_test(empty_lines_of_a_csv_are_no_events),
        cmocka_unit_test(a_csv_must_lack_what_is_generated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
