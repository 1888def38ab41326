-- What a late event of another source may change has no join; one timeline of both says what is known at now().

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE FOREIGN TABLE e (k text NOT NULL, i integer, f float8, n numeric, t text, ok boolean, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');
CREATE FOREIGN TABLE plan (k text NOT NULL, name text, at timestamptz NOT NULL)
  SERVER events OPTIONS (topic 'plan', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       max_by(name, at) FILTER (WHERE name IS NOT NULL)                            AS plan,
       sum(i) FILTER (WHERE at > now() - interval '1 day')                         AS spent,
       sum(i) FILTER (WHERE name IS NULL) > 5 AND max_by(name, at) FILTER (WHERE name IS NOT NULL) = 'gold' AS is_big
FROM (SELECT k, i, NULL AS name, at FROM e UNION ALL SELECT k, NULL, name, at FROM plan) AS known
GROUP BY k;
