-- -> gives a member or an element as jsonb, ->> as text; what is not there is NULL, and so is a text of JSON null.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  payload jsonb,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(payload->>'s', at) AS s,
       last(payload->>'n', at) AS n,
       last(payload->'o'->>'x', at) AS x,
       last((payload->'o')::text, at) AS o,
       last(payload->'l'->>0, at) AS first_of_l,
       last(payload->'l'->>-1, at) AS last_of_l,
       last(payload->'l'->>5, at) AS none_of_l,
       last(payload->>0, at) AS of_an_object,
       last(payload->'l'->>'s', at) AS named_of_l,
       count(*) FILTER (WHERE payload->'n' IS NULL) AS without_n,
       count(*) FILTER (WHERE payload->>'n' IS NULL) AS null_n
FROM e
GROUP BY k;
