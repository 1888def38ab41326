/*
 * tuples: every bit comes back, and nothing else is read as one.
 */
#include "row/tuple.h"

#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COLUMNS_MAX 20

static size_t random_row(struct random *random, enum nt_type *types, struct nt_value *values,
                         struct nt_arena *arena)
{
    size_t count = random_below(random, COLUMNS_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        types[i] = random_type(random);
        values[i] = random_below(random, 4) ? random_value(random, types[i], arena) : NT_NULL;
    }
    return count;
}

static void a_row_comes_back_bit_for_bit(void **state)
{
    (void)state;
    struct random random = random_seeded("tuple round trip");
    struct nt_arena arena = {0};
    for (int i = 0; i < 20000; i++) {
        enum nt_type types[COLUMNS_MAX];
        struct nt_value values[COLUMNS_MAX], back[COLUMNS_MAX];
        size_t count = random_row(&random, types, values, &arena);
        struct buffer bytes = {0};
        tuple_append(types, count, values, &bytes);
        assert_true(bytes.size <= tuple_size_max(types, count, values));
        struct reader in = reader_of(buffer_bytes(&bytes));
        assert_true(tuple_take(types, count, &in, &arena, back));
        assert_ptr_equal(in.next, in.end);
        for (size_t j = 0; j < count; j++) assert_true(value_is_same(types[j], values[j], back[j]));
        buffer_deinit(&bytes);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void a_row_cut_short_is_no_row(void **state)
{
    (void)state;
    struct random random = random_seeded("short tuples");
    struct nt_arena arena = {0};
    for (int i = 0; i < 2000; i++) {
        enum nt_type types[COLUMNS_MAX];
        struct nt_value values[COLUMNS_MAX], back[COLUMNS_MAX];
        size_t count = random_row(&random, types, values, &arena);
        struct buffer bytes = {0};
        tuple_append(types, count, values, &bytes);
        for (size_t size = 0; size < bytes.size; size++) {
            struct reader in = reader_of((struct bytes){bytes.data, size});
            assert_false(tuple_take(types, count, &in, &arena, back));
        }
        buffer_deinit(&bytes);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

#define ROWS 4

/* One by one, each up to its end. */
static bool rows_take(const enum nt_type *types, size_t count, const uint8_t *bytes,
                      const uint32_t *ends, struct nt_arena *arena, struct nt_value *values)
{
    uint32_t begin = 0;
    for (size_t i = 0; i < ROWS; begin = ends[i++], values += count) {
        struct reader in = reader_of((struct bytes){bytes + begin, ends[i] - begin});
        if (!tuple_take(types, count, &in, arena, values) || in.next != in.end) return false;
    }
    return true;
}

/* Most rows are of integers, which have a loop of their own; some bytes are damaged. */
static void rows_at_once_are_what_they_are_one_by_one(void **state)
{
    (void)state;
    struct random random = random_seeded("rows at once");
    struct nt_arena arena = {0};
    for (int i = 0; i < 50000; i++) {
        enum nt_type types[COLUMNS_MAX];
        struct nt_value row[COLUMNS_MAX], one[ROWS * COLUMNS_MAX], all[ROWS * COLUMNS_MAX];
        size_t count = random_row(&random, types, row, &arena);
        bool are_integers = random_below(&random, 4);
        struct buffer bytes = {0};
        uint32_t ends[ROWS];
        for (size_t j = 0; j < count && are_integers; j++)
            types[j] = random_below(&random, 2) ? NT_INT4 : NT_INT8;
        for (size_t j = 0; j < ROWS; j++) {
            for (size_t k = 0; k < count; k++)
                row[k] =
                    random_below(&random, 4) ? random_value(&random, types[k], &arena) : NT_NULL;
            tuple_append(types, count, row, &bytes);
            ends[j] = (uint32_t)bytes.size;
        }
        if (bytes.size && random_below(&random, 2))
            bytes.data[random_below(&random, bytes.size)] ^=
                (uint8_t)(1 << random_below(&random, 8));
        bool are_rows = rows_take(types, count, bytes.data, ends, &arena, one);
        assert_int_equal(tuples_take(types, count, bytes.data, 0, ends, ROWS, &arena, all),
                         are_rows);
        for (size_t j = 0; j < ROWS * count && are_rows; j++)
            assert_true(value_is_same(types[j % count], one[j], all[j]));
        buffer_deinit(&bytes);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

/* Whatever bytes are taken, the values are within their types: no sanitizer complains of them. */
static void random_bytes_are_read_safely(void **state)
{
    (void)state;
    struct random random = random_seeded("random tuples");
    struct nt_arena arena = {0};
    for (int i = 0; i < 100000; i++) {
        uint8_t data[24];
        size_t size = random_below(&random, sizeof data);
        for (size_t j = 0; j < size; j++) data[j] = (uint8_t)random_bits(&random);
        enum nt_type type = random_type(&random);
        struct reader in = reader_of((struct bytes){data, size});
        struct nt_value value;
        struct buffer again = {0};
        if (value_take(type, &in, &arena, &value)) {
            assert_true(value_is_same(type, value, value_copy(type, value, &arena)));
            value_append(type, value, &again);
        }
        buffer_deinit(&again);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void a_bitmap_with_bits_beyond_the_columns_is_no_row(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x03};
    const enum nt_type type = NT_INT8;
    struct reader in = reader_of((struct bytes){bytes, sizeof bytes});
    struct nt_arena arena = {0};
    struct nt_value value;
    assert_false(tuple_take(&type, 1, &in, &arena, &value));
    nt_arena_deinit(&arena);
}

static void an_int4_beyond_its_range_is_no_int4(void **state)
{
    (void)state;
    struct buffer bytes = {0};
    value_append(NT_INT8, nt_integer(INT64_C(1) << 31), &bytes);
    struct reader in = reader_of(buffer_bytes(&bytes));
    struct nt_value value;
    assert_false(value_take(NT_INT4, &in, NULL, &value));
    buffer_deinit(&bytes);
}

static void small_values_take_few_bytes(void **state)
{
    (void)state;
    struct nt_numeric half = {.coefficient = -5, .scale = 1};
    const enum nt_type types[] = {NT_INT8, NT_TEXT, NT_NUMERIC, NT_BOOL, NT_FLOAT8};
    const struct nt_value values[] = {
        nt_integer(-3), nt_text("JFK", 3), {.numeric = &half}, nt_bool(true), NT_NULL};
    struct buffer bytes = {0};
    tuple_append(types, 5, values, &bytes);
    static const uint8_t expected[] = {0x10, 0x05, 0x03, 'J', 'F', 'K', 0x01, 0x09, 0x01};
    assert_int_equal(bytes.size, sizeof expected);
    assert_memory_equal(bytes.data, expected, sizeof expected);
    buffer_deinit(&bytes);
}

static void every_nan_has_the_same_bytes(void **state)
{
    (void)state;
    uint64_t bits = UINT64_C(0xfff8000000000001);
    double other;
    memcpy(&other, &bits, sizeof other);
    struct buffer bytes = {0};
    value_append(NT_FLOAT8, nt_float8(NAN), &bytes);
    value_append(NT_FLOAT8, nt_float8(other), &bytes);
    assert_memory_equal(bytes.data, bytes.data + 8, 8);
    buffer_deinit(&bytes);
}

static void same_is_stricter_than_equal(void **state)
{
    (void)state;
    struct nt_numeric one = {.coefficient = 10, .scale = 1}, uno = {.coefficient = 100, .scale = 2};
    struct nt_interval day = {.days = 1}, hours = {.us = INT64_C(86400000000)};
    struct nt_value x = {.numeric = &one}, y = {.numeric = &uno};
    assert_int_equal(nt_compare(NT_NUMERIC, x, y), 0);
    assert_false(value_is_same(NT_NUMERIC, x, y));
    x = (struct nt_value){.interval = &day};
    y = (struct nt_value){.interval = &hours};
    assert_int_equal(nt_compare(NT_INTERVAL, x, y), 0);
    assert_false(value_is_same(NT_INTERVAL, x, y));
    assert_false(value_is_same(NT_FLOAT8, nt_float8(0.0), nt_float8(-0.0)));
    assert_true(value_is_same(NT_FLOAT8, nt_float8(NAN), nt_float8(-NAN)));
    assert_true(value_is_same(NT_TEXT, NT_NULL, NT_NULL));
    assert_false(value_is_same(NT_TEXT, NT_NULL, nt_text("", 0)));
}

static void a_copy_outlives_what_it_was_copied_from(void **state)
{
    (void)state;
    struct nt_arena arena = {0};
    char text[] = "JFK";
    struct nt_numeric number = {.coefficient = 7};
    struct nt_interval span = {.days = 7};
    struct nt_value a = value_copy(NT_TEXT, nt_text(text, 3), &arena);
    struct nt_value b = value_copy(NT_NUMERIC, (struct nt_value){.numeric = &number}, &arena);
    struct nt_value c = value_copy(NT_INTERVAL, (struct nt_value){.interval = &span}, &arena);
    text[0] = 'X';
    number.coefficient = 0;
    span.days = 0;
    assert_memory_equal(a.text, "JFK", 3);
    assert_true(b.numeric->coefficient == 7);
    assert_int_equal(c.interval->days, 7);
    assert_true(value_copy(NT_TEXT, NT_NULL, &arena).is_null);
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_comes_back_bit_for_bit),
        cmocka_unit_test(a_row_cut_short_is_no_row),
        cmocka_unit_test(rows_at_once_are_what_they_are_one_by_one),
        cmocka_unit_test(random_bytes_are_read_safely),
        cmocka_unit_test(a_bitmap_with_bits_beyond_the_columns_is_no_row),
        cmocka_unit_test(an_int4_beyond_its_range_is_no_int4),
        cmocka_unit_test(small_values_take_few_bytes),
        cmocka_unit_test(every_nan_has_the_same_bytes),
        cmocka_unit_test(same_is_stricter_than_equal),
        cmocka_unit_test(a_copy_outlives_what_it_was_copied_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
