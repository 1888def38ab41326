-- uuid: read in any of PostgreSQL's spellings, printed in one, compared by bytes.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  id uuid,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(id) AS n,
       last(id, at) AS l,
       last(id, at)::text AS shown,
       count(*) FILTER (WHERE id = 'A0EEBC999C0B4EF8BB6D6BB9BD380A11') AS same,
       count(*) FILTER (WHERE id > '80000000-0000-0000-0000-000000000000') AS upper_half
FROM e
GROUP BY k;
