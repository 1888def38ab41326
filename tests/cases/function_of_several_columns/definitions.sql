-- Arguments of an aggregate that combine columns.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  lat float8,
  lon float8,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max(round(sqrt(power(lat - 50, 2) + power(lon - 10, 2)))) AS far,
       count(DISTINCT concat_ws(':', round(lat), round(lon))) AS cells,
       last(concat(s, '/', round(lat::numeric, 1)), at) AS label
FROM e
GROUP BY k;
