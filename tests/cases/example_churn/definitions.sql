-- Days of activity, a trend of two windows, and a segment by a ladder of CASE.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE evt ( user_id int NOT NULL, name text NOT NULL, props jsonb DEFAULT '{}', session uuid, ts timestamptz NOT NULL )
  SERVER events OPTIONS ( topic 'evt', format 'json', event_time 'ts' );
COMMENT ON FOREIGN TABLE evt IS 'product analytics';

CREATE MATERIALIZED VIEW engagement AS
SELECT user_id,
  count(DISTINCT ts::date) FILTER (WHERE ts >= CURRENT_DATE - 28) AS active_days_28,
  count(*) FILTER (WHERE name = 'login' AND ts > now() - interval '1 day')
    - count(*) FILTER (WHERE name = 'login' AND ts > now() - interval '2 days' AND ts <= now() - interval '1 day') AS login_trend,
  count(*) FILTER (WHERE name ILIKE '%plan%') AS plan_events,
  last(props ->> 'plan', ts) FILTER (WHERE props ? 'plan') AS plan,
  max((props ->> 'mrr')::numeric) AS mrr,
  last(props #>> '{nested,a,2,b}', ts) AS deep,
  count(DISTINCT session) FILTER (WHERE ts > now() - interval '30 days') AS sessions,
  CASE WHEN max(ts) < now() - interval '2 days' THEN 'dormant'
       WHEN max(ts) < now() - interval '1 day' THEN 'at risk'
       WHEN count(*) FILTER (WHERE ts > now() - interval '1 day') > 3 THEN 'hot'
       ELSE 'ok' END AS segment
FROM evt
GROUP BY user_id;
COMMENT ON COLUMN engagement.segment IS 'for the retention team';
