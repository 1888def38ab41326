-- now() outside a window is the T of the row.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       now() - max(at) AS idle,
       extract(epoch FROM now() - max(at)) AS seconds,
       now() AS t,
       count(*) FILTER (WHERE at > now() - interval '1 hour') AS n
FROM e
GROUP BY k;
