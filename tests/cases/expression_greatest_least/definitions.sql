-- greatest and least ignore NULLs.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       greatest(min(x), max(x), 3) AS g,
       least(min(x), NULL, 3) AS l,
       greatest(min(x), 2.5) AS mixed
FROM e
GROUP BY k;
