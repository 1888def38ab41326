-- last_n gives the values of the latest events, the newest first; at equal times the greater value first, NULL last.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  s text,
  f float8,
  n numeric,
  ok boolean,
  d interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last_n(x, at, 3) AS numbers, last_n(x, at, 1) AS newest, last_n(x, at, 100) AS whole,
       last_n(s, at, 4) AS texts, last_n(n, at, 2) AS numerics, last_n(d, at, 3) AS spans, last_n(ok, at, 5) AS truths,
       last_n(at, x, 2) AS at_most, last_n(s, d, 3) AS by_span,
       last_n(x, at, 2) FILTER (WHERE ok) AS when_ok,
       last_n(x, at, 2) FILTER (WHERE at > now() - interval '5 minutes') AS recent,
       cardinality(last_n(x, at, 3)) AS c, (last_n(f, at, 3))[2] AS second
FROM e
GROUP BY k;
