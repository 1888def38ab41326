-- min, max, greatest and least of an enum go by the order of the declaration.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  wanted status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       min(status) AS lowest,
       max(status) AS highest,
       max(status) FILTER (WHERE at > now() - interval '1 hour') AS highest_1h,
       max(greatest(status, wanted)) AS highest_of_both,
       min(least(status, wanted, 'paid')) AS lowest_of_all
FROM orders
GROUP BY customer;
