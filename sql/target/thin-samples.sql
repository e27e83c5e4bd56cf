-- Of what is older than ten minutes one sample a minute stays, of what is older than a day one of each half hour:
-- the one with the longest wait.
delete from changeover.load_sample as s
where s.run = $1 and s.at < clock_timestamp() - interval '10 min'
  and s.at not in (
    select distinct on (k.slice) k.at
    from (
      select l.at, l.application_wait_ms,
             case when l.at > clock_timestamp() - interval '1 day' then date_trunc('minute', l.at)
               else date_bin('30 min', l.at, timestamptz '2000-01-01') end as slice
      from changeover.load_sample as l
      where l.run = $1 and l.at < clock_timestamp() - interval '10 min'
    ) as k
    order by k.slice, k.application_wait_ms desc nulls last, k.at)
