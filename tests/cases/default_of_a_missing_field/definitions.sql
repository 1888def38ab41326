-- A field that is missing takes its column's DEFAULT; one that is null is NULL.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL DEFAULT 'nobody',
  amount numeric(8,2) DEFAULT 1.5,
  note text DEFAULT 'none',
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       count(*)         AS n,
       count(amount)    AS amounts,
       sum(amount)      AS amount,
       max(note)        AS note,
       last(note, at)   AS last_note
FROM e
GROUP BY k;
