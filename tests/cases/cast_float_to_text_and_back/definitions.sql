-- A float8 prints the shortest digits that read back as itself.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  f float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(f)::text                  AS t,
       max(f)::text::float8 = max(f) AS same,
       max(f)::numeric               AS n,
       max(f)::real                  AS r
FROM e
GROUP BY k;
