-- What a fresh connection needs to know of its server, before it sets or writes anything.
select pg_backend_pid() as pid,
       -- A user's own cast of text to integer must not be called.
       int4in(textout(current_setting('server_version_num'))) as version,
       (select pg_encoding_to_char(encoding) from pg_database where datname = current_database()) as encoding,
       pg_is_in_recovery() as is_standby,
       current_setting('transaction_read_only') = 'on' as is_read_only,
       -- Commits that wait for a standby which is not there wait for ever.
       current_setting('synchronous_standby_names') <> '' and current_setting('synchronous_commit') not in ('off', 'local')
         and not exists (select from pg_stat_replication) as waits_for_standby
