-- What tools/bench/soak has the worker keep: windows that are short beside the soak, so that what
-- enters and what is let go of soon are as much.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:19092');

CREATE FOREIGN TABLE clicks (
  visitor  bigint NOT NULL,
  page     text,
  seconds  float8 NOT NULL CHECK (seconds >= 0),
  at       timestamptz NOT NULL
) SERVER events OPTIONS (topic 'clicks', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW visitors AS
SELECT visitor,
       count(*)    FILTER (WHERE at > now() - interval '30 seconds') AS clicks_30s,
       sum(seconds)                                                  AS seconds_3m,
       max(seconds)                                                  AS longest_3m,
       count(DISTINCT page)                                          AS pages_3m,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)          AS median_3m,
       last(page, at)                                                AS page
FROM clicks
WHERE at > now() - interval '3 minutes'
GROUP BY visitor;

CREATE FOREIGN TABLE visit (visitor bigint) SERVER request;

CREATE VIEW pages_v1 AS
SELECT v.visitor, f.clicks_30s, f.seconds_3m, f.longest_3m, f.pages_3m, f.median_3m, f.page
FROM visit v
LEFT JOIN visitors f USING (visitor);
