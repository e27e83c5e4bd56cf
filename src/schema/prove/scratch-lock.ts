import type { TargetSession } from "../../target/target.ts";

/**
 * Tells all processes that a scratch database is in use, even while nobody is connected to it. The lock lies in the
 * database of the session, and ends with it; it is seen from all databases of the server.
 */
export async function lockScratch(session: TargetSession, name: string): Promise<void> {
  await session.rows(`select pg_advisory_lock_shared(${LOCK_CLASS}, hashtext($1))`, [name]);
}

export async function unlockScratch(session: TargetSession, name: string): Promise<void> {
  await session.rows(`select pg_advisory_unlock_shared(${LOCK_CLASS}, hashtext($1))`, [name]);
}

const LOCK_CLASS = 1_738_402_611;

/** Condition on a row `d` of pg_database: no process holds its lock. */
export const UNLOCKED = `not exists (select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 2
  and l.classid = ${LOCK_CLASS} and l.objid = hashtext(d.datname::text)::oid)`;
