-- IN and ANY with labels: literals of IN take the type of the enum, those of ARRAY are cast.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       count(*) FILTER (WHERE status IN ('new', 'void')) AS either,
       count(*) FILTER (WHERE status NOT IN ('new', 'void')) AS neither,
       count(*) FILTER (WHERE status IN ('new', NULL)) AS new_or_unknown,
       count(*) FILTER (WHERE status = ANY (ARRAY['new'::status, 'paid'])) AS any_of,
       count(*) FILTER (WHERE status > ALL (ARRAY['new'::status, 'paid'])) AS above_all,
       max(status) IN ('void', 'paid') AS settled
FROM orders
GROUP BY customer;
