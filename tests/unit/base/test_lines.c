/* JSON lines as editors and exports write them. */
#include "base/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct lines lines_of(const char *text)
{
    char path[] = "/tmp/nowthen-lines-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, text, strlen(text)), (ssize_t)strlen(text));
    close(handle);
    struct lines lines;
    assert_int_equal(lines_open(path, &lines, NULL), NT_OK);
    unlink(path);
    return lines;
}

static void assert_next(struct lines *lines, const char *text, uint64_t number)
{
    struct bytes line;
    assert_int_equal(lines_next(lines, &line, NULL), NT_OK);
    assert_non_null(line.data);
    assert_int_equal(line.size, strlen(text));
    assert_memory_equal(line.data, text, line.size);
    assert_int_equal(lines->number, number);
}

static void assert_end(struct lines *lines, uint64_t number)
{
    struct bytes line;
    assert_int_equal(lines_next(lines, &line, NULL), NT_OK);
    assert_null(line.data);
    assert_int_equal(lines->number, number);
    lines_close(lines);
}

static void lines_come_without_their_ends(void **state)
{
    (void)state;
    struct lines lines = lines_of("a\nb\r\nc");
    assert_next(&lines, "a", 1);
    assert_next(&lines, "b", 2);
    assert_next(&lines, "c", 3);
    assert_end(&lines, 3);
}

static void blank_lines_are_counted_and_passed_over(void **state)
{
    (void)state;
    struct lines lines = lines_of("\n\r\n \t\na\n\n");
    assert_next(&lines, "a", 4);
    assert_end(&lines, 5);
}

static void a_byte_order_mark_at_the_start_is_passed_over(void **state)
{
    (void)state;
    struct lines lines = lines_of("\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n");
    assert_next(&lines, "{}", 1);
    assert_next(&lines, "\xef\xbb\xbf{}", 2);
    assert_end(&lines, 2);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct lines lines;
    struct nt_error error = {0};
    assert_int_not_equal(lines_open("/nowhere/events.jsonl", &lines, &error), NT_OK);
    assert_non_null(strstr(error.text, "cannot read /nowhere/events.jsonl"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_ends),
        cmocka_unit_test(blank_lines_are_counted_and_passed_over),
        cmocka_unit_test(a_byte_order_mark_at_the_start_is_passed_over),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
