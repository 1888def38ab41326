-- md5 and hashtext of a feature cross.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  s text,
  i int4,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       md5(last(s, at)) AS m,
       md5(concat(last(s, at), '|', last(i, at))) AS crossed,
       hashtext(last(s, at)) AS h,
       mod(hashtext(last(s, at)), 100) AS bucket,
       to_hex(last(i, at)) AS x
FROM e
GROUP BY k;
