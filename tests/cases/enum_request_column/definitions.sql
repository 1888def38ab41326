-- A request column may be an enum; it finds a view by its key and compares with a feature.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW by_status AS
SELECT status,
       count(*) AS n
FROM orders
GROUP BY status;

CREATE MATERIALIZED VIEW by_customer AS
SELECT customer,
       max(status) AS highest,
       last(status, at) AS latest
FROM orders
GROUP BY customer;

CREATE FOREIGN TABLE question (
  customer text,
  status status
) SERVER request;

CREATE VIEW s AS
SELECT q.customer,
       q.status,
       b.n,
       c.highest,
       c.highest > q.status AS is_above,
       coalesce(c.latest, q.status, 'new') AS known,
       CASE WHEN q.status = 'paid' THEN c.latest ELSE q.status END AS either,
       q.status::text || '/' || c.highest AS text
FROM question q
LEFT JOIN by_status b USING (status)
LEFT JOIN by_customer c ON c.customer = q.customer;
