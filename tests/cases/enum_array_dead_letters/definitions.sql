-- A label that the enum does not have, in an array: the event is a dead letter. Defaults are arrays too.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE TYPE severity AS ENUM ('low', 'high');
CREATE FOREIGN TABLE alerts (
  host text NOT NULL,
  levels severity[] DEFAULT '{low}' CHECK (array_length(levels, 1) < 4),
  worst severity GENERATED ALWAYS AS (greatest(levels[1], levels[2])) STORED,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'alerts', format 'json', event_time 'at');
CREATE MATERIALIZED VIEW v AS
SELECT host, count(*) AS n, last(levels, at) AS levels, max(worst) AS worst
FROM alerts
GROUP BY host;
