-- An error in a generated column rejects the event, and so does a constraint on it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  y integer,
  q integer NOT NULL GENERATED ALWAYS AS (x / y) STORED CHECK (q >= 0),
  v varchar(3) GENERATED ALWAYS AS (k || x) STORED,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)    AS n,
       sum(q)      AS q,
       last(v, at) AS v
FROM e
GROUP BY k;
