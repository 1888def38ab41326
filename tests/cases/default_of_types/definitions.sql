-- A default is cast to its column as INSERT casts it.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  b boolean DEFAULT 'yes',
  i smallint DEFAULT 2.5,
  l bigint DEFAULT 1 + 2,
  f real DEFAULT 0.1,
  d float8 DEFAULT '-0',
  m numeric(6,2) DEFAULT 10 / 4.0,
  v varchar(3) DEFAULT 'abc   ',
  t text DEFAULT upper('ä' || 'b'),
  u uuid DEFAULT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
  y date DEFAULT '2020-02-29',
  s interval DEFAULT interval '1 day' * 2,
  z bytea DEFAULT '\xff',
  w timestamptz DEFAULT '2020-01-01 00:00:00+02',
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(b, at) AS b, last(i, at) AS i, last(l, at) AS l, last(f, at) AS f, last(d, at) AS d,
       last(m, at) AS m, last(v, at) AS v, last(t, at) AS t, last(u, at) AS u, last(y, at) AS y,
       last(s, at) AS s, last(z, at) AS z, last(w, at) AS w
FROM e
GROUP BY k;
