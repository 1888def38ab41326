/* test_view.c: admitting rows, feature rows and service vectors, by tables written by hand. */
#include "base/arena.h"
#include "row/key.h"
#include "runtime/event.h"
#include "runtime/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR INT64_C(3600000000)

/* flights(tail text, delay int4, at timestamptz); view by tail: count, 60 / sum, sum, tail */
static const struct nt_column columns[] = {
    {.name = "tail", .type = NT_TEXT},
    {.name = "delay", .type = NT_INT4},
    {.name = "at", .type = NT_TIMESTAMPTZ, .is_not_null = true}};

static bool check(struct nt_eval *e, const struct nt_value *row)
{
    if (!row[1].is_null && row[1].integer == 999) {
        nt_fail(e, "CHECK (delay <> 999): got 999");
        return false;
    }
    return true;
}

static bool admit(struct nt_eval *e, const struct nt_value *row, struct nt_value *key,
                  struct nt_value *arguments)
{
    if (!row[1].is_null && row[1].integer == 998) nt_fail(e, "division by zero");
    if (!row[1].is_null && row[1].integer < 0) return false;
    key[0] = row[0];
    arguments[0] = row[1];
    return true;
}

static struct nt_value finish_count(struct nt_eval *e, const struct nt_value *key,
                                    const struct nt_value *terms)
{
    (void)e, (void)key;
    return terms[0];
}

static struct nt_value finish_ratio(struct nt_eval *e, const struct nt_value *key,
                                    const struct nt_value *terms)
{
    (void)key;
    if (terms[1].is_null) return NT_NULL;
    if (terms[1].integer == 0) return nt_fail(e, "division by zero");
    return nt_integer(60 / terms[1].integer);
}

static const struct nt_bound_step hour[] = {{NT_BOUND_MINUS, 0, HOUR}};
static const struct nt_window windows[] = {
    {{true, false, 1, hour}, .upper = {false, false, 0, NULL}}};
static const struct nt_measure measures[] = {
    {.aggregate = &nt_aggregate_count_star, 0, {0}, {0}, NT_INT8, -1},
    {.aggregate = &nt_aggregate_sum_int4, 1, {0}, {NT_INT4}, NT_INT8, -1},
};
static const struct nt_term terms[] = {{0, 0}, {1, 0}};
static const uint16_t term0[] = {0}, term1[] = {1};
static const struct nt_feature features[] = {
    {"tail", NT_TEXT, "tail", NULL, 0, 0, false, 0, NULL, NULL},
    {"flights", NT_INT8, "count(*)", NULL, 0, -1, false, 1, term0, finish_count},
    {"ratio", NT_INT8, "60 / sum(delay)", NULL, 0, -1, false, 1, term1, finish_ratio},
};
static const enum nt_type argument_types[] = {NT_INT4};
static const uint16_t key_columns[] = {0};
static const struct nt_feed feeds[] = {{0, key_columns, admit}};
static const struct nt_view views[] = {{
    .name = "planes",
    .feed_count = 1,
    .feeds = feeds,
    .key_count = 1,
    .argument_count = 1,
    .window_count = 1,
    .measure_count = 2,
    .term_count = 2,
    .feature_count = 3,
    .keys = columns,
    .arguments = argument_types,
    .windows = windows,
    .measures = measures,
    .terms = terms,
    .features = features,
}};
static const struct nt_source sources[] = {
    {.name = "flights", .columns = columns, .column_count = 3, .event_time = 2, .check = check}};

/* service: request(n int4); outputs n, ratio + n, coalesce(ratio, 7) */
static struct nt_value finish_plus(struct nt_eval *e, const struct nt_value *request,
                                   const struct nt_value *const *joins)
{
    return nt_int8_add(e, joins[0][2], request[0]);
}

static struct nt_value finish_seven(struct nt_eval *e, const struct nt_value *request,
                                    const struct nt_value *const *joins)
{
    (void)e, (void)request;
    return joins[0][2].is_null ? nt_integer(7) : joins[0][2];
}

static const struct nt_input ratio_of[] = {{0, 2}};
static const struct nt_output outputs[] = {
    {"n", NT_INT4, "r.n", NULL, 0, 0, NULL, NULL},
    {"plus", NT_INT8, "p.ratio + r.n", NULL, -1, 1, ratio_of, finish_plus},
    {"seven", NT_INT8, "coalesce(p.ratio, 7)", NULL, -1, 1, ratio_of, finish_seven},
};
static const struct nt_join joins[] = {{"p", 0, NULL}};
static const struct nt_service services[] = {
    {.name = "model", .join_count = 1, .output_count = 3, .joins = joins, .outputs = outputs}};
static const struct nt_program program = {.abi = NT_PROGRAM_ABI,
                                          .source_count = 1,
                                          .view_count = 1,
                                          .service_count = 1,
                                          .sources = sources,
                                          .views = views,
                                          .services = services};

static struct nt_arena arena;
static struct nt_eval e = {.arena = &arena};

static bool admit_row(struct nt_value tail, struct nt_value delay, struct nt_value at,
                      struct event *event)
{
    struct nt_value row[3] = {tail, delay, at};
    return event_admit(&program, 0, &e, row, event);
}

static struct timeline *timeline_of(struct nt_value delay)
{
    struct timeline *timeline = timeline_create(&arena, &views[0], (struct timeline_source){0});
    assert_int_equal(timeline_add(timeline, (struct nt_time){0}, &delay, NULL), NT_OK);
    return timeline;
}

static struct view_row row_of(struct timeline *timeline, int64_t now)
{
    struct view_row row;
    struct nt_value key = nt_text("N1", 2);
    struct nt_error error;
    assert_int_equal(view_read(&views[0], timeline, &key, (struct nt_time){now}, &e, &row, &error),
                     NT_OK);
    assert_null(e.error);
    return row;
}

static void an_event_carries_its_key_and_arguments_into_each_view(void **state)
{
    (void)state;
    struct event event;
    assert_true(admit_row(nt_text("N1", 2), nt_integer(5), nt_timestamptz(42), &event));
    assert_int_equal(event.event_time.us, 42);
    assert_int_equal(event.entry_count, 1);
    assert_int_equal(event.entries[0].arguments[0].integer, 5);
    struct buffer key = {0};
    key_append(NT_TEXT, nt_text("N1", 2), &key);
    assert_int_equal(bytes_compare(event.entries[0].key_bytes, buffer_bytes(&key)), 0);
    buffer_deinit(&key);
    assert_true(admit_row(nt_text("N1", 2), nt_integer(-5), nt_timestamptz(42), &event));
    assert_int_equal(event.entry_count, 0);
    assert_true(admit_row(NT_NULL, nt_integer(5), nt_timestamptz(42), &event));
    assert_true(event.entries[0].has_null_key);
}

static void a_row_that_fails_a_check_or_an_expression_is_a_dead_letter(void **state)
{
    (void)state;
    struct event event;
    assert_false(admit_row(nt_text("N1", 2), nt_integer(999), nt_timestamptz(42), &event));
    assert_string_equal(e.error, "CHECK (delay <> 999): got 999");
    assert_false(admit_row(nt_text("N1", 2), nt_integer(998), nt_timestamptz(42), &event));
    assert_string_equal(e.error, "division by zero");
    assert_int_equal(event.entry_count, 0);
    assert_false(admit_row(nt_text("N1", 2), nt_integer(1), NT_NULL, &event));
    assert_non_null(strstr(e.error, "\"at\""));
}

static void presence_and_null_and_error_are_told_apart(void **state)
{
    (void)state;
    struct view_row row = row_of(timeline_of(nt_integer(20)), HOUR - 1);
    assert_true(row.is_present);
    assert_int_equal(row.features[0].size, 2);
    assert_int_equal(row.features[1].integer, 1);
    assert_int_equal(row.features[2].integer, 3);
    assert_int_equal(row.statuses[2], FEATURE_PRESENT);
    row = row_of(timeline_of(NT_NULL), 0);
    assert_int_equal(row.statuses[2], FEATURE_NULL_VALUE);
    row = row_of(timeline_of(nt_integer(0)), 0);
    assert_true(row.features[2].is_null);
    assert_int_equal(row.statuses[2], FEATURE_ERROR);
    assert_int_equal(row.statuses[1], FEATURE_PRESENT);
    row = row_of(timeline_of(nt_integer(20)), HOUR);
    assert_false(row.is_present);
    assert_int_equal(row.statuses[0], FEATURE_NOT_FOUND);
    assert_true(row.features[0].is_null);
    row = row_of(NULL, 0);
    assert_int_equal(row.statuses[1], FEATURE_NOT_FOUND);
}

static void a_failed_term_makes_an_error_of_each_feature_that_reads_it(void **state)
{
    (void)state;
    struct nt_value known[] = {nt_integer(1), NT_NULL}, key = nt_text("N1", 2);
    const char *errors[] = {NULL, "bigint out of range"};
    struct view_row row;
    view_finish(&views[0], &key, known, errors, (struct nt_time){0}, &e, &row);
    assert_int_equal(row.statuses[1], FEATURE_PRESENT);
    assert_int_equal(row.statuses[2], FEATURE_ERROR);
}

static void vector_of(struct view_row row, struct nt_value *values, uint8_t *statuses)
{
    struct nt_value request = nt_integer(100);
    service_read(&services[0], &request, &row, (struct nt_time){0}, &e, values, statuses);
}

static void a_vector_says_why_an_output_is_null(void **state)
{
    (void)state;
    struct nt_value values[3];
    uint8_t statuses[3];
    vector_of(row_of(timeline_of(nt_integer(20)), 0), values, statuses);
    assert_int_equal(values[1].integer, 103);
    vector_of(row_of(timeline_of(nt_integer(0)), 0), values, statuses);
    assert_int_equal(statuses[0], FEATURE_PRESENT);
    assert_int_equal(statuses[1], FEATURE_ERROR);
    assert_int_equal(statuses[2], FEATURE_ERROR); /* coalesce does not hide it */
    assert_true(values[2].is_null);
    vector_of(row_of(timeline_of(NT_NULL), 0), values, statuses);
    assert_int_equal(statuses[1], FEATURE_NULL_VALUE);
    vector_of(row_of(NULL, 0), values, statuses);
    assert_int_equal(statuses[1], FEATURE_NOT_FOUND);
    assert_int_equal(values[2].integer, 7);
}

static void names_are_found_and_unknown_ones_are_not(void **state)
{
    (void)state;
    assert_int_equal(program_view(&program, "planes"), 0);
    assert_int_equal(program_service(&program, "model"), 0);
    assert_int_equal(program_source(&program, "flights"), 0);
    assert_int_equal(view_feature(&views[0], "ratio"), 2);
    assert_int_equal(view_feature(&views[0], "none"), -1);
    assert_int_equal(program_view(&program, "none"), -1);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_carries_its_key_and_arguments_into_each_view),
        cmocka_unit_test(a_row_that_fails_a_check_or_an_expression_is_a_dead_letter),
        cmocka_unit_test(presence_and_null_and_error_are_told_apart),
        cmocka_unit_test(a_failed_term_makes_an_error_of_each_feature_that_reads_it),
        cmocka_unit_test(a_vector_says_why_an_output_is_null),
        cmocka_unit_test(names_are_found_and_unknown_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, arena_free);
}
