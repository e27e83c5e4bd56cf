import { dropFailbackTriggers, forgetLogs } from "../failback/capture/enable-failback.ts";
import { ROWID_COLUMN, type TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { pgName, pgTable } from "../quote.ts";
import { deferRestored } from "../target/deferred/defer.ts";
import { type Deferred, deferredAt } from "../target/deferred/deferred-objects.ts";
import { restoreDeferredObject } from "../target/deferred/restore-object.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { forgetTables, loadTables } from "../target/store/table-store.ts";
import type { TargetReader, TargetSession, TargetTransaction } from "../target/target.ts";
import { renderTargetFenceDrop, setTargetFence } from "../target/target-fence-triggers.ts";
import { ownKeyName } from "./load.ts";

/**
 * Tables of one transaction: each takes some ten locks until its end, and a server as it comes has some 7,000 for
 * all.
 */
const TABLES_AT_ONCE = 100;

/**
 * Removes the run's rows and objects from the target's tables and restores what was taken off them, in slices. Each
 * table is emptied once: what is in it afterwards is someone else's. Foreign keys come last, since they lock two
 * tables; the fence stands until then. A kill leaves the rest to the same command.
 */
export async function emptyTarget(session: TargetSession, run: Run): Promise<void> {
  const left = new Set((await loadTables(session, run.id)).map(({ id }) => id));
  const mappings = run.mappings.filter(({ id }) => left.has(id));
  if (mappings.length > 0) {
    // After a return it refuses us, too.
    await setTargetFence(session, { kind: "not-open", source: run.source });
    await deferStanding(session, run);
  }
  const hasFailback = (await loadFailback(session, run.id)) !== null;
  for (let from = 0; from < mappings.length; from += TABLES_AT_ONCE)
    await emptySome(session, run, { some: mappings.slice(from, from + TABLES_AT_ONCE), hasFailback });
  await forgetLogs(session, run.mappings);
  await restoreForeignKeys(session, run);
  const fence = await renderTargetFenceDrop(session);
  for (let from = 0; from < fence.length; from += TABLES_AT_ONCE)
    await session.transaction((tx) => tx.run(fence.slice(from, from + TABLES_AT_ONCE).join(";\n")));
}

/** What a cutover restored: a table that others refer to cannot be truncated without them. */
async function deferStanding(session: TargetSession, run: Run): Promise<void> {
  const targets = run.mappings.map(({ target }) => target);
  const present = await presentTables(session, targets);
  await deferRestored(
    session,
    run.id,
    targets.filter((target) => present.has(pgTable(target))),
  );
}

/** The tables are empty, and nobody else can write there. Tables that are not of this run refer to them, too. */
async function restoreForeignKeys(session: TargetSession, run: Run): Promise<void> {
  const objects = await deferredAt(session, run.id, ["cutover"]);
  const tableOf = ({ relation, schema }: Deferred) => ({ schema, name: relation });
  const present = await presentTables(session, objects.map(tableOf));
  for (const object of objects)
    if (present.has(pgTable(tableOf(object))))
      await session.transaction((tx) => restoreDeferredObject(tx, object, { validate: true }));
}

interface Some {
  readonly some: readonly TableMapping[];
  readonly hasFailback: boolean;
}

async function emptySome(session: TargetSession, run: Run, { hasFailback, some }: Some): Promise<void> {
  await session.transaction(async (tx) => {
    // Someone may have undone migrations by hand since a rollback failed: those tables need nothing more.
    const present = await presentTables(
      tx,
      some.map(({ target }) => target),
    );
    const mappings = some.filter(({ target }) => present.has(pgTable(target)));
    if (hasFailback && mappings.length > 0) await tx.run(mappings.map(dropFailbackTriggers).join(";\n"));
    if (mappings.length > 0) await tx.run(`truncate ${mappings.map(({ target }) => pgTable(target)).join(", ")}`);
    for (const mapping of mappings) await dropOwnObjects(tx, mapping);
    const deferred = await deferredAt(tx, run.id, ["copied", "caught-up", "cutover"]);
    for (const object of deferred)
      if (object.kind !== "foreign-key" && present.has(pgTable({ schema: object.schema, name: object.relation })))
        await restoreDeferredObject(tx, object, { validate: true });
    for (const { isMade, target } of mappings)
      if (isMade === true) await tx.run(`drop table if exists ${pgTable(target)}`);
    await forgetTables(
      tx,
      run.id,
      some.map(({ id }) => id),
    );
  });
}

/** Those of the tables that are there, by their quoted names. */
async function presentTables(
  tx: TargetReader,
  tables: readonly TableMapping["target"][],
): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ name: string }>(
    "select t.name from unnest($1::text[]) as t(name) where to_regclass(t.name) is not null",
    [tables.map(pgTable)],
  );
  return new Set(rows.map(({ name }) => name));
}

async function dropOwnObjects(tx: TargetTransaction, mapping: TableMapping): Promise<void> {
  await tx.run(`drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`);
  if (mapping.identity.kind === "rowid")
    await tx.run(`alter table ${pgTable(mapping.target)} drop column if exists ${pgName(ROWID_COLUMN)}`);
}
