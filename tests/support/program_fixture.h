/*
 * program_fixture.h: a small program written by hand, for tests of what runs programs without the
 * compiler. It is what these definitions would compile to:
 *
 *   CREATE FOREIGN TABLE sales (shop text, amount bigint CHECK (amount >= 0), at timestamptz NOT
 * NULL) SERVER events OPTIONS (topic 'sales', format 'json', event_time 'at'); CREATE MATERIALIZED
 * VIEW recent AS SELECT shop, count(*) AS n, sum(amount) AS total, sum(amount) FILTER (WHERE at >
 * now() - interval '10 minutes') AS total_10m FROM sales WHERE at > now() - interval '1 hour' GROUP
 * BY shop; CREATE MATERIALIZED VIEW ever AS SELECT shop, count(*) AS n, max(amount) AS most FROM
 * sales GROUP BY shop; CREATE FOREIGN TABLE visit (shop text) SERVER request; CREATE VIEW till AS
 * SELECT v.shop, r.n, e.n AS ever FROM visit v LEFT JOIN recent r USING (shop) LEFT JOIN ever e
 * USING (shop);
 */
#ifndef SUPPORT_PROGRAM_FIXTURE_H
#define SUPPORT_PROGRAM_FIXTURE_H

#include "nowthen/program.h"

#include <string.h>

#define FIXTURE_MINUTE_US INT64_C(60000000)
#define FIXTURE_HOUR_US   (60 * FIXTURE_MINUTE_US)

enum { FIXTURE_RECENT, FIXTURE_EVER };
enum { FIXTURE_SHOP, FIXTURE_AMOUNT, FIXTURE_AT };

static bool fixture_check(struct nt_eval *e, const struct nt_value *row)
{
    if (row[FIXTURE_AMOUNT].is_null || row[FIXTURE_AMOUNT].integer >= 0) return true;
    e->error = "new row for relation \"sales\" violates check constraint \"sales_amount_check\"";
    return false;
}

static bool fixture_admit(struct nt_eval *e, const struct nt_value *row, struct nt_value *key,
                          struct nt_value *arguments)
{
    (void)e;
    key[0] = row[FIXTURE_SHOP];
    arguments[0] = row[FIXTURE_AMOUNT];
    return true;
}

static struct nt_value fixture_key(struct nt_eval *e, const struct nt_value *key,
                                   const struct nt_value *terms)
{
    (void)e, (void)terms;
    return key[0];
}

static struct nt_value fixture_term0(struct nt_eval *e, const struct nt_value *key,
                                     const struct nt_value *terms)
{
    (void)e, (void)key;
    return terms[0];
}

static struct nt_value fixture_term1(struct nt_eval *e, const struct nt_value *key,
                                     const struct nt_value *terms)
{
    (void)e, (void)key;
    return terms[1];
}

static struct nt_value fixture_term2(struct nt_eval *e, const struct nt_value *key,
                                     const struct nt_value *terms)
{
    (void)e, (void)key;
    return terms[2];
}

static void fixture_join_key(struct nt_eval *e, const struct nt_value *request,
                             struct nt_value *key)
{
    (void)e;
    key[0] = request[0];
}

static struct nt_value fixture_output_shop(struct nt_eval *e, const struct nt_value *request,
                                           const struct nt_value *const *joins)
{
    (void)e, (void)joins;
    return request[0];
}

static struct nt_value fixture_output_n(struct nt_eval *e, const struct nt_value *request,
                                        const struct nt_value *const *joins)
{
    (void)e, (void)request;
    return joins[0][1];
}

static struct nt_value fixture_output_ever(struct nt_eval *e, const struct nt_value *request,
                                           const struct nt_value *const *joins)
{
    (void)e, (void)request;
    return joins[1][1];
}

static const struct nt_column fixture_columns[] = {
    {.name = "shop", .type = NT_TEXT},
    {.name = "amount", .type = NT_INT8},
    {.name = "at", .type = NT_TIMESTAMPTZ, .is_not_null = true},
};

static const struct nt_source fixture_sources[] = {{
    .name = "sales",
    .server = "events",
    .brokers = "127.0.0.1:1",
    .topic = "sales",
    .format = "json",
    .columns = fixture_columns,
    .column_count = 3,
    .event_time = FIXTURE_AT,
    .check = fixture_check,
}};

static const uint16_t fixture_key_columns[] = {FIXTURE_SHOP};
static const struct nt_feed fixture_feeds[] = {{0, fixture_key_columns, fixture_admit}};
static const enum nt_type fixture_arguments[] = {NT_INT8};
static const struct nt_bound_step fixture_hour[] = {{NT_BOUND_MINUS, 0, FIXTURE_HOUR_US}};
static const struct nt_bound_step fixture_minutes[] = {{NT_BOUND_MINUS, 0, 10 * FIXTURE_MINUTE_US}};
static const struct nt_window fixture_recent_windows[] = {
    {.lower = {true, false, 1, fixture_hour}},
    {.lower = {true, false, 1, fixture_minutes}},
};
static const struct nt_window fixture_ever_windows[] = {{.lower = {.is_set = false}}};
static const struct nt_measure fixture_recent_measures[] = {
    {.aggregate = &nt_aggregate_count_star, 0, {0}, {0}, NT_INT8, -1},
    {.aggregate = &nt_aggregate_sum_int8, 1, {0}, {NT_INT8}, NT_NUMERIC, -1},
};
static const struct nt_measure fixture_ever_measures[] = {
    {.aggregate = &nt_aggregate_count_star, 0, {0}, {0}, NT_INT8, -1},
    {.aggregate = &nt_aggregate_max, 1, {0}, {NT_INT8}, NT_INT8, -1},
};
static const struct nt_term fixture_recent_terms[] = {{0, 0}, {1, 0}, {1, 1}};
static const struct nt_term fixture_ever_terms[] = {{0, 0}, {1, 0}};
static const uint16_t fixture_term_indexes[] = {0, 1, 2};
static const struct nt_feature fixture_recent_features[] = {
    {"shop", NT_TEXT, "shop", NULL, 0, 0, false, 0, NULL, fixture_key},
    {"n", NT_INT8, "count(*)", NULL, 0, -1, false, 1, &fixture_term_indexes[0], fixture_term0},
    {"total", NT_NUMERIC, "sum(amount)", NULL, 0, -1, false, 1, &fixture_term_indexes[1],
     fixture_term1},
    {"total_10m", NT_NUMERIC, "sum(amount) FILTER (...)", NULL, 0, -1, false, 1,
     &fixture_term_indexes[2], fixture_term2},
};
static const struct nt_feature fixture_ever_features[] = {
    {"shop", NT_TEXT, "shop", NULL, 0, 0, false, 0, NULL, fixture_key},
    {"n", NT_INT8, "count(*)", NULL, 0, -1, false, 1, &fixture_term_indexes[0], fixture_term0},
    {"most", NT_INT8, "max(amount)", NULL, 0, -1, false, 1, &fixture_term_indexes[1],
     fixture_term1},
};

static const struct nt_view fixture_views[] = {
    {
        .name = "recent",
        .sql = "SELECT ...",
        .fingerprint = UINT64_C(0x1111222233334444),
        .key_count = 1,
        .argument_count = 1,
        .window_count = 2,
        .measure_count = 2,
        .term_count = 3,
        .feature_count = 4,
        .keys = fixture_columns,
        .feed_count = 1,
        .feeds = fixture_feeds,
        .arguments = fixture_arguments,
        .windows = fixture_recent_windows,
        .measures = fixture_recent_measures,
        .terms = fixture_recent_terms,
        .features = fixture_recent_features,
    },
    {
        .name = "ever",
        .sql = "SELECT ...",
        .fingerprint = UINT64_C(0x5555666677778888),
        .key_count = 1,
        .argument_count = 1,
        .window_count = 1,
        .measure_count = 2,
        .term_count = 2,
        .feature_count = 3,
        .keys = fixture_columns,
        .feed_count = 1,
        .feeds = fixture_feeds,
        .arguments = fixture_arguments,
        .windows = fixture_ever_windows,
        .measures = fixture_ever_measures,
        .terms = fixture_ever_terms,
        .features = fixture_ever_features,
    },
};

static const struct nt_join fixture_joins[] = {
    {"r", FIXTURE_RECENT, fixture_join_key},
    {"e", FIXTURE_EVER, fixture_join_key},
};
static const struct nt_input fixture_inputs[] = {{0, 1}, {1, 1}};
static const struct nt_output fixture_outputs[] = {
    {"shop", NT_TEXT, "v.shop", NULL, 0, 0, NULL, fixture_output_shop},
    {"n", NT_INT8, "r.n", NULL, -1, 1, &fixture_inputs[0], fixture_output_n},
    {"ever", NT_INT8, "e.n", NULL, -1, 1, &fixture_inputs[1], fixture_output_ever},
};
static const char *const fixture_grantees[] = {NULL};
static const struct nt_service fixture_services[] = {{
    .name = "till",
    .sql = "SELECT ...",
    .request = "visit",
    .columns = fixture_columns,
    .column_count = 1,
    .join_count = 2,
    .output_count = 3,
    .joins = fixture_joins,
    .outputs = fixture_outputs,
    .grantees = fixture_grantees,
}};

static const struct nt_program fixture_program = {
    .abi = NT_PROGRAM_ABI,
    .fingerprint = "0123456789abcdef0123456789abcdef",
    .definitions = "",
    .source_count = 1,
    .view_count = 2,
    .service_count = 1,
    .sources = fixture_sources,
    .views = fixture_views,
    .services = fixture_services,
};

static inline struct nt_value fixture_text(const char *text)
{
    return nt_text(text, (uint32_t)strlen(text));
}

#endif
