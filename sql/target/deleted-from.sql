-- Tables of which this transaction has deleted rows; one row of null where the server does not count.
select relid::text as id from pg_stat_xact_user_tables where n_tup_del > 0
union all
select null where current_setting('track_counts') <> 'on'
