-- Parts between separators, counted from either end; part 0 is an error.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       split_part(last(s, at), ',', 1) AS first,
       split_part(last(s, at), ',', -1) AS final,
       split_part(last(s, at), ',', 4) AS beyond,
       split_part(last(s, at), '', 1) AS whole,
       split_part(last(s, at), ',', 0) AS zero
FROM e
GROUP BY k;
