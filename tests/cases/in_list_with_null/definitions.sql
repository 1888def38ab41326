-- IN over a list with NULL is never false: it is true or NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(x) IN (1, 2)                           AS is_in,
       max(x) IN (1, NULL)                        AS in_null,
       max(x) NOT IN (1, NULL)                    AS not_in_null,
       count(*) FILTER (WHERE x NOT IN (1, NULL)) AS none
FROM e
GROUP BY k;
