-- An order that leaves no tie open: the greater value first, NULL last, as the rule of ties says where ORDER BY does not.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  t text,
  b boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       (array_agg(x ORDER BY at DESC, x DESC NULLS LAST))[1:4] AS latest,
       (array_agg(t ORDER BY at, x, t))[1:4] AS all_ordered
FROM e
GROUP BY k;
