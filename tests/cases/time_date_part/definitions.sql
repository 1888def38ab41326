-- date_part is extract as float8.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  iv interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       date_part('hour', max(at)) AS h,
       date_part('epoch', max(at)) AS e,
       date_part('dow', max(at)) AS d,
       date_part('second', last(iv, at)) AS s,
       date_part('epoch', last(iv, at)) AS ie,
       date_part('month', last(iv, at)) AS m
FROM e
GROUP BY k;
