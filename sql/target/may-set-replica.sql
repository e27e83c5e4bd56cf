-- From PostgreSQL 15 on: whether foreign keys may stand before a cutover's fence.
select has_parameter_privilege('session_replication_role', 'set') as may_set_replica
