-- now() in a feature is the time of the question.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       now()                    AS t,
       extract(hour FROM now()) AS hour,
       now()::date              AS day,
       count(*)                 AS n
FROM e
GROUP BY k;
