/* Errors: a status and a text that says where, what and how to mend it. */
#include "base/error.h"

#include <errno.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_prefix_goes_before_the_text(void **state)
{
    (void)state;
    struct nt_error error;
    assert_int_equal(error_set(&error, NT_INVALID, "no column \"%s\"", "x"), NT_INVALID);
    assert_int_equal(error_prefix(&error, "spine.csv:%d", 3), NT_INVALID);
    assert_string_equal(error.text, "spine.csv:3: no column \"x\"");
}

static void a_text_too_long_is_cut_not_overrun(void **state)
{
    (void)state;
    struct nt_error error;
    error_set(&error, NT_IO, "%5000s", "x");
    assert_int_equal(strlen(error.text), NT_ERROR_TEXT_MAX - 1);
    error_prefix(&error, "%1000s", "y");
    assert_true(strlen(error.text) < NT_ERROR_TEXT_MAX);
    error_prefix(&error, "%5000s", "z");
    assert_true(strlen(error.text) < NT_ERROR_TEXT_MAX);
}

static void errno_becomes_a_status(void **state)
{
    (void)state;
    struct nt_error error;
    errno = ENOENT;
    assert_int_equal(error_errno(&error, "open %s", "f"), NT_NOT_FOUND);
    errno = ENOSPC;
    assert_int_equal(error_errno(&error, "write %s", "f"), NT_IO);
    assert_string_equal(error.text, "write f: No space left on device");
    errno = EACCES;
    assert_int_equal(error_errno(NULL, "write"), NT_IO);
}

static void a_null_error_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, NT_CORRUPT, "%s", "x"), NT_CORRUPT);
}

static void every_status_has_a_name_and_its_codes(void **state)
{
    (void)state;
    for (int s = 0; s < NT_STATUS_COUNT; s++) {
        assert_true(strlen(status_name((enum nt_status)s)) > 0);
        assert_true(status_http((enum nt_status)s) >= 200);
        for (int t = 0; t < s; t++)
            assert_int_not_equal(status_exit_code((enum nt_status)s),
                                 status_exit_code((enum nt_status)t));
    }
    assert_int_equal(status_exit_code(NT_OK), 0);
    assert_true(status_is_retriable(NT_UNAVAILABLE));
    assert_false(status_is_retriable(NT_CORRUPT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prefix_goes_before_the_text),
        cmocka_unit_test(a_text_too_long_is_cut_not_overrun),
        cmocka_unit_test(errno_becomes_a_status),
        cmocka_unit_test(a_null_error_is_left_alone),
        cmocka_unit_test(every_status_has_a_name_and_its_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
