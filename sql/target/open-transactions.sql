-- Transactions open for longer than $1 ms: one of them holds the lock. Those of other roles may be hidden.
select pid, coalesce(nullif(application_name, ''), 'an unnamed application') as application, usename as role, state,
       extract(epoch from clock_timestamp() - xact_start)::int as seconds
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
  and xact_start < clock_timestamp() - $1 * interval '1 millisecond'
order by xact_start
limit 3
