-- A view of events and UNION ALL keep the enum; a literal of one arm takes its type from the other.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE FOREIGN TABLE returns (
  customer text NOT NULL,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'returns', format 'json', event_time 'at');

CREATE VIEW moves AS
SELECT customer, status, at FROM orders WHERE status <> 'new'
UNION ALL
SELECT customer, 'void', at FROM returns;

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       count(*) AS n,
       max(status) AS highest,
       last(status, at) AS latest,
       count(*) FILTER (WHERE status = 'void') AS voids
FROM moves
GROUP BY customer;
