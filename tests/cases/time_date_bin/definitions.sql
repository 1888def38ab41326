-- date_bin: spans of any length from an origin, also before it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       date_bin('15 minutes', last(t, at), '2000-01-01') AS q,
       date_bin('1 week', last(t, at), timestamptz '2000-01-03') AS w,
       date_bin('1 month', last(t, at), '2000-01-01') AS m,
       date_bin('0', last(t, at), '2000-01-01') AS z,
       count(DISTINCT date_bin('1 hour', t, '2000-01-01')) AS n
FROM e
GROUP BY k;
