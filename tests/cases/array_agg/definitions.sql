-- array_agg with a bound, PostgreSQL's own spelling of one: the first so many of an order, NULLs among them.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  t text,
  b boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       (array_agg(x ORDER BY at DESC))[1:3] AS latest,
       (array_agg(x ORDER BY at))[1:3] AS first_three,
       (array_agg(x ORDER BY at DESC))[1] AS last_x,
       (array_agg(x ORDER BY at DESC))[2] AS before_last,
       (array_agg(t ORDER BY at ASC))[2:4] AS second_to_fourth,
       (array_agg(x ORDER BY x DESC NULLS LAST, at))[:2] AS greatest,
       (array_agg(t ORDER BY n NULLS FIRST, at DESC))[1:4] AS by_number,
       (array_agg(n ORDER BY b, x DESC, at))[1:1000] AS by_two,
       (array_agg(at - timestamptz '2020-01-01' ORDER BY at DESC))[1:2] AS computed,
       (array_agg(x ORDER BY -x, at))[1:2] AS by_expression,
       (array_agg(x ORDER BY at DESC) FILTER (WHERE at > now() - interval '1 hour'))[1:2] AS latest_1h,
       (array_agg(t ORDER BY at DESC) FILTER (WHERE t IS NOT NULL AND b))[1:2] AS latest_true,
       array_to_string((array_agg(t ORDER BY at DESC))[1:3], '>') AS path,
       array_length((array_agg(x ORDER BY at))[1:4], 1) AS length,
       7 = ANY ((array_agg(x ORDER BY at DESC))[1:5]) AS has_seven,
       coalesce((array_agg(x ORDER BY at DESC) FILTER (WHERE x > 100))[1:2], '{}') AS none
FROM e
GROUP BY k;
