-- An enum is an entity key, alone and within one of two columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT status,
       customer,
       count(*) AS n,
       CASE WHEN status > 'new' THEN 'settled' ELSE status::text END AS class
FROM orders
GROUP BY status, customer;
