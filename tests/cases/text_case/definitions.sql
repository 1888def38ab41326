-- lower, upper and initcap change ASCII letters, as in collation "C"; others stay.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       lower(last(s, at)) AS l,
       upper(last(s, at)) AS u,
       initcap(last(s, at)) AS i
FROM e
GROUP BY k;
