-- concat passes over NULL and writes t and f; || is NULL with a NULL and writes true and false.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  i int4,
  b bool,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       concat(last(s, at), last(i, at), last(b, at)) AS c,
       concat_ws('-', last(s, at), last(i, at), NULL, last(b, at)) AS ws,
       last(s, at) || last(i, at) AS op,
       last(b, at) || 'x' AS ob,
       'n=' || last(i, at) AS lit,
       concat('a', 1, 2.50, NULL) AS constant
FROM e
GROUP BY k;
