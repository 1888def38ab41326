-- Casts: a text to an enum, an enum to a text, varchar(n) and char lengths of it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE status AS ENUM ('new', 'paid', 'void');

CREATE FOREIGN TABLE orders (
  customer text NOT NULL,
  status status,
  word text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'orders', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT customer,
       last(word::status, at) AS read,
       max(CAST(status AS text)) AS greatest_text,
       max(status)::text AS text_of_greatest,
       max(status)::varchar(2) AS cut,
       length(max(status::text)) AS letters,
       max(status) || '!' AS joined,
       concat(min(status), '-', max(status)) AS both,
       'paid'::status AS fixed,
       'paid'::status < max(status) AS is_above
FROM orders
GROUP BY customer;
