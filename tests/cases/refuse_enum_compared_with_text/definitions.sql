-- An enum and a text do not compare, as in PostgreSQL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT customer, count(*) FILTER (WHERE status = customer) AS feature
FROM orders
GROUP BY customer;
