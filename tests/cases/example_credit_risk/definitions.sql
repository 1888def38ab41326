-- A ledger with generated columns: balances, days past due, months of the calendar.
CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE ledger (
  account bigint NOT NULL, kind text, cents bigint, due date, posted timestamptz NOT NULL,
  amount numeric GENERATED ALWAYS AS (cents / 100.0) STORED,
  is_late boolean GENERATED ALWAYS AS (kind = 'payment' AND due < date '2024-03-02') STORED
) SERVER events OPTIONS (topic 'ledger', format 'json', event_time 'posted');

CREATE MATERIALIZED VIEW risk AS
SELECT account,
       sum(CASE kind WHEN 'charge' THEN cents WHEN 'fee' THEN cents WHEN 'payment' THEN -cents ELSE 0 END) AS balance_cents,
       sum(CASE WHEN kind IN ('payment', 'refund') THEN amount END)
         / NULLIF(sum(CASE WHEN kind = 'charge' THEN amount END), 0) AS paid_ratio,
       count(*) FILTER (WHERE is_late) AS late_payments,
       CURRENT_DATE - max(posted::date) FILTER (WHERE kind = 'payment') AS days_since_payment,
       max(greatest(posted::date - due, 0)) AS worst_days_past_due,
       sum(amount) FILTER (WHERE posted >= date_trunc('month', now())) AS month_to_date,
       sum(amount) FILTER (WHERE posted::date = CURRENT_DATE - 1) AS yesterday,
       trunc(avg(amount), 1) AS avg_amount,
       mod(sum(cents), 13) AS check_digit
FROM ledger
GROUP BY 1;
