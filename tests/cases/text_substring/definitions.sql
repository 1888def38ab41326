-- Characters from a place on, also before the first; a negative length is an error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       substring(last(s, at) FROM 2 FOR 3) AS a,
       substring(last(s, at) FROM 2) AS b,
       substr(last(s, at), -1, 3) AS c,
       substring(last(s, at) FOR 2) AS d,
       substr(last(s, at), 2, -1) AS e,
       substr(last(s, at), 2, 2147483647) AS f
FROM e
GROUP BY k;
