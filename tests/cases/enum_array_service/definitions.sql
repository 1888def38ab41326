-- A request has an array of an enum, which is a key and an operand.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE severity AS ENUM ('low', 'high', 'critical', 'a b', 'null');
CREATE FOREIGN TABLE alerts (
  host text NOT NULL,
  level severity,
  levels severity[],
  names text[],
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'alerts', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW by_host AS
SELECT host, last(levels, at) AS levels, last(level, at) AS level FROM alerts GROUP BY host;
CREATE MATERIALIZED VIEW by_levels AS
SELECT levels, count(*) AS n FROM alerts GROUP BY levels;
CREATE FOREIGN TABLE question (host text, levels severity[], wanted severity) SERVER request;
CREATE VIEW v AS
SELECT q.host,
       h.levels AS own,
       q.levels && h.levels AS overlaps,
       q.levels || h.level AS more,
       q.wanted = ANY (h.levels) AS has_it,
       (coalesce(q.levels, h.levels, '{low}'))[1] AS first_level,
       l.n
FROM question q
LEFT JOIN by_host h ON h.host = q.host
LEFT JOIN by_levels l ON l.levels = q.levels;
