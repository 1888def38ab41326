-- A pattern that ends within an escape is an error, where the match gets that far.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  p text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(s, at) LIKE last(p, at) AS m,
       last(s, at) ILIKE last(p, at) AS i
FROM e
GROUP BY k;
