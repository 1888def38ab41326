-- The latest row of another relation at an event's time: PostgreSQL has spellings of it, and each would change an
-- event that was counted already when a late one arrives of the other.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE plan (k text NOT NULL, name text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'plan', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW latest AS SELECT DISTINCT ON (k) k, name FROM plan ORDER BY k, at DESC;

CREATE MATERIALIZED VIEW v AS
SELECT e.k, sum(e.i) FILTER (WHERE p.name = 'gold') AS gold
FROM e
LEFT JOIN LATERAL (SELECT name FROM plan WHERE plan.k = e.k AND plan.at <= e.at ORDER BY plan.at DESC LIMIT 1) AS p ON true
GROUP BY e.k;

CREATE MATERIALIZED VIEW u AS
SELECT e.k, sum(e.i) AS s FROM e JOIN latest USING (k) GROUP BY e.k;

CREATE MATERIALIZED VIEW w AS
SELECT k, count(*) AS n
FROM (SELECT e.k, e.at FROM e, plan WHERE plan.k = e.k) AS s
GROUP BY k;

CREATE VIEW enriched AS
SELECT e.k, e.i, latest.name, e.at FROM e LEFT JOIN latest USING (k);
