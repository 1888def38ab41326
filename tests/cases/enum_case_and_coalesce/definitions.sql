-- CASE, coalesce, nullif and IS DISTINCT FROM over an enum give the enum; a bare literal takes its type.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       coalesce(max(status), 'new') AS highest,
       nullif(max(status), 'void') AS not_void,
       CASE max(status) WHEN 'void' THEN 'paid' WHEN 'new' THEN NULL ELSE max(status) END AS mapped,
       CASE WHEN count(*) > 2 THEN max(status) ELSE 'paid' END AS chosen,
       max(CASE WHEN status = 'new' THEN 'void' ELSE status END) AS turned,
       max(status) IS DISTINCT FROM 'void' AS differs,
       min(status) IS NOT DISTINCT FROM NULL AS is_unknown
FROM orders
GROUP BY customer;
