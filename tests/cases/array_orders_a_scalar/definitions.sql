-- An array orders other values, as any type that PostgreSQL has min and max of.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  s text[],
  x integer,
  t text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       first(x, a)     AS x_of_least,
       last(x, a)      AS x_of_most,
       min_by(t, a)    AS t_of_least,
       max_by(t, s)    AS t_of_most_text,
       last(ok, s)     AS ok_of_most_text,
       last(at, a)     AS at_of_most,
       first(ok, ARRAY[x, 7]) AS ok_of_list
FROM e
GROUP BY k;
