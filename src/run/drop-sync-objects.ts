import { ROWID_COLUMN, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { evenly, withRetry } from "../retry.ts";
import type { TargetSession } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import { renderTargetFenceDrop } from "../target/target-fence-triggers.ts";
import { ownKeyName } from "./load.ts";

/**
 * Drops what only the sync and the failback needed: the column that identifies the rows of tables without a key, and
 * our own indexes.
 */
export async function dropSyncObjects(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  for (const mapping of mappings) {
    const table = pgTable(mapping.target);
    // Dropping a column waits for those who read the table, and makes others wait behind it: so briefly, and again.
    if (mapping.identity.kind === "rowid")
      await runWithBriefLock(session, `alter table ${table} drop column if exists ${pgName(ROWID_COLUMN)}`);
    await runWithBriefLock(
      session,
      `drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`,
    );
  }
}

/** Drops the triggers that sleep there since the target was opened. */
export async function dropSleepingFence(session: TargetSession): Promise<void> {
  for (const statement of await renderTargetFenceDrop(session)) await runWithBriefLock(session, statement);
}

const LOCK_NOT_AVAILABLE = "55P03";
const LOCK_MS = 500;
const ATTEMPTS = 21;

/** Runs a statement that needs a table for itself for a moment, without making others wait for long. */
export async function runWithBriefLock(session: TargetSession, statement: string): Promise<void> {
  try {
    await withRetry(() => session.run(`set lock_timeout = ${LOCK_MS}; ${statement}`), {
      delays: evenly(0, ATTEMPTS - 1),
      retryIf: (error) => sqlState(error) === LOCK_NOT_AVAILABLE,
    });
  } finally {
    if (session.alive) await session.run("set lock_timeout = 0").catch(() => {});
  }
}
