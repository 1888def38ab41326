-- * of a service is every column of the request and of the joined views, those of USING once and first.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  f float8,
  small smallint,
  s text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v1 AS SELECT k, sum(x) AS sum_x, max(at) AS last_at FROM e GROUP BY k;
CREATE MATERIALIZED VIEW v2 AS SELECT s, count(*) AS n FROM e GROUP BY s;
CREATE FOREIGN TABLE request (amount numeric, k text, s text) SERVER request;
CREATE VIEW svc AS
SELECT *, r.amount / nullif(v1.sum_x, 0) AS ratio
FROM request r LEFT JOIN v1 USING (k) LEFT JOIN v2 USING (s);
