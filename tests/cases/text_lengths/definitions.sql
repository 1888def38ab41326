-- Characters, bytes and bits of UTF-8.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  b bytea,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       length(last(s, at)) AS n,
       char_length(last(s, at)) AS c,
       octet_length(last(s, at)) AS o,
       bit_length(last(s, at)) AS bits,
       length(last(b, at)) AS bytes,
       octet_length(last(b, at)) AS bo
FROM e
GROUP BY k;
