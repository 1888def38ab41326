/*
 * keys: one order, one set of bytes for what GROUP BY puts together, and the way back.
 */
#include "row/key.h"

#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct nt_value numeric(const char *text, struct nt_arena *arena)
{
    struct nt_numeric *x = nt_arena_zalloc(arena, sizeof *x);
    assert_int_equal(numeric_parse(arena, text, strlen(text), x), NUMERIC_PARSED);
    return (struct nt_value){.numeric = x};
}

static struct nt_value interval(int32_t months, int32_t days, int64_t us, struct nt_arena *arena)
{
    struct nt_interval x = {us, days, months};
    return (struct nt_value){.interval = nt_arena_copy(arena, &x, sizeof x)};
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

/* The order of the keys of x and y alone. */
static int key_compare(enum nt_type type, struct nt_value x, struct nt_value y)
{
    struct buffer a = {0}, b = {0};
    key_append(type, x, &a);
    key_append(type, y, &b);
    int order = sign(bytes_compare(buffer_bytes(&a), buffer_bytes(&b)));
    buffer_deinit(&a);
    buffer_deinit(&b);
    return order;
}

static void byte_order_is_value_order(void **state)
{
    (void)state;
    struct random random = random_seeded("key order");
    struct nt_arena arena = {0};
    for (int i = 0; i < 100000; i++) {
        enum nt_type type = random_type(&random);
        struct nt_value x = random_value(&random, type, &arena);
        struct nt_value y = random_value(&random, type, &arena);
        assert_int_equal(key_compare(type, x, y), sign(nt_compare(type, x, y)));
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

#define COLUMNS 3

static void random_key(struct random *random, const struct nt_column *columns, struct nt_value *key,
                       struct nt_arena *arena)
{
    for (int i = 0; i < COLUMNS; i++) key[i] = random_value(random, columns[i].type, arena);
}

static int columns_compare(const struct nt_column *columns, const struct nt_value *x,
                           const struct nt_value *y)
{
    int order = 0;
    for (int i = 0; i < COLUMNS && !order; i++) order = nt_compare(columns[i].type, x[i], y[i]);
    return sign(order);
}

static void composite_keys_sort_by_column_and_none_is_a_prefix_of_another(void **state)
{
    (void)state;
    struct random random = random_seeded("composite keys");
    struct nt_arena arena = {0};
    for (int i = 0; i < 50000; i++) {
        struct nt_column columns[COLUMNS] = {0};
        struct nt_value x[COLUMNS], y[COLUMNS];
        for (int j = 0; j < COLUMNS; j++)
            columns[j].type = random_below(&random, 2) ? NT_TEXT : random_type(&random);
        random_key(&random, columns, x, &arena);
        random_key(&random, columns, y, &arena);
        struct buffer a = {0}, b = {0};
        assert_true(key_append_all(columns, COLUMNS, x, &a));
        assert_true(key_append_all(columns, COLUMNS, y, &b));
        int order = columns_compare(columns, x, y);
        assert_int_equal(sign(bytes_compare(buffer_bytes(&a), buffer_bytes(&b))), order);
        size_t common = a.size < b.size ? a.size : b.size;
        if (order) assert_memory_not_equal(a.data, b.data, common);
        buffer_deinit(&a);
        buffer_deinit(&b);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void decoding_gives_an_equal_key_with_the_same_bytes(void **state)
{
    (void)state;
    struct random random = random_seeded("key round trip");
    struct nt_arena arena = {0};
    for (int i = 0; i < 50000; i++) {
        struct nt_column columns[COLUMNS] = {0};
        struct nt_value key[COLUMNS], back[COLUMNS];
        for (int j = 0; j < COLUMNS; j++) columns[j].type = random_type(&random);
        random_key(&random, columns, key, &arena);
        struct buffer bytes = {0}, again = {0};
        assert_true(key_append_all(columns, COLUMNS, key, &bytes));
        struct bytes encoded;
        assert_true(key_encode(columns, COLUMNS, key, &arena, &encoded));
        assert_int_equal(bytes_compare(encoded, buffer_bytes(&bytes)), 0);
        assert_true(key_decode(columns, COLUMNS, buffer_bytes(&bytes), &arena, back));
        assert_int_equal(columns_compare(columns, key, back), 0);
        assert_true(key_append_all(columns, COLUMNS, back, &again));
        assert_int_equal(bytes_compare(buffer_bytes(&bytes), buffer_bytes(&again)), 0);
        buffer_deinit(&bytes);
        buffer_deinit(&again);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void what_group_by_puts_together_has_one_key(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    assert_int_equal(key_compare(NT_FLOAT8, nt_float8(0.0), nt_float8(-0.0)), 0);
    assert_int_equal(key_compare(NT_FLOAT8, nt_float8(NAN), nt_float8(-NAN)), 0);
    assert_int_equal(key_compare(NT_NUMERIC, numeric("1.0", &arena), numeric("1.00", &arena)), 0);
    assert_int_equal(key_compare(NT_NUMERIC, numeric("0.000", &arena), numeric("0", &arena)), 0);
    assert_int_equal(key_compare(NT_INTERVAL, interval(0, 1, 0, &arena),
                                 interval(0, 0, INT64_C(86400000000), &arena)),
                     0);
    assert_int_equal(
        key_compare(NT_INTERVAL, interval(1, 0, 0, &arena), interval(0, 30, 0, &arena)), 0);
    nt_arena_deinit(&arena);
}

static void columns_that_concatenate_alike_have_different_keys(void **state)
{
    (void)state;
    const struct nt_column columns[2] = {{.type = NT_TEXT}, {.type = NT_TEXT}};
    const struct nt_value one[2] = {nt_text("ab", 2), nt_text("c", 1)};
    const struct nt_value two[2] = {nt_text("a", 1), nt_text("bc", 2)};
    struct buffer a = {0}, b = {0};
    key_append_all(columns, 2, one, &a);
    key_append_all(columns, 2, two, &b);
    assert_true(bytes_compare(buffer_bytes(&a), buffer_bytes(&b)) > 0);
    buffer_deinit(&a);
    buffer_deinit(&b);
}

static void a_null_part_appends_nothing(void **state)
{
    (void)state;
    const struct nt_column columns[2] = {{.type = NT_TEXT}, {.type = NT_INT8}};
    const struct nt_value key[2] = {nt_text("ab", 2), NT_NULL};
    struct buffer bytes = {0};
    assert_false(key_append_all(columns, 2, key, &bytes));
    assert_int_equal(bytes.size, 0);
    buffer_deinit(&bytes);
}

static void the_bytes_are_the_documented_ones(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    struct buffer out = {0};
    key_append(NT_INT4, nt_integer(-1), &out);
    key_append(NT_TEXT, nt_text("a\0b", 3), &out);
    key_append(NT_BOOL, nt_bool(true), &out);
    key_append(NT_FLOAT8, nt_float8(1.0), &out);
    static const uint8_t expected[] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* -1 */
                                       'a',  0x00, 0xff, 'b',  0x00, 0x00,             /* text */
                                       0x01,                                           /* true */
                                       0xbf, 0xf0, 0,    0,    0,    0,    0,    0};   /* 1.0 */
    assert_int_equal(out.size, sizeof expected);
    assert_memory_equal(out.data, expected, sizeof expected);
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

static void bytes_that_are_no_key_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum nt_type type;
        const char *bytes;
        size_t size;
    } broken[] = {
        {NT_BOOL, "\2", 1},
        {NT_BOOL, "", 0},
        {NT_BOOL, "\1\1", 2},
        {NT_INT8, "\x80\0\0\0\0\0\0", 7},
        {NT_INT4, "\x80\0\0\1\0\0\0\0", 8},
        {NT_TEXT, "a", 1},
        {NT_TEXT, "a\0", 2},
        {NT_TEXT, "a\0\1", 3},
        {NT_TEXT, "a\0\0b", 4},
        {NT_FLOAT8, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8}, /* -0 */
        {NT_FLOAT8, "\xff\xff\xff\xff\xff\xff\xff\xff", 8}, /* another NaN */
        {NT_NUMERIC, "\6", 1},
        {NT_NUMERIC, "\3\x40", 2},
        {NT_NUMERIC, "\3\x80\1\1\0", 5},                       /* no digits */
        {NT_NUMERIC, "\3\x80\1\2\0", 5},                       /* 01: the first digit is 0 */
        {NT_NUMERIC, "\3\x80\1\x66\0", 5},                     /* no two digits */
        {NT_NUMERIC, "\3\x80\1\x0b\1\0", 6},                   /* zeros at the end */
        {NT_NUMERIC, "\3\x80\1\x0b", 4},                       /* no end */
        {NT_NUMERIC, "\3\x70\1\x0b\0", 5},                     /* a scale beyond ours */
        {NT_NUMERIC, "\3\x90\1\x0b\0", 5},                     /* more digits than ours */
        {NT_INTERVAL, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16}, /* beyond any interval */
    };
    struct nt_arena arena = {0};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const struct nt_column column = {.type = broken[i].type};
        struct bytes bytes = {(const uint8_t *)broken[i].bytes, broken[i].size};
        struct nt_value value;
        assert_false(key_decode(&column, 1, bytes, &arena, &value));
    }
    nt_arena_deinit(&arena);
}

static void random_bytes_decode_to_their_own_key_or_not_at_all(void **state)
{
    (void)state;
    struct random random = random_seeded("random keys");
    struct nt_arena arena = {0};
    for (int i = 0; i < 100000; i++) {
        uint8_t data[24];
        size_t size = random_below(&random, sizeof data);
        for (size_t j = 0; j < size; j++)
            data[j] = (uint8_t)(random_below(&random, 3) ? random_below(&random, 5)
                                                         : random_bits(&random));
        struct nt_column column = {.type = random_type(&random)};
        struct nt_value value;
        struct buffer again = {0};
        if (key_decode(&column, 1, (struct bytes){data, size}, &arena, &value)) {
            key_append(column.type, value, &again);
            assert_int_equal(again.size, size);
            assert_memory_equal(again.data, data, size);
        }
        buffer_deinit(&again);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_order_is_value_order),
        cmocka_unit_test(composite_keys_sort_by_column_and_none_is_a_prefix_of_another),
        cmocka_unit_test(decoding_gives_an_equal_key_with_the_same_bytes),
        cmocka_unit_test(what_group_by_puts_together_has_one_key),
        cmocka_unit_test(columns_that_concatenate_alike_have_different_keys),
        cmocka_unit_test(a_null_part_appends_nothing),
        cmocka_unit_test(the_bytes_are_the_documented_ones),
        cmocka_unit_test(bytes_that_are_no_key_are_refused),
        cmocka_unit_test(random_bytes_decode_to_their_own_key_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
