-- Queries by their cleaned text, an expression as the key: positions, clicks, a gain that fades with the position.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE search (query text NOT NULL, doc text, pos smallint, clicked bool, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'search', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW query_stats AS
SELECT btrim(lower(query)) AS query,
       count(*) AS n,
       avg(pos) FILTER (WHERE clicked) AS avg_click_pos,
       sum(1.0 / nullif(pos, 0)) / count(*) AS mean_reciprocal_rank,
       sum(CASE WHEN clicked THEN 1 / ln(pos + 1.0) END) AS gain,
       count(*) FILTER (WHERE clicked AND pos <= 3)::float / nullif(count(*) FILTER (WHERE clicked), 0) AS top3,
       (array_agg(doc ORDER BY pos, at DESC) FILTER (WHERE clicked))[1] AS best_doc,
       split_part(btrim(lower(query)), ' ', 1) AS first_word,
       position('shoe' in btrim(lower(query))) > 0 AS has_shoe
FROM search
GROUP BY 1;
