-- date: a difference is a whole number of days, a date plus an integer is a date; compared with a
-- timestamptz it is midnight UTC.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  d date,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       min(d) AS mi,
       max(d) AS ma,
       last(d, at) AS l,
       max(d) - min(d) AS days,
       max(d) + 30 AS later,
       min(d) - 1 AS before,
       max(d) >= now() AS after_now,
       extract(isodow FROM last(d, at)) AS weekday,
       extract(epoch FROM last(d, at)) AS epoch,
       max(at)::date AS day,
       last(d, at)::timestamptz AS midnight
FROM e
GROUP BY k;
