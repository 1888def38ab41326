-- interval '1' day is interval '1 day': a whole number takes its unit from the field.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at > now() - interval '1' day)    AS n_1d,
       count(*) FILTER (WHERE at > now() - interval '90' minute) AS n_90m,
       count(*) FILTER (WHERE at > now() - interval '30' second) AS n_30s,
       max(at) + interval '-2' hour                              AS before,
       max(at) + interval '1' month + interval '1' year          AS later
FROM e
WHERE at > now() - interval '+2' day
GROUP BY k;
