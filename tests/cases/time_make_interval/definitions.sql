-- make_interval: parts by place or by name; NULL makes NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  s float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       make_interval(days => last(x, at)) AS d,
       make_interval(0, last(x, at), 1) AS m,
       make_interval(hours => last(x, at), secs => last(s, at)) AS h,
       make_interval() AS z,
       max(at) + make_interval(mins => last(x, at)) AS t
FROM e
GROUP BY k;
