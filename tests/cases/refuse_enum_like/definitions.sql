-- An enum is no text: LIKE needs a cast.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT customer, count(*) FILTER (WHERE status LIKE 'p%') AS feature
FROM orders
GROUP BY customer;
