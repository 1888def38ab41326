-- varchar(n): blanks beyond n are cut, any other character beyond it makes a dead letter; a cast cuts
-- without a word. n counts characters, not bytes. varchar alone is text.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x varchar(3),
  y character varying,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(x, at) AS l,
       max(x) AS ma,
       count(x) AS n,
       last(y, at) AS free,
       last(y, at)::varchar(2) AS cut,
       max(y)::varchar AS same,
       last(x, at) = 'abc' AS equal
FROM e
GROUP BY k;
