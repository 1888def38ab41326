-- A request column that is a text does not find a key that is an enum.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT status, count(*) AS n
FROM orders
GROUP BY status;
CREATE FOREIGN TABLE q (status text) SERVER request;
CREATE VIEW s AS
SELECT v.n FROM q LEFT JOIN v ON v.status = q.status;
