-- DISTINCT, mode, percentile_disc and approx_count_distinct of an enum; mode takes the first label of those that are
-- as frequent.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       count(DISTINCT status) AS kinds,
       count(status) AS known,
       mode() WITHIN GROUP (ORDER BY status) AS most,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY status) AS middle,
       approx_count_distinct(status) AS about
FROM orders
WHERE at > now() - interval '7 days'
GROUP BY customer;
