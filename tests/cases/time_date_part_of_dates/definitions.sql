-- date_part of a date is that of its midnight; of an infinite one NULL or infinite.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  d date,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       date_part('year', last(d, at)) AS y,
       date_part('hour', last(d, at)) AS h,
       date_part('isodow', last(d, at)) AS w,
       date_part('epoch', last(d, at)) AS e
FROM e
GROUP BY k;
