-- An output of a service is a scalar.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n
FROM e
GROUP BY k;
CREATE FOREIGN TABLE q (k text, c jsonb) SERVER request;
CREATE VIEW s AS
SELECT v.n, q.c FROM q LEFT JOIN v USING (k);
