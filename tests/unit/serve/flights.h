/*
 * flights.h: a program as the compiler would emit it, small, and a store in memory with some events
 * of it, on the event clock.
 *
 *   aircraft: tailnum; legs = count(*), last_delay = last(delay, arrived_at) over 30 days, and
 *             wrong, which fails where there are two legs
 *   route:    id, carrier; legs
 *   model:    request tailnum, id, scheduled; aircraft by tailnum
 */
#ifndef TESTS_FLIGHTS_H
#define TESTS_FLIGHTS_H

#include "online/store.h"

#include <stdlib.h>
#include <string.h>

#define FLIGHTS_T0 INT64_C(410350620000000) /* 2013-01-01 10:17:00 */
#define HOUR_US    INT64_C(3600000000)
#define DAY_US     (24 * HOUR_US)

static const struct nt_column flights_columns[] = {
    {.name = "tailnum", .type = NT_TEXT, .is_not_null = true},
    {.name = "carrier", .type = NT_TEXT},
    {.name = "id", .type = NT_INT8},
    {.name = "delay", .type = NT_FLOAT8},
    {.name = "arrived_at", .type = NT_TIMESTAMPTZ, .is_not_null = true},
};

static bool flights_check(struct nt_eval *e, const struct nt_value *row)
{
    (void)e;
    (void)row;
    return true;
}

static const struct nt_source flights_sources[] = {{
    .name = "flights",
    .server = "events",
    .brokers = "localhost:9092",
    .topic = "flights",
    .format = "json",
    .columns = flights_columns,
    .column_count = 5,
    .event_time = 4,
    .check = flights_check,
}};

static const struct nt_bound_step month_steps[] = {{NT_BOUND_MINUS, 0, 30 * DAY_US}};
static const struct nt_window flights_windows[] = {
    {.lower = {.is_set = true, .step_count = 1, .steps = month_steps}},
};
static const struct nt_measure flights_measures[] = {
    {.aggregate = &nt_aggregate_count_star, .result = NT_INT8, .filter = -1},
    {.aggregate = &nt_aggregate_last,
     .argument_count = 2,
     .arguments = {0, 1},
     .types = {NT_FLOAT8, NT_TIMESTAMPTZ},
     .result = NT_FLOAT8,
     .filter = -1},
};
static const struct nt_term flights_terms[] = {{0, 0}, {1, 0}};
static const uint16_t term_0[] = {0}, term_1[] = {1};

static struct nt_value finish_key_0(struct nt_eval *e, const struct nt_value *key,
                                    const struct nt_value *terms)
{
    (void)e;
    (void)terms;
    return key[0];
}

static struct nt_value finish_key_1(struct nt_eval *e, const struct nt_value *key,
                                    const struct nt_value *terms)
{
    (void)e;
    (void)terms;
    return key[1];
}

static struct nt_value finish_legs(struct nt_eval *e, const struct nt_value *key,
                                   const struct nt_value *terms)
{
    (void)e;
    (void)key;
    return terms[0];
}

static struct nt_value finish_last(struct nt_eval *e, const struct nt_value *key,
                                   const struct nt_value *terms)
{
    (void)e;
    (void)key;
    return terms[1];
}

static struct nt_value finish_wrong(struct nt_eval *e, const struct nt_value *key,
                                    const struct nt_value *terms)
{
    (void)key;
    return terms[0].integer == 2 ? nt_fail(e, "division by zero") : terms[0];
}

static const struct nt_column aircraft_keys[] = {{.name = "tailnum", .type = NT_TEXT}};
static const uint16_t aircraft_key_columns[] = {0};
static const enum nt_type aircraft_arguments[] = {NT_FLOAT8, NT_TIMESTAMPTZ};
static const struct nt_feature aircraft_features[] = {
    {.name = "tailnum", .type = NT_TEXT, .sql = "tailnum", .key = 0, .finish = finish_key_0},
    {"legs", NT_INT8, "count(*)", NULL, 0, -1, false, 1, term_0, finish_legs},
    {"last_delay", NT_FLOAT8, "last(delay, arrived_at)", NULL, 0, -1, false, 1, term_1,
     finish_last},
    {"wrong", NT_INT8, "1 / (count(*) - 2)", NULL, 0, -1, false, 1, term_0, finish_wrong},
};

static bool aircraft_admit(struct nt_eval *e, const struct nt_value *row, struct nt_value *key,
                           struct nt_value *arguments)
{
    (void)e;
    key[0] = row[0];
    arguments[0] = row[3];
    arguments[1] = row[4];
    return true;
}

static const struct nt_column route_keys[] = {{.name = "id", .type = NT_INT8},
                                              {.name = "carrier", .type = NT_TEXT}};
static const uint16_t route_key_columns[] = {2, 1};
static const struct nt_feature route_features[] = {
    {.name = "id", .type = NT_INT8, .sql = "id", .key = 0, .finish = finish_key_0},
    {.name = "carrier", .type = NT_TEXT, .sql = "carrier", .key = 1, .finish = finish_key_1},
    {"legs", NT_INT8, "count(*)", NULL, 0, -1, false, 1, term_0, finish_legs},
};

static bool route_admit(struct nt_eval *e, const struct nt_value *row, struct nt_value *key,
                        struct nt_value *arguments)
{
    (void)e;
    (void)arguments;
    key[0] = row[2];
    key[1] = row[1];
    return true;
}

static const struct nt_feed aircraft_feeds[] = {{0, aircraft_key_columns, aircraft_admit}};
static const struct nt_feed route_feeds[] = {{0, route_key_columns, route_admit}};
static const struct nt_view flights_views[] = {
    {
        .name = "aircraft",
        .sql = "",
        .fingerprint = 1,
        .key_count = 1,
        .argument_count = 2,
        .window_count = 1,
        .measure_count = 2,
        .term_count = 2,
        .feature_count = 4,
        .keys = aircraft_keys,
        .feed_count = 1,
        .feeds = aircraft_feeds,
        .arguments = aircraft_arguments,
        .windows = flights_windows,
        .measures = flights_measures,
        .terms = flights_terms,
        .features = aircraft_features,
    },
    {
        .name = "route",
        .sql = "",
        .fingerprint = 2,
        .key_count = 2,
        .window_count = 1,
        .measure_count = 1,
        .term_count = 1,
        .feature_count = 3,
        .keys = route_keys,
        .feed_count = 1,
        .feeds = route_feeds,
        .windows = flights_windows,
        .measures = flights_measures,
        .terms = flights_terms,
        .features = route_features,
    },
};

static const struct nt_column model_columns[] = {
    {.name = "tailnum", .type = NT_TEXT},
    {.name = "id", .type = NT_INT8},
    {.name = "scheduled", .type = NT_TIMESTAMPTZ},
};

static void model_key(struct nt_eval *e, const struct nt_value *request, struct nt_value *key)
{
    (void)e;
    key[0] = request[0];
}
static const struct nt_join model_joins[] = {{"a", 0, model_key}};

static struct nt_value output_tailnum(struct nt_eval *e, const struct nt_value *request,
                                      const struct nt_value *const *joins)
{
    (void)e;
    (void)joins;
    return request[0];
}

static struct nt_value output_legs(struct nt_eval *e, const struct nt_value *request,
                                   const struct nt_value *const *joins)
{
    (void)e;
    (void)request;
    return joins[0][1];
}

static struct nt_value output_departs(struct nt_eval *e, const struct nt_value *request,
                                      const struct nt_value *const *joins)
{
    (void)e;
    (void)joins;
    return request[2];
}

static struct nt_value output_next_id(struct nt_eval *e, const struct nt_value *request,
                                      const struct nt_value *const *joins)
{
    (void)e;
    (void)joins;
    return request[1].is_null ? NT_NULL : nt_integer(request[1].integer - 1);
}

static const struct nt_input legs_input[] = {{0, 1}};
static const struct nt_output model_outputs[] = {
    {.name = "tailnum", .type = NT_TEXT, .sql = "", .request = 0, .finish = output_tailnum},
    {"legs", NT_INT8, "", NULL, -1, 1, legs_input, output_legs},
    {.name = "departs", .type = NT_TIMESTAMPTZ, .sql = "", .request = 2, .finish = output_departs},
    {.name = "id", .type = NT_INT8, .sql = "", .request = -1, .finish = output_next_id},
};
static const char *const nobody[] = {NULL};
static const struct nt_service flights_services[] = {{
    .name = "model",
    .sql = "",
    .request = "trip",
    .columns = model_columns,
    .column_count = 3,
    .join_count = 1,
    .output_count = 4,
    .joins = model_joins,
    .outputs = model_outputs,
    .grantees = nobody,
}};

static const struct nt_program flights_program = {
    .abi = NT_PROGRAM_ABI,
    .fingerprint = "0123456789abcdef0123456789abcdef",
    .definitions = "",
    .source_count = 1,
    .view_count = 2,
    .service_count = 1,
    .sources = flights_sources,
    .views = flights_views,
    .services = flights_services,
};

/* delay NAN: NULL. */
static void flights_add(struct store *store, const char *tailnum, const char *carrier, int64_t id,
                        double delay, int64_t us)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct event event;
    struct nt_value row[] = {
        nt_text(tailnum, (uint32_t)strlen(tailnum)),
        nt_text(carrier, (uint32_t)strlen(carrier)),
        nt_integer(id),
        delay == delay ? nt_float8(delay) : NT_NULL,
        nt_timestamptz(us),
    };
    if (!event_admit(&flights_program, 0, &e, row, &event)) abort();
    if (store_apply(store, &event, NULL) != NT_OK) abort();
    nt_arena_deinit(&arena);
}

/* N1: two legs, the second a day later, with a NULL delay. N2: one leg, 10^9 microseconds after. */
static struct store *flights_store(void)
{
    struct store_options options = {
        .clock = clock_system(),
        .is_event_clock = true,
        .past_reads_us = 40 * DAY_US,
        .cache_bytes_max = 1 << 20,
    };
    struct store *store;
    if (store_open(&flights_program, kv_memory_open(), &options, &store, NULL) != NT_OK) abort();
    flights_add(store, "N1", "UA", INT64_C(9007199254740993), 3, FLIGHTS_T0);
    flights_add(store, "N1", "AA", 7, __builtin_nan(""), FLIGHTS_T0 + DAY_US);
    flights_add(store, "N2", "UA", INT64_C(9007199254740993), -1.5, FLIGHTS_T0 + DAY_US + 250000);
    struct store_position position = {"flights", 0, 3};
    if (store_commit(store, &position, 1, NULL) != NT_OK) abort();
    return store;
}

#endif
