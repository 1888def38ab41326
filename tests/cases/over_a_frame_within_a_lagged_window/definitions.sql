-- The newest event is that of WHERE: with a window that ends before now(), the newest that it lets in.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT DISTINCT ON (k)
       k,
       at                                                                                     AS latest_at,
       count(*) OVER (PARTITION BY k ORDER BY at RANGE interval '20 hours' PRECEDING)         AS c,
       sum(n) OVER (PARTITION BY k ORDER BY at RANGE interval '20 hours' PRECEDING)           AS s
FROM e
WHERE at > now() - interval '2 days' AND at <= now() - interval '1 hour' AND i IS DISTINCT FROM 2
ORDER BY k, at DESC;
