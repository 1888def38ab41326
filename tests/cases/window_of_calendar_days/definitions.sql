-- CURRENT_DATE and now()::date are midnight, days may be numbers, and the day of an event is compared with a day.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*) FILTER (WHERE at >= CURRENT_DATE)                                       AS today,
       count(*) FILTER (WHERE at >= CURRENT_DATE - 1 AND at < current_date)             AS yesterday,
       count(*) FILTER (WHERE at >= CURRENT_DATE - INTERVAL '2 days')                   AS two_days,
       count(*) FILTER (WHERE at > now()::date - interval '12 hours')                   AS from_noon,
       count(*) FILTER (WHERE at::date = CURRENT_DATE)                                  AS of_today,
       count(*) FILTER (WHERE date(at) >= CURRENT_DATE - 1)                             AS since_yesterday,
       count(*) FILTER (WHERE CURRENT_DATE - 1 > CAST(at AS date))                      AS earlier,
       count(*) FILTER (WHERE at::date <= date_trunc('month', CURRENT_DATE))            AS first_of_month,
       count(*) FILTER (WHERE at::date BETWEEN CURRENT_DATE - 2 AND CURRENT_DATE - 1)   AS before_today,
       count(*) FILTER (WHERE date_trunc('day', at) = date_trunc('day', now()) - interval '1 day') AS of_yesterday,
       count(*) FILTER (WHERE at >= (now() - interval '1 day')::date)                   AS since,
       current_date - max(at)::date                                                     AS days_ago
FROM e
GROUP BY k;
