-- Views of events stand on one another, each with its WHERE.
-- of: v

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y float8,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE VIEW positive AS SELECT * FROM e WHERE x > 0;
CREATE VIEW large AS SELECT k AS who, x, at FROM positive AS p WHERE p.x >= 2;

CREATE MATERIALIZED VIEW u AS SELECT k, count(*) AS n FROM positive GROUP BY k;

CREATE MATERIALIZED VIEW v AS
SELECT who, count(*) AS n, max(x) AS m FROM large AS l WHERE l.x < 100 GROUP BY who;
