-- A dead letter is no event: what has its key is not its repeat.
-- reach of v: 1 day

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id uuid PRIMARY KEY,
  k text,
  x integer CHECK (x > 0),
  at timestamptz
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x
FROM e
WHERE at > now() - interval '1 day'
GROUP BY k;
