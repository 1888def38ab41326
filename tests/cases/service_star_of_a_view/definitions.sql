-- alias.* of a service is every column of the request or of a joined view.

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
CREATE FOREIGN TABLE request (payer text, payee text) SERVER request;
CREATE VIEW svc AS
SELECT r.*, a.sum_x AS payer_sum, b.*
FROM request r LEFT JOIN v1 a ON a.k = r.payer LEFT JOIN v1 b ON b.k = r.payee;
