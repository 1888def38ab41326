/* Findings, word for word: place, line, caret, reason and cure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/compile.h"
#include "compiler/ir.h"

#include <stdio.h>
#include <string.h>

/* Five lines before the definition that is tested. */
static const char before[] =
    "CREATE SERVER kafka1 FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');\n"
    "CREATE FOREIGN TABLE e (k text NOT NULL, i int, b bigint, f float8, t text, ok bool,\n"
    "  at timestamptz, seen timestamptz) SERVER kafka1 OPTIONS (topic 'e', format 'json', "
    "event_time 'at');\n"
    "CREATE FOREIGN TABLE req (k text, i int, big bigint, ts timestamptz) SERVER request;\n"
    "CREATE MATERIALIZED VIEW base AS SELECT k, count(*) AS n, max(i) AS most FROM e GROUP BY k;\n";

static void assert_refused(const char *definition, const char *expected)
{
    struct buffer text = {0}, diagnostics = {0};
    struct nt_arena arena;
    struct ir_program *program;
    struct nt_error error = {0};
    nt_arena_init(&arena);
    buffer_append_text(&text, before);
    buffer_append_text(&text, definition);
    assert_int_equal(
        compile_definitions("d.sql", buffer_bytes(&text), &arena, &program, &diagnostics, &error),
        NT_INVALID);
    assert_string_equal(buffer_text(&diagnostics), expected);
    nt_arena_deinit(&arena);
    buffer_deinit(&text);
    buffer_deinit(&diagnostics);
}

static void a_syntax_error_is_shown_like_any_other(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT 1 FROM;\n", "d.sql:6:31: syntax error at end of input\n"
                                                        "CREATE VIEW s AS SELECT 1 FROM;\n"
                                                        "                              ^\n");
}

static void syntax_errors_of_every_statement_are_shown(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELEC 1;\n"
                   "GRANT SELECT ON e x;\n",
                   "d.sql:6:18: syntax error at or near \"SELEC\"\n"
                   "CREATE VIEW s AS SELEC 1;\n"
                   "                 ^\n"
                   "d.sql:7:19: syntax error at or near \"x\"\n"
                   "GRANT SELECT ON e x;\n"
                   "                  ^\n");
}

static void columns_are_counted_in_characters(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(t) = 'éé' AND nosuch AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:21: column \"nosuch\" does not exist\n"
                   "  max(t) = 'éé' AND nosuch AS a\n"
                   "                    ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void a_window_in_months_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > now() - interval '1 month') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:39: window bound must be a constant interval of days or smaller, got "
                   "interval '1 month'\n"
                   "  count(*) FILTER (WHERE at > now() - interval '1 month') AS a\n"
                   "                                      ^\n"
                   "  write instead: interval '30 days'\n");
}

static void a_window_of_an_untyped_literal_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > now() - '1 day') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:39: window bound must be a constant interval of days or smaller, got a "
                   "literal without a type\n"
                   "  count(*) FILTER (WHERE at > now() - '1 day') AS a\n"
                   "                                      ^\n"
                   "  write instead: interval '1 day'\n");
}

static void a_window_of_a_column_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE at > now() - i * interval '1 day') AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:39: window bound must be a constant interval of days or smaller, got column i\n"
        "  count(*) FILTER (WHERE at > now() - i * interval '1 day') AS a\n"
        "                                      ^\n"
        "  write instead: interval '7 days'\n");
}

static void a_window_over_another_time_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE seen > now() - interval '1 day') AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:26: now() in FILTER is for comparing the event time (at) with the bound of a "
        "window; anything else cannot be evaluated incrementally\n"
        "  count(*) FILTER (WHERE seen > now() - interval '1 day') AS a\n"
        "                         ^\n"
        "  write instead: at > now() - interval '...', or at >= date_trunc('day', now())\n");
}

static void now_equal_to_the_event_time_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE at = now()) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:26: now() in FILTER is for comparing the event time (at) with the bound of a "
        "window; anything else cannot be evaluated incrementally\n"
        "  count(*) FILTER (WHERE at = now()) AS a\n"
        "                         ^\n"
        "  write instead: at > now() - interval '...', or at >= date_trunc('day', now())\n");
}

static void now_within_or_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) FILTER (WHERE ok OR at > now() - interval '1 day') AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:26: now() in FILTER is for comparing the event time (at) with the bound of a "
        "window; anything else cannot be evaluated incrementally\n"
        "  count(*) FILTER (WHERE ok OR at > now() - interval '1 day') AS a\n"
        "                         ^\n"
        "  write instead: at > now() - interval '...', or at >= date_trunc('day', now())\n");
}

static void now_in_an_argument_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  max(now() - at) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:7: now() in the argument of an aggregate cannot be evaluated incrementally\n"
        "  max(now() - at) AS a\n"
        "      ^\n"
        "  write instead: now() around the aggregate: now() - max(event_time)\n");
}

static void date_trunc_of_a_century_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > date_trunc('century', now())) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:42: date_trunc in a window bound does not know the unit \"century\"\n"
                   "  count(*) FILTER (WHERE at > date_trunc('century', now())) AS a\n"
                   "                                         ^\n"
                   "  write instead: second, minute, hour, day, week, month, quarter or year\n");
}

static void bounds_whose_order_depends_on_now_are_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at >= date_trunc('month', now()) AND at > now() - "
                   "interval '20 days') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:63: which of two lower bounds of at is tighter depends on now()\n"
                   "  count(*) FILTER (WHERE at >= date_trunc('month', now()) AND at > now() - "
                   "interval '20 days') AS a\n"
                   "                                                              ^\n"
                   "  write instead: one of the two, or a longer interval in WHERE\n");
}

static void a_filter_longer_than_the_retention_is_a_warning(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(*) FILTER (WHERE at > now() - interval '9 days') AS a, nosuch\n"
                   "FROM e WHERE at > now() - interval '8 days' GROUP BY k;\n",
                   "d.sql:7:26: warning: this window is longer than the WHERE of the view, which "
                   "drops events sooner: count counts the shorter one\n"
                   "  count(*) FILTER (WHERE at > now() - interval '9 days') AS a, nosuch\n"
                   "                         ^\n"
                   "  write instead: a longer interval in WHERE, or a shorter one here\n"
                   "d.sql:7:64: column \"nosuch\" does not exist\n"
                   "  count(*) FILTER (WHERE at > now() - interval '9 days') AS a, nosuch\n"
                   "                                                               ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void an_alias_that_looks_like_a_keyword_is_a_warning(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k, nosuch AS a FROM e asof GROUP BY k;\n",
        "d.sql:6:41: column \"nosuch\" does not exist\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k, nosuch AS a FROM e asof GROUP BY k;\n"
        "                                        ^\n"
        "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n"
        "d.sql:6:60: warning: \"asof\" is no keyword here: PostgreSQL reads it as an alias of e\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k, nosuch AS a FROM e asof GROUP BY k;\n"
        "                                                           ^\n"
        "  write instead: e AS asof, where an alias is meant\n");
}

static void a_column_outside_group_by_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  f AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: column \"e.f\" must appear in the GROUP BY clause or be used in an "
                   "aggregate function\n"
                   "  f AS a\n"
                   "  ^\n"
                   "  write instead: last(f, at)\n");
}

static void an_unknown_column_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(nosuch) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:7: column \"nosuch\" does not exist\n"
                   "  max(nosuch) AS a\n"
                   "      ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void an_unknown_table_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(x.i) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:7: missing FROM-clause entry for table \"x\"\n"
                   "  max(x.i) AS a\n"
                   "      ^\n"
                   "  write instead: e.i\n");
}

static void a_sum_of_text_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  sum(t) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function sum(text) does not exist\n"
                   "  sum(t) AS a\n"
                   "  ^\n"
                   "  write instead: an argument of another type, by CAST(... AS ...)\n");
}

static void a_max_of_bool_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(ok) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function max(boolean) does not exist\n"
                   "  max(ok) AS a\n"
                   "  ^\n"
                   "  write instead: an argument of another type, by CAST(... AS ...)\n");
}

static void last_without_a_time_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  last(f) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function last(double precision) does not exist\n"
                   "  last(f) AS a\n"
                   "  ^\n"
                   "  write instead: last(column, at)\n");
}

static void distinct_in_an_aggregate_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  count(DISTINCT i) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: DISTINCT within count is not part of the definition language\n"
                   "  count(DISTINCT i) AS a\n"
                   "  ^\n"
                   "  write instead: count without DISTINCT\n");
}

static void order_by_in_an_aggregate_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  sum(i ORDER BY i) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: ORDER BY within sum is not part of the definition language\n"
                   "  sum(i ORDER BY i) AS a\n"
                   "  ^\n"
                   "  write instead: first(value, time) or last(value, time)\n");
}

static void a_nested_aggregate_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  sum(max(i)) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:7: aggregate functions are not allowed in the argument of an aggregate\n"
        "  sum(max(i)) AS a\n"
        "      ^\n"
        "  write instead: the aggregate as a feature of a materialized view\n");
}

static void a_window_function_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  sum(i) OVER () AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: a window function (OVER) is not part of the definition language\n"
                   "  sum(i) OVER () AS a\n"
                   "  ^\n"
                   "  write instead: an aggregate with FILTER\n");
}

static void an_unknown_function_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  upper(max(t)) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function upper is not part of the definition language\n"
                   "  upper(max(t)) AS a\n"
                   "  ^\n"
                   "  write instead: coalesce, nullif, greatest, least, extract or CASE, or one of "
                   "the aggregates count, sum, avg, min, max, first and last\n");
}

static void a_subquery_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  (SELECT 1) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: a subquery is not part of the definition language\n"
                   "  (SELECT 1) AS a\n"
                   "  ^\n"
                   "  write instead: columns, literals, operators, CASE, coalesce, nullif, "
                   "greatest, least, extract, casts and aggregates\n");
}

static void a_parameter_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  $1 AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: a parameter ($1) is not part of the definition language\n"
                   "  $1 AS a\n"
                   "  ^\n"
                   "  write instead: columns, literals, operators, CASE, coalesce, nullif, "
                   "greatest, least, extract, casts and aggregates\n");
}

static void a_pattern_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(t) LIKE 'x' AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:10: pattern matching is not part of the definition language\n"
                   "  max(t) LIKE 'x' AS a\n"
                   "         ^\n"
                   "  write instead: =, or IN ('one', 'two')\n");
}

static void an_array_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  ARRAY[1] AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: an array is not part of the definition language\n"
                   "  ARRAY[1] AS a\n"
                   "  ^\n"
                   "  write instead: columns, literals, operators, CASE, coalesce, nullif, "
                   "greatest, least, extract, casts and aggregates\n");
}

static void a_missing_operator_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(t) + 1 AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:10: operator does not exist: text + integer\n"
                   "  max(t) + 1 AS a\n"
                   "         ^\n"
                   "  write instead: a cast of one side, such as CAST(... AS float8)\n");
}

static void a_literal_of_the_wrong_form_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  'x'::int AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: invalid input syntax for type integer: \"x\"\n"
                   "  'x'::int AS a\n"
                   "  ^\n");
}

static void a_cast_that_does_not_exist_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(f)::interval AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:9: cannot cast type double precision to interval\n"
                   "  max(f)::interval AS a\n"
                   "        ^\n");
}

static void a_condition_that_is_no_boolean_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  CASE WHEN 1 THEN 2 END AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:13: argument of CASE/WHEN must be type boolean, not type integer\n"
                   "  CASE WHEN 1 THEN 2 END AS a\n"
                   "            ^\n");
}

static void branches_of_different_types_are_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  coalesce(max(i), 'a'::text) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:20: COALESCE types integer and text cannot be matched\n"
                   "  coalesce(max(i), 'a'::text) AS a\n"
                   "                   ^\n"
                   "  write instead: a cast, CAST(... AS integer)\n");
}

static void an_interval_with_fields_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  max(at) - interval '1' hour AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:13: an interval's fields or precision are not part of the definition language\n"
        "  max(at) - interval '1' hour AS a\n"
        "            ^\n"
        "  write instead: the unit within the quotes: interval '1 hour'\n");
}

static void a_type_with_a_length_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(i)::numeric(3, 1) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:11: type numeric with a length or precision is not part of the "
                   "definition language\n"
                   "  max(i)::numeric(3, 1) AS a\n"
                   "          ^\n"
                   "  write instead: numeric without parentheses\n");
}

static void a_type_we_lack_is_refused_by_the_users_word(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(i)::smallint AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:11: type smallint is not part of the definition language\n"
                   "  max(i)::smallint AS a\n"
                   "          ^\n"
                   "  write instead: integer\n");
}

static void extract_of_an_unknown_unit_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  extract(fortnight FROM max(at)) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:11: unit \"fortnight\" not recognized for type timestamp with time zone\n"
        "  extract(fortnight FROM max(at)) AS a\n"
        "          ^\n"
        "  write instead: second, minute, hour, day, month, year or epoch\n");
}

static void extract_of_a_number_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  extract(hour FROM max(i)) AS a\n"
        "FROM e GROUP BY k;\n",
        "d.sql:7:21: extract reads a timestamp with time zone or an interval, not integer\n"
        "  extract(hour FROM max(i)) AS a\n"
        "                    ^\n"
        "  write instead: CAST(... AS timestamptz)\n");
}

static void an_expression_needs_a_name(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k, max(i) + 1 FROM e GROUP BY k;\n",
                   "d.sql:6:41: this expression needs a name\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k, max(i) + 1 FROM e GROUP BY k;\n"
                   "                                        ^\n"
                   "  write instead: max(i) + 1 AS name\n");
}

static void a_name_given_twice_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k, max(i), max(b) FROM e GROUP BY k;\n",
                   "d.sql:6:49: column \"max\" specified more than once\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k, max(i), max(b) FROM e GROUP BY k;\n"
                   "                                                ^\n"
                   "  write instead: max(b) AS another_name\n");
}

static void a_reserved_name_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k, max(i) AS valid_from FROM e GROUP BY k;\n",
        "d.sql:6:51: \"valid_from\" is a column of every offline table and cannot be a feature\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k, max(i) AS valid_from FROM e GROUP BY k;\n"
        "                                                  ^\n"
        "  write instead: AS valid_from_feature\n");
}

static void our_prefix_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW nowthen_v AS SELECT k FROM e GROUP BY k;\n",
        "d.sql:6:26: names that begin with nowthen_ are the project's own, got view \"nowthen_v\"\n"
        "CREATE MATERIALIZED VIEW nowthen_v AS SELECT k FROM e GROUP BY k;\n"
        "                         ^\n"
        "  write instead: v\n");
}

static void a_view_without_group_by_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e;\n",
        "d.sql:6:26: feature view \"v\" has no GROUP BY: its columns are the entity key\n"
        "CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e;\n"
        "                         ^\n"
        "  write instead: GROUP BY the key at the end of the SELECT\n");
}

static void a_key_that_is_not_selected_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e GROUP BY k;\n",
                   "d.sql:6:38: key column \"k\" of GROUP BY is not in the select list\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT count(*) FROM e GROUP BY k;\n"
                   "                                     ^\n"
                   "  write instead: SELECT k, ...\n");
}

static void a_key_that_is_an_expression_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT i + 1 AS j FROM e GROUP BY j;\n",
                   "d.sql:6:65: the entity key is columns of the source, got an expression\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT i + 1 AS j FROM e GROUP BY j;\n"
                   "                                                                ^\n"
                   "  write instead: GROUP BY column, ...\n");
}

static void having_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k HAVING count(*) > 1;\n",
        "d.sql:6:58: HAVING is not part of the definition language\n"
        "CREATE MATERIALIZED VIEW v AS SELECT k FROM e GROUP BY k HAVING count(*) > 1;\n"
        "                                                         ^\n"
        "  write instead: CASE WHEN the condition THEN the feature END\n");
}

static void an_aggregate_in_where_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e\n"
                   "WHERE count(*) > 1\n"
                   "GROUP BY k;\n",
                   "d.sql:7:7: aggregate functions are not allowed in WHERE\n"
                   "WHERE count(*) > 1\n"
                   "      ^\n"
                   "  write instead: the aggregate as a feature of a materialized view\n");
}

static void a_view_of_a_view_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM base GROUP BY k;\n",
                   "d.sql:6:45: a feature view reads an event source, and \"base\" is none\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k FROM base GROUP BY k;\n"
                   "                                            ^\n"
                   "  write instead: the name of a foreign table with a topic\n");
}

static void an_unknown_source_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k FROM nosuch GROUP BY k;\n",
                   "d.sql:6:45: relation \"nosuch\" does not exist before this statement\n"
                   "CREATE MATERIALIZED VIEW v AS SELECT k FROM nosuch GROUP BY k;\n"
                   "                                            ^\n"
                   "  write instead: CREATE FOREIGN TABLE nosuch above it\n");
}

static void a_relation_defined_twice_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW e AS SELECT k FROM e GROUP BY k;\n",
                   "d.sql:6:26: relation \"e\" already exists\n"
                   "CREATE MATERIALIZED VIEW e AS SELECT k FROM e GROUP BY k;\n"
                   "                         ^\n"
                   "  write instead: another name\n");
}

static void an_inner_join_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "JOIN base USING (k);\n",
                   "d.sql:7:6: a service joins its views by LEFT JOIN only: a request always has "
                   "exactly one row\n"
                   "JOIN base USING (k);\n"
                   "     ^\n"
                   "  write instead: LEFT JOIN ... USING (key)\n");
}

static void a_join_that_misses_the_key_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "LEFT JOIN base b ON b.n = r.i;\n",
        "d.sql:7:21: ON must equate each key column of \"base\" (k) with the request, once\n"
        "LEFT JOIN base b ON b.n = r.i;\n"
        "                    ^\n"
        "  write instead: b.k = r.k\n");
}

static void a_join_by_another_column_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "LEFT JOIN base USING (n);\n",
                   "d.sql:7:23: a join must name exactly the key of \"base\": k\n"
                   "LEFT JOIN base USING (n);\n"
                   "                      ^\n"
                   "  write instead: LEFT JOIN base USING (k)\n");
}

static void a_join_by_another_type_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "LEFT JOIN base b ON b.k = r.i;\n",
                   "d.sql:7:27: key \"k\" is text and cannot be found by integer\n"
                   "LEFT JOIN base b ON b.k = r.i;\n"
                   "                          ^\n"
                   "  write instead: the request column as text\n");
}

static void a_join_key_from_a_feature_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "LEFT JOIN base b USING (k) LEFT JOIN base c ON c.k = b.k;\n",
        "d.sql:6:30: column reference \"n\" is ambiguous\n"
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "                             ^\n"
        "  write instead: alias.n, with the alias of the request or view that is meant\n"
        "d.sql:7:54: the key of a joined view comes from the request, got feature \"k\" of \"b\"\n"
        "LEFT JOIN base b USING (k) LEFT JOIN base c ON c.k = b.k;\n"
        "                                                     ^\n"
        "  write instead: a column of r\n");
}

static void an_ambiguous_name_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "LEFT JOIN base b USING (k) LEFT JOIN base c USING (k);\n",
        "d.sql:6:30: column reference \"n\" is ambiguous\n"
        "CREATE VIEW s AS SELECT r.k, n FROM req r\n"
        "                             ^\n"
        "  write instead: alias.n, with the alias of the request or view that is meant\n");
}

static void a_service_of_a_source_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE VIEW s AS SELECT k FROM e;\n",
        "d.sql:6:32: a service begins with its request, and \"e\" is none\n"
        "CREATE VIEW s AS SELECT k FROM e;\n"
        "                               ^\n"
        "  write instead: FROM a foreign table of SERVER request, LEFT JOIN the views\n");
}

static void a_service_with_where_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT r.k, n FROM req r\n"
                   "LEFT JOIN base USING (k) WHERE i > 1;\n",
                   "d.sql:7:32: a service has no WHERE: a request always has exactly one row\n"
                   "LEFT JOIN base USING (k) WHERE i > 1;\n"
                   "                               ^\n"
                   "  write instead: CASE WHEN the condition THEN the feature END\n");
}

static void a_star_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE VIEW s AS SELECT * FROM req;\n",
                   "d.sql:6:25: * is not part of the definition language\n"
                   "CREATE VIEW s AS SELECT * FROM req;\n"
                   "                        ^\n"
                   "  write instead: the names of the columns\n");
}

static void what_uses_a_refused_view_is_not_reported_again(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  nosuch AS a\n"
                   "FROM e GROUP BY k;\n"
                   "CREATE VIEW s AS SELECT r.k, a, v.b FROM req r LEFT JOIN v USING (k);\n"
                   "COMMENT ON COLUMN v.a IS 'x';\n",
                   "d.sql:7:3: column \"nosuch\" does not exist\n"
                   "  nosuch AS a\n"
                   "  ^\n"
                   "  write instead: a column of e: k, i, b, f, t, ok, at, seen\n");
}

static void a_table_without_a_server_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER nosuch OPTIONS (topic 'x', "
                   "format 'json', event_time 'at');\n",
                   "d.sql:6:22: server \"nosuch\" does not exist before this statement\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER nosuch OPTIONS (topic 'x', "
                   "format 'json', event_time 'at');\n"
                   "                     ^\n"
                   "  write instead: CREATE SERVER nosuch FOREIGN DATA WRAPPER kafka OPTIONS "
                   "(brokers 'localhost:9092') above it, or SERVER request\n");
}

static void a_table_without_a_topic_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (format 'json', "
                   "event_time 'at');\n",
                   "d.sql:6:22: event source \"x\" has no option topic\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (format 'json', "
                   "event_time 'at');\n"
                   "                     ^\n"
                   "  write instead: OPTIONS (topic '...', format 'json', event_time 'column', "
                   "history 'schema.table')\n");
}

static void an_unknown_format_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topic 'x', "
                   "format 'avro', event_time 'at');\n",
                   "d.sql:6:22: events are JSON objects, got format 'avro'\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topic 'x', "
                   "format 'avro', event_time 'at');\n"
                   "                     ^\n"
                   "  write instead: format 'json'\n");
}

static void an_event_time_that_is_no_time_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at text) SERVER kafka1 OPTIONS (topic 'x', format "
                   "'json', event_time 'at');\n",
                   "d.sql:6:25: the event time must be timestamp with time zone\n"
                   "CREATE FOREIGN TABLE x (at text) SERVER kafka1 OPTIONS (topic 'x', format "
                   "'json', event_time 'at');\n"
                   "                        ^\n"
                   "  write instead: at timestamptz NOT NULL\n");
}

static void an_unknown_option_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topik 'x', "
                   "format 'json', event_time 'at');\n",
                   "d.sql:6:64: there is no option \"topik\" of an event source\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topik 'x', "
                   "format 'json', event_time 'at');\n"
                   "                                                               ^\n"
                   "  write instead: OPTIONS (topic '...', format 'json', event_time 'column', "
                   "history 'schema.table')\n");
}

static void a_secret_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE SERVER k2 FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'h', sasl_password 'x');\n",
        "d.sql:6:67: a definition file holds no secrets, got option \"sasl_password\" of a server\n"
        "CREATE SERVER k2 FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'h', sasl_password 'x');\n"
        "                                                                  ^\n"
        "  write instead: it in the environment or the configuration\n");
}

static void another_wrapper_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE SERVER k2 FOREIGN DATA WRAPPER pulsar OPTIONS (brokers 'h');\n",
                   "d.sql:6:15: events come from Kafka, got foreign data wrapper \"pulsar\"\n"
                   "CREATE SERVER k2 FOREIGN DATA WRAPPER pulsar OPTIONS (brokers 'h');\n"
                   "              ^\n"
                   "  write instead: CREATE SERVER k2 FOREIGN DATA WRAPPER kafka OPTIONS (brokers "
                   "'localhost:9092')\n");
}

static void a_default_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (i int DEFAULT 3) SERVER request;\n",
                   "d.sql:6:31: DEFAULT is not part of the definition language\n"
                   "CREATE FOREIGN TABLE x (i int DEFAULT 3) SERVER request;\n"
                   "                              ^\n"
                   "  write instead: coalesce(column, value) in the view\n");
}

static void an_event_key_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE FOREIGN TABLE x (at timestamptz, PRIMARY KEY (at)) SERVER kafka1 OPTIONS (topic "
        "'x', format 'json', event_time 'at');\n",
        "d.sql:6:41: an event key (PRIMARY KEY or UNIQUE) is not part of the definition language\n"
        "CREATE FOREIGN TABLE x (at timestamptz, PRIMARY KEY (at)) SERVER kafka1 OPTIONS (topic "
        "'x', format 'json', event_time 'at');\n"
        "                                        ^\n"
        "  write instead: the table without it: an event is identified by topic, partition and "
        "offset\n");
}

static void not_null_in_a_request_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE FOREIGN TABLE x (i int NOT NULL) SERVER request;\n",
        "d.sql:6:31: a request column may be NULL: a request is answered, not rejected\n"
        "CREATE FOREIGN TABLE x (i int NOT NULL) SERVER request;\n"
        "                              ^\n"
        "  write instead: the column without NOT NULL; coalesce(column, value) in the service\n");
}

static void a_check_that_reads_now_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz CHECK (at < now())) SERVER kafka1 "
                   "OPTIONS (topic 'x', format 'json', event_time 'at');\n",
                   "d.sql:6:52: now() in CHECK cannot be evaluated incrementally\n"
                   "CREATE FOREIGN TABLE x (at timestamptz CHECK (at < now())) SERVER kafka1 "
                   "OPTIONS (topic 'x', format 'json', event_time 'at');\n"
                   "                                                   ^\n"
                   "  write instead: a comparison with a constant\n");
}

static void another_statement_is_refused(void **state)
{
    (void)state;
    assert_refused("DROP TABLE e;\n",
                   "d.sql:6:1: this statement is not part of the definition language\n"
                   "DROP TABLE e;\n"
                   "^\n"
                   "  write instead: CREATE SERVER, CREATE FOREIGN TABLE, CREATE MATERIALIZED "
                   "VIEW, CREATE VIEW, COMMENT ON or GRANT SELECT\n");
}

static void a_grant_of_more_than_select_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "GRANT ALL ON e TO x;\n",
        "d.sql:6:1: a GRANT or REVOKE of this form is not part of the definition language\n"
        "GRANT ALL ON e TO x;\n"
        "^\n"
        "  write instead: GRANT SELECT ON service TO role\n");
}

static void a_grant_on_a_source_is_refused(void **state)
{
    (void)state;
    assert_refused("GRANT SELECT ON e TO x;\n",
                   "d.sql:6:17: access is granted on services, and \"e\" is none\n"
                   "GRANT SELECT ON e TO x;\n"
                   "                ^\n"
                   "  write instead: GRANT SELECT ON service TO role\n");
}

static void a_comment_on_the_wrong_kind_is_refused(void **state)
{
    (void)state;
    assert_refused("COMMENT ON VIEW e IS 'x';\n",
                   "d.sql:6:17: \"e\" is a FOREIGN TABLE\n"
                   "COMMENT ON VIEW e IS 'x';\n"
                   "                ^\n"
                   "  write instead: COMMENT ON FOREIGN TABLE e IS '...'\n");
}

static void a_comment_on_an_unknown_column_is_refused(void **state)
{
    (void)state;
    assert_refused("COMMENT ON COLUMN e.nosuch IS 'x';\n",
                   "d.sql:6:19: column \"nosuch\" of relation \"e\" does not exist\n"
                   "COMMENT ON COLUMN e.nosuch IS 'x';\n"
                   "                  ^\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syntax_error_is_shown_like_any_other),
        cmocka_unit_test(syntax_errors_of_every_statement_are_shown),
        cmocka_unit_test(columns_are_counted_in_characters),
        cmocka_unit_test(a_window_in_months_is_refused),
        cmocka_unit_test(a_window_of_an_untyped_literal_is_refused),
        cmocka_unit_test(a_window_of_a_column_is_refused),
        cmocka_unit_test(a_window_over_another_time_is_refused),
        cmocka_unit_test(now_equal_to_the_event_time_is_refused),
        cmocka_unit_test(now_within_or_is_refused),
        cmocka_unit_test(now_in_an_argument_is_refused),
        cmocka_unit_test(date_trunc_of_a_century_is_refused),
        cmocka_unit_test(bounds_whose_order_depends_on_now_are_refused),
        cmocka_unit_test(a_filter_longer_than_the_retention_is_a_warning),
        cmocka_unit_test(an_alias_that_looks_like_a_keyword_is_a_warning),
        cmocka_unit_test(a_column_outside_group_by_is_refused),
        cmocka_unit_test(an_unknown_column_is_refused),
        cmocka_unit_test(an_unknown_table_is_refused),
        cmocka_unit_test(a_sum_of_text_is_refused),
        cmocka_unit_test(a_max_of_bool_is_refused),
        cmocka_unit_test(last_without_a_time_is_refused),
        cmocka_unit_test(distinct_in_an_aggregate_is_refused),
        cmocka_unit_test(order_by_in_an_aggregate_is_refused),
        cmocka_unit_test(a_nested_aggregate_is_refused),
        cmocka_unit_test(a_window_function_is_refused),
        cmocka_unit_test(an_unknown_function_is_refused),
        cmocka_unit_test(a_subquery_is_refused),
        cmocka_unit_test(a_parameter_is_refused),
        cmocka_unit_test(a_pattern_is_refused),
        cmocka_unit_test(an_array_is_refused),
        cmocka_unit_test(a_missing_operator_is_refused),
        cmocka_unit_test(a_literal_of_the_wrong_form_is_refused),
        cmocka_unit_test(a_cast_that_does_not_exist_is_refused),
        cmocka_unit_test(a_condition_that_is_no_boolean_is_refused),
        cmocka_unit_test(branches_of_different_types_are_refused),
        cmocka_unit_test(an_interval_with_fields_is_refused),
        cmocka_unit_test(a_type_with_a_length_is_refused),
        cmocka_unit_test(a_type_we_lack_is_refused_by_the_users_word),
        cmocka_unit_test(extract_of_an_unknown_unit_is_refused),
        cmocka_unit_test(extract_of_a_number_is_refused),
        cmocka_unit_test(an_expression_needs_a_name),
        cmocka_unit_test(a_name_given_twice_is_refused),
        cmocka_unit_test(a_reserved_name_is_refused),
        cmocka_unit_test(our_prefix_is_refused),
        cmocka_unit_test(a_view_without_group_by_is_refused),
        cmocka_unit_test(a_key_that_is_not_selected_is_refused),
        cmocka_unit_test(a_key_that_is_an_expression_is_refused),
        cmocka_unit_test(having_is_refused),
        cmocka_unit_test(an_aggregate_in_where_is_refused),
        cmocka_unit_test(a_view_of_a_view_is_refused),
        cmocka_unit_test(an_unknown_source_is_refused),
        cmocka_unit_test(a_relation_defined_twice_is_refused),
        cmocka_unit_test(an_inner_join_is_refused),
        cmocka_unit_test(a_join_that_misses_the_key_is_refused),
        cmocka_unit_test(a_join_by_another_column_is_refused),
        cmocka_unit_test(a_join_by_another_type_is_refused),
        cmocka_unit_test(a_join_key_from_a_feature_is_refused),
        cmocka_unit_test(an_ambiguous_name_is_refused),
        cmocka_unit_test(a_service_of_a_source_is_refused),
        cmocka_unit_test(a_service_with_where_is_refused),
        cmocka_unit_test(a_star_is_refused),
        cmocka_unit_test(what_uses_a_refused_view_is_not_reported_again),
        cmocka_unit_test(a_table_without_a_server_is_refused),
        cmocka_unit_test(a_table_without_a_topic_is_refused),
        cmocka_unit_test(an_unknown_format_is_refused),
        cmocka_unit_test(an_event_time_that_is_no_time_is_refused),
        cmocka_unit_test(an_unknown_option_is_refused),
        cmocka_unit_test(a_secret_is_refused),
        cmocka_unit_test(another_wrapper_is_refused),
        cmocka_unit_test(a_default_is_refused),
        cmocka_unit_test(an_event_key_is_refused),
        cmocka_unit_test(not_null_in_a_request_is_refused),
        cmocka_unit_test(a_check_that_reads_now_is_refused),
        cmocka_unit_test(another_statement_is_refused),
        cmocka_unit_test(a_grant_of_more_than_select_is_refused),
        cmocka_unit_test(a_grant_on_a_source_is_refused),
        cmocka_unit_test(a_comment_on_the_wrong_kind_is_refused),
        cmocka_unit_test(a_comment_on_an_unknown_column_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
