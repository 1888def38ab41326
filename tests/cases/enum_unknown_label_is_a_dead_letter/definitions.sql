-- An event whose label the enum does not have is a dead letter, whether or not a view reads the column. Labels are
-- held to the letter: no blanks are cut, and case counts.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       count(*) AS n
FROM orders
GROUP BY customer;
