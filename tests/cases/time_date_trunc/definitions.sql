-- date_trunc of a time, a date and an interval.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t timestamptz,
  d date,
  iv interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       date_trunc('hour', last(t, at)) AS h,
       date_trunc('week', last(t, at)) AS w,
       date_trunc('quarter', last(t, at)) AS q,
       date_trunc('milliseconds', last(t, at)) AS ms,
       date_trunc('month', last(d, at)) AS m,
       date_trunc('year', last(iv, at)) AS y,
       date_trunc('day', last(iv, at)) AS id,
       date_trunc('minute', last(iv, at)) AS im
FROM e
GROUP BY k;
