-- Literals without a type: the function says what they are.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       length('abc') AS n,
       upper('abc') AS u,
       abs('-5') AS a,
       round('2.5') AS r,
       concat('a', NULL, 'b') AS c,
       repeat('ab', '2') AS rep,
       left('abc', 2) || max(x) AS l
FROM e
GROUP BY k;
