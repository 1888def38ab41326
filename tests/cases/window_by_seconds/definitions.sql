-- The age of an event in seconds, hours or days, and against a literal, is a window.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x integer,
  n numeric,
  f float8,
  small smallint,
  s text,
  ok boolean,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE extract(epoch FROM now() - at) < 3600) AS under_1h,
       count(*) FILTER (WHERE extract(epoch FROM (now() - at)) <= 3600) AS to_1h,
       count(*) FILTER (WHERE 1800.000001 >= extract(epoch FROM now() - at)) AS to_half_an_hour,
       count(*) FILTER (WHERE extract(epoch FROM now() - at) / 3600 <= 12.5) AS to_12h,
       count(*) FILTER (WHERE extract(epoch FROM now() - at) / 86400 > 1) AS beyond_1d,
       count(*) FILTER (WHERE date_part('epoch', now() - at) / 60 < 61) AS under_61m,
       count(*) FILTER (WHERE extract(epoch FROM now() - at) BETWEEN 3600 AND 86400) AS between,
       count(*) FILTER (WHERE now() - at <= '1 hour') AS by_literal,
       count(*) FILTER (WHERE '12:00:00' > now() - at AND ok) AS by_clock
FROM e
GROUP BY k;
