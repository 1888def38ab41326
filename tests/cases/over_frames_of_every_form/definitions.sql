-- RANGE from all of the past, from a distance, from the event's own time; without ORDER BY, and with an end behind the event.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       count(*) OVER (PARTITION BY k)                                                          AS all_of_it,
       count(*) OVER (PARTITION BY k ORDER BY at)                                              AS up_to_it,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN CURRENT ROW AND CURRENT ROW)      AS peers,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '0' PRECEDING AND UNBOUNDED FOLLOWING) AS zero,
       sum(i) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN interval '1 day' PRECEDING AND UNBOUNDED FOLLOWING) AS day,
       count(*) OVER (PARTITION BY k ORDER BY i DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS whole,
       i AS latest
FROM e
WHERE at > now() - interval '10 days'
ORDER BY k, at DESC, i;
