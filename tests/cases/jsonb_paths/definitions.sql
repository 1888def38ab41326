-- #> and #>> follow a path of names and indexes; the empty path is the whole.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(payload#>>'{o,x}', at) AS x,
       last((payload#>'{o}')::text, at) AS o,
       last(payload#>>'{l,0}', at) AS first,
       last(payload #>> '{l,-1,"a b"}', at) AS quoted,
       last(payload#>>'{l, 1 }', at) AS spaced,
       last(payload#>>'{l,+1}', at) AS signed,
       last(payload#>>'{l,1x}', at) AS no_index,
       last(payload#>>'{o,x,y}', at) AS too_deep,
       last(payload#>>'{}', at) AS whole,
       count(payload#>>'{NULL}') AS by_null,
       last(payload#>>'{""}', at) AS empty_name
FROM e
GROUP BY k;
