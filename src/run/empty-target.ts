import { dropFailbackTriggers, forgetLogs } from "../failback/capture/enable-failback.ts";
import { ROWID_COLUMN, type TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { pgName, pgTable } from "../quote.ts";
import { deferredAt } from "../target/deferred/deferred-objects.ts";
import { restoreDeferredObject } from "../target/deferred/restore-object.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { forgetTables, loadTables } from "../target/store/table-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { renderTargetFenceDrop } from "../target/target-fence-triggers.ts";
import { ownKeyName } from "./load.ts";

/**
 * Removes the run's rows and objects from the target's tables and restores what was taken off them, in one transaction.
 * It happens once: what is in the tables after it is someone else's.
 */
export async function emptyTarget(session: TargetSession, run: Run): Promise<void> {
  if ((await loadTables(session, run.id)).length === 0) return;
  const deferred = await deferredAt(session, run.id, ["copied", "caught-up", "cutover"]);
  const enabled = (await loadFailback(session, run.id)) !== null;
  await session.transaction(async (tx) => {
    // Someone may have undone migrations by hand since a rollback failed: those tables need nothing more.
    const present = await presentTables(tx, run.mappings);
    const mappings = run.mappings.filter(({ target }) => present.has(pgTable(target)));
    const objects = deferred.filter(({ relation, schema }) => present.has(pgTable({ schema, name: relation })));
    await tx.run((await renderTargetFenceDrop(tx)).join(";\n"));
    if (enabled) for (const mapping of mappings) await tx.run(dropFailbackTriggers(mapping));
    await forgetLogs(tx, run.mappings);
    if (mappings.length > 0) await tx.run(`truncate ${mappings.map(({ target }) => pgTable(target)).join(", ")}`);
    for (const mapping of mappings) await dropOwnObjects(tx, mapping);
    for (const object of objects) await restoreDeferredObject(tx, object, { validate: true });
    for (const { isMade, target } of mappings)
      if (isMade === true) await tx.run(`drop table if exists ${pgTable(target)}`);
    await forgetTables(tx, run.id);
  });
}

/** Those of the tables that are there, by their quoted names. */
async function presentTables(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ name: string }>(
    "select t.name from unnest($1::text[]) as t(name) where to_regclass(t.name) is not null",
    [mappings.map(({ target }) => pgTable(target))],
  );
  return new Set(rows.map(({ name }) => name));
}

async function dropOwnObjects(tx: TargetTransaction, mapping: TableMapping): Promise<void> {
  await tx.run(`drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`);
  if (mapping.identity.kind === "rowid")
    await tx.run(`alter table ${pgTable(mapping.target)} drop column if exists ${pgName(ROWID_COLUMN)}`);
}
