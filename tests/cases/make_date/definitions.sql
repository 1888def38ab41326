-- A date of its parts; what is none makes the feature an error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  sep text,
  y integer,
  m integer,
  p jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       make_date(max(y), max(m), 1) AS first_of_month,
       max(at)::date - make_date(2020, 1, 1) AS days,
       make_date(max(y), 2, 29) AS leap_day
FROM e
GROUP BY k;
