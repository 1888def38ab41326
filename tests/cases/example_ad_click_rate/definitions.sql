-- Impressions and clicks on one timeline, and their rates.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE impression (ad integer NOT NULL, place text, price numeric, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'impression', format 'json', event_time 'at');
CREATE FOREIGN TABLE click (ad integer NOT NULL, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'click', format 'json', event_time 'at');

CREATE VIEW ad_event AS
SELECT ad, 1 AS shown, 0 AS clicked, price, place, at FROM impression
UNION ALL
SELECT ad, 0, 1, NULL, NULL, at FROM click;

CREATE MATERIALIZED VIEW ad_rate AS
SELECT ad,
       sum(clicked)::float8 / nullif(sum(shown), 0) AS ctr,
       (sum(clicked) + 1) * 1.0 / (sum(shown) + 20) AS smoothed_ctr,
       sum(shown) FILTER (WHERE at >= date_trunc('hour', now())) AS shown_this_hour,
       sum(clicked) FILTER (WHERE now() - at < '30 min') AS clicked_30m,
       sum(price) / nullif(sum(clicked), 0) AS cost_per_click,
       1000 * avg(price) AS cpm,
       count(*) FILTER (WHERE place = 'top')::real / count(*) AS top_share,
       decayed_sum(clicked, at, interval '2 hours') AS recent_clicks
FROM ad_event
WHERE at > now() - interval '1 day'
GROUP BY ad;
