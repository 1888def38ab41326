-- ANY and ALL are of comparisons.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS SELECT k, sum(i) + ANY (ARRAY[1, 2]) AS n FROM e GROUP BY k;
