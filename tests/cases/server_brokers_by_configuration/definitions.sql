-- A server may leave its brokers to the configuration.

CREATE SERVER events FOREIGN DATA WRAPPER kafka;

CREATE FOREIGN TABLE e (k text, ts timestamptz)
SERVER events OPTIONS (topic 'e', format 'json', event_time 'ts');

CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM e GROUP BY k;
