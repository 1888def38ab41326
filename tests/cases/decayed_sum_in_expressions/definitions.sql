-- Around a decayed sum anything may stand; a ratio of two does not fall with now().

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  won bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_count(at, interval '1 hour') FILTER (WHERE won) / decayed_count(at, interval '1 hour') AS form,
       decayed_sum(x, at, interval '1 hour') > 10 AS hot,
       coalesce(decayed_sum(x, at, interval '1 hour') FILTER (WHERE won), -1) AS heat
FROM e
GROUP BY k
HAVING decayed_count(at, interval '1 hour') > 0.4;
