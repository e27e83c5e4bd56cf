-- The last $2 entries, newest first. An entry without an end is running while its session holds its lock of class $1;
-- with $3, while another session runs migrations, the last migrating command is.
select h.id::text as id, h.command, h.run::text as run, h.source,
       to_char(h.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startedAt",
       to_char(h.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "endedAt",
       (extract(epoch from h.ended_at - h.started_at) * 1000)::bigint::text as "durationMs",
       case
         when h.outcome is not null then h.outcome
         when exists (select from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 2
           and l.classid = ($1::text::bigint # (to_regnamespace('changeover')::oid::bigint & 2147483647))::oid and l.objid = h.id::oid
                      and l.database = (select oid from pg_database where datname = current_database())) then 'running'
         when $3::text = 'true' and h.id = (select max(id) from changeover.history
           where command in ('up', 'down', 'redo')) then 'running'
         else 'did-not-end'
       end as state,
       h.code, h.details::text as details, h.os_user as "user", h.host, h.pid, h.role, h.version
from changeover.history h
order by h.id desc
limit $2::text::bigint
