-- With an aggregate over a lifetime a key is remembered for ever, for the windows beside it too.
-- reach of v: for ever

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  id text,
  k text,
  x integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (id)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, count(*) AS n, sum(x) AS x, max(x) AS most,
       sum(x) FILTER (WHERE at > now() - interval '1 hour') AS x_1h,
       first(x, at) AS first_x, last(x, at) AS last_x
FROM e
GROUP BY k;
