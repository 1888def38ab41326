-- How long a key is remembered is a matter of each view: what is one event to the longer is two to the shorter.
-- reach of short: 1 hour
-- reach of long: 1 day
-- of: s

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW short AS
SELECT k, count(*) AS n, sum(x) AS x FROM e WHERE at > now() - interval '1 hour' GROUP BY k;

CREATE MATERIALIZED VIEW long AS
SELECT k, count(*) AS n, sum(x) AS x,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h
FROM e WHERE at > now() - interval '1 day' GROUP BY k;

CREATE FOREIGN TABLE r (k text) SERVER request;
CREATE VIEW s AS
SELECT r.k, short.n AS short_n, short.x AS short_x, long.n AS long_n, long.x AS long_x, long.n_1h AS long_1h
FROM r LEFT JOIN short USING (k) LEFT JOIN long USING (k);
