-- Arrays compare element by element, the shorter first, NULL above all; || joins and appends; a NULL is in no other array.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  b integer[],
  s text[],
  f float8[],
  n numeric[],
  x integer,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(a = b, at) AS eq,
       last(a <> b, at) AS ne,
       last(a < b, at) AS lt,
       last(a <= b, at) AS le,
       last(a > b, at) AS gt,
       last(a >= b, at) AS ge,
       last(a = '{1,2,3,2}', at) AS is_literal,
       last(n = '{1.5,2.0}', at) AS is_number,
       last(f = '{0}', at) AS is_zero,
       last(a @> b, at) AS contains,
       last(a <@ b, at) AS is_contained,
       last(a && b, at) AS overlaps,
       last(b @> '{}', at) AS has_none,
       last(a || b, at) AS joined,
       last(a || x, at) AS appended,
       last(x || a, at) AS prepended,
       last(a || 1.5, at) AS widened,
       last(a || NULL, at) AS kept,
       last(a || '{9}', at) AS literal,
       last(s || t, at) AS text,
       last(t || s, at) AS text_before,
       last(a IS DISTINCT FROM b, at) AS is_distinct,
       last(nullif(a, b), at) AS other,
       last(coalesce(a, b), at) AS known,
       last(greatest(a, b), at) AS most,
       last(least(a, b), at) AS least_one,
       last(CASE WHEN x > 0 THEN a ELSE b END, at) AS chosen,
       last(a IN ('{1,2,3,2}', '{NULL}'), at) AS listed,
       last(a BETWEEN '{1}' AND '{5}', at) AS is_between
FROM e
GROUP BY k;
