/* Hashes are part of what is stored: these values may never change. */
#include "base/hash.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void hashes_are_those_of_xxh3(void **state)
{
    (void)state;
    char hex[HASH_HEX_SIZE];
    assert_true(hash64("", 0) == UINT64_C(0x2d06800538d394c2));
    hash_hex("", 0, hex);
    assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
}

static void levels_of_the_log_are_known_by_name(void **state)
{
    (void)state;
    enum log_level level = LOG_INFO;
    assert_true(log_level_parse("error", &level) && level == LOG_ERROR);
    assert_true(log_level_parse("debug", &level) && level == LOG_DEBUG);
    assert_false(log_level_parse("loud", &level));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_xxh3),
        cmocka_unit_test(levels_of_the_log_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
