/* Types of literals, operators, aggregates and branches, as PostgreSQL resolves them. */
#include "definitions_fixture.h"

static void numbers_take_the_smallest_type_that_holds_them(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
              "  1 AS a0,\n"
              "  -2147483648 AS a1,\n"
              "  2147483648 AS a2,\n"
              "  -9223372036854775808 AS a3,\n"
              "  9223372036854775808 AS a4,\n"
              "  1.50 AS a5,\n"
              "  1e3 AS a6\n"
              "FROM e GROUP BY k;\n",
              "view v ",
              "view v from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  window[0]\n"
              "  measure[0] count_star -> bigint\n"
              "  term[0] measure[0] window[0]\n"
              "  feature k text key[0]\n"
              "  feature a0 integer (integer 1)\n"
              "  feature a1 integer (integer -2147483648)\n"
              "  feature a2 bigint (bigint 2147483648)\n"
              "  feature a3 bigint (bigint -9223372036854775808)\n"
              "  feature a4 numeric (numeric 0x00000000000000008000000000000000 scale 0)\n"
              "  feature a5 numeric (numeric 0x00000000000000000000000000000096 scale 2)\n"
              "  feature a6 numeric (numeric 0x000000000000000000000000000003e8 scale 0)\n");
}

static void operators_resolve_as_in_postgresql(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
              "  max(i) + 1 AS a0,\n"
              "  max(i) + max(b) AS a1,\n"
              "  max(b) / 2 AS a2,\n"
              "  max(i) + 1.5 AS a3,\n"
              "  max(f) * 2 AS a4,\n"
              "  max(i) > '5' AS a5,\n"
              "  max(t) = 'x' AS a6,\n"
              "  'a' < 'b' AS a7,\n"
              "  now() - max(at) AS a8,\n"
              "  max(at) + '1 day' AS a9,\n"
              "  2 * interval '1 day' AS a10,\n"
              "  -max(i) AS a11,\n"
              "  max(i) % 2 AS a12\n"
              "FROM e GROUP BY k;\n",
              "view v ",
              "view v from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  argument[0] integer column[1]\n"
              "  argument[1] bigint column[2]\n"
              "  argument[2] double precision column[3]\n"
              "  argument[3] text column[4]\n"
              "  argument[4] timestamp with time zone column[6]\n"
              "  window[0]\n"
              "  measure[0] count_star -> bigint\n"
              "  measure[1] max argument[0] integer -> integer\n"
              "  measure[2] max argument[1] bigint -> bigint\n"
              "  measure[3] max argument[2] double precision -> double precision\n"
              "  measure[4] max argument[3] text -> text\n"
              "  measure[5] max argument[4] timestamp with time zone -> timestamp with time zone\n"
              "  term[0] measure[0] window[0]\n"
              "  term[1] measure[1] window[0]\n"
              "  term[2] measure[2] window[0]\n"
              "  term[3] measure[3] window[0]\n"
              "  term[4] measure[4] window[0]\n"
              "  term[5] measure[5] window[0]\n"
              "  feature k text key[0]\n"
              "  feature a0 integer (int4_add term[1] (integer 1))\n"
              "  feature a1 bigint (int8_add (int4_to_int8 term[1]) term[2])\n"
              "  feature a2 bigint (int8_div term[2] (int4_to_int8 (integer 2)))\n"
              "  feature a3 numeric (numeric_add (int4_to_numeric term[1]) (numeric "
              "0x0000000000000000000000000000000f scale 1))\n"
              "  feature a4 double precision (float8_mul term[3] (int4_to_float8 (integer 2)))\n"
              "  feature a5 boolean (int4_gt term[1] (integer 5))\n"
              "  feature a6 boolean (text_eq term[4] (text 'x'))\n"
              "  feature a7 boolean (text_lt (text 'a') (text 'b'))\n"
              "  feature a8 interval reads clock (timestamptz_sub now term[5])\n"
              "  feature a9 timestamp with time zone (timestamptz_add_interval term[5] (interval 0 "
              "months 1 days 0 us))\n"
              "  feature a10 interval (float8_mul_interval (int4_to_float8 (integer 2)) (interval "
              "0 months 1 days 0 us))\n"
              "  feature a11 integer (int4_neg term[1])\n"
              "  feature a12 integer (int4_mod term[1] (integer 2))\n");
}

static void aggregates_resolve_by_their_argument(void **state)
{
    (void)state;
    assert_ir(
        before,
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  count(*) AS a0,\n"
        "  count(t) AS a1,\n"
        "  sum(i) AS a2,\n"
        "  sum(b) AS a3,\n"
        "  sum(f) AS a4,\n"
        "  avg(i) AS a5,\n"
        "  avg(f) AS a6,\n"
        "  min(t) AS a7,\n"
        "  max('x') AS a8,\n"
        "  last(ok, at) AS a9,\n"
        "  first(t, at) AS a10\n"
        "FROM e GROUP BY k;\n",
        "view v ",
        "view v from e\n"
        "  key[0] k text not null\n"
        "    is column[0]\n"
        "  argument[0] text column[4]\n"
        "  argument[1] integer column[1]\n"
        "  argument[2] bigint column[2]\n"
        "  argument[3] double precision column[3]\n"
        "  argument[4] text (text 'x')\n"
        "  argument[5] boolean column[5]\n"
        "  argument[6] timestamp with time zone column[6]\n"
        "  window[0]\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] count argument[0] text -> bigint\n"
        "  measure[2] sum_int4 argument[1] integer -> bigint\n"
        "  measure[3] sum_int8 argument[2] bigint -> numeric\n"
        "  measure[4] sum_float8 argument[3] double precision -> double precision\n"
        "  measure[5] avg_int4 argument[1] integer -> numeric\n"
        "  measure[6] avg_float8 argument[3] double precision -> double precision\n"
        "  measure[7] min argument[0] text -> text\n"
        "  measure[8] max argument[4] text -> text\n"
        "  measure[9] last argument[5] boolean argument[6] timestamp with time zone -> boolean\n"
        "  measure[10] first argument[0] text argument[6] timestamp with time zone -> text\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[1] window[0]\n"
        "  term[2] measure[2] window[0]\n"
        "  term[3] measure[3] window[0]\n"
        "  term[4] measure[4] window[0]\n"
        "  term[5] measure[5] window[0]\n"
        "  term[6] measure[6] window[0]\n"
        "  term[7] measure[7] window[0]\n"
        "  term[8] measure[8] window[0]\n"
        "  term[9] measure[9] window[0]\n"
        "  term[10] measure[10] window[0]\n"
        "  feature k text key[0]\n"
        "  feature a0 bigint term[0]\n"
        "  feature a1 bigint term[1]\n"
        "  feature a2 bigint term[2]\n"
        "  feature a3 numeric term[3]\n"
        "  feature a4 double precision term[4]\n"
        "  feature a5 numeric term[5]\n"
        "  feature a6 double precision term[6]\n"
        "  feature a7 text term[7]\n"
        "  feature a8 text term[8]\n"
        "  feature a9 boolean term[9]\n"
        "  feature a10 text term[10]\n");
}

static void branches_take_their_common_type(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
              "  CASE WHEN true THEN 1 ELSE 2.5 END AS a0,\n"
              "  CASE max(i) WHEN 1 THEN 'a' END AS a1,\n"
              "  coalesce(sum(i), 0) AS a2,\n"
              "  greatest(max(i), max(f), 1.5) AS a3,\n"
              "  least('a', max(t)) AS a4,\n"
              "  nullif(max(i), 3000000000) AS a5,\n"
              "  nullif(max(f), 0) AS a6,\n"
              "  NULL AS a7,\n"
              "  max(i) IN (1, 2.5) AS a8\n"
              "FROM e GROUP BY k;\n",
              "view v ",
              "view v from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  argument[0] integer column[1]\n"
              "  argument[1] double precision column[3]\n"
              "  argument[2] text column[4]\n"
              "  window[0]\n"
              "  measure[0] count_star -> bigint\n"
              "  measure[1] max argument[0] integer -> integer\n"
              "  measure[2] sum_int4 argument[0] integer -> bigint\n"
              "  measure[3] max argument[1] double precision -> double precision\n"
              "  measure[4] max argument[2] text -> text\n"
              "  term[0] measure[0] window[0]\n"
              "  term[1] measure[1] window[0]\n"
              "  term[2] measure[2] window[0]\n"
              "  term[3] measure[3] window[0]\n"
              "  term[4] measure[4] window[0]\n"
              "  feature k text key[0]\n"
              "  feature a0 numeric (case (boolean true) (int4_to_numeric (integer 1)) (numeric "
              "0x00000000000000000000000000000019 scale 1))\n"
              "  feature a1 text (case (int4_eq term[1] (integer 1)) (text 'a') (text null))\n"
              "  feature a2 bigint (coalesce term[2] (int4_to_int8 (integer 0)))\n"
              "  feature a3 double precision (greatest double precision (int4_to_float8 term[1]) "
              "term[3] (numeric_to_float8 (numeric 0x0000000000000000000000000000000f scale 1)))\n"
              "  feature a4 text (least text (text 'a') term[4])\n"
              "  feature a5 integer (case (int8_eq (int4_to_int8 term[1]) (bigint 3000000000)) "
              "(integer null) term[1])\n"
              "  feature a6 double precision (nullif double precision term[3] (int4_to_float8 "
              "(integer 0)))\n"
              "  feature a7 text (text null)\n"
              "  feature a8 boolean (or (numeric_eq (int4_to_numeric term[1]) (int4_to_numeric "
              "(integer 1))) (numeric_eq (int4_to_numeric term[1]) (numeric "
              "0x00000000000000000000000000000019 scale 1)))\n");
}

static void tests_of_truth_are_spelled_by_few_operations(void **state)
{
    (void)state;
    assert_ir(before,
              "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
              "  max(i) IS NOT NULL AS a0,\n"
              "  (max(i) > 1) IS NOT TRUE AS a1,\n"
              "  (max(i) > 1) IS UNKNOWN AS a2,\n"
              "  max(i) IS NOT DISTINCT FROM 1 AS a3,\n"
              "  max(i) NOT BETWEEN 1 AND 2 AS a4,\n"
              "  max(t) NOT IN ('a', 'b') AS a5\n"
              "FROM e GROUP BY k;\n",
              "view v ",
              "view v from e\n"
              "  key[0] k text not null\n"
              "    is column[0]\n"
              "  argument[0] integer column[1]\n"
              "  argument[1] text column[4]\n"
              "  window[0]\n"
              "  measure[0] count_star -> bigint\n"
              "  measure[1] max argument[0] integer -> integer\n"
              "  measure[2] max argument[1] text -> text\n"
              "  term[0] measure[0] window[0]\n"
              "  term[1] measure[1] window[0]\n"
              "  term[2] measure[2] window[0]\n"
              "  feature k text key[0]\n"
              "  feature a0 boolean (not (is_null term[1]))\n"
              "  feature a1 boolean (not (is_true (int4_gt term[1] (integer 1))))\n"
              "  feature a2 boolean (is_null (int4_gt term[1] (integer 1)))\n"
              "  feature a3 boolean (not (is_distinct integer term[1] (integer 1)))\n"
              "  feature a4 boolean (not (and (int4_ge term[1] (integer 1)) (int4_le term[1] "
              "(integer 2))))\n"
              "  feature a5 boolean (not (or (text_eq term[2] (text 'a')) (text_eq term[2] (text "
              "'b'))))\n");
}

static void casts_are_folded_for_literals_only(void **state)
{
    (void)state;
    assert_ir(
        before,
        "CREATE MATERIALIZED VIEW v AS SELECT k,\n"
        "  '5'::int AS a0,\n"
        "  interval '1 day 02:00' AS a1,\n"
        "  timestamptz '2013-01-01 10:17:00+02' AS a2,\n"
        "  max(i)::text AS a3,\n"
        "  CAST(max(f) AS int) AS a4,\n"
        "  true AS a5\n"
        "FROM e GROUP BY k;\n",
        "view v ",
        "view v from e\n"
        "  key[0] k text not null\n"
        "    is column[0]\n"
        "  argument[0] integer column[1]\n"
        "  argument[1] double precision column[3]\n"
        "  window[0]\n"
        "  measure[0] count_star -> bigint\n"
        "  measure[1] max argument[0] integer -> integer\n"
        "  measure[2] max argument[1] double precision -> double precision\n"
        "  term[0] measure[0] window[0]\n"
        "  term[1] measure[1] window[0]\n"
        "  term[2] measure[2] window[0]\n"
        "  feature k text key[0]\n"
        "  feature a0 integer (integer 5)\n"
        "  feature a1 interval (interval 0 months 1 days 7200000000 us)\n"
        "  feature a2 timestamp with time zone (timestamp with time zone 410343420000000 us)\n"
        "  feature a3 text (int4_to_text term[1])\n"
        "  feature a4 integer (float8_to_int4 term[2])\n"
        "  feature a5 boolean (boolean true)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_take_the_smallest_type_that_holds_them),
        cmocka_unit_test(operators_resolve_as_in_postgresql),
        cmocka_unit_test(aggregates_resolve_by_their_argument),
        cmocka_unit_test(branches_take_their_common_type),
        cmocka_unit_test(tests_of_truth_are_spelled_by_few_operations),
        cmocka_unit_test(casts_are_folded_for_literals_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
