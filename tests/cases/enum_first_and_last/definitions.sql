-- first and last of an enum, and by one; at a tie the greater label by the declaration wins.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  n integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       first(status, at) AS first_status,
       last(status, at) AS last_status,
       first(n, status) AS n_of_lowest,
       last(n, status) AS n_of_highest,
       last(status, n) AS status_of_greatest
FROM orders
GROUP BY customer;
