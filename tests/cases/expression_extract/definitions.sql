-- extract from instants and intervals gives numeric with its scale.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  t timestamptz,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       extract(year FROM max(t)) AS year_,
       extract(month FROM max(t)) AS month_,
       extract(day FROM max(t)) AS day_,
       extract(hour FROM max(t)) AS hour_,
       extract(minute FROM max(t)) AS minute_,
       extract(second FROM max(t)) AS second_,
       extract(milliseconds FROM max(t)) AS milliseconds_,
       extract(microseconds FROM max(t)) AS microseconds_,
       extract(dow FROM max(t)) AS dow_,
       extract(isodow FROM max(t)) AS isodow_,
       extract(doy FROM max(t)) AS doy_,
       extract(week FROM max(t)) AS week_,
       extract(isoyear FROM max(t)) AS isoyear_,
       extract(quarter FROM max(t)) AS quarter_,
       extract(epoch FROM max(t)) AS epoch_,
       extract(decade FROM max(t)) AS decade_,
       extract(century FROM max(t)) AS century_
FROM e
GROUP BY k;
