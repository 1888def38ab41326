-- top_k gives the most frequent values; of equally frequent ones the lesser first; NULL counts for nothing.

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
       top_k(x, 2) AS numbers, top_k(s, 2) AS texts, top_k(s, 1000) AS all_texts, top_k(ok, 1) AS truth,
       top_k(f, 3) AS floats,
       top_k(s, 2) FILTER (WHERE x > 1) AS filtered,
       top_k(DISTINCT x, 2) AS least_two,
       'b' = ANY (top_k(s, 1)) AS is_usual
FROM e
WHERE at > now() - interval '1 hour'
GROUP BY k;
