-- bytea: hexadecimal and escaped input, hexadecimal output, compared by bytes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b bytea,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(b) AS n,
       last(b, at) AS l,
       last(b, at)::text AS shown,
       count(*) FILTER (WHERE b > '\x01') AS above
FROM e
GROUP BY k;
