-- What the fuzz targets decode, admit, keep and ask: every type, every aggregate, every function.

CREATE TYPE mood AS ENUM ('sad', 'calm', 'it''s', '');

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE plain (
  b  bool,
  i  int4,
  l  int8,
  f  float8,
  n  numeric,
  t  text,
  v  interval,
  d  int4 DEFAULT 1 + 1,
  g  int8 GENERATED ALWAYS AS (i % 7) STORED,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'plain', format 'json', event_time 'at');

-- the aggregates
CREATE MATERIALIZED VIEW one AS
SELECT t,
       count(*) AS legs,
       count(b) FILTER (WHERE at > now() - interval '1 hour') AS count_b,
       sum(i) AS sum_i,
       sum(d) AS sum_d,
       sum(g) AS sum_g,
       sum(l) FILTER (WHERE b AND at >= now() - interval '1 day') AS sum_l,
       sum(f) AS sum_f,
       sum(n) AS sum_n,
       sum(v) AS sum_v,
       avg(i) AS avg_i,
       avg(l) AS avg_l,
       avg(f) FILTER (WHERE at > now() - interval '1 day') AS avg_f,
       avg(n) AS avg_n,
       avg(v) AS avg_v,
       min(i) AS min_i,
       max(l) AS max_l,
       min(f) AS min_f,
       max(n) FILTER (WHERE at >= date_trunc('week', now())) AS max_n,
       min(t) AS min_t,
       max(v) AS max_v,
       max(at) AS max_at,
       first(b, at) AS first_b,
       last(n, at) AS last_n,
       first(t, v) AS first_t,
       last(v, l) FILTER (WHERE at <= now() - interval '1 minute') AS last_v,
       last(f, n) AS last_f
FROM plain
GROUP BY t;

-- every type in a key, retention without a lifetime window
CREATE MATERIALIZED VIEW keyed AS
SELECT b, i, l, f, n, t, v, at, count(*) AS legs, sum(f) AS sum_f, last(t, at) AS last_t
FROM plain
WHERE at > now() - interval '30 days'
GROUP BY b, i, l, f, n, t, v, at;

-- expressions around aggregates: their errors stay with the feature
CREATE MATERIALIZED VIEW finished AS
SELECT i,
       sum(i) / count(f) AS int8_div,
       (sum(i) * max(l) - min(i)) % nullif(max(l), 0) AS int8_all,
       min(i) * max(i) + min(i) / max(i) % 7 AS int4_all,
       sum(f) / sum(f) + avg(f) * max(f) - min(f) AS float8_all,
       sum(n) / max(n) AS numeric_div,
       sum(n) * max(n) + avg(n) - min(n) AS numeric_all,
       max(n) % min(n) AS numeric_mod,
       -max(n) AS numeric_neg,
       now() - max(at) AS idle,
       max(at) + max(v) AS later,
       min(at) - sum(v) AS earlier,
       max(v) * avg(f) AS interval_mul,
       max(v) / avg(f) AS interval_div,
       -(max(v) + min(v) - avg(v)) AS interval_all,
       extract(week FROM max(at)) + extract(isoyear FROM min(at)) AS weeks,
       extract(epoch FROM max(at)) AS epoch,
       extract(julian FROM max(at)) AS julian,
       extract(millennium FROM max(at)) AS millennium,
       extract(epoch FROM max(v)) AS epoch_v,
       extract(month FROM max(v)) + extract(century FROM max(v)) AS month_v,
       extract(milliseconds FROM max(v)) AS milliseconds_v,
       max(f)::int4 AS float8_int4,
       max(f)::int8 AS float8_int8,
       max(f)::numeric AS float8_numeric,
       max(f)::text AS float8_text,
       max(n)::int4 AS numeric_int4,
       max(n)::int8 AS numeric_int8,
       max(n)::float8 AS numeric_float8,
       max(n)::text AS numeric_text,
       max(l)::int4 AS int8_int4,
       max(l)::float8 AS int8_float8,
       max(at)::text AS at_text,
       max(v)::text AS v_text,
       max(t)::bool AS text_bool,
       max(t)::int4 AS text_int4,
       max(t)::int8 AS text_int8,
       max(t)::float8 AS text_float8,
       max(t)::numeric AS text_numeric,
       max(t)::timestamptz AS text_at,
       max(t)::interval AS text_v,
       CASE WHEN max(f) > 0 THEN max(t) ELSE min(t) END AS choice,
       greatest(max(f), max(n)) AS most,
       least(max(at), now()) AS earliest,
       coalesce(max(v), interval '1 day') AS some,
       max(f) = max(n) OR max(t) < min(t) OR max(v) >= min(v) AS compared
FROM plain
GROUP BY i;

-- expressions over the event: an error is a dead letter
CREATE FOREIGN TABLE wild (
  i  int4 CHECK (i / (i - 7) < 100),
  l  int8,
  f  float8 CHECK (f IS DISTINCT FROM 0),
  n  numeric CHECK (n BETWEEN -1e30 AND 1e30),
  t  text NOT NULL CHECK (t IN ('a', 'b', '', '12', 'infinity', '1 day', '2013-01-01')),
  v  interval,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'wild', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW tamed AS
SELECT t, n,
       sum(i * 3 + 1) AS a,
       sum(l - i) AS b,
       sum(n * n) AS c,
       max(at + v) AS d,
       sum(v * f) AS e,
       max(f::text) AS f,
       sum(extract(dow FROM at) + extract(quarter FROM at)) AS g,
       min(CASE WHEN t = '12' THEN t::int4 ELSE f::int4 END) AS h,
       last(t, at - v) AS i
FROM wild
WHERE l > 0 OR l IS NULL OR v > interval '1 day'
GROUP BY t, n;

CREATE FOREIGN TABLE ask (
  b  bool,
  i  int4,
  l  int8,
  f  float8,
  n  numeric,
  t  text,
  v  interval,
  at timestamptz
) SERVER request;

CREATE VIEW model AS
SELECT a.b, a.i, a.l, a.f, a.n, a.t, a.v, a.at,
       o.legs, o.sum_f, o.avg_n, o.last_v, o.min_t,
       k.legs AS keyed_legs,
       f.numeric_all, f.text_at,
       o.sum_n - a.n AS difference,
       a.at - o.max_at AS since,
       a.f / o.legs AS share,
       a.v * a.f AS scaled,
       a.t::numeric AS number,
       extract(doy FROM a.at) AS day
FROM ask a
LEFT JOIN one o USING (t)
LEFT JOIN finished f USING (i)
LEFT JOIN keyed k ON k.b = a.b AND k.i = a.i AND k.l = a.l AND k.f = a.f AND k.n = a.n
                 AND k.t = a.t AND k.v = a.v AND k.at = a.at;

CREATE FOREIGN TABLE rest (
  s  int2,
  r  float4,
  d  date,
  u  uuid,
  y  bytea CHECK (y <> '\x00' OR s > 0),
  c  varchar(5),
  m  numeric(8, 2),
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'rest', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW rest_keyed AS
SELECT s, r, d, u, y, c, m, at, count(*) AS legs
FROM rest
GROUP BY s, r, d, u, y, c, m, at;

-- a key that is an expression; a row that HAVING may take away
CREATE MATERIALIZED VIEW rest_had AS
SELECT coalesce(c, '?') AS name, s / 2 AS half,
       sum(s) AS sum_s,
       sum(r) FILTER (WHERE at > now() - interval '1 day') AS sum_r,
       avg(r) AS avg_r,
       min(d) AS min_d,
       max(d) AS max_d,
       max(c) AS max_c,
       min(m) AS min_m,
       first(u, at) AS first_u,
       last(y, d) AS last_y,
       max(d) - min(d) AS days,
       max(d) + min(s) AS later,
       max(d) < max(at) AND max(d) <> now() AS before,
       extract(week FROM max(d)) + extract(epoch FROM min(d)) AS week,
       max(s) * min(s) - max(s) % min(s) AS int2_all,
       max(r) / min(r) + max(r) AS float4_all,
       max(r) * avg(r) AS float48_mul,
       max(r)::int2 AS float4_int2,
       max(r)::numeric AS float4_numeric,
       max(r)::text AS float4_text,
       max(m)::float4 AS numeric_float4,
       max(m)::numeric(3, 1) AS numeric_short,
       max(c)::varchar(2) AS text_short,
       max(c)::date AS text_date,
       max(c)::uuid AS text_uuid,
       max(c)::bytea AS text_bytea,
       max(c)::int2 AS text_int2,
       max(c)::float4 AS text_float4,
       max(d)::timestamptz AS date_at,
       max(at)::date AS at_date,
       max(d)::text AS date_text
FROM rest
GROUP BY coalesce(c, '?'), s / 2
HAVING count(r) <> 2 AND (max(s) / min(s) < 3 OR max(at) > now() - interval '1 day');

-- the aggregates that keep their values, and those of more than one moment
CREATE MATERIALIZED VIEW rest_many AS
SELECT d,
       count(DISTINCT u) AS distinct_u,
       count(DISTINCT y) FILTER (WHERE at > now() - interval '1 hour') AS distinct_y,
       sum(DISTINCT r) AS distinct_r,
       avg(DISTINCT m) AS distinct_m,
       mode() WITHIN GROUP (ORDER BY u) AS mode_u,
       mode() WITHIN GROUP (ORDER BY r) AS mode_r,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY d) AS disc_d,
       percentile_disc(1) WITHIN GROUP (ORDER BY y) AS disc_y,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY r) AS cont_r,
       stddev(s) AS stddev_s,
       var_pop(m) AS var_m,
       variance(r) AS variance_r
FROM rest
WHERE at > now() - interval '7 days'
GROUP BY d;

CREATE MATERIALIZED VIEW many AS
SELECT t,
       bool_and(b) AS all_b,
       bool_or(b) FILTER (WHERE at > now() - interval '1 hour') AS any_b,
       stddev(i) AS stddev_i,
       variance(l) AS variance_l,
       var_pop(n) AS var_n,
       stddev_pop(f) FILTER (WHERE at > now() - interval '1 day') AS stddev_f,
       covar_samp(f, i) AS covar,
       corr(f, l) AS corr_f,
       regr_slope(f, n) AS slope,
       regr_intercept(f, i) AS intercept,
       regr_r2(f, i) AS r2,
       regr_sxy(l, f) AS sxy,
       mode() WITHIN GROUP (ORDER BY n) AS mode_n,
       percentile_disc(0.25) WITHIN GROUP (ORDER BY v) AS disc_v,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS cont_v,
       median(f) AS median_f,
       count(DISTINCT f) AS distinct_f,
       sum(DISTINCT n) AS distinct_n,
       avg(DISTINCT v) AS distinct_v,
       max_by(n, v) AS max_by_n,
       min_by(b, f) AS min_by_b,
       approx_count_distinct(n) AS approx_n,
       approx_count_distinct(i) FILTER (WHERE at > now() - interval '1 hour') AS approx_i,
       approx_percentile(0.9, f) AS approx_f,
       decayed_sum(f, at, interval '1 hour') AS decayed_f,
       decayed_count(at, interval '1 second') AS decayed
FROM plain
GROUP BY t;

CREATE MATERIALIZED VIEW latest AS
SELECT DISTINCT ON (i) i, b, l, f, n, t, v, at
FROM plain
WHERE at > now() - interval '3 days' AND f IS NOT NULL
ORDER BY i, at DESC;

-- arrays, an enum, an event key, columns that an event leaves to its source
CREATE FOREIGN TABLE listed (
  k  text,
  id int4,
  a  int4[],
  f  float8[],
  n  numeric[],
  s  text[],
  y  bytea[],
  u  uuid[],
  d  date[] DEFAULT '{2013-01-01,NULL}',
  v  interval[],
  b  bool[],
  m  mood DEFAULT 'calm',
  g  int4 GENERATED ALWAYS AS (cardinality(a) * id) STORED,
  at timestamptz,
  PRIMARY KEY (k, at, id),
  CHECK (id <> ALL (a) OR a[1] IS NULL OR g < 9 OR m > 'sad')
) SERVER events OPTIONS (topic 'listed', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW listed_one AS
WITH late AS (SELECT * FROM listed WHERE at > now() - interval '30 days'), all_of AS (
  SELECT * FROM late WHERE id > 0 UNION ALL SELECT * FROM late WHERE id <= 0
)
SELECT k,
       count(*) AS legs,
       sum(g) AS sum_g,
       min(a) AS min_a,
       max(n) AS max_n,
       first(f, at) AS first_f,
       last(y, id) AS last_y,
       mode() WITHIN GROUP (ORDER BY m) AS mode_m,
       max(m)::text AS text_m,
       count(DISTINCT s) FILTER (WHERE at >= CURRENT_DATE - 1) AS different,
       last_n(id, at, 3) AS last_ids,
       top_k(m::text, 2) AS moods,
       histogram(a[1], -10, 10, 4) AS spread,
       (max(a) || min(a) || 7)[2:4] AS joined,
       array_position(max(s), min(k)) AS place,
       array_to_string(last(d, at), ',', '*') AS days,
       last(s, at)::int4[] AS numbers,
       last(v, at)::text AS spans,
       min(u) = max(u) AND min(b) @> max(b) AS same
FROM all_of
GROUP BY k;

CREATE MATERIALIZED VIEW listed_latest AS
SELECT DISTINCT ON (k) k, a, m, n[1] AS first_n, s,
       count(*) OVER w AS legs,
       max(id) FILTER (WHERE m <> 'sad') OVER w AS most,
       last_n(id, at, 2) OVER (PARTITION BY k) AS last_ids
FROM listed
WHERE at > now() - interval '3 days'
WINDOW w AS (PARTITION BY k ORDER BY at RANGE interval '2 hours' PRECEDING)
ORDER BY k, at DESC;

CREATE FOREIGN TABLE documents (
  k  int4,
  p  jsonb,
  t  text,
  at timestamptz
) SERVER events OPTIONS (topic 'documents', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW documents_one AS
SELECT k,
       count(*) FILTER (WHERE p ? 'n') AS with_n,
       sum((p -> 'n')::numeric) AS sum_n,
       max((p ->> 'n')::float8) AS max_n,
       bool_or((p -> 't')::bool) AS any_t,
       last(p #>> '{o,l,0}', at) AS deep,
       last((p -> 'l' -> -1)::text, at) AS last_l,
       max(jsonb_typeof(p)) AS kind,
       max(jsonb_array_length(p -> 'l')) FILTER (WHERE jsonb_typeof(p -> 'l') = 'array') AS length,
       last(length(p::text), at) FILTER (WHERE at::date = CURRENT_DATE) AS size,
       last(t::jsonb ->> 0, at) AS of_t
FROM (SELECT *, p IS NULL AS is_empty FROM documents) AS d
WHERE NOT is_empty
GROUP BY k;

CREATE FOREIGN TABLE ask_more (
  k text,
  a int4[],
  s text[],
  m mood,
  j jsonb
) SERVER request;

CREATE VIEW more AS
SELECT r.k, r.s, l.legs, l.moods,
       r.a || l.last_ids AS ids,
       r.a[2:] && coalesce(l.last_ids, '{}') AS overlapping,
       coalesce(r.j #>> '{o,l,-1}', r.j ->> 'n') AS told,
       (r.j -> 'n')::int4 AS number,
       r.m > 'sad' AS is_glad
FROM ask_more r
LEFT JOIN listed_one l USING (k);
