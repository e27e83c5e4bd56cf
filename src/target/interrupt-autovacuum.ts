import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import type { TargetSession } from "./target.ts";
import { sqlState } from "./target-error.ts";

const LOCK_NOT_AVAILABLE = "55P03";
const MAX_WAIT_MS = 3_000;

/**
 * Makes autovacuum release tables that will be locked soon.
 *
 * Autovacuum gives way only to a lock that has waited for deadlock_timeout (1 s by default). Behind a fence that second
 * would be most of the downtime. A lock that gives up sooner, as the failback's does, would wait until autovacuum is
 * done (9 s for 500 MB).
 *
 * Only tables that someone holds in VACUUM's mode are locked: a server as it comes has no locks for thousands. The lock
 * taken here lets everyone read and write. A manual VACUUM does not give way; the next lock has to wait for
 * it.
 */
export async function interruptAutovacuum(
  session: TargetSession,
  tables: readonly TargetTableName[],
  lockWaitMs = MAX_WAIT_MS,
): Promise<void> {
  const wanted = new Set(tables.map(pgTable));
  const locked = await session.rows<TargetTableName>(sql("target/tables-in-vacuum"));
  for (const table of locked.filter((one) => wanted.has(pgTable(one)))) await interrupt(session, table, lockWaitMs);
}

async function interrupt(session: TargetSession, table: TargetTableName, lockWaitMs: number): Promise<void> {
  try {
    await session.transaction(async (tx) => {
      await tx.run(`set local lock_timeout = ${lockWaitMs}`);
      await tx.run(`lock table ${pgTable(table)} in share update exclusive mode`);
    });
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
  }
}
