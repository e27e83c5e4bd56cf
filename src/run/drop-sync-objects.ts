import { ChangeoverError } from "../errors.ts";
import { ROWID_COLUMN, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import type { TargetSession } from "../target/target.ts";
import { renderTargetFenceDrop } from "../target/target-fence-triggers.ts";
import { ownKeyName } from "./load.ts";

/** Drops what only the sync and the failback needed: the column that tells the rows of tables without a key apart, and our own indexes. */
export async function dropSyncObjects(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  for (const mapping of mappings) {
    const table = pgTable(mapping.target);
    // Dropping a column waits for those who read the table, and makes others wait behind it: so briefly, and again.
    if (mapping.identity.kind === "rowid")
      await withRetry(session, `alter table ${table} drop column if exists ${pgName(ROWID_COLUMN)}`);
    await withRetry(
      session,
      `drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`,
    );
  }
}

/** Takes the triggers off that sleep there since the target was opened. */
export async function dropSleepingFence(session: TargetSession): Promise<void> {
  for (const statement of await renderTargetFenceDrop(session)) await withRetry(session, statement);
}

const LOCK_NOT_AVAILABLE = "55P03";

/** Runs a statement that needs a table for itself for a moment. */
export async function withRetry(session: TargetSession, statement: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await session.run(`set lock_timeout = 500; ${statement}; set lock_timeout = 0`);
      return;
    } catch (error) {
      await session.run("set lock_timeout = 0").catch(() => {});
      if (attempt >= 20 || !(error instanceof ChangeoverError) || error.context["sqlState"] !== LOCK_NOT_AVAILABLE)
        throw error;
    }
  }
}
