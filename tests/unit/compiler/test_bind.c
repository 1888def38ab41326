/* Expressions that are refused. */
#include "definitions_fixture.h"

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

static void an_unknown_function_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  soundex(max(t)) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function soundex is not part of the definition language\n"
                   "  soundex(max(t)) AS a\n"
                   "  ^\n"
                   "  write instead: one of the functions and aggregates that docs/definitions.md "
                   "lists\n");
}

static void a_function_is_refused_with_its_reason(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  age(max(ts)) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function age is not part of the definition language: it counts "
                   "months of different lengths, so it is no span of time that can be compared\n"
                   "  age(max(ts)) AS a\n"
                   "  ^\n"
                   "  write instead: the difference of two times, x - y, in days; or extract(year "
                   "FROM ...) of each\n");
}

static void a_function_of_other_types_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  length(max(i)) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: function length(integer) does not exist\n"
                   "  length(max(i)) AS a\n"
                   "  ^\n"
                   "  write instead: other arguments, or a cast of one, such as CAST(... AS "
                   "float8)\n");
}

static void a_regular_expression_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  substring(max(t) from '2') AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:3: a regular expression is not part of the definition language\n"
                   "  substring(max(t) from '2') AS a\n"
                   "  ^\n"
                   "  write instead: LIKE, split_part, or substring(text FROM position FOR "
                   "length)\n");
}

static void an_argument_of_make_interval_has_a_name(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  make_interval(fortnights => 1) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:17: make_interval has no such argument\n"
                   "  make_interval(fortnights => 1) AS a\n"
                   "                ^\n"
                   "  write instead: years, months, weeks, days, hours, mins and secs, each once: "
                   "make_interval(days => 3)\n");
}

static void any_of_no_array_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE MATERIALIZED VIEW v AS SELECT k,\n"
                   "  max(i) = ANY (min(i)) AS a\n"
                   "FROM e GROUP BY k;\n",
                   "d.sql:7:17: ANY needs an array on its right, not integer\n"
                   "  max(i) = ANY (min(i)) AS a\n"
                   "                ^\n"
                   "  write instead: = ANY (ARRAY[value, ...])\n");
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
        "d.sql:7:21: extract reads a timestamp with time zone, a date or an interval, not integer\n"
        "  extract(hour FROM max(i)) AS a\n"
        "                    ^\n"
        "  write instead: CAST(... AS timestamptz)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_column_is_refused),
        cmocka_unit_test(an_unknown_table_is_refused),
        cmocka_unit_test(an_unknown_function_is_refused),
        cmocka_unit_test(a_function_is_refused_with_its_reason),
        cmocka_unit_test(a_function_of_other_types_is_refused),
        cmocka_unit_test(a_regular_expression_is_refused),
        cmocka_unit_test(an_argument_of_make_interval_has_a_name),
        cmocka_unit_test(any_of_no_array_is_refused),
        cmocka_unit_test(a_missing_operator_is_refused),
        cmocka_unit_test(a_literal_of_the_wrong_form_is_refused),
        cmocka_unit_test(a_cast_that_does_not_exist_is_refused),
        cmocka_unit_test(a_condition_that_is_no_boolean_is_refused),
        cmocka_unit_test(branches_of_different_types_are_refused),
        cmocka_unit_test(extract_of_an_unknown_unit_is_refused),
        cmocka_unit_test(extract_of_a_number_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
