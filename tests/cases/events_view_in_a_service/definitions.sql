-- A service joins a feature view that reads a view of events.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE VIEW clean AS SELECT k, x, at FROM e WHERE x IS NOT NULL;
COMMENT ON VIEW clean IS 'events that have an x';
COMMENT ON COLUMN clean.x IS 'never NULL';

CREATE MATERIALIZED VIEW v AS SELECT k, sum(x) AS s FROM clean GROUP BY k;
CREATE FOREIGN TABLE request (k text, factor integer) SERVER request;
CREATE VIEW model AS SELECT r.k, v.s * r.factor AS scaled FROM request r LEFT JOIN v USING (k);
