-- Intervals add, subtract and scale, keeping months, days and time apart.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       (max(at) - min(at)) * 2                  AS twice,
       (max(at) - min(at)) / 4                  AS quarter,
       interval '1 month' + (max(at) - min(at)) AS plus,
       interval '1 day' - interval '36 hours'   AS minus,
       max(at) - min(at) > interval '1 day'     AS long,
       -(max(at) - min(at))                     AS back
FROM e
GROUP BY k;
