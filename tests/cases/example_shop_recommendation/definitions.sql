-- What a visitor looked at, from a subquery of WITH that cleans the events.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE page (
  visitor text NOT NULL, item text, kind text, dwell_ms integer, tags text[], "at" timestamptz NOT NULL
) SERVER events OPTIONS (topic 'page', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW taste AS
WITH clean AS (
  SELECT visitor, lower(item) AS item, kind, dwell_ms / 1000.0 AS dwell_s, tags, at
  FROM page
  WHERE dwell_ms BETWEEN 0 AND 3600000 AND item IS NOT NULL
)
SELECT visitor,
       top_k(item, 2) FILTER (WHERE at > now() - interval '3 days') AS top_items,
       last_n(item, at, 3) AS recent,
       (array_agg(DISTINCT item ORDER BY item))[1:5] AS items,
       array_to_string((array_agg(item ORDER BY at DESC) FILTER (WHERE kind <> 'view'))[1:3], ' < ') AS path,
       round(100.0 * count(*) FILTER (WHERE kind = 'buy') / NULLIF(count(*) FILTER (WHERE kind = 'view'), 0), 1) AS bought_pct,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY dwell_s) FILTER (WHERE at > now() - interval '3 days') AS median_dwell,
       max(cardinality(tags)) AS most_tags,
       count(*) FILTER (WHERE 'a' = ANY (tags)) AS with_a,
       bool_and(kind <> 'buy') AS never_bought,
       now()::date - max(at)::date AS days_idle
FROM clean
GROUP BY visitor
HAVING count(*) >= 2;
