-- DISTINCT ON over rows with an enum; ORDER BY goes by the order of the labels.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  n integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (customer) customer,
       status,
       n,
       status > 'new' AS settled
FROM orders
ORDER BY customer, status DESC NULLS LAST, n;
