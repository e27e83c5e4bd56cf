-- Facts about the server that may prevent a migration, as far as any role may read them.
select current_setting('server_version_num')::int as version,
       (select pg_encoding_to_char(encoding) from pg_database where datname = current_database()) as encoding,
       case when to_regnamespace('changeover') is not null then has_schema_privilege('changeover', 'CREATE')
            else has_database_privilege(current_database(), 'CREATE') end as may_create_schema,
       current_schema() is not null and has_schema_privilege(current_schema(), 'CREATE') as may_create_tables,
       current_schema()::text as schema,
       current_user::text as role,
       -- Commits that wait for a standby which is not there wait for ever.
       current_setting('synchronous_standby_names') <> '' and current_setting('synchronous_commit') not in ('off', 'local')
         and not exists (select from pg_stat_replication) as waits_for_standby,
       -- Our own sessions leave "$user" out of search_path; those of an application with this role do not.
       current_user = 'changeover' and not exists (
         select from pg_db_role_setting s, unnest(s.setconfig) setting
         where s.setrole = (select oid from pg_roles where rolname = current_user) and setting like 'search_path=%'
           and setting not like '%$user%') as named_like_state,
       pg_database_size(current_database())::text as size,
       pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as read_only,
       -- Ours counts as free. Of others' sessions every role sees the database and the role.
       (select least(
                 current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - coalesce(current_setting('reserved_connections', true)::int, 0) - count(*),
                 (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user)
                   - count(*) filter (where usename = current_user),
                 (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
                   - count(*) filter (where datname = current_database())) + 1
        from pg_stat_activity where usename is not null and datname is not null)::int as free_connections,
       current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int
         + current_setting('max_prepared_transactions')::int) as lock_slots,
       (select count(*)::int from pg_class where relnamespace = to_regnamespace(quote_ident(current_schema())))
         as relations
