/* What PostgreSQL 15 gives for to_hex(hashtextextended(text COLLATE "C", 0)). */
#include "base/lookup3.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint64_t hash_of(const char *text)
{
    return hash_lookup3((struct bytes){(const uint8_t *)text, strlen(text)});
}

static void hashes_are_those_of_postgresql(void **state)
{
    (void)state;
    assert_true(hash_of("") == UINT64_C(0x9fb1b765a7ea466d));
    assert_true(hash_of("a") == UINT64_C(0x31d94c66401370b1));
    assert_true(hash_of("0") == UINT64_C(0x1f0320988a88ffec));
    assert_true(hash_of("hello") == UINT64_C(0x2fdf4f9b90859829));
    assert_true(hash_of("twelve bytes") == UINT64_C(0x9d23431b26e9a5dd));
    assert_true(hash_of("thirteen byte") == UINT64_C(0xf01324b4ae789cbc));
    assert_true(hash_of("a text of some more than twenty-four bytes") ==
                UINT64_C(0x5c0b70b85b7f8aa4));
    assert_true(hash_of("éß日本") == UINT64_C(0x22d25f706a94720a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hashes_are_those_of_postgresql)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
