-- A generated column is computed from the others of its event, defaults among them.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  price numeric(8,2),
  quantity integer DEFAULT 1,
  total numeric(10,1) GENERATED ALWAYS AS (price * quantity) STORED,
  size text GENERATED ALWAYS AS (CASE WHEN quantity > 9 THEN 'large' WHEN quantity > 0 THEN 'small' END) STORED,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       sum(total)                                    AS total,
       count(*) FILTER (WHERE size = 'large')        AS large,
       count(size)                                   AS sized,
       last(total, at)                               AS last_total
FROM e
GROUP BY k;
