-- The session of a visitor's latest click, by OVER, and the row itself by DISTINCT ON.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE click (visitor text NOT NULL, page text, paid numeric, meta jsonb, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'click', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW session AS
SELECT DISTINCT ON (visitor) visitor, upper(page) AS last_page, at AS last_at,
       now() - at AS idle,
       count(*) OVER w AS clicks,
       sum(paid) FILTER (WHERE page <> '/help') OVER w AS paid,
       max(paid) OVER (PARTITION BY visitor) AS most_ever,
       count(*) OVER (PARTITION BY visitor ORDER BY at RANGE BETWEEN '6 hours' PRECEDING AND CURRENT ROW) AS clicks_6h
FROM click
WHERE at > now() - interval '30 days'
WINDOW w AS (PARTITION BY visitor ORDER BY at RANGE BETWEEN INTERVAL '2 hours' PRECEDING AND CURRENT ROW)
ORDER BY visitor, at DESC;
