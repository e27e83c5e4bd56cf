-- The server shows only the beginning of a statement (track_activity_query_size).
select pg_cancel_backend(pid) from pg_stat_activity
where datname = current_database() and usename = current_user and state = 'active' and pid <> pg_backend_pid()
  and query <> '' and query = left($1, length(query)) and length(query) >= least(length($1), 200)
