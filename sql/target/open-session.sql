-- Settings of a new session, as one message. The text of values depends on these; the server's defaults may differ.
set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 1;
  set bytea_output = 'hex';
set client_encoding = 'UTF8'; set standard_conforming_strings = on;
set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0;
-- Policies of row security must not hide rows from us: where one would, PostgreSQL refuses the statement.
set row_security = off;
-- A role's or database's timeouts that newer versions have.
select set_config(name, '0', false) from unnest(array['idle_session_timeout', 'transaction_timeout']) as name
  where current_setting(name, true) is not null;
-- Lets our sessions pass the target's fence: see src/target/target-fence-triggers.ts.
set changeover.session = 'own';
-- A client that vanished behind a broken network must not hold the run lock: 25 s instead of two hours.
set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
-- For a role named like our own schema, "$user" would mean that schema.
select set_config('search_path', coalesce(nullif(regexp_replace(current_setting('search_path'), '"?\$user"?\s*,?\s*',
  ''), ''), 'public'), false) where current_user = 'changeover';
-- Not the view pg_stat_activity: its joins take 5 ms of the server's processor in each session.
select pid, extract(epoch from backend_start)::text as started, current_schema()::text as schema from pg_stat_get_activity(pg_backend_pid());
