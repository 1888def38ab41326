-- last of a window falls back to nothing, not to an older event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, at) FILTER (WHERE at > now() - interval '1 hour') AS l,
       first(x, at) FILTER (WHERE at > now() - interval '1 hour') AS f
FROM e
GROUP BY k;
