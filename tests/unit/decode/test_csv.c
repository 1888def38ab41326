/* test_csv.c: CSV as COPY ... CSV reads and writes it. */
#include "../../support/seed.h"
#include "decode/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void file_make(char path[64], struct bytes text)
{
    snprintf(path, 64, "/tmp/nowthen-csv-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    if (text.size) assert_int_equal(write(fd, text.data, text.size), text.size);
    close(fd);
}

static struct bytes span(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

/* All records: fields in <>, quoted ones in <"">, NULL as ~, a line each with its number. */
static enum nt_status read_all(struct bytes text, struct buffer *out, struct nt_error *error)
{
    char path[64];
    struct csv_reader *reader;
    const struct csv_field *fields;
    size_t count;
    file_make(path, text);
    assert_int_equal(csv_open(path, &reader, error), NT_OK);
    enum nt_status status;
    while ((status = csv_next(reader, &fields, &count, error)) == NT_OK && count) {
        buffer_printf(out, "%d:", (int)csv_line(reader));
        for (size_t i = 0; i < count; i++) {
            if (fields[i].is_null) {
                buffer_append_text(out, "~");
                continue;
            }
            buffer_append_text(out, fields[i].is_quoted ? "<\"" : "<");
            buffer_append(out, fields[i].text.data, fields[i].text.size);
            buffer_append_text(out, fields[i].is_quoted ? "\">" : ">");
        }
        buffer_append_text(out, "\n");
    }
    csv_close(reader);
    unlink(path);
    return status;
}

static void assert_read(const char *text, const char *expected)
{
    struct buffer out = {0};
    struct nt_error error;
    if (read_all(span(text), &out, &error) != NT_OK) fail_msg("%s: %s", text, error.text);
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void assert_refused(const char *text, const char *expected)
{
    struct buffer out = {0};
    struct nt_error error;
    assert_int_equal(read_all(span(text), &out, &error), NT_INVALID);
    assert_non_null(strstr(error.text, expected));
    buffer_deinit(&out);
}

static void empty_is_null_and_two_quotes_are_the_empty_text(void **state)
{
    (void)state;
    assert_read("a,,\"\"\n", "1:<a>~<\"\">\n");
    assert_read(",\n", "1:~~\n");
    assert_read("\n", "1:~\n");
    assert_read("", "");
}

static void quotes_hold_commas_lines_and_quotes(void **state)
{
    (void)state;
    assert_read("\"a,b\",\"c\nd\",\"e\"\"f\"\nx\n", "1:<\"a,b\"><\"c\nd\"><\"e\"f\">\n3:<x>\n");
    assert_read("a\"b,c\"d,e\n", "1:<\"ab,cd\"><e>\n");
}

static void lines_may_end_in_carriage_returns_or_not_at_all(void **state)
{
    (void)state;
    assert_read("a,b\r\nc,\r\n", "1:<a><b>\n2:<c>~\n");
    assert_read("a,b\nc,d", "1:<a><b>\n2:<c><d>\n");
    assert_read("\xef\xbb\xbf"
                "a\n",
                "1:<a>\n");
    assert_read(" a , b \n", "1:< a >< b >\n");
}

static void mistakes_are_named_with_their_line(void **state)
{
    (void)state;
    assert_refused("a\nb,\"c\nd\n", ":2: a quoted field is not closed");
    assert_refused("a\rb\n", ":1: a carriage return outside quotes");
    assert_refused("a\n\xff\n", ":2: the record is not valid UTF-8");
}

static void a_zero_byte_is_refused(void **state)
{
    struct buffer out = {0};
    struct nt_error error;
    (void)state;
    assert_int_equal(read_all((struct bytes){(const uint8_t *)"a\0b\n", 4}, &out, &error),
                     NT_INVALID);
    assert_non_null(strstr(error.text, ":1: a zero byte"));
    buffer_deinit(&out);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    struct csv_reader *reader;
    struct nt_error error;
    (void)state;
    assert_int_not_equal(csv_open("/nonexistent/spine.csv", &reader, &error), NT_OK);
    assert_non_null(strstr(error.text, "/nonexistent/spine.csv"));
    assert_null(reader);
    csv_close(reader);
}

static void what_is_written_reads_back_the_same(void **state)
{
    static const char *const pieces[] = {"",   "a", ",",        "\"",   "\n",
                                         "\r", " ", "\xc3\xa9", "long", "\\."};
    (void)state;
    srandom((unsigned)seed_take());
    struct buffer written = {0}, read = {0}, expected = {0}, field = {0};
    for (int line = 0; line < 20000; line++) {
        long columns = 1 + random() % 4;
        buffer_append_text(&expected, "@");
        for (long i = 0; i < columns; i++) {
            bool is_null = random() % 5 == 0;
            buffer_clear(&field);
            for (long n = random() % 4; n > 0; n--)
                buffer_append_text(&field, pieces[random() % 10]);
            csv_append_text(buffer_bytes(&field), is_null, i == 0, &written);
            buffer_printf(&expected, "[%s]", is_null ? "~NULL" : buffer_text(&field));
        }
        buffer_append_text(&written, "\n");
    }
    char path[64];
    struct csv_reader *reader;
    const struct csv_field *fields;
    size_t count;
    file_make(path, buffer_bytes(&written));
    assert_int_equal(csv_open(path, &reader, NULL), NT_OK);
    while (csv_next(reader, &fields, &count, NULL) == NT_OK && count) {
        buffer_append_text(&read, "@");
        for (size_t i = 0; i < count; i++) {
            buffer_printf(&read, "[%.*s]", fields[i].is_null ? 5 : (int)fields[i].text.size,
                          fields[i].is_null ? "~NULL" : (const char *)fields[i].text.data);
        }
    }
    csv_close(reader);
    unlink(path);
    assert_string_equal(buffer_text(&read), buffer_text(&expected));
    buffer_deinit(&written);
    buffer_deinit(&read);
    buffer_deinit(&expected);
    buffer_deinit(&field);
}

static void values_are_written_as_copy_writes_them(void **state)
{
    struct buffer out = {0};
    (void)state;
    csv_append(NT_TEXT, nt_text("a,b", 3), true, &out);
    csv_append(NT_TEXT, NT_NULL, false, &out);
    csv_append(NT_TEXT, nt_text("", 0), false, &out);
    csv_append(NT_INT4, nt_integer(-5), false, &out);
    csv_append(NT_INT4, NT_NULL, false, &out);
    csv_append(NT_BOOL, nt_bool(false), false, &out);
    csv_append(NT_FLOAT8, nt_float8(0.1), false, &out);
    csv_append(NT_TIMESTAMPTZ, nt_timestamptz(INT64_C(410350620000000)), false, &out);
    assert_string_equal(buffer_text(&out), "\"a,b\",,\"\",-5,,f,0.1,2013-01-01 10:17:00+00");
    buffer_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_null_and_two_quotes_are_the_empty_text),
        cmocka_unit_test(quotes_hold_commas_lines_and_quotes),
        cmocka_unit_test(lines_may_end_in_carriage_returns_or_not_at_all),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(a_zero_byte_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(values_are_written_as_copy_writes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
