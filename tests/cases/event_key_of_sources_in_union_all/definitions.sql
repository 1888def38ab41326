-- Each source of UNION ALL has its own keys, and one without a key has none: the same id is an event of each.
-- reach of v: 1 day

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE FOREIGN TABLE f (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id)
) SERVER events OPTIONS (topic 'f', format 'json', event_time 'at');

CREATE FOREIGN TABLE g (id text, k text, x integer, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'g', format 'json', event_time 'at');

CREATE VIEW every AS
SELECT k, x, at FROM e
UNION ALL
SELECT k, x * 10, at FROM f WHERE x > 0
UNION ALL
SELECT k, x * 100, at FROM g
UNION ALL
SELECT 'again ' || k, x, at FROM e;

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x
FROM every
WHERE at > now() - interval '1 day'
GROUP BY k;
