-- HAVING over an enum, and a feature of one that reads the clock.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       CASE WHEN now() - max(at) > interval '1 day' THEN 'void' ELSE max(status) END AS standing,
       max(status) FILTER (WHERE at > now() - interval '1 hour') AS lately
FROM orders
GROUP BY customer
HAVING max(status) > 'new';
