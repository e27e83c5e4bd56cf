import { keyColumns, ROWID_COLUMN, type TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import { pgName, pgTable } from "../../quote.ts";
import { defer } from "../../target/deferred/defer.ts";
import type { Deferred } from "../../target/deferred/deferred-objects.ts";
import { forgetUnrestorable, renameDeferred } from "../../target/deferred/rename-deferred.ts";
import { closeTarget } from "../../target/store/closed-target.ts";
import { forgetTable } from "../../target/store/table-store.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { ensureKeys, ownKeyName } from "../load.ts";
import type { TableResync } from "./plan-resync.ts";

export interface Rejoined {
  readonly run: Run;
  readonly planned: readonly TableArrival[];
  /** Of all tables, as they will be. */
  readonly mappings: readonly TableMapping[];
}

/** How a table arrives, and how it did before. */
export type TableArrival =
  | Pick<Extract<TableResync, { kind: "copy" }>, "kind" | "mapping" | "before">
  | Extract<TableResync, { kind: "forget" }>;

/** Makes the target's tables ready for their rows, and keeps others from writing there. */
export async function prepareRejoined(
  context: Context,
  session: TargetSession,
  { mappings, planned, run }: Rejoined,
): Promise<void> {
  const forgotten = await session.transaction((tx) => prepareWithin(tx, { run, planned, mappings }));
  for (const { name, relation, definition } of forgotten)
    context.report({
      kind: "warning",
      message:
        `${name} of ${relation} cannot come back at the cutover, since what it names is gone: it is ` +
        `forgotten (${definition})`,
    });
}

/** The same in a transaction of the caller's. Returns what of the target cannot come back at the cutover. */
export async function prepareWithin(
  tx: TargetTransaction,
  { mappings, planned, run }: Rejoined,
): Promise<readonly Deferred[]> {
  const gone = await prepareTarget(tx, run, planned);
  await closeTarget(tx, { run: run.id, tables: mappings.map(({ target }) => target), source: run.source });
  return gone;
}

/** What replay needs on the target's tables, and what it cannot have there before the cutover. */
async function prepareTarget(tx: TargetTransaction, run: Run, planned: readonly TableArrival[]): Promise<Deferred[]> {
  for (const resynced of planned) {
    if (resynced.kind === "forget") continue;
    const { mapping, before } = resynced;
    if (before !== null)
      await renameDeferred(tx, run.id, {
        schema: mapping.target.schema,
        from: before.target.name,
        to: mapping.target.name,
        columns: await renamedColumns(tx, before, mapping),
      });
    if (mapping.identity.kind === "rowid")
      await tx.run(`alter table ${pgTable(mapping.target)} add column if not exists ${pgName(ROWID_COLUMN)} bigint`);
    await defer(tx, run.id, [{ ...mapping.target, key: keyColumns(mapping).map(({ target }) => target) }], ["cutover"]);
  }
  return forgetUnrestorable(tx, run.id);
}

/** A column that the target has no more, and one that is new: a migration renamed it. */
async function renamedColumns(
  tx: TargetTransaction,
  before: TableMapping,
  mapping: TableMapping,
): Promise<Map<string, string>> {
  const present = await tx.rows<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped",
    [pgTable(mapping.target)],
  );
  const gone = before.columns.filter(({ target }) => !present.some(({ name }) => name === target));
  const fresh = mapping.columns.filter(({ target }) => !before.columns.some((column) => column.target === target));
  const [from, to] = [gone[0], fresh[0]];
  return gone.length === 1 && fresh.length === 1 && from !== undefined && to !== undefined
    ? new Map([[from.target, to.target]])
    : new Map();
}

/** Runs in the transaction from which on the table flows. */
export async function settleTarget(tx: TargetTransaction, run: Run, resynced: TableArrival): Promise<void> {
  const { before } = resynced;
  if (resynced.kind === "forget") return forgetTable(tx, run.id, resynced.before);
  const { mapping } = resynced;
  if (before !== null && JSON.stringify(before.identity) !== JSON.stringify(mapping.identity)) {
    await tx.run(`drop index if exists ${pgTable({ schema: mapping.target.schema, name: ownKeyName(mapping) })}`);
    if (mapping.identity.kind !== "rowid")
      await tx.run(`alter table ${pgTable(mapping.target)} drop column if exists ${pgName(ROWID_COLUMN)}`);
  }
  if (run.phase === "syncing") await ensureKeys(tx, [mapping]);
}
