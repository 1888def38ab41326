-- lpad, rpad and repeat: cut to the length, filled up over and over.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  i int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       lpad(last(s, at), last(i, at)) AS l,
       lpad(last(s, at), 6, 'xy') AS lxy,
       rpad(last(s, at), 6, '日') AS r,
       rpad(last(s, at), 6, '') AS none,
       repeat(last(s, at), last(i, at)) AS rep
FROM e
GROUP BY k;
