-- Up to where the server's log has come, which need not be on its disk yet; and whether commits are to outlive the server on others.
select pg_current_wal_insert_lsn()::text as lsn,
       current_setting('synchronous_standby_names') <> '' as is_copied
