-- Both arguments may be expressions of the event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  price numeric,
  quantity int4,
  item text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max_by(item, price * quantity) AS dearest,
       min_by(price * quantity, quantity) AS smallest_order
FROM e
GROUP BY k;
