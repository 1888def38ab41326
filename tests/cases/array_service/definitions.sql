-- Arrays of the request and of features in a service.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  s text[],
  n numeric[],
  x integer,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k, last(a, at) AS a, last(s, at) AS s, last(n, at) AS n
FROM e
GROUP BY k;

CREATE FOREIGN TABLE r (k text, tags text[], w float4[], i integer) SERVER request;

CREATE VIEW m AS
SELECT r.k, r.tags, v.a, v.s,
       r.tags && v.s AS is_shared,
       r.w[1] + v.a[1] AS sum,
       v.a || r.i AS extended,
       coalesce(v.n, '{}') AS numbers,
       r.w || 0.5::float4 AS weights,
       'a' = ANY (r.tags) AS is_tagged
FROM r
LEFT JOIN v USING (k);
