-- What a session begins with, as one message.
-- What a value's text means depends on these; the server's defaults may be anything.
set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex';
set client_encoding = 'UTF8'; set standard_conforming_strings = on;
set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0;
-- The fence of the target lets our sessions pass: see src/target/target-fence.ts.
set changeover.session = 'own';
-- The run's lock must not stay with a process that died on the other side of a cut cable: 25 s, not the usual two hours.
set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
-- A role that is called as our own schema would have "$user" mean that, and make its tables there.
select set_config('search_path', coalesce(nullif(regexp_replace(current_setting('search_path'), '"?\$user"?\s*,?\s*', ''), ''), 'public'), false) where current_user = 'changeover';
-- Not the view pg_stat_activity, which joins others for it: 5 ms of the server's processor in each session.
select pid, extract(epoch from backend_start)::text as started from pg_stat_get_activity(pg_backend_pid());
