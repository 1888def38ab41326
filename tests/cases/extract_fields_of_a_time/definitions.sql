-- extract gives PostgreSQL's numeric, with its scale.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       extract(year FROM max(at))         AS year,
       extract(quarter FROM max(at))      AS quarter,
       extract(month FROM max(at))        AS month,
       extract(week FROM max(at))         AS week,
       extract(day FROM max(at))          AS day,
       extract(dow FROM max(at))          AS dow,
       extract(isodow FROM max(at))       AS isodow,
       extract(doy FROM max(at))          AS doy,
       extract(hour FROM max(at))         AS hour,
       extract(minute FROM max(at))       AS minute,
       extract(second FROM max(at))       AS sec,
       extract(milliseconds FROM max(at)) AS ms,
       extract(epoch FROM max(at))        AS epoch,
       extract(isoyear FROM max(at))      AS isoyear,
       extract(decade FROM max(at))       AS decade,
       extract(century FROM max(at))      AS century
FROM e
GROUP BY k;
