-- An enum compares by the place of its labels in the declaration, not by their letters.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE level AS ENUM ('zero', 'low', 'high');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  level level,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       count(*) FILTER (WHERE level < 'high') AS below_high,
       count(*) FILTER (WHERE level <= 'low') AS to_low,
       count(*) FILTER (WHERE level > 'zero') AS above_zero,
       count(*) FILTER (WHERE level >= 'zero') AS known,
       count(*) FILTER (WHERE level = 'low') AS low,
       count(*) FILTER (WHERE level <> 'low') AS others,
       count(*) FILTER (WHERE level BETWEEN 'low' AND 'high') AS some
FROM orders
GROUP BY customer;
