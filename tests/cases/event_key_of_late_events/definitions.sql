-- An equal event that comes late replaces a lesser one in every window that holds it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  id text,
  x integer,
  s text,
  at timestamptz NOT NULL,
  PRIMARY KEY (k, id, at)
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)                                                       AS n,
       sum(x)                                                         AS ever,
       sum(x) FILTER (WHERE at > now() - interval '3 seconds')        AS fresh,
       max(x) FILTER (WHERE at <= now() - interval '2 seconds')       AS old,
       first(x, at)                                                   AS first
FROM e
GROUP BY k;
