/* Buffers, readers, and files that are written whole or not at all. */
#include "base/bytes.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void what_is_appended_is_read_back(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX};
    struct buffer buffer = {0};
    for (size_t i = 0; i < 7; i++) {
        buffer_append_varint(&buffer, numbers[i]);
        buffer_append_u32(&buffer, (uint32_t)numbers[i]);
        buffer_append_u64(&buffer, numbers[i]);
        buffer_append_u64_be(&buffer, numbers[i]);
        buffer_append_byte(&buffer, (uint8_t)numbers[i]);
    }
    struct reader reader = reader_of(buffer_bytes(&buffer));
    for (size_t i = 0; i < 7; i++) {
        assert_true(reader_varint(&reader) == numbers[i]);
        assert_true(reader_u32(&reader) == (uint32_t)numbers[i]);
        assert_true(reader_u64(&reader) == numbers[i]);
        assert_true(reader_u64_be(&reader) == numbers[i]);
        assert_true(reader_byte(&reader) == (uint8_t)numbers[i]);
    }
    assert_false(reader.is_short);
    assert_ptr_equal(reader.next, reader.end);
    buffer_deinit(&buffer);
}

static void a_reader_past_its_end_is_short_and_gives_zeros(void **state)
{
    (void)state;
    static const uint8_t three[] = {0xff, 0xff, 0xff};
    struct reader reader = reader_of((struct bytes){three, 3});
    assert_int_equal(reader_u32(&reader), 0);
    assert_true(reader.is_short);
    assert_null(reader_take(&reader, 1));
    assert_int_equal(reader_byte(&reader), 0);
    struct reader varint = reader_of((struct bytes){three, 3});
    assert_true(reader_varint(&varint) == 0 && varint.is_short);
    struct reader nothing = reader_of((struct bytes){0});
    assert_null(reader_take(&nothing, 1));
}

static void a_varint_of_more_than_64_bits_is_short(void **state)
{
    (void)state;
    uint8_t bytes[12];
    memset(bytes, 0xff, sizeof bytes);
    struct reader reader = reader_of((struct bytes){bytes, sizeof bytes});
    reader_varint(&reader);
    assert_true(reader.is_short);
}

static void spans_compare_as_memcmp_the_shorter_first(void **state)
{
    (void)state;
    struct bytes a = {(const uint8_t *)"ab", 2}, b = {(const uint8_t *)"abc", 3};
    struct bytes c = {(const uint8_t *)"b", 1}, none = {NULL, 0};
    assert_true(bytes_compare(a, b) < 0 && bytes_compare(b, a) > 0);
    assert_true(bytes_compare(b, c) < 0 && bytes_compare(a, a) == 0);
    assert_true(bytes_compare(none, a) < 0 && bytes_compare(none, none) == 0);
}

static void buffer_printf_grows_as_needed(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_append_text(&buffer, "x");
    buffer_printf(&buffer, "%1000d", 7);
    buffer_printf(&buffer, "%s", "");
    assert_int_equal(buffer.size, 1001);
    assert_int_equal(strlen(buffer_text(&buffer)), 1001);
    buffer_deinit(&buffer);
}

static void a_file_is_written_whole_and_read_back(void **state)
{
    (void)state;
    char directory[] = "/tmp/nowthen-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/file", directory);
    struct buffer big = {0}, back = {0};
    for (uint32_t i = 0; i < 100000; i++) buffer_append_u32(&big, i);
    assert_int_equal(file_write(path, buffer_bytes(&big), NULL), NT_OK);
    assert_int_equal(file_read(path, &back, NULL), NT_OK);
    assert_int_equal(bytes_compare(buffer_bytes(&big), buffer_bytes(&back)), 0);
    buffer_deinit(&big);
    buffer_deinit(&back);
    unlink(path);
    assert_int_equal(rmdir(directory), 0); /* nothing temporary was left */
}

static void errors_of_files_name_the_file(void **state)
{
    (void)state;
    struct nt_error error;
    struct buffer buffer = {0};
    assert_int_equal(file_read("/nowhere/file", &buffer, &error), NT_NOT_FOUND);
    assert_string_equal(error.text, "cannot read /nowhere/file: No such file or directory");
    assert_int_equal(file_write("/nowhere/file", (struct bytes){0}, &error), NT_NOT_FOUND);
    assert_string_equal(error.text, "cannot write /nowhere/file: No such file or directory");
    assert_int_equal(file_read("/", &buffer, &error), NT_IO);
    buffer_deinit(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_read_back),
        cmocka_unit_test(a_reader_past_its_end_is_short_and_gives_zeros),
        cmocka_unit_test(a_varint_of_more_than_64_bits_is_short),
        cmocka_unit_test(spans_compare_as_memcmp_the_shorter_first),
        cmocka_unit_test(buffer_printf_grows_as_needed),
        cmocka_unit_test(a_file_is_written_whole_and_read_back),
        cmocka_unit_test(errors_of_files_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
