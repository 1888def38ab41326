-- An aggregate OVER a frame of event time, of each entity's latest event: the frame ends there, not at now().

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       at                                                                       AS latest_at,
       count(*) OVER w                                                          AS c,
       sum(i) OVER w                                                            AS s,
       avg(n) FILTER (WHERE ok) OVER w                                          AS a,
       sum(f) OVER (PARTITION BY k ORDER BY at RANGE interval '25 hours' PRECEDING) AS f25,
       max(i) OVER w - i                                                        AS below
FROM e
WHERE at > now() - interval '30 days'
WINDOW w AS (PARTITION BY k ORDER BY at RANGE BETWEEN interval '5 hours' PRECEDING AND CURRENT ROW)
ORDER BY k, at DESC;
