import { keyColumns, ROWID_COLUMN, type TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { pgName, pgTable } from "../quote.ts";
import { defer } from "../target/deferred/defer.ts";
import { closeTarget, isTargetClosed } from "../target/store/closed-target.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { createTargetFence, setTargetFence } from "../target/target-fence-triggers.ts";
import type { Context } from "./context.ts";
import { closedTarget } from "./keep-target-closed.ts";
import { refuseFilled, replaceSeeded } from "./seeded/replace-seeded.ts";

/**
 * Tables of one transaction: each takes some ten locks until its end, and a server as it comes has some 7,000 for
 * all.
 */
const TABLES_AT_ONCE = 100;

/**
 * Makes the target's tables ready for the load: they are closed to others, their indexes, constraints and triggers are
 * deferred, and rows that a rule gives up are removed. Safe to run again: a kill leaves some of the tables ready, and
 * the next command does the rest.
 */
export async function prepareTables(context: Context, session: TargetSession, run: Run): Promise<void> {
  await session.transaction((tx) => setTargetFence(tx, { kind: "not-open", source: run.source }));
  for (let from = 0; from < run.mappings.length; from += TABLES_AT_ONCE) {
    const some = run.mappings.slice(from, from + TABLES_AT_ONCE);
    await session.transaction(async (tx) => {
      await addRowidColumns(tx, some);
      await defer(
        tx,
        run.id,
        some.map((mapped) => ({ ...mapped.target, key: keyColumns(mapped).map(({ target }) => target) })),
      );
      await createTargetFence(
        tx,
        some.map(({ target }) => target),
      );
    });
  }
  for (let from = 0; from < run.mappings.length; from += TABLES_AT_ONCE) {
    const some = run.mappings.slice(from, from + TABLES_AT_ONCE);
    await session.transaction((tx) => replaceSeeded(tx, context, some));
  }
  // Nothing is copied yet: these rows came since the run began, or it began with another rule.
  await refuseFilled(session, run.mappings, context.rules);
  await session.transaction(async (tx) => {
    await closeTarget(tx, { ...closedTarget(run), source: run.source });
    if (!run.captured) await setPhase(tx, run.id, "copying");
  });
}

/** Whether a command that began the run was killed before its tables were ready. */
export async function areTablesUnprepared(session: TargetSession, run: Run): Promise<boolean> {
  return run.phase === "new" && !(await isTargetClosed(session, run.id));
}

async function addRowidColumns(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  const statements = mappings
    .filter(({ identity }) => identity.kind === "rowid")
    .map(({ target }) => `alter table ${pgTable(target)} add column if not exists ${pgName(ROWID_COLUMN)} bigint`);
  if (statements.length > 0) await tx.run(statements.join(";\n"));
}
