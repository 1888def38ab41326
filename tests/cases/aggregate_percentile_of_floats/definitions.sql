-- percentile_cont, percentile_disc and median of float8: NULLs skipped; one value, even and odd counts,
-- both ends.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  x float8,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       percentile_cont(0) WITHIN GROUP (ORDER BY x) AS c0,
       percentile_cont(0) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS c0_1h,
       percentile_disc(0) WITHIN GROUP (ORDER BY x) AS d0,
       percentile_disc(0) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS d0_1h,
       percentile_cont(0.1) WITHIN GROUP (ORDER BY x) AS c1,
       percentile_cont(0.1) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS c1_1h,
       percentile_disc(0.1) WITHIN GROUP (ORDER BY x) AS d1,
       percentile_disc(0.1) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS d1_1h,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS c2,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS c2_1h,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY x) AS d2,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS d2_1h,
       percentile_cont(1.0 / 3) WITHIN GROUP (ORDER BY x) AS c3,
       percentile_cont(1.0 / 3) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS c3_1h,
       percentile_disc(1.0 / 3) WITHIN GROUP (ORDER BY x) AS d3,
       percentile_disc(1.0 / 3) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS d3_1h,
       percentile_cont(0.999) WITHIN GROUP (ORDER BY x) AS c4,
       percentile_cont(0.999) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS c4_1h,
       percentile_disc(0.999) WITHIN GROUP (ORDER BY x) AS d4,
       percentile_disc(0.999) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS d4_1h,
       percentile_cont(1) WITHIN GROUP (ORDER BY x) AS c5,
       percentile_cont(1) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS c5_1h,
       percentile_disc(1) WITHIN GROUP (ORDER BY x) AS d5,
       percentile_disc(1) WITHIN GROUP (ORDER BY x) FILTER (WHERE at > now() - interval '1 hour') AS d5_1h,
       median(x) AS m,
       median(x) FILTER (WHERE at > now() - interval '1 hour') AS m_1h
FROM e
GROUP BY k;
