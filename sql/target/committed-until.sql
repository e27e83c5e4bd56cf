-- The current WAL position of the server, which may not be on disk yet, and whether commits wait for standbys.
select pg_current_wal_insert_lsn()::text as lsn,
       current_setting('synchronous_standby_names') <> '' as is_copied
