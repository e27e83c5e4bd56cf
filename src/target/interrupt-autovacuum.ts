import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import type { TargetSession } from "./target.ts";
import { sqlState } from "./target-error.ts";

const LOCK_NOT_AVAILABLE = "55P03";
const PATIENCE_MS = 3_000;

/**
 * Makes autovacuum release tables that will be locked soon.
 *
 * Autovacuum gives way only to a lock that has waited for deadlock_timeout (1 s by default). Behind a fence that second
 * would be most of the downtime. A lock that gives up sooner, as the failback's does, would wait until autovacuum is
 * done (9 s for 500 MB).
 *
 * The lock taken here lets everyone read and write. A manual VACUUM does not give way; the next lock has to wait for
 * it.
 */
export async function interruptAutovacuum(
  session: TargetSession,
  tables: readonly TargetTableName[],
  patience = PATIENCE_MS,
): Promise<void> {
  if (tables.length === 0) return;
  try {
    await session.transaction(async (tx) => {
      await tx.run(`set local lock_timeout = ${patience}`);
      await tx.run(`lock table ${tables.map(pgTable).join(", ")} in share update exclusive mode`);
    });
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
  }
}
