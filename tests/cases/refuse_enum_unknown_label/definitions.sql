-- A literal that is no label of the enum it is compared with.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT customer, count(*) FILTER (WHERE status = 'refunded') AS feature
FROM orders
GROUP BY customer;
