import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import type { TargetSession } from "./target.ts";
import { sqlState } from "./target-error.ts";

const LOCK_NOT_AVAILABLE = "55P03";
const PATIENCE_MS = 3_000;

/**
 * Has autovacuum let go of tables that are to be locked in a moment. It gives way to a lock that has waited for deadlock_timeout (1 s, by
 * default), no sooner: behind a fence that would be the whole of the time; and a lock that gives up sooner than that, as the return's does for the
 * application's sake, would wait for as long as it works (9 s at 500 MB). The lock taken here lets everyone read and write. Whom it does not
 * get past, a VACUUM by hand, is left to who comes next.
 */
export async function endAutovacuum(
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
