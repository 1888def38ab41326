/* test_aggregate.c: each aggregate: results as PostgreSQL's, and the same bytes however its
 * arguments are ordered, grouped, encoded and merged. */
#include "../../support/seed.h"
#include "base/arena.h"
#include "runtime/aggregate.h"

#include "row/numeric.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROWS_MAX 300

static uint64_t seed;
static struct nt_arena arena;

static uint64_t random_next(void)
{
    return seed_next(&seed);
}

static struct nt_value value_of(enum nt_type type, const char *text)
{
    struct nt_eval e = {.arena = &arena};
    struct nt_value value;
    if (!text) return NT_NULL;
    assert_true(value_parse(&e, type, text, strlen(text), &value));
    return value;
}

/* The measure that an aggregate makes of columns of these types. */
static struct nt_measure measure_of(const struct nt_aggregate *aggregate, enum nt_type x,
                                    enum nt_type y, enum nt_type result)
{
    return (struct nt_measure){.aggregate = aggregate,
                               .argument_count = 2,
                               .arguments = {0, 1},
                               .types = {x, y},
                               .result = result,
                               .filter = -1};
}

static void *state_of(const struct nt_measure *measure)
{
    void *state = nt_arena_alloc(&arena, measure->aggregate->state_size);
    measure->aggregate->init(measure, state);
    return state;
}

/* Rows are given as pairs of text; NULL, NULL ends them. "" stands for NULL. */
static const char *result_of(struct nt_measure measure, const char *const *rows)
{
    void *state = state_of(&measure);
    for (; rows[0]; rows += 2) {
        struct nt_value row[2] = {value_of(measure.types[0], *rows[0] ? rows[0] : NULL),
                                  value_of(measure.types[1], *rows[1] ? rows[1] : NULL)};
        measure_add(&measure, state, row, &arena);
    }
    struct nt_eval e = {.arena = &arena};
    struct nt_value value = measure.aggregate->final(&e, &measure, state);
    if (e.error) return e.error;
    if (value.is_null) return "NULL";
    struct buffer text = {0};
    value_append_text(measure.result, value, &text);
    const char *copy = nt_arena_copy(&arena, buffer_text(&text), text.size + 1);
    buffer_deinit(&text);
    return copy;
}

#define ROWS(...) ((const char *const[]){__VA_ARGS__, NULL, NULL})
#define ONE(symbol, type, result, expected, ...)                                                   \
    assert_string_equal(                                                                           \
        result_of(measure_of(&nt_aggregate_##symbol, NT_##type, NT_INT4, NT_##result),             \
                  ROWS(__VA_ARGS__)),                                                              \
        expected)

static void nothing_gives_null_but_for_counts(void **state)
{
    (void)state;
    ONE(count_star, INT4, INT8, "2", "", "", "1", "");
    ONE(count, INT4, INT8, "1", "", "", "1", "");
    ONE(count, INT4, INT8, "0", "", "");
    ONE(sum_int4, INT4, INT8, "NULL", "", "");
    ONE(sum_int8, INT8, NUMERIC, "NULL", "", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "NULL", "", "");
    ONE(sum_float8, FLOAT8, FLOAT8, "NULL", "", "");
    ONE(sum_interval, INTERVAL, INTERVAL, "NULL", "", "");
    ONE(avg_int4, INT4, NUMERIC, "NULL", "", "");
    ONE(avg_numeric, NUMERIC, NUMERIC, "NULL", "", "");
    ONE(avg_float8, FLOAT8, FLOAT8, "NULL", "", "");
    ONE(avg_interval, INTERVAL, INTERVAL, "NULL", "", "");
    ONE(min, TEXT, TEXT, "NULL", "", "");
    ONE(last, TEXT, TEXT, "NULL", "x", "");
}

/* What PostgreSQL 15 prints for these. */
static void sums_and_averages_print_as_in_postgresql(void **state)
{
    (void)state;
    ONE(sum_int4, INT4, INT8, "4294967294", "2147483647", "", "2147483647", "");
    ONE(sum_int8, INT8, NUMERIC, "18446744073709551614", "9223372036854775807", "",
        "9223372036854775807", "");
    ONE(avg_int4, INT4, NUMERIC, "1.5000000000000000", "1", "", "2", "", "", "");
    ONE(avg_int4, INT4, NUMERIC, "0.33333333333333333333", "1", "", "0", "", "0", "");
    ONE(avg_int4, INT4, NUMERIC, "-1.00000000000000000000", "-1", "");
    ONE(avg_int8, INT8, NUMERIC, "9223372036854775807", "9223372036854775807", "",
        "9223372036854775807", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "3.50", "1.5", "", "2.00", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "0.00", "1.5", "", "-1.50", "");
    ONE(avg_numeric, NUMERIC, NUMERIC, "1.7500000000000000", "1.5", "", "2.00", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "NaN", "1.5", "", "NaN", "");
    ONE(avg_numeric, NUMERIC, NUMERIC, "Infinity", "1.5", "", "Infinity", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "NaN", "-Infinity", "", "Infinity", "");
    ONE(sum_float8, FLOAT8, FLOAT8, "1", "1e308", "", "1", "", "-1e308", "");
    ONE(avg_float8, FLOAT8, FLOAT8, "1.5", "1", "", "2", "");
    ONE(sum_interval, INTERVAL, INTERVAL, "2 days 26:00:00", "1 day 13:00", "", "1 day 13:00", "");
    ONE(avg_interval, INTERVAL, INTERVAL, "1 day 13:00:00", "1 day 13:00", "", "1 day 13:00", "");
    ONE(avg_interval, INTERVAL, INTERVAL, "12:00:00", "1 day", "", "00:00", "");
}

#define ZEROS_49 "0000000000000000000000000000000000000000000000000"

static void numerics_of_38_digits_cancel_exactly(void **state)
{
    (void)state;
    ONE(sum_numeric, NUMERIC, NUMERIC, "0.00000000000000000000000000000000000001",
        "99999999999999999999999999999999999999", "", "99999999999999999999999999999999999999", "",
        "0.00000000000000000000000000000000000001", "", "-99999999999999999999999999999999999999",
        "", "-99999999999999999999999999999999999999", "");
}

static void long_numerics_cancel_exactly(void **state)
{
    (void)state;
    ONE(sum_numeric, NUMERIC, NUMERIC, "100000000000000000000000000000000000000",
        "99999999999999999999999999999999999999", "", "1", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "0." ZEROS_49 "1", "1e950", "", "1e-50", "", "-1e950", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, "-2." ZEROS_49 "0", "-1", "", "1e-50", "", "-1", "",
        "-1e-50", "");
    ONE(avg_numeric, NUMERIC, NUMERIC, "0.00000000000000000000", "1e60", "", "-1e60", "");
    ONE(var_pop_numeric, NUMERIC, NUMERIC, "1" ZEROS_49 ZEROS_49 "00", "1e50", "", "-1e50", "");
    ONE(stddev_pop_numeric, NUMERIC, NUMERIC, "1" ZEROS_49 "0", "1e50", "", "-1e50", "");
}

static void results_beyond_their_type_are_errors(void **state)
{
    (void)state;
    ONE(sum_float8, FLOAT8, FLOAT8, "value out of range: overflow", "1e308", "", "1e308", "");
    ONE(avg_float8, FLOAT8, FLOAT8, "1e+308", "1e308", "", "1e308", "");
    ONE(sum_numeric, NUMERIC, NUMERIC, NUMERIC_OVERFLOW, "1e999", "", "0.1", "");
    ONE(var_pop_numeric, NUMERIC, NUMERIC, NUMERIC_OVERFLOW, "1e999", "", "1", "");
    ONE(sum_interval, INTERVAL, INTERVAL, "interval out of range", "2147483647 days", "", "1 day",
        "");
    struct nt_measure measure = measure_of(&nt_aggregate_sum_int4, NT_INT4, NT_INT4, NT_INT8);
    void *sum = state_of(&measure);
    struct nt_value row[2] = {nt_integer(INT32_MAX), NT_NULL};
    measure_add(&measure, sum, row, &arena);
    for (int i = 0; i < 33; i++) {
        void *copy = nt_arena_copy(&arena, sum, measure.aggregate->state_size);
        measure.aggregate->merge(&measure, sum, copy, &arena);
    }
    struct nt_eval e = {.arena = &arena};
    assert_true(measure.aggregate->final(&e, &measure, sum).is_null);
    assert_string_equal(e.error, "bigint out of range");
}

static void first_and_last_break_ties_by_value_and_ignore_null_times(void **state)
{
    (void)state;
    ONE(last, TEXT, TEXT, "b", "a", "2", "b", "2", "z", "1", "zz", "");
    ONE(first, TEXT, TEXT, "b", "a", "1", "b", "1", "", "1", "z", "2");
    ONE(last, TEXT, TEXT, "NULL", "a", "1", "", "2");
    ONE(last, TEXT, TEXT, "a", "", "2", "a", "2");
    ONE(last, BOOL, BOOL, "t", "f", "2", "t", "2");
    ONE(max_by, TEXT, TEXT, "b", "a", "2", "b", "2", "z", "1", "zz", "");
    ONE(min_by, TEXT, TEXT, "b", "a", "1", "b", "1", "", "1", "z", "2");
}

static void extremes_follow_postgresql_order(void **state)
{
    (void)state;
    ONE(max, FLOAT8, FLOAT8, "NaN", "1", "", "NaN", "", "Infinity", "");
    ONE(min, FLOAT8, FLOAT8, "1", "1", "", "NaN", "");
    ONE(min, FLOAT8, FLOAT8, "-0", "0", "", "-0", "", "0", "");
    ONE(max, FLOAT8, FLOAT8, "0", "-0", "", "0", "", "-0", "");
    ONE(min, TEXT, TEXT, "B", "a", "", "B", "");
    ONE(max, NUMERIC, NUMERIC, "1.00", "1.0", "", "1.00", "", "1", "");
    ONE(max, INTERVAL, INTERVAL, "1 day", "24:00", "", "1 day", "");
    ONE(min, INTERVAL, INTERVAL, "24:00:00", "1 day", "", "24:00", "");
}

static void filters_let_only_true_in(void **state)
{
    (void)state;
    struct nt_measure measure = {
        .aggregate = &nt_aggregate_count_star, .result = NT_INT8, .filter = 1};
    void *count = state_of(&measure);
    struct nt_value rows[3][2] = {
        {NT_NULL, nt_bool(true)}, {NT_NULL, nt_bool(false)}, {NT_NULL, NT_NULL}};
    for (int i = 0; i < 3; i++) measure_add(&measure, count, rows[i], &arena);
    struct nt_eval e = {.arena = &arena};
    assert_int_equal(measure.aggregate->final(&e, &measure, count).integer, 1);
}

/* ---- the multiset property, for all ---- */

struct subject {
    const struct nt_aggregate *aggregate;
    enum nt_type type, by, result;
    uint16_t count; /* of arguments */
    const struct nt_aggregate *over;
};
#define SUBJECT(symbol, type, result)                                                              \
    {                                                                                              \
        &nt_aggregate_##symbol, NT_##type, NT_INTERVAL, NT_##result, 2, NULL                       \
    }
#define ALONE(symbol, type, result)                                                                \
    {                                                                                              \
        &nt_aggregate_##symbol, NT_##type, NT_INTERVAL, NT_##result, 1, NULL                       \
    }
#define DISTINCT(symbol, type, result)                                                             \
    {                                                                                              \
        &nt_aggregate_distinct, NT_##type, NT_INTERVAL, NT_##result, 1, &nt_aggregate_##symbol     \
    }
#define PAIR(symbol)                                                                               \
    {                                                                                              \
        &nt_aggregate_##symbol, NT_FLOAT8, NT_FLOAT8, NT_FLOAT8, 2, NULL                           \
    }
static const struct subject subjects[] = {
    SUBJECT(count_star, INT4, INT8),
    SUBJECT(count, TEXT, INT8),
    SUBJECT(sum_int4, INT4, INT8),
    SUBJECT(sum_int8, INT8, NUMERIC),
    SUBJECT(sum_numeric, NUMERIC, NUMERIC),
    SUBJECT(sum_float8, FLOAT8, FLOAT8),
    SUBJECT(sum_interval, INTERVAL, INTERVAL),
    SUBJECT(avg_int4, INT4, NUMERIC),
    SUBJECT(avg_int8, INT8, NUMERIC),
    SUBJECT(avg_numeric, NUMERIC, NUMERIC),
    SUBJECT(avg_float8, FLOAT8, FLOAT8),
    SUBJECT(avg_interval, INTERVAL, INTERVAL),
    SUBJECT(min, TEXT, TEXT),
    SUBJECT(max, TEXT, TEXT),
    SUBJECT(min, FLOAT8, FLOAT8),
    SUBJECT(max, FLOAT8, FLOAT8),
    SUBJECT(min, NUMERIC, NUMERIC),
    SUBJECT(max, INTERVAL, INTERVAL),
    SUBJECT(min, TIMESTAMPTZ, TIMESTAMPTZ),
    SUBJECT(max, INT8, INT8),
    SUBJECT(first, TEXT, TEXT),
    SUBJECT(last, BOOL, BOOL),
    SUBJECT(first, NUMERIC, NUMERIC),
    SUBJECT(last, INTERVAL, INTERVAL),
    SUBJECT(last, FLOAT8, FLOAT8),
    SUBJECT(min_by, TEXT, TEXT),
    SUBJECT(max_by, NUMERIC, NUMERIC),
    ALONE(bool_and, BOOL, BOOL),
    ALONE(bool_or, BOOL, BOOL),
    ALONE(every, BOOL, BOOL),
    ALONE(variance_int4, INT4, NUMERIC),
    ALONE(stddev_int8, INT8, NUMERIC),
    ALONE(var_pop_numeric, NUMERIC, NUMERIC),
    ALONE(stddev_samp_float8, FLOAT8, FLOAT8),
    ALONE(var_samp_float8, FLOAT8, FLOAT8),
    PAIR(covar_samp),
    PAIR(corr),
    PAIR(regr_intercept),
    PAIR(regr_sxx),
    PAIR(regr_syy),
    PAIR(regr_avgx),
    PAIR(regr_avgy),
    ALONE(median_float8, FLOAT8, FLOAT8),
    ALONE(median_interval, INTERVAL, INTERVAL),
    ALONE(percentile_cont_float8, FLOAT8, FLOAT8),
    ALONE(percentile_disc, TEXT, TEXT),
    ALONE(percentile_disc, NUMERIC, NUMERIC),
    ALONE(mode, INTERVAL, INTERVAL),
    ALONE(mode, TIMESTAMPTZ, TIMESTAMPTZ),
    ALONE(approx_percentile, FLOAT8, FLOAT8),
    ALONE(approx_count_distinct, TEXT, INT8),
    ALONE(approx_count_distinct, INT4, INT8),
    ALONE(approx_count_distinct, FLOAT8, INT8),
    ALONE(approx_count_distinct, NUMERIC, INT8),
    ALONE(approx_count_distinct, INTERVAL, INT8),
    {&nt_aggregate_decayed_sum, NT_FLOAT8, NT_TIMESTAMPTZ, NT_BYTEA, 2, NULL},
    ALONE(decayed_count, TIMESTAMPTZ, BYTEA),
    DISTINCT(decayed_count, TIMESTAMPTZ, BYTEA),
    SUBJECT(last_n, TEXT, TEXT_ARRAY),
    SUBJECT(last_n, NUMERIC, ARRAY_OF(NT_NUMERIC)),
    SUBJECT(last_n, INTERVAL, ARRAY_OF(NT_INTERVAL)),
    {&nt_aggregate_array_agg, NT_NUMERIC, NT_TEXT, NT_ARRAY_OF(NT_NUMERIC), 2, NULL},
    {&nt_aggregate_array_agg_distinct, NT_NUMERIC, NT_TEXT, NT_ARRAY_OF(NT_NUMERIC), 2, NULL},
    {&nt_aggregate_array_agg_distinct, NT_TEXT, NT_INTERVAL, NT_TEXT_ARRAY, 2, NULL},
    ALONE(top_k, TEXT, TEXT_ARRAY),
    ALONE(top_k, NUMERIC, ARRAY_OF(NT_NUMERIC)),
    ALONE(top_k, INTERVAL, ARRAY_OF(NT_INTERVAL)),
    ALONE(histogram, INT2, INT4_ARRAY),
    DISTINCT(top_k, NUMERIC, ARRAY_OF(NT_NUMERIC)),
    DISTINCT(count, TEXT, INT8),
    DISTINCT(sum_numeric, NUMERIC, NUMERIC),
    DISTINCT(avg_float8, FLOAT8, FLOAT8),
    DISTINCT(sum_interval, INTERVAL, INTERVAL),
};

static struct nt_value random_value(enum nt_type type)
{
    static const char *const floats[] = {"0",   "-0",       "NaN",       "1e308", "-1e308",
                                         "0.1", "Infinity", "-Infinity", "5e-324"};
    static const char *const numerics[] = {
        "0",        "0.0",  "1.0",   "1.00",
        "-3.14",    "NaN",  "1e30",  "99999999999999999999.5",
        "Infinity", "1e75", "-1e75", "12345678901234567890123456789012345678901234567890.12345",
        "-1e-60"};
    static const char *const intervals[] = {"1 day",  "24:00",           "1 mon",       "30 days",
                                            "-00:01", "23:59:59.999999", "-1 day 24:00"};
    static const char *const texts[] = {"", "a", "b", "ab", "JFK", "a long piece of text, longer"};
    if (random_next() % 6 == 0) return NT_NULL;
    switch (type) {
    case NT_BOOL:
        return nt_bool(random_next() & 1);
    case NT_INT2: /* a bucket */
        return nt_integer((int64_t)(random_next() % 6));
    case NT_INT4:
        return nt_integer((int32_t)random_next());
    case NT_INT8:
        return nt_integer((int64_t)random_next());
    case NT_FLOAT8:
        if (random_next() & 1) return nt_float8((double)(int64_t)random_next() * 1e-3);
        return value_of(type, floats[random_next() % 9]);
    case NT_NUMERIC:
        return value_of(type, numerics[random_next() % 13]);
    case NT_TEXT:
        return nt_text(texts[random_next() % 6], 0); /* sized by the caller */
    case NT_TIMESTAMPTZ:
        return nt_timestamptz((int64_t)random_next() >> 12);
    case NT_INTERVAL:
        return value_of(type, intervals[random_next() % 7]);
    default:
        return NT_NULL;
    }
}

static void rows_fill(struct nt_value rows[][2], size_t count, const struct nt_measure *measure)
{
    static const char *const ties[] = {"1 day", "24:00", "2 days", "1 mon", "30 days"};
    for (size_t i = 0; i < count; i++) {
        rows[i][0] = random_value(measure->types[0]);
        rows[i][1] = measure->types[1] == NT_INTERVAL
                         ? value_of(NT_INTERVAL, random_next() % 9 ? ties[random_next() % 5] : NULL)
                         : random_value(measure->types[1]);
        for (int j = 0; j < 2; j++)
            if (measure->types[j] == NT_TEXT && !rows[i][j].is_null)
                rows[i][j].size = (uint32_t)strlen(rows[i][j].text);
    }
}

static void rows_shuffle(struct nt_value rows[][2], size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_next() % i;
        for (int k = 0; k < 2; k++) {
            struct nt_value kept = rows[i - 1][k];
            rows[i - 1][k] = rows[j][k];
            rows[j][k] = kept;
        }
    }
}

static void state_check(const struct nt_measure *measure, const void *whole, const void *merged)
{
    struct buffer a = {0}, b = {0};
    measure->aggregate->encode(measure, whole, &a);
    measure->aggregate->encode(measure, merged, &b);
    assert_int_equal(bytes_compare(buffer_bytes(&a), buffer_bytes(&b)), 0);
    struct nt_eval e = {.arena = &arena}, f = {.arena = &arena};
    struct nt_value x = measure->aggregate->final(&e, measure, whole);
    struct nt_value y = measure->aggregate->final(&f, measure, merged);
    assert_int_equal(e.error != NULL, f.error != NULL);
    if (!e.error) assert_true(value_is_same(measure->result, x, y));
    buffer_deinit(&a);
    buffer_deinit(&b);
}

/* other through bytes and back, into state. */
static void merge_through_bytes(const struct nt_measure *measure, void *state, const void *other)
{
    struct buffer bytes = {0};
    void *copy = state_of(measure);
    measure->aggregate->encode(measure, other, &bytes);
    struct reader in = reader_of(buffer_bytes(&bytes));
    assert_true(measure->aggregate->decode(measure, copy, &in, &arena) && in.next == in.end);
    buffer_deinit(&bytes);
    measure->aggregate->merge(measure, state, copy, &arena);
}

/* A half-life from a second to some years, a number of elements, or the fraction of a percentile.
 */
static struct nt_value random_parameter(const struct nt_aggregate *aggregate)
{
    if (strncmp(aggregate->name, "decayed_", 8) == 0)
        return nt_integer(INT64_C(1000000) << random_next() % 30);
    if (strcmp(aggregate->name, "last_n") == 0 || strcmp(aggregate->name, "array_agg") == 0 ||
        strcmp(aggregate->name, "top_k") == 0 || strcmp(aggregate->name, "histogram") == 0)
        return nt_integer((int64_t)(1 + random_next() % 8));
    return nt_float8((double)(random_next() % 11) / 10);
}

static void partials_are_functions_of_the_multiset(void **state)
{
    (void)state;
    static struct nt_value rows[ROWS_MAX][2];
    for (size_t k = 0; k < 40 * (sizeof subjects / sizeof subjects[0]); k++) {
        const struct subject *subject = &subjects[k / 40];
        struct nt_measure measure =
            measure_of(subject->aggregate, subject->type, subject->by, subject->result);
        measure.argument_count = subject->count;
        measure.over = subject->over;
        measure.parameter_count = 1;
        measure.parameters[0] = random_parameter(measure.over ? measure.over : measure.aggregate);
        size_t count = random_next() % (k % 40 < 30 ? 12 : ROWS_MAX);
        rows_fill(rows, count, &measure);
        void *whole = state_of(&measure), *parts[4];
        for (size_t i = 0; i < count; i++) measure_add(&measure, whole, rows[i], &arena);
        rows_shuffle(rows, count);
        for (int i = 0; i < 4; i++) parts[i] = state_of(&measure);
        for (size_t i = 0; i < count; i++) {
            measure_add(&measure, parts[random_next() % 4], rows[i], &arena);
        }
        measure.aggregate->merge(&measure, parts[2], parts[3], &arena);
        merge_through_bytes(&measure, parts[1], parts[0]);
        merge_through_bytes(&measure, parts[1], parts[2]);
        state_check(&measure, whole, parts[1]);
        measure.aggregate->clear(&measure, parts[1]);
        state_check(&measure, state_of(&measure), parts[1]);
        nt_arena_reset(&arena);
    }
}

/* Few values are written sparse, many dense; merged halves are the bytes of the whole. */
static void distinct_counts_stay_near_at_any_size(void **state)
{
    (void)state;
    static const int sizes[] = {1, 10, 1000, 1500, 50000};
    struct nt_measure measure =
        measure_of(&nt_aggregate_approx_count_distinct, NT_INT4, NT_INT4, NT_INT8);
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        void *whole = state_of(&measure), *halves[2] = {state_of(&measure), state_of(&measure)};
        for (int i = 0; i < sizes[k]; i++) {
            struct nt_value row[2] = {nt_integer(7 * i), NT_NULL};
            measure_add(&measure, whole, row, &arena);
            measure_add(&measure, halves[random_next() & 1], row, &arena);
        }
        merge_through_bytes(&measure, halves[0], halves[1]);
        state_check(&measure, whole, halves[0]);
        struct nt_eval e = {.arena = &arena};
        int64_t estimate = measure.aggregate->final(&e, &measure, whole).integer;
        assert_true(labs(estimate - sizes[k]) <= sizes[k] / 20); /* 3 standard errors */
        nt_arena_reset(&arena);
    }
}

static void approximate_percentiles_are_near(void **state)
{
    (void)state;
    struct nt_measure measure =
        measure_of(&nt_aggregate_approx_percentile, NT_FLOAT8, NT_INT4, NT_FLOAT8);
    measure.parameter_count = 1;
    void *sketch = state_of(&measure);
    for (int i = 1; i <= 10000; i++) {
        struct nt_value row[2] = {nt_float8(-i), NT_NULL};
        measure_add(&measure, sketch, row, &arena);
    }
    for (int i = 0; i <= 100; i++) {
        struct nt_eval e = {.arena = &arena};
        measure.parameters[0] = nt_float8(i / 100.0);
        double exact = i ? -10001 + ceil(i / 100.0 * 10000) : -10000;
        double got = measure.aggregate->final(&e, &measure, sketch).float8;
        assert_true(fabs(got - exact) <= fabs(exact) / 128);
    }
    nt_arena_reset(&arena);
}

/* The sum at `now` of count x at times, all in half-lives. */
static double decayed_of(int count, const double *x, const double *times, double now)
{
    static const double half_us = 1 << 22;
    struct nt_measure measure =
        measure_of(&nt_aggregate_decayed_sum, NT_FLOAT8, NT_TIMESTAMPTZ, NT_BYTEA);
    measure.parameters[0] = nt_integer((int64_t)half_us);
    void *sum = state_of(&measure);
    for (int i = 0; i < count; i++) {
        struct nt_value row[2] = {nt_float8(x[i]), nt_timestamptz(llround(times[i] * half_us))};
        measure_add(&measure, sum, row, &arena);
    }
    struct nt_eval e = {.arena = &arena};
    struct nt_value term = measure.aggregate->final(&e, &measure, sum);
    double value = nt_decay(&e, term, nt_timestamptz(llround(now * half_us))).float8;
    assert_null(e.error);
    return value;
}

static void decayed_sums_halve_with_each_half_life(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 8, 1e300}, times[] = {5, 4, 3, -995};
    assert_true(decayed_of(3, x, times, 5) == 4);
    assert_true(decayed_of(3, x, times, 6) == 2);
    assert_true(decayed_of(3, x, times, 3) == 16);
    assert_true(decayed_of(3, x, times, 5000) == 0);
    assert_true(decayed_of(1, x + 3, times + 3, 5) == ldexp(1e300, -1000));
    assert_true(decayed_of(2, x + 2, times + 2, 3) == 8 + ldexp(1e300, -998));
    static const double one[] = {1, 1}, ages[] = {-2240, 0};
    assert_true(decayed_of(2, one, ages, 0) == 1);
    for (int i = 0; i < 1000; i++) {
        double exact = exp2(-i / 128.0);
        assert_true(fabs(decayed_of(1, one, ages + 1, i / 128.0) - exact) <= 4e-16 * exact);
    }
    nt_arena_reset(&arena);
}

static int arena_free(void **state)
{
    (void)state;
    nt_arena_deinit(&arena);
    return 0;
}

int main(void)
{
#ifdef __SANITIZE_ADDRESS__
    nt_arena_malloc_through = true;
#endif
    seed = seed_take();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_null_but_for_counts),
        cmocka_unit_test(sums_and_averages_print_as_in_postgresql),
        cmocka_unit_test(numerics_of_38_digits_cancel_exactly),
        cmocka_unit_test(long_numerics_cancel_exactly),
        cmocka_unit_test(results_beyond_their_type_are_errors),
        cmocka_unit_test(first_and_last_break_ties_by_value_and_ignore_null_times),
        cmocka_unit_test(extremes_follow_postgresql_order),
        cmocka_unit_test(filters_let_only_true_in),
        cmocka_unit_test(partials_are_functions_of_the_multiset),
        cmocka_unit_test(distinct_counts_stay_near_at_any_size),
        cmocka_unit_test(approximate_percentiles_are_near),
        cmocka_unit_test(decayed_sums_halve_with_each_half_life),
    };
    return cmocka_run_group_tests(tests, NULL, arena_free);
}
