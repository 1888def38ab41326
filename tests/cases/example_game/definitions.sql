-- Matches of a player: a jsonb of numbers, an enum of results, form as a list and as a text.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE result AS ENUM ('loss', 'draw', 'win');
CREATE FOREIGN TABLE match (player text NOT NULL, result result, score int, kda jsonb, ended timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'match', format 'json', event_time 'ended');

CREATE MATERIALIZED VIEW player AS
SELECT player,
       count(*) AS games,
       avg((result = 'win')::int) AS win_rate,
       sum((kda->>'k')::numeric) AS kills,
       sum((kda->>'k')::float8 + coalesce((kda->>'a')::float8, 0)) / nullif(sum((kda->>'d')::float8), 0) AS kda,
       last(kda->'tags'->>0, ended) FILTER (WHERE kda ? 'tags') AS last_tag,
       (array_agg(result ORDER BY ended DESC))[1:5] AS form,
       array_to_string((array_agg(left(result::text, 1) ORDER BY ended DESC))[1:5], '', '-') AS form_text,
       (array_agg(score ORDER BY ended DESC))[1] - (array_agg(score ORDER BY ended DESC))[2] AS change,
       max(result) AS best,
       count(*) FILTER (WHERE result > 'loss') AS unbeaten,
       (max(score) FILTER (WHERE ended > now() - interval '1 day'))::text || ' pts' AS best_day
FROM match
GROUP BY player;
