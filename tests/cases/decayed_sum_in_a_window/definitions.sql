-- A window cuts off what decay alone would let fade; FILTER chooses.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  ok bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       decayed_sum(x, at, interval '1 hour') AS ever,
       decayed_sum(x, at, interval '1 hour') FILTER (WHERE at > now() - interval '2 hours') AS two_hours,
       decayed_count(at, interval '1 hour') FILTER (WHERE ok) AS ok_rate,
       decayed_count(at, interval '1 hour') FILTER (WHERE ok AND at > now() - interval '1 hour') AS ok_hour
FROM e
GROUP BY k;
