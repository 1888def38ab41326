-- Velocity of a card, and how an authorization stands beside it.
create server events foreign data wrapper kafka options (brokers 'localhost:9092');

create foreign table card_tx (
    card       varchar(19) not null,
    merchant   text,
    country    varchar(2),
    amount     numeric(12,2) check (amount >= 0),
    status     text check (status in ('approved', 'declined', 'reversed')),
    ts         timestamptz not null
) server events options (topic 'card_tx', format 'json', event_time 'ts');

create materialized view card_velocity as
select
    card
  , count(*) filter (where ts > now() - interval '1 hour')                                       as tx_1h
  , sum(case when ts > now() - interval '6 hours' and status = 'approved' then amount else 0 end) as approved_6h
  , count(distinct merchant) filter (where ts > now() - interval '1 day')                        as merchants_1d
  , count(distinct upper(country))                                                               as countries
  , round(avg(amount) filter (where status <> 'reversed'), 2)                                    as avg_amount
  , round(stddev_samp(amount), 4)                                                                as sd_amount
  , sum(case when status = 'declined' then 1 else 0 end)::numeric / count(*)                     as decline_rate
  , extract(epoch from now() - max(ts))::int                                                     as seconds_idle
  , (array_agg(merchant order by ts desc))[1:3]                                                  as last_merchants
  , max(amount) - (array_agg(amount order by ts desc))[2]                                        as above_previous
  , case when count(*) filter (where ts > now() - interval '1 hour') >= 3 then 'burst'
         when count(*) filter (where ts > now() - interval '6 hours') >= 3 then 'busy'
         else 'calm' end                                                                         as pace
from card_tx
where ts > now() - interval '2 days'
group by card;

create foreign table auth (card text, amount numeric(12,2), ts timestamptz) server request;

create view fraud_v1 as
select a.*, v.tx_1h, v.approved_6h, v.last_merchants,
       a.amount / nullif(v.avg_amount, 0)                  as amount_ratio,
       (a.amount - v.avg_amount) / nullif(v.sd_amount, 0)  as z,
       coalesce(v.decline_rate, 0.0)::float8               as decline_rate,
       extract(isodow from a.ts)::int in (6, 7)            as is_weekend,
       v.pace is null                                      as is_new
from auth a left join card_velocity v using (card);
