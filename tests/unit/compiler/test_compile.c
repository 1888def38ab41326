/* Definitions that are right, and the IR they come to. */
#include "definitions_fixture.h"

static void the_example_of_the_contract_compiles(void **state)
{
    (void)state;
    assert_ir(
        "",
        "-- where events come from; the columns are the event's schema\n"
        "CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');\n"
        "\n"
        "CREATE FOREIGN TABLE flights (\n"
        "  tailnum    text NOT NULL,\n"
        "  origin     text NOT NULL,\n"
        "  dest       text,\n"
        "  dep_delay  float8,\n"
        "  arr_delay  float8 CHECK (arr_delay > -1440),\n"
        "  arrived_at timestamptz NOT NULL\n"
        ") SERVER events OPTIONS (topic 'flights', format 'json', event_time 'arrived_at');\n"
        "\n"
        "-- a feature view: one row per entity, as of now()\n"
        "CREATE MATERIALIZED VIEW aircraft AS\n"
        "SELECT tailnum,\n"
        "       count(*)       FILTER (WHERE arrived_at > now() - interval '24 hours') AS "
        "legs_24h,\n"
        "       avg(arr_delay) FILTER (WHERE arrived_at > now() - interval '7 days')   AS "
        "avg_delay_7d,\n"
        "       last(arr_delay, arrived_at)                                            AS "
        "last_delay,\n"
        "       now() - max(arrived_at)                                                AS idle\n"
        "FROM flights\n"
        "WHERE arrived_at > now() - interval '30 days'\n"
        "GROUP BY tailnum;\n"
        "\n"
        "CREATE MATERIALIZED VIEW airport AS\n"
        "SELECT origin, avg(dep_delay) FILTER (WHERE arrived_at > now() - interval '3 hours') AS "
        "avg_dep_delay_3h\n"
        "FROM flights GROUP BY 1;\n"
        "\n"
        "-- what the caller knows at request time\n"
        "CREATE FOREIGN TABLE trip (\n"
        "  tailnum text, origin text, scheduled timestamptz\n"
        ") SERVER request;\n"
        "\n"
        "-- a feature service: the vector one model reads\n"
        "CREATE VIEW delay_model_v1 AS\n"
        "SELECT t.tailnum, a.legs_24h, a.avg_delay_7d, p.avg_dep_delay_3h,\n"
        "       a.last_delay - p.avg_dep_delay_3h AS relative_delay,\n"
        "       extract(hour FROM t.scheduled)    AS hour\n"
        "FROM trip t\n"
        "LEFT JOIN aircraft a USING (tailnum)\n"
        "LEFT JOIN airport  p USING (origin);\n"
        "\n"
        "COMMENT ON COLUMN aircraft.avg_delay_7d IS 'minutes, mean over landed legs';\n"
        "GRANT SELECT ON delay_model_v1 TO delay_service;\n",
        "source flights",
        "source flights event_time column[5]\n"
        "  column[0] tailnum text not null\n"
        "  column[1] origin text not null\n"
        "  column[2] dest text\n"
        "  column[3] dep_delay double precision\n"
        "  column[4] arr_delay double precision\n"
        "  column[5] arrived_at timestamp with time zone not null\n"
        "  check flights_arr_delay_check (float8_gt column[4] (int4_to_float8 (integer -1440)))\n"
        "  server 'events'\n"
        "  brokers 'localhost:9092'\n"
        "  topic 'flights'\n"
        "  format 'json'\n"
        "view aircraft from flights\n"
        "  key[0] tailnum text not null\n"
        "    is column[0]\n"
        "  argument[0] double precision column[4]\n"
        "  argument[1] timestamp with time zone column[5]\n"
        "  window[0] > now minus 2592000000000 us\n"
        "  window[1] > now minus 86400000000 us\n"
        "  window[2] > now minus 604800000000 us\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] avg_float8 argument[0] double precision -> double precision\n"
        "  measure[2] last argument[0] double precision argument[1] timestamp with time zone -> "
        "double precision\n"
        "  measure[3] max argument[1] timestamp with time zone -> timestamp with time zone\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[0] window[1]\n"
        "  term[2] measure[1] window[2]\n"
        "  term[3] measure[2] window[0]\n"
        "  term[4] measure[3] window[0]\n"
        "  feature tailnum text key[0]\n"
        "  feature legs_24h bigint term[1]\n"
        "  feature avg_delay_7d double precision term[2]\n"
        "  feature last_delay double precision term[3]\n"
        "  feature idle interval reads clock (timestamptz_sub now term[4])\n"
        "view airport from flights\n"
        "  key[0] origin text not null\n"
        "    is column[1]\n"
        "  argument[0] double precision column[3]\n"
        "  window[0]\n"
        "  window[1] > now minus 10800000000 us\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] avg_float8 argument[0] double precision -> double precision\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[1] window[1]\n"
        "  feature origin text key[0]\n"
        "  feature avg_dep_delay_3h double precision term[1]\n"
        "service delay_model_v1 from trip\n"
        "  column[0] tailnum text\n"
        "  column[1] origin text\n"
        "  column[2] scheduled timestamp with time zone\n"
        "  join[0] aircraft column[0]\n"
        "  join[1] airport column[1]\n"
        "  output tailnum text column[0]\n"
        "  output legs_24h bigint input[0] input[0]=join[0].feature[1]\n"
        "  output avg_delay_7d double precision input[0] input[0]=join[0].feature[2]\n"
        "  output avg_dep_delay_3h double precision input[0] input[0]=join[1].feature[1]\n"
        "  output relative_delay double precision (float8_sub input[0] input[1]) "
        "input[0]=join[0].feature[3] input[1]=join[1].feature[1]\n"
        "  output hour numeric (extract_timestamptz (integer 4) column[2])\n"
        "  grant delay_service\n");
}

static void windows_are_read_from_comparisons_with_now(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
              "  count(*) FILTER (WHERE at > now() - interval '1 day') AS a0,\n"
              "  count(*) FILTER (WHERE now() - interval '1 day' < at) AS a1,\n"
              "  count(*) FILTER (WHERE at >= now() - 2 * interval '12 hours') AS a2,\n"
              "  count(*) FILTER (WHERE at BETWEEN now() - interval '8 days' AND now() - interval "
              "'1 day') AS a3,\n"
              "  count(*) FILTER (WHERE now() - at < interval '1 hour') AS a4,\n"
              "  count(*) FILTER (WHERE at + interval '1 hour' > now()) AS a5,\n"
              "  count(*) FILTER (WHERE at >= date_trunc('day', now())) AS a6,\n"
              "  count(*) FILTER (WHERE at < date_trunc('week', now()) - interval '1 day') AS a7,\n"
              "  count(*) FILTER (WHERE at > now() - interval '1 day' AND at <= now() AND at > "
              "now() - interval '2 days') AS a8,\n"
              "  count(*) FILTER (WHERE at > CURRENT_TIMESTAMP - interval '1 day' AND ok) AS a9\n"
              "FROM e GROUP BY k;\n",
              "view v ",
              "view v from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  argument[0] boolean column[5]\n"
              "  window[0]\n"
              "  window[1] > now minus 86400000000 us\n"
              "  window[2] >= now minus 86400000000 us\n"
              "  window[3] >= now minus 691200000000 us <= now minus 86400000000 us\n"
              "  window[4] > now minus 3600000000 us\n"
              "  window[5] >= now trunc day\n"
              "  window[6] < now trunc week minus 86400000000 us\n"
              "  measure[0] count_star -> bigint\n"
              "  measure[1] count_star filter argument[0] -> bigint\n"
              "  term[0] measure[0] window[0]\n"
              "  term[1] measure[0] window[1]\n"
              "  term[2] measure[0] window[2]\n"
              "  term[3] measure[0] window[3]\n"
              "  term[4] measure[0] window[4]\n"
              "  term[5] measure[0] window[5]\n"
              "  term[6] measure[0] window[6]\n"
              "  term[7] measure[1] window[1]\n"
              "  feature k text key[0]\n"
              "  feature a0 bigint term[1]\n"
              "  feature a1 bigint term[1]\n"
              "  feature a2 bigint term[2]\n"
              "  feature a3 bigint term[3]\n"
              "  feature a4 bigint term[4]\n"
              "  feature a5 bigint term[4]\n"
              "  feature a6 bigint term[5]\n"
              "  feature a7 bigint term[6]\n"
              "  feature a8 bigint term[1]\n"
              "  feature a9 bigint term[7]\n");
}

static void equal_arguments_measures_and_terms_are_one(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
              "  sum(i + 1) AS a0,\n"
              "  sum(i + 1) + 1 AS a1,\n"
              "  avg(i + 1) AS a2,\n"
              "  sum(i + 1) FILTER (WHERE ok) AS a3,\n"
              "  count(*) FILTER (WHERE ok) AS a4,\n"
              "  count(*) AS a5\n"
              "FROM e GROUP BY k;\n",
              "view v ",
              "view v from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  argument[0] integer (int4_add column[1] (integer 1))\n"
              "  argument[1] boolean column[5]\n"
              "  window[0]\n"
              "  measure[0] count_star -> bigint\n"
              "  measure[1] sum_int4 argument[0] integer -> bigint\n"
              "  measure[2] avg_int4 argument[0] integer -> numeric\n"
              "  measure[3] sum_int4 argument[0] integer filter argument[1] -> bigint\n"
              "  measure[4] count_star filter argument[1] -> bigint\n"
              "  term[0] measure[0] window[0]\n"
              "  term[1] measure[1] window[0]\n"
              "  term[2] measure[2] window[0]\n"
              "  term[3] measure[3] window[0]\n"
              "  term[4] measure[4] window[0]\n"
              "  feature k text key[0]\n"
              "  feature a0 bigint term[1]\n"
              "  feature a1 bigint (int8_add term[1] (int4_to_int8 (integer 1)))\n"
              "  feature a2 numeric term[2]\n"
              "  feature a3 bigint term[3]\n"
              "  feature a4 bigint term[4]\n"
              "  feature a5 bigint term[0]\n");
}

static void where_bounds_every_window(void **state)
{
    (void)state;
    assert_ir(
        before,
        "CREATE MATERIALIZED VIEW v AS SELECT k AS key, b,\n"
        "  count(*) FILTER (WHERE at >= date_trunc('day', now())) AS today,\n"
        "  count(*) FILTER (WHERE at <= now() - interval '1 day') AS older, sum(i)\n"
        "FROM e AS x WHERE ok AND x.at > now() - interval '30 days' AND i <> 5 GROUP BY key, 2;\n",
        "view v ",
        "view v from e\n"
        "  key[0] key text not null\n"
        "    is column[0]\n"
        "  key[1] b bigint\n"
        "    is column[2]\n"
        "  where (and column[5] (int4_ne column[1] (integer 5)))\n"
        "  argument[0] integer column[1]\n"
        "  window[0] > now minus 2592000000000 us\n"
        "  window[1] >= now trunc day\n"
        "  window[2] > now minus 2592000000000 us <= now minus 86400000000 us\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] sum_int4 argument[0] integer -> bigint\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[0] window[1]\n"
        "  term[2] measure[0] window[2]\n"
        "  term[3] measure[1] window[0]\n"
        "  feature key text key[0]\n"
        "  feature b bigint key[1]\n"
        "  feature today bigint term[1]\n"
        "  feature older bigint term[2]\n"
        "  feature sum bigint term[3]\n");
}

static void services_find_keys_by_using_and_on(void **state)
{
    (void)state;
    assert_ir(
        before,
        "CREATE MATERIALIZED VIEW v AS SELECT k, b, max(i) AS m FROM e GROUP BY k, b;\n"
        "CREATE VIEW s AS SELECT r.k, x.m, y.n, x.m + n - r.i AS d, now() - ts AS age\n"
        "FROM req AS r LEFT JOIN base y USING (k) LEFT JOIN v x ON x.b = r.i + 1 AND r.k = x.k;\n"
        "COMMENT ON COLUMN v.m IS 'x';\n"
        "COMMENT ON VIEW s IS 'y';\n"
        "GRANT SELECT ON s TO PUBLIC, bob;\n",
        "view v ",
        "view v from e\n"
        "  key[0] k text not null\n"
        "    is column[0]\n"
        "  key[1] b bigint\n"
        "    is column[2]\n"
        "  argument[0] integer column[1]\n"
        "  window[0]\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] max argument[0] integer -> integer\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[1] window[0]\n"
        "  feature k text key[0]\n"
        "  feature b bigint key[1]\n"
        "  feature m integer term[1]\n"
        "service s from req\n"
        "  column[0] k text\n"
        "  column[1] i integer\n"
        "  column[2] big bigint\n"
        "  column[3] ts timestamp with time zone\n"
        "  join[0] base column[0]\n"
        "  join[1] v column[0] (int4_to_int8 (int4_add column[1] (integer 1)))\n"
        "  output k text column[0]\n"
        "  output m integer input[0] input[0]=join[1].feature[2]\n"
        "  output n bigint input[0] input[0]=join[0].feature[1]\n"
        "  output d bigint (int8_sub (int8_add (int4_to_int8 input[0]) input[1]) (int4_to_int8 "
        "column[1])) input[0]=join[1].feature[2] input[1]=join[0].feature[1]\n"
        "  output age interval (timestamptz_sub now column[3])\n"
        "  grant public\n"
        "  grant bob\n");
}

static void checks_are_named_as_postgresql_names_them(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE FOREIGN TABLE v (i int CHECK (i > 0), j int CONSTRAINT mine CHECK (j > 0),\n"
              "  at timestamptz, CHECK (i < j), CHECK (i <> 3)) SERVER kafka1\n"
              "  OPTIONS (topic 'v', format 'json', event_time 'at', history 'public.v');\n",
              "source v ",
              "source v event_time column[2]\n"
              "  column[0] i integer\n"
              "  column[1] j integer\n"
              "  column[2] at timestamp with time zone not null\n"
              "  check v_i_check (int4_gt column[0] (integer 0))\n"
              "  check mine (int4_gt column[1] (integer 0))\n"
              "  check v_check (int4_lt column[0] column[1])\n"
              "  check v_i_check1 (int4_ne column[0] (integer 3))\n"
              "  server 'kafka1'\n"
              "  brokers 'localhost:9092'\n"
              "  topic 'v'\n"
              "  format 'json'\n"
              "  history 'public.v'\n"
              "view base from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  argument[0] integer column[1]\n"
              "  window[0]\n"
              "  measure[0] count_star -> bigint\n"
              "  measure[1] max argument[0] integer -> integer\n"
              "  term[0] measure[0] window[0]\n"
              "  term[1] measure[1] window[0]\n"
              "  feature k text key[0]\n"
              "  feature n bigint term[0]\n"
              "  feature most integer term[1]\n");
}

static void the_text_of_a_view_is_kept_to_the_byte(void **state)
{
    (void)state;
    static const char view[] = "CREATE MATERIALIZED VIEW v AS\n"
                               "SELECT k , max( i )  AS m, i IS NOT DISTINCT FROM 1 AS d\n"
                               "FROM e GROUP BY k, i /* a comment */ ;";
    struct buffer text = {0}, diagnostics = {0};
    struct nt_arena arena;
    struct ir_program *program;
    nt_arena_init(&arena);
    buffer_append_text(&text, before);
    buffer_append_text(&text, view);
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, NULL),
        NT_INVALID); /* i is a key that is not selected */
    const struct ir_view *made = &program->views[1];
    assert_string_equal(made->sql, "SELECT k , max( i )  AS m, i IS NOT DISTINCT FROM 1 AS d\n"
                                   "FROM e GROUP BY k, i");
    assert_string_equal(made->features[1].sql, "max( i )");
    assert_string_equal(made->features[2].sql, "i IS NOT DISTINCT FROM 1");
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
}

/* A generator of Marsaglia's (xorshift). */
static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed >> 11;
}

/* One random change: a byte, a piece cut out, or a piece doubled. */
static void text_mutate(struct buffer *text, uint64_t *seed)
{
    static const char bytes[] = " ,();'.*-+0a\"\n";
    size_t at = random_next(seed) % text->size, size = random_next(seed) % 20;
    if (at + size > text->size) size = text->size - at;
    switch (random_next(seed) % 3) {
    case 0:
        text->data[at] = (uint8_t)bytes[random_next(seed) % (sizeof bytes - 1)];
        return;
    case 1:
        memmove(text->data + at, text->data + at + size, text->size - at - size);
        text->size -= size;
        return;
    default:
        buffer_reserve(text, size);
        memmove(text->data + at + size, text->data + at, text->size - at);
        text->size += size;
    }
}

static void any_text_compiles_or_is_refused_with_a_reason(void **state)
{
    (void)state;
    uint64_t seed = 20130101;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 300; i++) {
        struct buffer text = {0}, diagnostics = {0};
        struct nt_arena arena;
        struct ir_program *program;
        struct nt_error error = {0};
        nt_arena_init(&arena);
        buffer_append_text(&text, before);
        for (uint64_t j = random_next(&seed) % 4; j < 4; j++) text_mutate(&text, &seed);
        enum nt_status status = compile_definitions("d.sql", buffer_bytes(&text), &arena, &program,
                                                    &diagnostics, &error);
        assert_true(status == NT_OK || (status == NT_INVALID && diagnostics.size > 0));
        nt_arena_deinit(&arena);
        buffer_deinit(&text);
        buffer_deinit(&diagnostics);
    }
}

static uint64_t feature_fingerprint(const char *definition, const char *name)
{
    struct buffer text = {0}, diagnostics = {0};
    struct nt_arena arena;
    struct ir_program *program;
    uint64_t fingerprint = 0;
    nt_arena_init(&arena);
    buffer_append_text(&text, before);
    buffer_append_text(&text, definition);
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, NULL),
        NT_OK);
    const struct ir_view *view = &program->views[program->view_count - 1];
    for (int i = 0; i < view->feature_count; i++)
        if (strcmp(view->features[i].name, name) == 0) fingerprint = view->features[i].fingerprint;
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
    assert_true(fingerprint != 0);
    return fingerprint;
}

static void a_feature_is_known_whatever_stands_beside_it(void **state)
{
    (void)state;
#define VIEW(select, from)                                                                         \
    "CREATE MATERIALIZED VIEW v AS SELECT k, " select " FROM e " from " GROUP BY k;"
#define SPENT "sum(i) FILTER (WHERE at > now() - interval '1 hour') AS spent"
    uint64_t spent = feature_fingerprint(VIEW(SPENT, ""), "spent");
    assert_true(spent ==
                feature_fingerprint(VIEW("max(f) AS top, min(b) AS b, " SPENT, ""), "spent"));
    assert_true(spent == feature_fingerprint(VIEW("sum( i ) FILTER (WHERE now() - interval '60 "
                                                  "minutes' < at) AS spent",
                                                  ""),
                                             "spent"));
    static const char *const others[] = {
        VIEW("sum(i) FILTER (WHERE at > now() - interval '2 hours') AS spent", ""),
        VIEW("sum(b) FILTER (WHERE at > now() - interval '1 hour') AS spent", ""),
        VIEW("max(i) FILTER (WHERE at > now() - interval '1 hour') AS spent", ""),
        VIEW("sum(i) FILTER (WHERE at > now() - interval '1 hour' AND ok) AS spent", ""),
        VIEW(SPENT, "WHERE ok"),
        VIEW(SPENT, "WHERE at > now() - interval '3 days'"),
        "CREATE MATERIALIZED VIEW v AS SELECT k, " SPENT " FROM e GROUP BY k HAVING count(*) > 2;",
        "CREATE MATERIALIZED VIEW v AS SELECT t, " SPENT " FROM e GROUP BY t;",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_true(spent != feature_fingerprint(others[i], "spent"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_contract_compiles),
        cmocka_unit_test(windows_are_read_from_comparisons_with_now),
        cmocka_unit_test(equal_arguments_measures_and_terms_are_one),
        cmocka_unit_test(where_bounds_every_window),
        cmocka_unit_test(services_find_keys_by_using_and_on),
        cmocka_unit_test(checks_are_named_as_postgresql_names_them),
        cmocka_unit_test(the_text_of_a_view_is_kept_to_the_byte),
        cmocka_unit_test(a_feature_is_known_whatever_stands_beside_it),
        cmocka_unit_test(any_text_compiles_or_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
