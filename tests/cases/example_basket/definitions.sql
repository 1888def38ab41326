-- Order lines through two subqueries, grouped by a computed family; HAVING drops the small.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE line (customer bigint NOT NULL, sku text, qty integer, price numeric(10,2), at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'line', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW basket AS
SELECT customer, family, count(*) AS lines, sum(total) AS total, avg(total)::numeric(12,2) AS avg_total,
       max(total) FILTER (WHERE is_big) AS biggest,
       sum(total) / sum(sum_qty) AS unit_price
FROM (SELECT p.*, split_part(sku, '-', 1) AS family, qty * price AS total, qty AS sum_qty, qty * price > 100 AS is_big
      FROM (SELECT * FROM line WHERE qty > 0) AS p) AS t
WHERE family <> '' AND at > now() - interval '2 days'
GROUP BY customer, family
HAVING sum(total) > 50;
