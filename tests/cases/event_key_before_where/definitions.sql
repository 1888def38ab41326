-- Which of equal events counts is settled before WHERE: one that WHERE drops beats a lesser one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  id text,
  x integer,
  s text,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                          AS n,
       sum(x)                            AS x,
       sum(10 / x) FILTER (WHERE x < 4)  AS tenths,
       max(s)                            AS s
FROM e
WHERE x BETWEEN 1 AND 5 AND at > now() - interval '1 day'
GROUP BY k;
