/* Records come back in order, from memory and from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "offline/sorter.h"

#include <stdio.h>
#include <string.h>

/* 0 to count - 1 in another order, as text of one width. */
static void assert_sorts(size_t memory_max, unsigned count)
{
    struct sorter *sorter = sorter_create(memory_max);
    struct nt_error error;
    struct bytes record;
    char text[16], expected[16];
    for (unsigned i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%08u", i * 7919 % count);
        struct bytes added = {(const uint8_t *)text, strlen(text)};
        assert_int_equal(sorter_add(sorter, added, &error), NT_OK);
    }
    assert_int_equal(sorter_sort(sorter, &error), NT_OK);
    for (unsigned i = 0; i < count; i++) {
        snprintf(expected, sizeof expected, "%08u", i);
        assert_int_equal(sorter_next(sorter, &record, &error), NT_OK);
        assert_int_equal(record.size, strlen(expected));
        assert_memory_equal(record.data, expected, record.size);
    }
    assert_int_equal(sorter_next(sorter, &record, &error), NT_OK);
    assert_int_equal(record.size, 0);
    assert_int_equal(sorter_next(sorter, &record, &error), NT_OK);
    assert_int_equal(record.size, 0);
    sorter_destroy(sorter);
}

static void records_in_memory_are_sorted(void **state)
{
    (void)state;
    assert_sorts((size_t)1 << 20, 1000);
}

static void records_in_files_are_merged(void **state)
{
    (void)state;
    assert_sorts(512, 1000);
    assert_sorts(1, 20);
}

static void no_records_are_none(void **state)
{
    (void)state;
    assert_sorts(512, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_in_memory_are_sorted),
        cmocka_unit_test(records_in_files_are_merged),
        cmocka_unit_test(no_records_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
